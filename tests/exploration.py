"""Every path through a command: a world whose every answer is chosen, and all the ways to choose.

`paths` enumerates them depth first.  The first option of a choice is the plain
one; a path's depth is how often it departs from that.  All that crosses a port
is noted as an `Event`, for an oracle to judge.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from authkit import cli
from authkit.identity import fingerprint
from authkit.model import AccessKeys, CachedSession, Caller, Secret, Session
from authkit.ports import Cancelled, CannotRun, KeyringTrouble, Refused, StateTrouble, Unreachable
from authkit.sessions import encode
from fakes import errors
from fakes.config import MemoryConfig

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from authkit.model import MfaCode, Question

T = TypeVar("T")

NAME = "dev-admin"
MFA = "arn:aws:iam::123456789012:mfa/user"
START = datetime(2024, 12, 22, 23, 58, tzinfo=UTC)
FIRST = ("AKIAFIRSTFIRSTFIRST0", "secret-of-0")
CALLER = Caller("123456789012", "arn:aws:iam::123456789012:user/dev-admin", "AIDAUSER")


class Event(NamedTuple):
    """Something that crossed a port: `what` happened, to what, and how it ended ("ok")."""

    what: str
    about: Any = None
    outcome: str = "ok"


class Path(NamedTuple):
    """One way through a command: how it was called, what happened, how it ended."""

    command: tuple[str, ...]
    interactive: bool
    events: tuple[Event, ...]
    status: int
    choices: tuple[str, ...]


class Chooser:
    """Makes the choices of a path: first those of `prefix`, then the plain ones."""

    def __init__(self, prefix: Sequence[int]) -> None:
        self._prefix = prefix
        self.taken: list[int] = []
        self.widths: list[int] = []
        self.named: list[str] = []

    def choose(self, what: str, *options: T) -> T:
        """Return one of the options; the first is the plain one."""
        place = len(self.taken)
        index = self._prefix[place] if place < len(self._prefix) else 0
        self.taken.append(index)
        self.widths.append(len(options))
        if index:
            self.named.append(f"{what}: {options[index]!r}")
        return options[index]


def paths(
    command: Sequence[str], *, depth: int, interactive: bool = True
) -> Iterator[Path]:
    """Yield every path through a command that departs from the plain one `depth` times at most."""
    waiting: list[tuple[int, ...]] = [()]
    while waiting:
        prefix = waiting.pop()
        chooser = Chooser(prefix)
        yield _walk(tuple(command), chooser, interactive=interactive)
        if sum(map(bool, prefix)) < depth:
            for place in range(len(prefix), len(chooser.taken)):
                plain = tuple(chooser.taken[:place])
                waiting += [(*plain, other) for other in range(1, chooser.widths[place])]


def _walk(command: tuple[str, ...], chooser: Chooser, *, interactive: bool) -> Path:
    world = ChosenWorld(chooser, interactive=interactive)
    status = cli.main(command, lambda _options: world)
    return Path(command, interactive, tuple(world.events), status, tuple(chooser.named))


# What STS may answer: a name, and what the port raises.  "…for good": to every call from now on.


def _refused(error: errors.AwsError) -> Callable[[str], Exception]:
    code, message, status = error.code, error.message or "", error.status
    return lambda operation: Refused(operation, code, message, status=status)


def _silent(*, answered: bool, sent: bool) -> Callable[[str], Exception]:
    return lambda operation: Unreachable(operation, "silence", answered=answered, sent=sent)


_SKEW = errors.TOO_EARLY.fill(
    signed="20241222T200000Z", bound="20241222T234300Z", now="20241222T235800Z"
)
_SCOPE = errors.WRONG_SCOPE.fill(problems=errors.WRONG_REGION)
ANSWERS: dict[str, Callable[[str], Exception]] = {
    "revoked": _refused(errors.INVALID_TOKEN),
    "mistyped": _refused(errors.WRONG_SECRET),
    "skew": _refused(_SKEW),
    "scope": _refused(_SCOPE),
    "expired": _refused(errors.EXPIRED_TOKEN),
    "denied": _refused(errors.AwsError("AccessDenied", "not authorized", 403)),
    "region": _refused(errors.REGION_DISABLED),
    "unheard-of": _refused(errors.AwsError("UnheardOf", None)),
    "throttled": _refused(errors.AwsError("Throttling", "Rate exceeded")),
    "trouble": _refused(errors.AwsError("InternalFailure", None, 500)),
    "unsent": _silent(answered=False, sent=False),
    "lost": _silent(answered=False, sent=True),
    "broken": _silent(answered=True, sent=True),
    "code": _refused(errors.WRONG_CODE),
    "device": _refused(errors.WRONG_DEVICE),
}
ALWAYS = " for good"
_TO_ANY = ("revoked", "mistyped", "skew", "scope", "expired", "denied", "region", "unheard-of")
_PASSING = ("throttled", "trouble", "unsent", "lost", "broken")
_STAYING = tuple(f"{name}{ALWAYS}" for name in ("throttled", "unsent", "lost"))
_OF_A_CODE = ("code", "device", f"code{ALWAYS}", f"device{ALWAYS}")


class ChosenWorld:
    """ports.World, and most of its ports: each answer is chosen, each is noted."""

    backend, in_the_clear = "tests.exploration", False
    path = "/config.toml"

    def __init__(self, chooser: Chooser, *, interactive: bool) -> None:
        self._choose = chooser.choose
        self.events: list[Event] = []
        self.environ: Mapping[str, str] = {}
        self.prompter = self if interactive else None
        self.clock = self.screen = self.keyring = self.sessions = self.children = self
        self.config = MemoryConfig(None)
        self._now = START
        self._entry = self._choose("entry", *_ENTRIES)
        self._session = _SESSIONS[self._choose("session", *_SESSIONS)]
        self._dead: dict[tuple[str, str], str] = {}  # what keys are refused with, for good
        self._always = ""  # what every call is answered from now on
        self._asked = {"AWS Access Key ID": 0, "Enter MFA Token": 0}
        self._granted = 0
        self._note("start", (self._entry, self._session))

    def _note(self, what: str, about: object = None, outcome: str = "ok") -> None:
        self.events.append(Event(what, about, outcome))

    # Clock and lock.

    def now(self) -> datetime:
        """Return the instant."""
        return self._now

    def zone(self) -> tzinfo:
        """Return UTC."""
        return UTC

    def sleep(self, pause: timedelta) -> None:
        """Let time pass, or Ctrl-C come."""
        if self._choose("sleep", "passes", "^C") == "^C":
            self._note("cancel")
            raise KeyboardInterrupt
        self._now += pause

    def lock(self, _name: str) -> ChosenWorld:
        """Return the lock."""
        return self

    def acquire(self) -> bool:
        """Try the lock once."""
        free = self._choose("lock", True, False)  # noqa: FBT003 - options, not flags
        self._note("acquire", None, "ok" if free else "busy")
        return free

    def release(self) -> None:
        """Give it back."""
        self._note("release")

    # The person.

    def say(self, text: str, *, close: bool = False) -> None:
        """Note it."""
        self._note("say", text, "close" if close else "ok")

    def put(self, text: str) -> None:
        """Note it."""
        self._note("put", text)

    def foreign(self) -> None:
        """Nothing is seen of it here."""

    def ask(self, question: Question) -> str:
        """Return an answer.  Raises Cancelled."""
        title = question.text.partition(" (")[0].partition(" [")[0].rstrip(": ")
        self._asked[title] = self._asked.get(title, 0) + 1
        count = self._asked[title]
        answer = self._choose(title, *(option.format(count, count - 1) for option in _TYPED[title]))
        self._note("ask", (title, answer, question.text))
        if answer == "^C":
            self._note("cancel")
            raise Cancelled
        return answer
