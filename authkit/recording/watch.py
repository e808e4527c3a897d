"""Watches a command: its ports by the table of effects, and its screen."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from authkit.core.effects import EFFECTS, WatchedWorld, outcome_of
from authkit.core.failures import (
    CallFailed,
    CannotRun,
    FileTrouble,
    KeyringTrouble,
    Refused,
    StateTrouble,
)
from authkit.core.model import AccessKeys, Marker, MfaCode, Secret
from authkit.core.rules import Action
from authkit.recording.keep import Keep
from authkit.recording.known import CHILD, FAULT_WORDS, OPERATIONS, PRINT_CODE
from authkit.recording.screen import Screen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Protocol

    from authkit.arguments import Options
    from authkit.core.effects import Call
    from authkit.core.model import Caller, RoleRequest, Session
    from authkit.core.ports import World
    from authkit.recording.applied_rules import Applied

    class Machine(Protocol):
        """What a recording asks of the machine (``adapters.recording_file``)."""

        def zone(self) -> str:
            """Return the name of the machine's time zone."""

        def gap(self, previous: str, following: str) -> bool:
            """Tell whether a blank line stands between two things on a screen."""


class Asked(NamedTuple):
    """A call of STS or IAM: what came of it, when (by the machine's clock), how often it went."""

    operation: str
    who: AccessKeys | Session | None  # None: without credentials
    mfa: MfaCode | None
    came: Caller | Session | tuple[str, ...] | None  # the last: serial numbers of MFA devices
    trouble: CallFailed | None
    begun: datetime
    ended: datetime
    sent: int

    @property
    def refused(self) -> Refused | None:
        """The refusal, if it is one."""
        return self.trouble if isinstance(self.trouble, Refused) else None

    @property
    def fault_word(self) -> str:
        """The word of a fault for a call that nothing could be made of, "" for another."""
        if self.trouble is None or self.refused:
            return ""
        return next(word for told, word in FAULT_WORDS if re.match(told, self.trouble.reason))


class _Made(NamedTuple):
    """A call of a port that was made: what came of it, and the clock when it began."""

    call: Call
    result: Any  # whatever the port returns
    trouble: BaseException | None
    begun: datetime
    offset: timedelta


class Failed(NamedTuple):
    """A call that kept or found something and failed; `number` of them came before."""

    on: str
    number: int
    trouble: KeyringTrouble | StateTrouble | FileTrouble


class Recording:
    """What happened while one command ran.  `world` is what the command gets.

    `before` and `after` are the texts of keyring entries and session files, by port and
    identity: as they were first found, and as the command left them (None: gone).  `applied`
    are the rows of the table of rules that applied, so far.
    """

    def __init__(
        self,
        world: World,
        options: Options,
        machine: Machine,
        applied: Sequence[Applied],
        *,
        texts: bool,
    ) -> None:
        self.world: World = _RecordedWorld(world, self)  # type: ignore[assignment]
        self.real = world
        self.options = options
        self.applied = applied
        self.texts = texts
        self.keep = Keep(texts=texts, state=world.environ.get("AUTHKIT_STATE_DIR", ""))
        self.broken: Exception | None = None  # an error of the recording itself
        self.zone = str(world.clock.zone() or machine.zone())
        self.unasked = world.unasked
        self.effects: list[str] = []
        self.passed: list[Asked | timedelta] = []  # calls of STS, and pauses
        self.failed: list[Failed] = []
        self.spoilt: list[StateTrouble] = []
        self.before: dict[tuple[str, str], str | None] = {}
        self.after: dict[tuple[str, str], str | None] = {}
        self.config: bytes | None = None
        self.config_was_read = False
        self.elsewhere = False  # whether a kind from elsewhere had a part in it
        self.files: dict[str, bytes | None] = {}  # of the person's own, as they were first found
        self.stdin: str | None = None
        self.child: tuple[int, timedelta] | None = None
        self.cannot_run = 0
        self.printed: list[Secret | CannotRun] = []  # by the runs of `mfa_process`
        self.waited: dict[str, bool] = {}  # for a lock that another process held: in the end, too
        self.holder = False  # whether that process is known
        self.appeared: dict[str, str] = {}  # sessions that another process made meanwhile
        self.marked: dict[str, None] = {}  # identities that have a marker
        self._numbers = Counter[str]()
        self._clock = world.clock
        for name in (options.given, world.environ.get("AUTHKIT_IDENTITY", "")):
            if name:
                self.keep.identity(name)
        self.begun = self.now()
        self.screen = Screen(self.keep, options.name, machine.gap, self.noting)
        self.screen.listen(world.screen)

    def now(self) -> datetime:
        """Return the instant by the machine's own clock, which may be wrong."""
        return self._clock.now() - self.offset

    @property
    def offset(self) -> timedelta:
        """By how much AWS's clock is ahead, as far as AWS has told."""
        return timedelta(seconds=getattr(self._clock, "offset", 0.0))

    def counted(self, on: str) -> int:
        """Return how often this was done to the keyring or the state folder."""
        return self._numbers[on]

    def _number(self, on: str) -> int:
        """Count that this is done, and return how often it was before."""
        self._numbers[on] += 1
        return self._numbers[on] - 1

    @contextmanager
    def noting(self) -> Iterator[None]:
        """Keep an error of the recording from the command: it is told at the end."""
        try:
            yield
        except Exception as error:  # noqa: BLE001 - whatever it is
            self.broken = self.broken or error

    # The ports.

    def watch(self, call: Call) -> object:
        """Make a call of a port, and note what came of it."""
        begun, offset = self.now(), self.offset
        try:
            result = call.make()
        except (Exception, KeyboardInterrupt) as trouble:
            with self.noting():
                self._note(_Made(call, None, trouble, begun, offset))
            raise
        with self.noting():
            self._note(_Made(call, result, None, begun, offset))
        return result

    def _note(self, made: _Made) -> None:
        call, result, trouble = made.call, made.result, made.trouble
        line = EFFECTS[call.port][call.method].line(*self._told(call), **self._options(call))
        outcome = call.outcome(result) if trouble is None else self._outcome(trouble)
        if isinstance(trouble, StateTrouble):
            self.spoilt.append(trouble)
        if call.port == "markers":
            self._marked(call, result)
        self.effects.append(f"{line} -> {outcome}" if outcome else line)
        if call.port == "lock":
            self._locked(call, outcome, result)
        elif note := _NOTES.get(call.port):
            note(self, made)

    def _slept(self, made: _Made) -> None:
        self.passed.append(made.call.arguments[0])

    def _ran(self, made: _Made) -> None:
        self.child = (made.result or 0, self.now() - made.begun)
        self.cannot_run = made.trouble.status if isinstance(made.trouble, CannotRun) else 0

    def _printed(self, made: _Made) -> None:
        self.printed.append(made.trouble if isinstance(made.trouble, CannotRun) else made.result)

    def _read(self, made: _Made) -> None:
        if made.call.method == "kind":
            self.elsewhere = True
            return
        self.config_was_read = True
        self.config = made.result if made.trouble is None else b"?"

    def _file(self, made: _Made) -> None:
        on, path = f"file.{made.call.method}", made.call.arguments[0]
        number = self._number(on)
        if isinstance(made.trouble, FileTrouble):
            self.failed.append(Failed(on, number, made.trouble))
        elif made.call.method == "read":
            self.files.setdefault(path, made.result)

    def _marked(self, call: Call, result: Any) -> None:  # noqa: ANN401 - whatever a port returns
        if call.method == "marked" and result:
            self.marked |= dict.fromkeys(result)
        if isinstance(result, Marker):
            self.marked[call.arguments[0]] = None
            if result.gone:
                del self.marked[call.arguments[0]]

    def _locked(self, call: Call, outcome: str, result: Any) -> None:  # noqa: ANN401 - whatever a port returns
        name = call.arguments[0]
        if outcome == "busy":
            self.waited[name] = True
        elif name in self.waited and call.method == "acquire":
            self.waited[name] = False
        elif call.method == "holder":
            self.holder = bool(result)

    def _told(self, call: Call) -> list[Any]:
        """Return the arguments of a call as they may be told."""
        first, *others = call.arguments or (None,)
        if call.port == "keyring":
            return [first, self.keep.identity(others[0]), *others[1:]]
        if call.port in {"children", "programs"}:
            child = CHILD if self.options.child else "/bin/sh"
            return [[child if call.port == "children" else PRINT_CODE], *others]
        if call.port == "sts" and call.arguments:
            who = AccessKeys(self.keep.key_id(first.access_key_id), Secret(""))
            request: list[RoleRequest] = others
            return [who, *(r.replaced(role_arn=self.keep.arn(r.role_arn)) for r in request)]
        if call.port == "files":
            return [self.keep.path(first), *others]
        if isinstance(first, str):
            return [self.keep.identity(first), *others]
        return [*call.arguments]

    def _options(self, call: Call) -> dict[str, Any]:
        mfa = call.options.get("mfa")
        told = MfaCode(self.keep.serial(mfa.serial_number), Secret("")) if mfa else None
        return {**call.options, **({"mfa": told} if "mfa" in call.options else {})}

    def _outcome(self, trouble: BaseException) -> str:
        if isinstance(trouble, (StateTrouble, CannotRun)):
            return self.keep.outside(trouble.reason)
        if isinstance(trouble, FileTrouble):
            return self.keep.outside(str(trouble.values["reason"]))
        outcome = outcome_of(trouble)
        return self.keep.value("code", outcome) if isinstance(trouble, Refused) else outcome

    def _called(self, made: _Made) -> None:
        call = made.call
        failed = made.trouble if isinstance(made.trouble, CallFailed) else None
        actions = [one.rule.action for one in self.applied if one.trouble is failed]
        sent = 2 if self.offset != made.offset or Action.SIGN_AGAIN in actions[-1:] else 1
        who, mfa = next(iter(call.arguments), None), call.options.get("mfa")
        times = made.begun, self.now()
        asked = Asked(OPERATIONS[call.method], who, mfa, made.result, failed, *times, sent)
        self.passed.append(asked)

    def _stored(self, made: _Made) -> None:
        call, result, trouble = made.call, made.result, made.trouble
        on = _ON.get((call.port, call.method), "")
        number = self._number(on)
        if on and isinstance(trouble, (KeyringTrouble, StateTrouble)):
            self.failed.append(Failed(on, number, trouble))
        if trouble is not None:
            return
        names = [a for a in call.arguments if isinstance(a, str)][call.port == "keyring" :]
        if call.port in {"keyring", "sessions"} and names:
            place = (call.port, names[0])
            if isinstance(result, str) and '"variables": {' in result:
                self.elsewhere = True
            if call.method in {"get_password", "read"}:
                if place not in self.after and self.before.setdefault(place, result) != result:
                    self.appeared[names[0]] = result or ""
            else:
                self.before.setdefault(place, None)
                self.after[place] = names[1] if len(names) > 1 else None


# What a fault in a scenario is on, by port and method.  None is on a list of a folder's files: of
# one that fails the screen tells, and the event that brings it about, where there is one.
_ON = {
    ("keyring", "get_password"): "keyring.get",
    ("keyring", "set_password"): "keyring.set",
    ("keyring", "delete_password"): "keyring.delete",
    ("sessions", "read"): "session.read",
    ("sessions", "replace"): "session.replace",
    ("sessions", "drop"): "session.drop",
    ("markers", "mark"): "mark.set",
    ("markers", "read"): "mark.read",
    ("markers", "unmark"): "mark.remove",
    ("notes", "codes"): "codes.read",
    ("notes", "replace_codes"): "codes.replace",
}


class _RecordedWorld(WatchedWorld):
    """A World whose ports, and whose standard input, are watched."""

    def __init__(self, world: World, recording: Recording) -> None:
        super().__init__(world, recording.watch)
        self._recording = recording

    def stdin(self) -> str:
        """Return all of standard input."""
        self._recording.stdin = self._world.stdin()
        return self._recording.stdin


_NOTES: Mapping[str, Callable[[Recording, _Made], None]] = {
    "sts": Recording._called,  # noqa: SLF001 - the class's own table
    "files": Recording._file,  # noqa: SLF001 - the same
    "clock": Recording._slept,  # noqa: SLF001 - the same
    "children": Recording._ran,  # noqa: SLF001 - the same
    "programs": Recording._printed,  # noqa: SLF001 - the same
    "config": Recording._read,  # noqa: SLF001 - the same
    **dict.fromkeys(("keyring", "sessions", "markers", "notes"), Recording._stored),  # noqa: SLF001 - the same
}
