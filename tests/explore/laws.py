"""The laws of failures: what must hold when a command has ended, or was killed.

Each law is a function from an `End` to its complaints.  Whatever failed, and
wherever: keys go only where a rule says so, words equal deeds, no session
outlives its settings, nothing secret is shown, and the next login works.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from authkit import cli
from authkit.codes import mfa_process
from authkit.core import entries, sessions
from authkit.core.identity import Identity
from authkit.core.kinds import AWS_USER
from fakes.world.config import PATH
from fakes.world.journal import Journal
from fakes.world.keyring import WORKING
from fakes.world.prompter import INTERRUPT
from fakes.world.state_folder import FOLDER
from tests.explore import claims
from tests.explore.commands_tried import OTHER, ROBOT, ROLE, printed
from tests.explore.events import Crash
from tests.explore.failing_world import LOST, STATE_WORDS, Trial
from tests.explore.snapshots import snapshot
from tests.support.brought_kind import KIND
from tests.support.people import (
    AWS_CONFIG,
    AWS_CREDENTIALS,
    NAME,
    OLD_SECRET,
    SECRET,
    Obliging,
    run,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from authkit.core.model import Question
    from fakes.world.scene import Scene
    from tests.explore.commands_tried import Command
    from tests.explore.failing_world import Fault
    from tests.explore.snapshots import Snapshot

REFUSES_KEYS = {"InvalidClientTokenId", "SignatureDoesNotMatch"}
NOT_OF_KEYS = "expired|not yet current|scoped to"  # what AWS also says by SignatureDoesNotMatch
# What a command may do without: its answer is whole without it.
PASSED_OVER = {
    ("whoami", "markers", "read"),  # whether there are keys is then not said
    ("whoami", "markers", "others"),  # the same
    ("whoami", "markers", "marked"),
    ("credential-process", "markers", "mark"),  # AWS has taken the keys: said, and gone on
    ("credential-process", "markers", "read"),
    ("logout", "sessions", "read"),  # the session is dropped all the same
}
OF_STATE = {"sessions", "markers", "lock"}
TELL_ALL = {"whoami", "list", "logout", "env", "credential-process"}
PATIENCE = 5  # times that a person answers the same question
OWN = {0, 1, 2, 130}  # exit statuses of commands but exec
OF_EXEC = {0, 2, 3, 125, 126, 127, 130}


class Tiring(Obliging):
    """A person with right answers who gives up when the same is asked again and again."""

    def __call__(self, question: Question) -> str:
        """Return what the person types."""
        answer = super().__call__(question)
        return INTERRUPT if max(self.asked.values()) > PATIENCE else answer


class Witness(Journal):
    """A journal that checks every text against what is so when it appears."""

    def __init__(self, trial: Trial, heard: set[str]) -> None:
        super().__init__()
        self.lies: list[str] = []
        self._trial = trial
        self._before = snapshot(trial.scene)
        self._heard = heard

    def wrote(self, text: str) -> None:
        """Check and record a text."""
        before = claims.with_others(self._before, self._trial)
        moment = claims.Moment(before, snapshot(self._trial.scene), self._trial)
        self.lies += claims.lies(moment, text, self._heard)
        super().wrote(text)


class End(NamedTuple):
    """How one run ended: `status` is None when the process was killed."""

    command: Command
    trial: Trial
    scene: Scene
    before: Snapshot
    now: Snapshot
    status: int | None
    screen: str
    lies: list[str]

    @property
    def killed(self) -> bool:
        """Whether the process died."""
        return self.status is None


def end_of(command: Command, at: int, fault: Fault | None, heard: set[str]) -> End:
    """Run a command with this fault at the call of this number."""
    scene = command.start()
    trial = Trial(scene, at, fault)
    before, journal = snapshot(scene), Witness(trial, heard)
    scene.main = trial.main
    person = Tiring(command.known) if command.asks else None
    try:
        ran = run(
            scene,
            *command.line,
            person=person,
            child=command.child,
            stdin=command.stdin,
            journal=journal,
            programs=command.programs,
        )
        status: int | None = ran.status
    except Crash:
        status = None
    for name in (NAME, OTHER, ROLE, ROBOT, mfa_process.LOCK):
        scene.locks.release(name)  # the end of the process frees its locks
    scene.locks.end_elsewhere()
    scene.main = cli.main
    scene.keyring.state = WORKING
    now, before = snapshot(scene), claims.with_others(before, trial)
    return End(command, trial, scene, before, now, status, journal.screen, journal.lies)


# The laws.


def words_equal_deeds(end: End) -> Iterator[str]:
    """Whatever the screen says was done, or was not done, is so when it says it."""
    yield from (f"not so: {said}" for said in end.lies)


def it_ends_in_words(end: End) -> Iterator[str]:
    """A command that did not succeed says so, and ends with an exit status that is documented."""
    if end.killed:
        return
    of_exec = end.command.words.startswith("exec")
    if end.status not in (OF_EXEC if of_exec else OWN):
        yield f"exit {end.status}"
    child_failed = end.trial.child is not None and end.status == 3
    struck = end.trial.struck
    cut = struck is not None and struck.method.port == "screen"  # its own end was cut off
    said = end.trial.put or re.search("[✗⚠]", end.screen)
    if end.status and not child_failed and not cut and not said:
        yield f"exit {end.status} without a word"
    if "did not expect" in end.screen or "Traceback" in end.screen:
        yield "an unexpected error"


def keys_go_only_when_refused(end: End) -> Iterator[str]:
    """Keys leave the keyring only when STS refused them, attended, or when that was asked for."""
    words = end.command.line
    asked_for = "--keys" in words or words[:2] == ["user", "configure"]
    asked_for = asked_for or (words[0] == "import" and end.command.asks)  # it is said yes to
    refused = {
        key_id
        for key_id, trouble in end.trial.refused
        if trouble.code in REFUSES_KEYS
        and trouble.status // 100 == 4
        and not re.search(NOT_OF_KEYS, trouble.message, re.IGNORECASE)
    }
    if end.trial.struck_with == LOST:
        return  # an entry is as safe as the backend's own write (B-S02)
    for name in end.before.entries:
        old, new = end.before.pair(name), end.now.pair(name)
        if old and new != old and not asked_for and not (end.command.asks and old[0] in refused):
            yield f"the keys of {name} are gone"


def entries_are_whole(end: End) -> Iterator[str]:
    """An entry has both keys or neither, in the stored form."""
    for name, text in end.now.entries.items():
        if text == end.before.entries.get(name):
            continue
        fields = end.now.fields(name)
        halves = fields.keys() & {"access_key_id", "secret_access_key"}
        if len(halves) == 1 or not fields:
            yield f"half an entry of {name}"


def no_session_outlives_its_settings(end: End) -> Iterator[str]:
    """A session is of the entry's keys and settings, if it is new or the entry was changed."""
    for name, written in end.now.sessions.items():
        owner = NAME if name == ROLE else name
        same = end.before.entries.get(owner) == end.now.entries.get(owner)
        untouched = written == end.before.sessions.get(name)
        # A writer that does not take the identity's lock is seen by the next login.
        if same and (untouched or (end.trial.meanwhile and name != ROLE)):
            continue
        if not fits(end.scene, name, written):
            yield f"the session of {name} is of other keys or settings"


def fits(scene: Scene, name: str, written: str) -> bool:
    """Tell whether a session is what the identity's entry would make now (B-S03)."""
    cached = sessions.decode(written, name)
    owner = NAME if name == ROLE else name
    text = scene.keyring.entries.get((entries.SERVICE, owner), '{"version": 1}')
    kind = KIND if name == ROBOT else AWS_USER
    values = entries.decode(text, kind)
    identity = Identity(owner, kind, "us-east-1", {}, "")
    if name == ROLE:
        return cached.keys == identity.keys_fingerprint(values)
    return identity.made(cached, values)


def only_whats_cached_is_handed_on(end: End) -> Iterator[str]:
    """The child gets the session that is in the cache."""
    child = end.trial.child
    if (
        child
        and not end.trial.meanwhile
        and child["AWS_SESSION_TOKEN"] not in end.now.sessions.get(end.command.name, "")
    ):
        yield "the child's session is not the cached one"


def state_trouble_is_told(end: End) -> Iterator[str]:
    """Trouble with a session, a marker or a lock is named, and is no success (B-S06)."""
    struck, reads = end.trial.struck, end.command.line[0] in TELL_ALL
    if end.killed or not reads:
        return
    if "" in end.before.oddities and end.status == 0:
        yield "exit 0 in a state folder that is not to be used"
    if not struck or struck.method.port not in OF_STATE:
        return
    if (end.command.line[0], *struck.method) in PASSED_OVER:
        return
    if end.trial.struck_with in STATE_WORDS:
        if not end.status:
            yield "exit 0 in spite of state trouble"
        if FOLDER not in end.screen:
            yield "state trouble that is not told"


def keys_that_are_taken_out_are_in_the_keyring(end: End) -> Iterator[str]:
    """Whatever fails, AWS's credentials file has the keys that it had, or the keyring has them."""
    had, has = (m.files.get(AWS_CREDENTIALS, b"") for m in (end.before, end.now))
    if SECRET.encode() in had and SECRET.encode() not in has:
        pair = end.now.pair(end.command.name)
        if not pair or pair[1] != SECRET:
            yield "keys are in neither"


def success_is_success(end: End) -> Iterator[str]:
    """With exit 0 the command has done what it is for."""
    name, words = end.command.name, end.command.line
    if end.status != 0 or end.trial.meanwhile:
        return
    if words[0] in {"login", "exec"} and name not in end.now.sessions:
        yield "no session"
    if words[0] == "exec" and end.trial.child is None:
        yield "no child"
    gone = [*end.before.entries, ROLE] if "--all" in words else [name]
    if words[0] == "logout" and any(name in end.now.sessions for name in gone):
        yield "a session is left"
    if "--keys" in words and any(name in end.now.entries and name != ROLE for name in gone):
        yield "keys are left"
    if words[0] == "profile":
        there = f"credential-process {NAME}\n".encode() in end.now.files.get(AWS_CONFIG, b"")
        if there is (words[1] == "remove"):
            yield "the profile is there" if there else "no profile"
    if words[0] == "user" and (not end.now.pair(name) or name not in end.now.markers):
        yield "nothing is saved"


def an_import_has_imported(end: End) -> Iterator[str]:
    """With exit 0 it has saved the keys, written the config file, and taken out what it was to."""
    name, words = end.command.name, end.command.line
    if words[0] != "import" or end.status != 0 or end.trial.meanwhile:
        return
    if not end.now.pair(name) or PATH not in end.now.files:
        yield "nothing is imported"
    if "--remove" in words and SECRET.encode() in end.now.files.get(AWS_CREDENTIALS, b""):
        yield "keys are left in AWS's file"


def nothing_secret_is_shown(end: End) -> Iterator[str]:
    """No secret is on the screen; a session's only where it is asked for."""
    secrets = [SECRET, OLD_SECRET]
    if end.command.line[0] not in {"env", "credential-process"}:
        secrets += [session.session_token.reveal() for _, session in end.trial.granted]
    yield from ("a secret is shown" for secret in secrets if secret in end.screen)


def the_next_login_works(end: End) -> Iterator[str]:
    """One further login with right answers succeeds, and its session is of the entry.

    It changes the scene, so this law comes last.
    """
    scene, name = end.scene, end.command.name
    scene.sessions.spoilt.clear()  # what a message names, the person mends
    scene.account.faults.clear()  # the answer that this scene was made for, if it did not come
    if end.before.is_corrupt(NAME) and end.now.is_corrupt(NAME):  # login leaves it alone (B-S04)
        run(scene, "user", "configure", NAME, person=Obliging())
    done = run(scene, "login", name, person=Obliging(), programs=printed(60))
    if done.status:
        yield f"the next login: {done.screen}"
        return
    if run(scene, "whoami", name).status:
        yield "whoami does not take the session of the next login"
    if not fits(scene, name, scene.sessions.texts[name]):
        yield "the next login keeps a session of other settings"


LAWS: tuple[Callable[[End], Iterator[str]], ...] = (
    words_equal_deeds,
    it_ends_in_words,
    keys_go_only_when_refused,
    entries_are_whole,
    no_session_outlives_its_settings,
    only_whats_cached_is_handed_on,
    state_trouble_is_told,
    keys_that_are_taken_out_are_in_the_keyring,
    success_is_success,
    an_import_has_imported,
    nothing_secret_is_shown,
    the_next_login_works,
)


def complaints(end: End) -> list[str]:
    """Return what each law has against a run."""
    return [f"{law.__name__}: {said}" for law in LAWS for said in law(end)]
