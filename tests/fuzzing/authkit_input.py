"""Any bytes for authkit: from files, the keyring, a terminal, programs and a command line.

A check raises BrokenLawError, or whatever authkit should have caught.  What a law compares with
is read by other code than authkit's: the standard library's decoders, botocore's parser, a
pattern of this module's.
"""

from __future__ import annotations

import csv
import io
import json
import re
import tomllib
import unicodedata
from contextlib import suppress
from io import StringIO
from typing import Any

from authkit.adapters import marker_files, sealed
from authkit.adapters.programs import one_line
from authkit.adapters.terminal import Terminal
from authkit.aws_files.ini import CannotEdit, IniFile
from authkit.config_names import names
from authkit.core import config, durations, entries, render, sessions
from authkit.core.failures import Cancelled, CannotRun, Failure, KeyringTrouble
from authkit.core.kinds import AWS_USER
from authkit.core.model import LATEST, Marker, Secret, Values
from authkit.importing import config_tables, from_csv
from authkit.importing.from_files import Profiles, config_file, credentials_file
from authkit.login import form
from authkit.login.spent_codes import LIFE, SpentCodes
from tests.authkit.aws_files.inis import as_botocore
from tests.fuzzing.target import must, of_bytes
from tests.support.people import KEYS, NAME, a_scene, entry, run
from tests.support.saying import said
from tests.support.stage import START, Stage

CANARY = "secret-canary"  # what the corpus has for a secret
# A field's or an INI file's value, and the cell behind a key's id in a CSV.
_IN_PLACE = re.compile(
    rb"""((secret_access_key|session_token)["']?\s*[=: ]\s*|(^|,)["']?\w+["']?,\s*)["']?"""
    + CANARY.encode(),
    re.MULTILINE,
)
_BIDIRECTIONAL = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
_MARK = b"\xef\xbb\xbf"  # a byte-order mark
READ_AGAIN = "what is written is read again"


def tells_no_secret(text: object, data: bytes = b"") -> None:
    """Check a text that a person may get to see.

    A secret in another place of `data` than a secret's is no secret.
    """
    if len(_IN_PLACE.findall(data)) == data.count(CANARY.encode()):
        must(CANARY not in str(text), "no secret is told", text)


def shown_plainly(text: str) -> None:
    """Check what stands on a screen, which may have several lines."""
    strange = [c for c in text if c != "\n" and _controls(c)]
    must(not strange, "no control character is shown", strange)


def _controls(character: str) -> bool:
    return (
        unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}
        or unicodedata.bidirectional(character) in _BIDIRECTIONAL
        or character in "\u061c\u200e\u200f"
    )


def _as_json(text: str) -> Any:  # noqa: ANN401 - JSON
    """Return what the standard library reads, None where it reads nothing."""
    with suppress(ValueError, RecursionError):
        return json.loads(text)
    return None


def _as_object(text: str) -> dict[str, Any]:
    """Return an object, {} for anything else."""
    found = _as_json(text)
    return found if isinstance(found, dict) else {}


class Kept(dict[str, str]):
    """A keyring of one service."""

    def get_password(self, _service: str, name: str) -> str | None:
        """Return an entry."""
        return self.get(name)

    def set_password(self, _service: str, name: str, written: str) -> None:
        """Put an entry there."""
        self[name] = written

    def delete_password(self, _service: str, name: str) -> None:
        """Delete an entry."""
        self.pop(name, None)


def read_again(values: Values) -> None:
    """Check that fields which are saved in a keyring are found there."""
    kept: Any = Kept()
    entries.save(kept, NAME, values)
    must(entries.load(kept, AWS_USER, NAME) == values.without_blanks(), READ_AGAIN, values)


def keyring_entry(data: bytes) -> None:
    """B-S04, B-S01: an entry is fields that can be saved and read back, or trouble in words."""
    raw = data.decode("utf-8", "surrogateescape")
    there = _as_object(raw)
    version = there.pop("version", None)
    try:
        values = entries.decode(raw, AWS_USER, NAME)
    except KeyringTrouble as trouble:
        later = type(version) is int and version > entries.VERSION
        state = "later-version" if later else "corrupt"
        must(trouble.state == state, "a later version is no damage", trouble.state)
        tells_no_secret(trouble.reason, data)
        return
    must(values.texts() == there, "the fields are those of the entry", values)
    keys = [bool(there.get(name)) for name in ("access_key_id", "secret_access_key")]
    must(all(keys) or not any(name in there for name in KEYS), "half a pair is corrupt", there)
    tells_no_secret(repr(values), data)
    read_again(values)


def session_file(data: bytes) -> None:
    """B-S04, B-S10: a session as JSON's decoder has it, and that is read back; or ValueError."""
    written = data.decode("utf-8", "replace")
    try:
        cached = sessions.decode(written, NAME)
    except ValueError as error:
        tells_no_secret(error, data)
        return
    there, session = json.loads(written), cached.session
    secrets = session.secret_access_key.reveal(), session.session_token.reveal()
    read = (session.access_key_id, *secrets, session.expiration, session.granted, cached.duration)
    wanted = ("access_key_id", "secret_access_key", "session_token", "expiration", "granted")
    same = [there[name] for name in (*wanted, "duration")]
    must([*read] == same, "the session is the file's", cached)
    must(sessions.decode(json.dumps(there), NAME) == cached, "a line is read as JSON is", cached)
    named = there.get("identity", NAME)
    must(named == NAME or not isinstance(named, str), "another identity's session is none", named)
    must(all(0 <= number < LATEST for number in read[3:]), "instants are in bounds", read[3:])
    sent = "".join(read[:3])
    must(cached.variables or re.fullmatch("[!-~]+", sent), "credentials can be sent", cached)
    shown_plainly(cached.account + cached.principal + cached.region)
    tells_no_secret(repr(cached), data)
    again = sessions.decode(sessions.encode(cached, NAME), NAME)
    must(again == cached, READ_AGAIN, cached)


def config_toml(data: bytes) -> None:
    """B-A02, B-K04: a config, whose names completion finds too, or an error that names the file."""
    try:
        found = config.parse(data, "/config.toml")
    except Failure as failure:
        shown = said(failure)
        must((failure.name, failure.status) == ("config-wrong", 2), "a wrong file is exit 2", shown)
        must("/config.toml" in shown, "the file is named", shown)
        tells_no_secret(shown, data)
        shown_plainly(shown)
        with suppress(ValueError):
            names(data)
        return
    tables = tomllib.loads(data.decode("utf-8-sig")).get("identities", {})
    for name, table in tables.items():
        identity = found.identities[unicodedata.normalize("NFC", name)]
        read = {key: identity.settings[key] for key in table if isinstance(table[key], str)
                and key not in {"kind", "source"}}  # fmt: skip
        must(all(table[key] == read[key] for key in read), "settings are as TOML has them", read)
        if "session_duration" in table:
            longest = 36 if identity.kind is AWS_USER else 12
            seconds = _seconds(table["session_duration"])
            must(900 <= seconds <= longest * 3600, "a duration is in AWS's bounds", seconds)
    must({*found.identities} >= {*filter(None, [found.default])}, "the default is there", found)
    with suppress(ValueError):  # it may be too wary, but never knows others
        known = names(data)
        must(known <= {*found.identities}, "completion knows no others", known)
    kept = {"added": {"kind": "aws/user", "region": "eu-west-1"}}
    with suppress(Failure):  # what cannot be edited stays as it is
        made = config_tables.written(data, kept, "/config.toml", lambda _: None).content or b""
        others = {**found.identities}
        edited = {**config.parse(made, "/config.toml").identities}
        added = edited.pop("added")
        others.pop("added", None)
        must(edited == others, "an added identity changes no other", edited)
        must(added.settings == {"region": "eu-west-1"}, "what is added is read", added)


_SPELT = re.compile("".join(rf"(?: *(\d+) *{unit})?" for unit in "dhms"), re.ASCII)
_PLAIN = re.compile("".join(rf"(?:\d{{1,4}}{unit})?" for unit in "dhms"), re.ASCII)


def _seconds(text: str) -> int:
    """Return the seconds that a duration's words say, -1 where they say none."""
    words = text.strip().lower()
    spelt = _SPELT.fullmatch(f"{words}s" if words.isdecimal() else words)
    amounts = spelt.groups("0") if spelt and words else ("-1",)
    return sum(int(n) * each for n, each in zip(amounts[::-1], (1, 60, 3600, 86400), strict=False))


def duration(data: bytes) -> None:
    """B-L23: whole seconds, written so that they are read back, or ValueError in words."""
    text = data.decode("utf-8", "surrogateescape")
    try:
        seconds = durations.parse(text)
    except ValueError as error:
        plain = text and _PLAIN.fullmatch(text)
        must(not plain, "what is written as documented is a duration", error)
        return
    must(seconds == _seconds(text), "the seconds are what the words say", seconds)
    must(durations.parse(durations.spell(seconds)) == seconds, READ_AGAIN, seconds)
    try:
        granted = durations.within(text)
    except ValueError:
        must(not 900 <= seconds <= 129_600, "what AWS grants may be asked for", seconds)
    else:
        must(900 <= granted <= 129_600, "a duration is in AWS's bounds", granted)
        must(granted == seconds, "what is asked for is what was written", granted)


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
        kept = "".join(values.texts().values())
        hidden = [c for c in kept if unicodedata.category(c) in {"Cc", "Cf", "Zl", "Zp"}]
        must(not hidden, "what is typed is as it is seen", hidden)
        pasted = re.sub(rb"\x1b\[20[01]~", b"", data)  # the marks of a bracketed paste
        lines = pasted.decode("utf-8", "replace").split("\n")
        part_of = [any(text in line for line in lines) for text in values.texts().values()]
        must(all(part_of), "an answer is what was typed", values)
        read_again(values)
    tells_no_secret(screen.getvalue())
    shown_plainly(screen.getvalue())


def aws_ini(data: bytes) -> None:
    """An edit changes nothing else, and what botocore refuses is known to be refused."""
    file, read = IniFile(data), as_botocore(data)
    must(b"".join(file.lines) == data, "the lines are the whole file")
    for fault in file.faults:
        tells_no_secret(fault.reason, data)
    if not data.startswith(_MARK):
        must((read is None) == bool(file.faults), "botocore's refusals are known", file.faults)
    if read is None:
        return
    sections = [section for section in file.sections if section.name != "DEFAULT"]
    same = {section.name: file.values(section) for section in sections}
    must(same == read, "values are as botocore reads them", same)
    added = {"region": "eu-west-1"}
    for section in sections[:3]:
        with suppress(CannotEdit):
            edited = file.with_entries(section, added)
            wanted = read | {section.name: read[section.name] | added}
            must(as_botocore(edited) == wanted, "an edit changes nothing else", edited)
            keeps_comments(data, edited)
        with suppress(CannotEdit):
            edited = file.without_section(section)
            left = {name: values for name, values in read.items() if name != section.name}
            must(as_botocore(edited) == left, "a section is removed, and no other", edited)
            keeps_comments(data, edited)
    with suppress(CannotEdit):
        edited = file.with_section("a new one", added)
        must(edited.startswith(data), "a new section stands at the end", edited)
        around = {e.key: e.value for s in file.sections if s.name == "DEFAULT" for e in s.entries}
        wanted = read | {"a new one": around | added}
        must(as_botocore(edited) == wanted, "a new section is read", edited)


def keeps_comments(before: bytes, after: bytes) -> None:
    """Check that an edit has left each comment of an INI file there."""
    both = ([line for line in text.splitlines() if line.lstrip()[:1] in {b"#", b";"}]
            for text in (before, after))  # fmt: skip
    must(next(both) == next(both), "comments stay", after)


def aws_profiles(data: bytes) -> None:
    """Every profile of both files, divided by a NUL, is an identity, or is none for a reason."""
    first, _, second = data.partition(b"\0")
    both = Profiles(config_file("/config", first), credentials_file("/credentials", second))
    found, not_taken = both.find(both.all)
    taken = [one.name for one in found]
    must(len({*taken}) == len(taken), "no name is there twice", taken)
    told = {unicodedata.normalize("NFC", name) for name in both.all}
    left = told - {*taken} - {unicodedata.normalize("NFC", other.name) for other in not_taken}
    must(not left, "each profile is taken, or a reason is told", left)
    files = {"/config": as_botocore(first), "/credentials": as_botocore(second)}
    for one in found:
        must(one.kind is AWS_USER or one.settings["source"] in taken, "a source is taken too", one)
        read_again(one.values)
        theirs = (files[one.place.path] or {}).get(one.place.section) if one.place else None
        if theirs is not None:
            keys = [theirs[f"aws_{name}"].strip() for name in KEYS]
            must(
                [one.values.text(name) for name in KEYS] == keys, "keys are as botocore reads them"
            )
    for other in not_taken:
        must(other.reason, "a reason has words", other)
        tells_no_secret(other.reason, data)


def csv_of_keys(data: bytes) -> None:
    """Rows that are identities, or ValueError in words."""
    try:
        rows = from_csv.rows(data)
        made = [row.identity("dev-admin").values for row in rows]
    except ValueError as error:
        tells_no_secret(error, data)
        return
    cells = [[c.strip() for c in line] for line in
             csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))]  # fmt: skip
    titles = ["".join(title.split()).lower() for title in cells[0]]
    keys = [titles.index("accesskeyid"), titles.index("secretaccesskey")]
    if len({*titles}) == len(titles):  # of two columns with one title the last is taken
        there = [[line[at] for at in keys] for line in cells[1:] if any(line[: len(titles)])]
        must([[*one.texts().values()] for one in made] == there, "keys are those of the CSV", made)
    for one in made:
        read_again(one)


def program_output(data: bytes) -> None:
    """B-S09: a program prints one line, or it is said what is wrong, without what it printed."""
    try:
        line = one_line(data)
    except CannotRun as trouble:
        ended = data.removesuffix(b"\n").removesuffix(b"\r")
        good = ended and b"\n" not in ended and len(data) <= 4096
        must(not good, "one line is taken", trouble.reason)
        tells_no_secret(trouble.reason)
        return
    printed = line.reveal().encode("utf-8", "surrogateescape")
    must(printed and b"\n" not in printed, "it is one line")
    must(len(data) <= 4096, "no more is read than a line has")
    must(data in (printed, printed + b"\n", printed + b"\r\n", printed + b"\r"), "it is as printed")


def marker(data: bytes) -> None:
    """B-S04: any text is a marker, and what is noted of it is read back."""
    text = data.decode("utf-8", "replace")
    found, there = marker_files.decode(text), _as_object(text)
    must(isinstance(found, Marker), "any text is a marker", found)
    if there:
        backend, untried = there.get("backend"), there.get("untried")
        noted = (backend if isinstance(backend, str) else "", there.get("gone") is True)
        must((found.backend, found.gone) == noted, "a marker is what is written there", found)
        must(found.offer_devices == (there.get("offer_devices") is True), "so are devices", found)
        since = found.untried.timestamp() if found.untried else None
        must(since in {untried, None}, "an instant is the one that is written", since)
        good = type(untried) is int and 0 < untried < LATEST
        must(good == (since is not None), "instants are in bounds", since)
    must(marker_files.decode(marker_files.encode(NAME, found)) == found, READ_AGAIN, found)


def spent_codes(data: bytes) -> None:
    """B-L12: no note keeps a code from being noted, and found; and none that holds is lost."""
    stage = Stage()
    text = data.decode("utf-8", "replace")
    stage.notes.replace_codes("other", text)
    codes = SpentCodes(stage, NAME)
    must(not codes.has("a device", Secret("123456")), "a code that was not sent is not spent")
    codes.add("a device", Secret("123456"))
    must(SpentCodes(stage, NAME).has("a device", Secret("123456")), "a code that was sent is spent")
    must(not SpentCodes(stage, NAME).has("another", Secret("123456")), "a code is of a device")
    others = _as_object(text).get("codes")
    notes = [_as_object(note) for note in stage.notes.codes()]
    noted = next(note["codes"] for note in notes if note.get("identity") == NAME)
    now = int(START.timestamp())
    if isinstance(others, dict) and all(type(at) is int for at in others.values()):
        recent = {code: at for code, at in others.items() if abs(now - at) < LIFE}
        must(recent.items() <= noted.items(), "what another identity noted holds too", noted)
        must(len(noted) == len(recent) + 1, "old notes are left out", noted)


def stdin_fields(data: bytes) -> None:
    """B-C04: `user configure --stdin` saves an entry that can be read, or saves nothing."""
    scene = a_scene(KEYS)
    command = ("user", "configure", NAME, "--stdin", "--no-verify")
    text = data.decode("utf-8", "surrogateescape")
    done = run(scene, *command, stdin=text)
    expected = done.status in {0, 1} and "did not expect" not in done.screen
    must(expected, "it ends as documented", done.screen)
    tells_no_secret(done.screen, data)
    shown_plainly(done.screen)
    saved = entry(scene)
    if done.status:
        must(saved == KEYS, "what is refused changes nothing", saved)
        return
    given = {name: render.typed(value) for name, value in json.loads(text).items()}
    secret = (
        {} if given.get("access_key_id", KEYS["access_key_id"]) != KEYS["access_key_id"] else KEYS
    )
    wanted = {**KEYS, **given}
    wanted["secret_access_key"] = given.get("secret_access_key") or secret.get(
        "secret_access_key", ""
    )
    must(saved == {n: v for n, v in wanted.items() if v}, "what is saved is what was given", saved)
    entries.decode(scene.keyring.entries[entries.SERVICE, NAME], AWS_USER)


_KEY = sealed.Key(bytes(16), bytes(range(64)))
_SEALED = {"authkit": {NAME: "{}"}}  # what is in the corpus's whole file


def sealed_entries(data: bytes) -> None:
    """B-S09: a file that was changed is damaged, of a later version, or of another passphrase."""
    whole = _KEY.seal(_SEALED)
    try:
        salt = sealed.salt_of(data)
        read = _KEY.unseal(data) if _KEY.fits(data) else None
    except sealed.LaterVersionError:
        must(data[16:17] > b"\1", "a version that is known is not a later one", data[:20])
    except sealed.DamagedError as error:
        later = data.startswith(sealed.MAGIC) and data[16:17] > b"\1"
        must(not later, "a later version is no damage", error)
    else:
        must(read in (None, _SEALED), "what was changed is not read", read)
        must(salt == data[17:33], "the salt is the file's", salt)
    must(_KEY.fits(whole) and _KEY.unseal(whole) == _SEALED, READ_AGAIN)
    must(not sealed.Key(bytes(16), bytes(64)).fits(whole), "another passphrase does not fit")


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
