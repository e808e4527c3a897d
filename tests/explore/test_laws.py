"""The laws of failures can fail, and know every port, error and claim that there is."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from authkit.core.messages import MESSAGES
from fakes.world.config import PATH
from fakes.world.keyring import LOCKED
from tests.explore import claims, laws, ports_table
from tests.explore.claims import CLAIMS, Moment
from tests.explore.commands_tried import COMMANDS, ROLE
from tests.explore.failing_world import FAILURES, FAULTS, Trial, faults_of
from tests.explore.snapshots import Snapshot
from tests.explore.test_failures import HEARD
from tests.support import people
from tests.support.people import AWS_CONFIG, AWS_CREDENTIALS, MFA, NAME, SECRET, a_scene

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.explore.laws import End
    from tests.explore.ports_table import Method

# What a message says of deeds.
DEED = re.compile(
    r"\b(saved|removed|kept|keeps|dropped|changed|gone|lost|left|made|stored|deleted|cleared|"
    r"drops?|remains?|(?:was|were) (?:run|done|printed))\b",
    re.IGNORECASE,
)
# Messages with such a word that claim no deed of the run, or one that these laws do not see.
NOT_OF_THE_RUN = {
    "saved-in-the-clear": "of the backend",
    "probe-taken-back": "of doctor's probe: tests/authkit/doctor/test_kept.py",
    "probe-perhaps-left": "the same",
    "session-made": "part of a phrase, behind 'no'",
    "session-of-role-kept": "the same",
    "kept-elsewhere": "of another run",
    "code-maybe-used": "of an answer",
    "network-trouble": "of calls",
    "answer-broken": "of calls",
    "keeps": "of the prompt",
    "question-unasked": "of the prompt",
    "nothing-to-configure": "of the kind",
    "file-keeps-changing": "of other programs",
    "keyring-no-backend": "of authkit",
    "keyring-backend-named": "of authkit",
    "keyring-file-typed": "of a passphrase",
    "keyring-file-damaged": "of the file keyring: tests/authkit/adapters/test_encrypted_file.py",
    "keyring-file-later": "of the file keyring: tests/authkit/adapters/test_encrypted_file.py",
    "passphrase-of-new-file": "of the file keyring, to come",
}


# The ports.


def test_every_port_has_its_place() -> None:
    """Every Protocol of the ports is one whose place in a World is known."""
    named = {protocol.name for protocol in ports_table.protocols()}
    assert named == {*ports_table.ATTRIBUTES, ports_table.WORLD}


def test_every_error_has_faults() -> None:
    """Every exception that a port may raise is known, is raised by a port, and has its faults."""
    raised = set[str]().union(*ports_table.table().values())
    assert raised == ports_table.errors().keys() == FAULTS.keys()


def test_every_failure_has_its_words() -> None:
    """Every method that may raise Failure has the Failure that it raises."""
    failing = {m for m, raised in ports_table.table().items() if "Failure" in raised}
    assert failing == FAILURES.keys()


def test_what_docstrings_say_is_read() -> None:
    """The exceptions are found in the ways that docstrings name them."""
    said = "Do it.  Raises StateTrouble, Failure.  When not, raise Refused or Unreachable."
    names = {"StateTrouble", "Failure", "Refused", "Unreachable"}
    assert ports_table.raised_in(said) == names


@pytest.mark.parametrize("method", ports_table.table(), ids=".".join)
def test_faults_are_told_apart(method: Method) -> None:
    """Every method may be interrupted and killed, and its faults have names of their own."""
    names = [fault.name for fault in faults_of(method)]
    assert len(names) == len(set(names))
    assert {"^C", "^C afterwards", "killed before", "killed after"} <= {*names}


# The claims.


@pytest.mark.parametrize("name", MESSAGES)
def test_every_claim_of_a_message_is_known(name: str) -> None:
    """Each phrase that says what was done or not is in the list of claims."""
    template = MESSAGES[name].replace("{session_made}", MESSAGES["session-made"])
    said = re.sub(r"\{\w+\}", "X", template) + "\n"
    for words in CLAIMS:
        said = re.sub(words, "", said)
    assert bool(DEED.search(said)) == (name in NOT_OF_THE_RUN), said


def test_every_claim_is_heard_somewhere() -> None:
    """Each claim is one that some command of the law makes when something fails."""
    heard = [words for phrases in HEARD.values() for words in phrases]
    assert HEARD.keys() <= COMMANDS.keys()
    assert [claim for claim in CLAIMS if not any(words in claim for words in heard)] == []
    assert [words for words in heard if not any(words in claim for claim in CLAIMS)] == []


def _kept(entry: str | None, session: str | None, *, marked: bool) -> Snapshot:
    names = (NAME, ROLE)
    entries = {name: entry for name in names if entry is not None}
    cached = {name: session for name in names if session is not None}
    profiles = "".join(f"[profile {name}]\n" for name in names if marked)
    tables = profiles.replace("[profile ", "[identities.")
    files = {AWS_CONFIG: profiles.encode()}
    files |= {PATH: tables.encode()} if marked else {AWS_CREDENTIALS: SECRET.encode()}
    return Snapshot(entries, cached, frozenset(names if marked else ()), {}, files)


ENTRY = json.dumps({"version": 1, **people.ENTRY})
SETTINGS = json.dumps({"version": 1, "mfa_arn": MFA})
EMPTY, FULL = _kept(None, None, marked=False), _kept(ENTRY, "{}", marked=True)
REMOVED, RENEWED = _kept(SETTINGS, "{}", marked=True), _kept(ENTRY, "{1}", marked=True)


def _moments() -> list[Moment]:
    """Return moments of every sort: nothing, everything, and changes both ways."""
    quiet, busy = Trial(a_scene()), Trial(a_scene())
    session: Any = None
    busy.granted = [("get_session_token", session), ("assume_role", session)]
    busy.child, busy.put = {}, True
    states = (EMPTY, FULL, REMOVED, RENEWED)
    return [Moment(b, n, trial) for b in states for n in states for trial in (quiet, busy)]


@pytest.mark.parametrize(
    "claim", [claim for claim, check in CLAIMS.items() if check is not claims.a_hedge]
)
def test_a_claim_may_be_so_or_not(claim: str) -> None:
    """Each claim is checked by something that is sometimes so and sometimes not."""
    about = "MFA ARN" if claim.startswith("Kept in") else NAME
    assert {CLAIMS[claim](moment, about) for moment in _moments()} == {True, False}


def test_lies_are_noticed() -> None:
    """A phrase on the screen that is not so is found, with whom it is about."""
    gone = Moment(FULL, EMPTY, Trial(a_scene()))
    assert claims.lies(gone, "Nothing was changed.") == ["Nothing was changed."]
    assert claims.lies(gone, f"✓ Credentials saved to keyring: {NAME}\n") != []
    assert claims.lies(gone, f"✓ Session dropped: {NAME}\n") == []
    assert claims.lies(gone, "✓ Session dropped: somebody\n") != []


# The laws.


def _end(command: str = "login", **others: Any) -> End:  # noqa: ANN401 - an End's fields
    return laws.end_of(COMMANDS[command], 0, None, set())._replace(**others)


def _with(end: End, **fields: Any) -> End:  # noqa: ANN401 - a Snapshot's fields
    return end._replace(now=end.now._replace(**fields))


def _no_entry_now() -> End:
    return _with(_end("logout"), entries={})


def _half_an_entry() -> End:
    return _with(_end(), entries={NAME: '{"version": 1, "access_key_id": "AKIA"}'})


def _old_session_stays() -> End:
    end = _end("user configure")
    return _with(end, sessions=end.before.sessions)


def _another_session_is_handed_on() -> End:
    end = _end("exec")
    end.trial.child = {"AWS_SESSION_TOKEN": "another"}
    return end


def _trouble(screen: str, status: int) -> End:
    end = _end("list", screen=screen, status=status)
    end.trial.struck = next(call for call in end.trial.calls if call.method.port == "markers")
    end.trial.struck_with = "no room"
    return end


def _next_login_fails() -> End:
    end = _end()
    end.scene.keyring.state = LOCKED
    return end


def _no_profile() -> End:
    return _with(_end("profile add"), files={})


def _keys_in_neither() -> End:
    return _with(_end("import"), entries={}, files={})


def _keys_in_both() -> End:
    end = _end("import")
    return _with(end, files={**end.now.files, AWS_CREDENTIALS: SECRET.encode()})


BROKEN: Mapping[str, tuple[Callable[[], End], Callable[[End], object]]] = {
    "a lie": (lambda: _end(lies=["Nothing was changed."]), laws.words_equal_deeds),
    "a strange status": (lambda: _end(status=7), laws.it_ends_in_words),
    "no words": (lambda: _end(status=1, screen=""), laws.it_ends_in_words),
    "a bug": (lambda: _end(screen="✗ did not expect"), laws.it_ends_in_words),
    "keys gone": (_no_entry_now, laws.keys_go_only_when_refused),
    "half an entry": (_half_an_entry, laws.entries_are_whole),
    "an old session": (_old_session_stays, laws.no_session_outlives_its_settings),
    "another session": (_another_session_is_handed_on, laws.only_whats_cached_is_handed_on),
    "a success in trouble": (lambda: _trouble("/home/dev", 0), laws.state_trouble_is_told),
    "untold trouble": (lambda: _trouble("", 1), laws.state_trouble_is_told),
    "no session": (lambda: _with(_end(), sessions={}), laws.success_is_success),
    "no child": (lambda: _end("login")._replace(command=COMMANDS["exec"]), laws.success_is_success),
    "a session left": (
        lambda: _with(_end("logout"), sessions={NAME: ""}),
        laws.success_is_success,
    ),
    "keys left": (
        lambda: _with(_end("logout --keys"), entries={NAME: ""}),
        laws.success_is_success,
    ),
    "no profile": (_no_profile, laws.success_is_success),
    "keys in neither": (_keys_in_neither, laws.keys_that_are_taken_out_are_in_the_keyring),
    "keys in both": (_keys_in_both, laws.an_import_has_imported),
    "nothing imported": (
        lambda: _with(_end("import --no-verify"), files={}),
        laws.an_import_has_imported,
    ),
    "nothing saved": (lambda: _with(_end("user configure"), entries={}), laws.success_is_success),
    "a secret": (lambda: _end(screen=SECRET), laws.nothing_secret_is_shown),
    "no next login": (_next_login_fails, laws.the_next_login_works),
}


@pytest.mark.parametrize(("end", "law"), BROKEN.values(), ids=BROKEN)
def test_a_law_is_broken(end: Callable[[], End], law: Callable[[End], Any]) -> None:
    """Each law complains of an end that breaks it, and not of the command's own end."""
    assert list(law(end()))


def test_every_law_can_be_broken() -> None:
    """Each law has an end above that breaks it."""
    assert {law for _, law in BROKEN.values()} == {*laws.LAWS}
