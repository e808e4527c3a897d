"""Any bytes for authkit: from files, the keyring, a terminal, programs and AWS.

A check raises AssertionError, or whatever authkit should have caught.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from io import StringIO

from authkit.adapters import marker_files, sealed
from authkit.adapters.programs import one_line
from authkit.adapters.terminal import Terminal
from authkit.aws_files.ini import CannotEdit, IniFile
from authkit.config_names import names
from authkit.core import config, durations, entries, render, sessions
from authkit.core.failures import Cancelled, CannotRun, Failure, KeyringTrouble
from authkit.core.kinds import AWS_USER
from authkit.core.model import Marker, Secret, Values
from authkit.importing import config_tables, from_csv
from authkit.importing.from_files import Profiles, config_file, credentials_file
from authkit.login import form
from authkit.login.spent_codes import SpentCodes
from tests.authkit.aws_files.inis import as_botocore
from tests.fuzzing.target import of_bytes
from tests.support.people import KEYS, NAME, a_scene, entry, run
from tests.support.saying import said
from tests.support.stage import Stage

CANARY = "secret-canary"  # what the corpus has for a secret
_IN_PLACE = re.compile(rb"""secret_access_key["']?\s*[=:]\s*["']?""" + CANARY.encode())
_UNSHOWN = {*map(chr, range(32)), "\x7f", "\x9b", "\u2028", "\u202e"} - {"\n"}


def shown_well(text: object, data: bytes = b"") -> None:
    """Check that what a person gets to see holds no secret and no control character.

    A secret in another place of `data` than a secret's is no secret.
    """
    shown = render.visible(text) if not isinstance(text, str) or data else text
    if len(_IN_PLACE.findall(data)) == data.count(CANARY.encode()):
        assert CANARY not in shown
    assert not {*shown} & _UNSHOWN, shown


def keyring_entry(data: bytes) -> None:
    """B-S04, B-S01: an entry is fields that can be saved and read back, or trouble in words."""
    try:
        values = entries.decode(data.decode("utf-8", "surrogateescape"), AWS_USER, NAME)
    except KeyringTrouble as trouble:
        assert trouble.state in {"corrupt", "later-version"}  # noqa: PT017 - the law's other half
        shown_well(trouble.reason, data)
        return
    written = json.dumps({"version": entries.VERSION, **values.texts()})
    assert entries.decode(written, AWS_USER) == values


def session_file(data: bytes) -> None:
    """B-S04, B-S10: a session as JSON's decoder has it, and that is read back; or ValueError."""
    written = data.decode("utf-8", "replace")
    try:
        cached = sessions.decode(written, NAME)
    except ValueError as error:
        shown_well(error, data)
        return
    assert sessions.decode(json.dumps(json.loads(written)), NAME) == cached
    assert sessions.decode(sessions.encode(cached, NAME), NAME) == cached


def config_toml(data: bytes) -> None:
    """B-A02, B-K04: a config, whose names completion finds too, or an error that names the file."""
    try:
        found = config.parse(data, "/config.toml")
    except Failure as failure:
        assert (failure.name, failure.status) == ("config-wrong", 2)  # noqa: PT017 - as above
        shown_well(said(failure), data)
        with suppress(ValueError):
            names(data)
        return
    with suppress(ValueError):  # it may be too wary, but never knows others
        assert names(data) <= {*found.identities}
    kept = {"added": {"kind": "aws/user", "region": "eu-west-1"}}
    with suppress(Failure):  # what cannot be edited stays as it is
        made = config_tables.written(data, kept, "/config.toml", lambda _: None).content or b""
        assert {*config.parse(made, "").identities} == {*found.identities, "added"}


def duration(data: bytes) -> None:
    """B-L23: whole seconds, written so that they are read back, or ValueError in words."""
    try:
        seconds = durations.parse(data.decode("utf-8", "surrogateescape"))
    except ValueError as error:
        shown_well(error, data)
        return
    assert durations.parse(durations.spell(seconds)) == seconds
    with suppress(ValueError):
        assert durations.SHORTEST <= durations.within(data.decode()) <= durations.LONGEST


class Lines:
    """The lines of a terminal, for Terminal in place of its own reader."""

    def __init__(self, typed: bytes) -> None:
        self._lines = typed.split(b"\n")

    def line(self, label: bytes, *, above: bytes, unseen: bool) -> bytes:  # noqa: ARG002 - as there
        """Return the next line.  Raises Cancelled at the end."""
        if not self._lines:
            raise Cancelled("^D")
        return self._lines.pop(0) + b"\n"


def typed_lines(data: bytes) -> None:
    """B-K05, B-K06: what is taken of a person's lines makes an entry that can be read."""
    screen = StringIO()
    terminal = Terminal(None, screen, {"TERM": "dumb"})
    terminal._answers = Lines(data)  # type: ignore[assignment]  # noqa: SLF001 - without a terminal
    with suppress(Cancelled):
        values = form.fill(AWS_USER.fields, Values(), terminal, terminal)
        written = json.dumps({"version": entries.VERSION, **values.texts()})
        assert entries.decode(written, AWS_USER) == values
    shown_well(screen.getvalue())


def aws_ini(data: bytes) -> None:
    """An edit changes nothing else, and what botocore refuses is known to be refused."""
    file = IniFile(data)
    assert b"".join(file.lines) == data
    for fault in file.faults:
        shown_well(fault.reason, data)
    for section in file.sections[:3]:
        with suppress(CannotEdit):
            file.without_section(section)
        with suppress(CannotEdit):
            edited = IniFile(file.with_entries(section, {"region": "eu-west-1"}))
            assert len(edited.sections) == len(file.sections)
    with suppress(CannotEdit):
        assert IniFile(file.with_section("new", {"a": "b"})).sections[-1].name == "new"
    read = as_botocore(data)
    assert (read is None) == bool(file.faults) or data.startswith(b"\xef\xbb\xbf"), file.faults


def aws_profiles(data: bytes) -> None:
    """Every profile of both files, divided by a NUL, is an identity, or is none for a reason."""
    first, _, second = data.partition(b"\0")
    both = Profiles(config_file("/config", first), credentials_file("/credentials", second))
    found, not_taken = both.find(both.all)
    assert len({one.name for one in found}) == len(found)
    for one in found:
        written = json.dumps({"version": entries.VERSION, **one.values.texts()})
        assert entries.decode(written, AWS_USER) == one.values
    for other in not_taken:
        assert other.reason
        shown_well(other.reason, data)


def csv_of_keys(data: bytes) -> None:
    """Rows that are identities, or ValueError in words."""
    try:
        for row in from_csv.rows(data):
            row.identity("dev-admin")
    except ValueError as error:
        shown_well(error, data)


def program_output(data: bytes) -> None:
    """B-S09: a program prints one line, or it is said what is wrong, without what it printed."""
    try:
        line = one_line(data)
    except CannotRun as trouble:
        shown_well(trouble.reason)
    else:
        assert line.reveal()
        assert "\n" not in line.reveal()


def marker(data: bytes) -> None:
    """B-S04: any text is a marker, and what is noted of it is read back."""
    found = marker_files.decode(data.decode("utf-8", "replace"))
    assert isinstance(found, Marker)
    assert marker_files.decode(marker_files.encode(NAME, found)) == found


def spent_codes(data: bytes) -> None:
    """B-L12: no note keeps a code from being noted, and found."""
    stage = Stage()
    stage.notes.replace_codes("other", data.decode("utf-8", "replace"))
    codes = SpentCodes(stage, NAME)
    assert not codes.has("a device", Secret("123456"))
    codes.add("a device", Secret("123456"))
    assert SpentCodes(stage, NAME).has("a device", Secret("123456"))


def stdin_fields(data: bytes) -> None:
    """B-C04: `user configure --stdin` saves an entry that can be read, or saves nothing."""
    scene = a_scene(KEYS)
    command = ("user", "configure", NAME, "--stdin", "--no-verify")
    done = run(scene, *command, stdin=data.decode("utf-8", "surrogateescape"))
    assert done.status in {0, 1}, done.screen
    shown_well(done.screen.replace("\n", " "), data)
    if done.status:
        assert entry(scene) == KEYS
    else:
        entries.decode(scene.keyring.entries[entries.SERVICE, NAME], AWS_USER)


_KEY = sealed.Key(bytes(16), bytes(range(64)))


def sealed_entries(data: bytes) -> None:
    """B-S09: a file that was changed is damaged, of a later version, or of another passphrase."""
    with suppress(sealed.DamagedError, sealed.LaterVersionError):
        sealed.salt_of(data)
        if _KEY.fits(data):
            assert _KEY.unseal(data) == {"authkit": {NAME: "{}"}}


_TABLE = (b"[identities.dev-admin]\n", b"kind = 'aws/assume-role'\n", b'"""', b"'''", b"\\u0000")
_JSON = (b"{", b"[", b'"', b'"version": 1, ', b"1e999", b"NaN", b"\\ud800", b"null", b"\xc2\x9b")
_INI = (b"[profile a]\n", b"[DEFAULT]\n", b"\r", b"\n ", b"source_profile = a\n", b"\0", b"s3 =\n ")
TARGETS = {
    name: of_bytes(name, check, *tokens, few=few)
    for name, check, tokens, few in (
        ("keyring-entries", keyring_entry, _JSON, 300),
        ("session-files", session_file, (*_JSON, b"\n", b",\n"), 300),
        ("config-files", config_toml, _TABLE, 60),
        ("durations", duration, (b"h", b"m", b"1d", b"\xd9\xa3", b"9" * 99), 300),
        ("typed-lines", typed_lines, (b"\r\n", b"\x1b[200~", b"\xe2\x80\x8b", b"-\n"), 200),
        ("aws-ini-files", aws_ini, _INI, 60),
        ("aws-profiles", aws_profiles, _INI, 40),
        ("stdin-fields", stdin_fields, (*_JSON, b'"mfa_arn": "'), 100),
        ("csv-files", csv_of_keys, (b'"', b",", b"\r", b"\0"), 200),
        ("program-output", program_output, (b"\r\n", b"x" * 4096), 100),
        ("markers", marker, _JSON, 200),
        ("spent-codes", spent_codes, (*_JSON, b'"codes": {'), 200),
        ("sealed-entries", sealed_entries, (), 200),
    )
}
