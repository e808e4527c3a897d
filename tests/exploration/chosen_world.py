"""A World whose ports answer as a chooser chooses, and record every call."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any

from authkit import cli
from authkit.core.failures import Cancelled, CannotRun, KeyringTrouble, StateTrouble
from authkit.core.model import AccessKeys, Caller, Marker, Secret, Session
from fakes.world.config import MemoryConfig
from fakes.world.user_files import MemoryUserFiles
from fakes.world.web import FakeWeb
from tests.exploration.chooser import Chooser, Event, Path, paths
from tests.exploration.chosen_answers import (
    ANSWERS,
    ENTRIES,
    FOR_GOOD,
    MFA,
    NAME,
    OF_ANY,
    OF_CODES,
    OF_IAM,
    SESSIONS,
    START,
    TAKES,
    TYPED,
    Sent,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from authkit.core.model import MfaCode, Question


def every_path(command: Sequence[str], depth: int, *, interactive: bool) -> Iterator[Path]:
    """Yield every path through a command, with a prompter or without."""

    def walk(chooser: Chooser) -> Path:
        world = ChosenWorld(chooser, interactive=interactive)
        status = cli.main(command, lambda _options: world)
        events = tuple(world.events)
        return Path(tuple(command), interactive, events, status, tuple(chooser.named))

    return paths(walk, depth)


class ChosenWorld:
    """One object that is ports.World and each of its ports."""

    backend, in_the_clear, noticed = "tests.exploration.chosen_world", False, False
    backends, chosen_by = (backend,), ""

    def __init__(self, chooser: Chooser, *, interactive: bool) -> None:
        self._choose = chooser.choose
        self.events: list[Event] = []
        self.environ: Mapping[str, str] = {"AWS_PROFILE": "others"}
        self.prompter = self if interactive else None
        self.unasked = "" if interactive else "there is no terminal"
        self.clock = self.screen = self.keyring = self.children = self.programs = self
        self.sessions = self.notes = self
        self.markers = ChosenMarkers(self)
        self.config = MemoryConfig(None)
        self.web = FakeWeb()
        self.files = MemoryUserFiles()
        self._now = self._asked_at = START
        self._entry = ENTRIES[self._choose("entry", *ENTRIES)]
        self._session = SESSIONS[self._choose("session", *SESSIONS)]
        self._codes: list[str] = []
        self.marker = Marker()
        self._fixed: dict[object, str] = {}  # what these keys, or this operation, are answered
        self._count: dict[str, int] = {}
        self._note("start", (self._entry, self._session))

    def _note(self, what: str, about: Any = None, outcome: str = "ok") -> None:  # noqa: ANN401
        self.events.append(Event(what, about, outcome))

    def _chosen(self, what: str, *troubles: str) -> str:
        """Choose "ok" or one of the failures, record the choice and return it."""
        outcome = self._choose(what, "ok", *troubles)
        self._note(what, None, outcome)
        return outcome

    def _next(self, what: str) -> int:
        self._count[what] = self._count.get(what, 0) + 1
        return self._count[what]

    # Clock and lock.

    def time(self) -> float:
        """Return the virtual instant, in seconds since 1970."""
        return self._now.timestamp()

    def now(self) -> datetime:
        """Return the present instant."""
        return self._now

    def elapsed(self) -> timedelta:
        """Return the time since the start."""
        return self._now - START

    def zone(self) -> tzinfo:
        """Return UTC."""
        return UTC

    def sleep(self, pause: timedelta) -> None:
        """Move the clock, or raise KeyboardInterrupt."""
        if self._chosen("sleep", "^C") == "^C":
            raise KeyboardInterrupt
        self._now += pause

    def get_date(self) -> datetime:
        """Return the present instant: no command that is explored asks."""
        return self._now

    def versions(self) -> dict[str, str]:
        """Return no versions."""
        return {}

    def found(self, _program: str) -> tuple[str, bool]:
        """Return no file: no command that is explored looks for one."""
        return "", False

    def shared(self, _path: str) -> tuple[str, str]:
        """Return nothing: the same."""
        return "", ""

    def width(self) -> int:
        """Return the columns of a screen."""
        return 80

    def shell(self) -> str:
        """Return nothing: there is no terminal for a shell."""
        return ""

    def lock(self, _name: str) -> ChosenWorld:
        """Return the lock, which is this object."""
        return self

    def acquire(self) -> bool:
        """Try the lock once."""
        return self._chosen("acquire", "busy") == "ok"

    def release(self) -> None:
        """Record the release."""
        self._note("release")

    def holder(self) -> str:
        """Return nothing: it is not known."""
        return ""

    # The person and the screen.

    def say(self, text: str, *, close: bool = False) -> None:  # noqa: ARG002 - the port's
        """Record the text."""
        self._note("say", text)

    def put(self, text: str) -> None:
        """Record the text."""
        self._note("put", text)

    def foreign(self) -> None:
        """Do nothing: the path does not record it."""

    def ask(self, question: Question) -> str:
        """Return an answer.  Raises Cancelled."""
        title = next(title for title in TYPED if question.text.startswith(title))
        count = self._next(title)
        answer = self._choose(title, *(typed.format(count) for typed in TYPED[title]))
        self._note("ask", (title, answer), "^C" if answer == "^C" else "ok")
        self._asked_at = self._now
        if answer == "^C":
            raise Cancelled
        return answer

    # STS.

    def sts(self, _region: str) -> ChosenWorld:
        """Return STS, which is this object."""
        return self

    def get_caller_identity(self, who: AccessKeys | Session) -> Caller:
        """Answer as the chooser chooses.  Raises Refused, Unreachable."""
        self._answered(_sent("GetCallerIdentity", who), OF_ANY)
        return Caller("123456789012", "arn:aws:iam::123456789012:user/dev-admin")

    def get_session_token(self, keys: AccessKeys, *, duration: int, mfa: MfaCode | None) -> Session:
        """Answer as the chooser chooses.  Raises Refused, Unreachable."""
        code = (mfa.serial_number, mfa.token_code.reveal()) if mfa else None
        sent = _sent("GetSessionToken", keys)._replace(
            code=code,
            age=self._now - self._asked_at,
            seconds=duration,
            granted=f"ASIANEW{self._next('new')}",
        )
        self._answered(sent, (*OF_ANY, *OF_CODES) if mfa else OF_ANY)
        hidden, token = Secret("hidden-1"), Secret("token-1")
        granted = int(self._now.timestamp())
        return Session(sent.granted, hidden, token, granted + duration, granted)

    def list_mfa_devices(self, keys: AccessKeys) -> tuple[str, ...]:
        """List nothing, or the device, or refuse that.  Raises Refused, Unreachable."""
        outcome = self._choose("ListMFADevices", "none", "the device", *OF_IAM)
        self._note("list", _sent("ListMFADevices", keys), outcome)
        self._now += TAKES.get(outcome, timedelta(0))
        if outcome in ANSWERS:
            raise ANSWERS[outcome]("ListMFADevices")
        return (MFA,) if outcome == "the device" else ()

    def assume_role(self, *_: object, **_parameters: object) -> Session:
        """Raise LookupError: no user's command assumes a role."""
        raise LookupError

    def _answered(self, sent: Sent, troubles: Sequence[str]) -> None:
        fixed = self._fixed.get(sent.pair) or self._fixed.get(sent.operation)
        name = fixed or self._choose(sent.operation, "ok", *troubles)
        if name.endswith(FOR_GOOD):
            name = name.removesuffix(FOR_GOOD)
            self._fixed[sent.operation] = name
        if name in {"revoked", "mistyped"}:
            self._fixed[sent.pair] = name
        self._note("call", sent, name)
        self._now += TAKES.get(name, timedelta(0))
        if name != "ok":
            raise ANSWERS[name](sent.operation)

    # Keyring, state folder, child.

    def unlock(self, *, writing: bool = False, notice: Callable[[], str] = str) -> None:
        """Do nothing: a locked keyring is one that cannot be read."""

    def alone(self) -> AbstractContextManager[None]:
        """Return a context: there is no other process."""
        return nullcontext()

    def get_password(self, _service: str, _username: str) -> str | None:
        """Return the entry."""
        self._keyring("get", "locked", "unreadable")
        return self._entry

    def set_password(self, _service: str, _username: str, password: str) -> None:
        """Replace the entry; a forgetful keyring drops the new one without an error."""
        if self._keyring("set", "unreadable", "forgetful", about=password) == "ok":
            self._entry = password

    def delete_password(self, _service: str, _username: str) -> None:
        """Delete the entry."""
        self._keyring("delete", "unreadable")
        self._entry = None

    def _keyring(self, what: str, *troubles: str, about: str | None = None) -> str:
        outcome = self._choose(what, "ok", *troubles)
        self._note(what, about, outcome)
        if outcome not in {"ok", "forgetful"}:
            raise KeyringTrouble(outcome, "it does not work")
        return outcome

    def state(self, what: str, about: str | None = None) -> None:
        """Record a use of the state folder, or raise StateTrouble."""
        outcome = self._choose(what, "ok", "denied")
        self._note(what, about, outcome)
        if outcome != "ok":
            raise StateTrouble("/state", "Permission denied")

    def read(self, _name: str) -> str | None:
        """Return the session file's text."""
        self.state("read")
        return self._session

    def replace(self, _name: str, written: str) -> None:
        """Replace the session file."""
        self.state("replace", written)
        self._session = written

    def drop(self, _name: str, *, draft: bool = True) -> bool:  # noqa: ARG002 - it has none
        """Remove the session file."""
        self.state("drop")
        there, self._session = self._session is not None, None
        return there

    def names(self) -> list[str]:
        """Return the names of identities with a session."""
        return [NAME] if self._session else []

    def has_keys(self) -> bool:
        """Return whether there is an entry in the keyring."""
        return self._entry is not None

    def codes(self) -> list[str]:
        """Return the recorded codes."""
        self.state(f"codes {self._next('codes')}")
        return self._codes

    def replace_codes(self, _name: str, written: str) -> None:
        """Replace the recorded codes."""
        self.state("replace codes", written)
        self._codes = [written]

    def run(self, _command: Sequence[str], environ: Mapping[str, str]) -> int:
        """Run the child: it succeeds, fails, fails after two days, or is not found."""
        ending = self._choose("child", "0", "1", "1 after two days", "not found")
        self._note("child", dict(environ), ending)
        if ending == "not found":
            raise CannotRun(127, "command not found")
        self._now += timedelta(days=2 * ending.endswith("days"))
        return int(ending[0])

    def program(self) -> list[str]:
        """Return nothing: no user's command needs it."""
        return []

    def line(self, *_: object) -> Secret:
        """Raise LookupError: no program is configured."""
        raise LookupError

    def stdin(self) -> str:
        """Return empty standard input."""
        return ""


class ChosenMarkers:
    """ports.Markers of a world."""

    def __init__(self, world: ChosenWorld) -> None:
        self._world = world

    def mark(self, _name: str, marker: Marker) -> None:
        """Set the marker of saved keys."""
        self._world.state("mark")
        self._world.marker = marker

    def read(self, _name: str) -> Marker | None:
        """Return the marker."""
        self._world.state("untried")
        return self._world.marker

    def unmark(self, _name: str) -> None:
        """Remove the marker."""
        self._world.state("unmark")

    def marked(self) -> list[str]:
        """Return the names of identities with keys."""
        return [NAME] if self._world.has_keys() else []

    def others(self, _name: str) -> bool:
        """Tell whether another identity has a marker: there is none."""
        return False


def _sent(operation: str, who: AccessKeys | Session) -> Sent:
    pair = who.access_key_id, who.secret_access_key.reveal()
    return Sent(operation, pair, isinstance(who, AccessKeys))
