"""A World that works until one call of a port: that one fails, or the process dies there.

`Trial` stands between a command and the fakes.  It counts the calls of all ports,
and its `Fault` meets the call of a given number.  The faults are data: for each
exception that a port may raise (``ports_table``) each value of it that means
something else.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from datetime import timedelta
from functools import cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple

from authkit import cli
from authkit.adapters import file_troubles, state_troubles
from authkit.core import rules
from authkit.core.entries import SERVICE
from authkit.core.failures import (
    BROKEN_ANSWER,
    CANNOT_ASK,
    NO_ANSWER,
    USAGE,
    Cancelled,
    CannotRun,
    Failure,
    KeyringTrouble,
    Refused,
    Unreachable,
)
from authkit.core.model import Secret
from fakes.world import keyring as keyrings
from fakes.world.children import NOT_STARTED
from fakes.world.state_folder import FOLDER
from tests.authkit.core.refusals import CASES, EXAMPLES
from tests.explore import ports_table
from tests.explore.commands_tried import CODES_BEFORE, ROLE, printed
from tests.explore.events import Crash
from tests.explore.ports_table import MAKERS, Method
from tests.explore.snapshots import snapshot
from tests.support.people import NAME, run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from authkit.arguments import Options
    from authkit.core.model import Session
    from authkit.core.ports import World
    from fakes.world.scene import MakeWorld, Scene
    from tests.explore.snapshots import Snapshot

OPERATIONS = {
    "get_caller_identity": "GetCallerIdentity",
    "get_date": "GetCallerIdentity",
    "get_session_token": "GetSessionToken",
    "assume_role": "AssumeRole",
    "list_mfa_devices": "ListMFADevices",
    "post": "POST",
}
NOT_CODES = {NO_ANSWER, BROKEN_ANSWER, CANNOT_ASK}  # `Unreachable` has these
PROPERTIES = {"backend", "backends", "chosen_by", "in_the_clear", "noticed", "path"}  # may raise
# Called too seldom for parts.
RARE = {
    *("kind", "post", "line", "distrusted", "elapsed", "holder", "names", "stdin", "assume_role"),
    *("backends", "noticed", "marked", "chosen_by", "get_date", "list_mfa_devices"),
}
LOST = "the backend loses the entry"
OTHERS_WROTE = "another process writes other keys"
OTHERS = {"access_key_id": "AKIAOTHEROTHEROTHERO", "secret_access_key": "others-secret"}
STEP, STS_STEP = 2, 4  # the bounded walk tries one in so many faults of a call
WRITES = {"set_password", "delete_password"}
JUMP = timedelta(days=10)


class Call(NamedTuple):
    """A call of a port."""

    method: Method
    about: str = ""  # its first argument, where that is a text


class Fault(NamedTuple):
    """What meets a call.  `strike` takes the trial and the call, which it may make.

    A `lasting` one meets every later call of the same method too.
    """

    name: str
    strike: Callable[[Trial, Callable[[], Any]], Any]
    lasting: bool = False


class Trial:
    """One run of a command, in which the call number `at` meets the fault; 0: none does."""

    def __init__(self, scene: Scene, at: int = 0, fault: Fault | None = None) -> None:
        self.scene = scene
        self.calls: list[Call] = []
        self.refused: list[tuple[str, Refused]] = []  # by access key id
        self.granted: list[tuple[str, Session]] = []  # by STS, with the method that made it
        self.child: dict[str, str] | None = None  # the environment of the child
        self.put = False  # whether data was written to stdout
        self.alone = False  # no other authkit writes to the keyring
        self.offset = timedelta(0)  # of the local clock
        self.struck: Call | None = None
        self.found: dict[tuple[str, str], str] = {}  # the entries when the fault met a call
        self.meanwhile: list[tuple[Snapshot, Snapshot]] = []  # what other processes did
        self.struck_with = fault.name if fault else ""
        self.dead = False
        self._at = at
        self._fault = fault

    def main(self, argv: Sequence[str], make_world: MakeWorld) -> int:
        """Run authkit's command line in a world that may fail."""
        return cli.main(argv, lambda options: self._world(make_world, options))

    def _world(self, make_world: MakeWorld, options: Options) -> Any:  # noqa: ANN401 - a proxy
        return FailingWorld(make_world(options), self)

    def meet(self, call: Call, act: Callable[[], Any]) -> Any:  # noqa: ANN401 - any port's result
        """Make a call, or have it meet the fault.  Raises Crash once the process is dead."""
        if self.dead:
            raise Crash
        self.calls.append(call)
        fault = self._fault
        again = fault and fault.lasting and self.struck and self.struck.method == call.method
        if fault and (again or len(self.calls) == self._at):
            self.struck, self.found = call, dict(self.scene.keyring.entries)
            return fault.strike(self, act)
        return act()

    @contextmanager
    def others(self) -> Iterator[None]:
        """Have other processes do something within the context."""
        before = snapshot(self.scene)
        yield
        self.meanwhile.append((before, snapshot(self.scene)))

    @contextmanager
    def alone_in(self, entered: AbstractContextManager[None]) -> Iterator[None]:
        """Have no other authkit do anything within the context."""
        with entered:
            self.alone = True
            try:
                yield
            finally:
                self.alone = False

    def saw(self, method: Method, args: tuple[Any, ...], result: Any) -> None:  # noqa: ANN401
        """Note the result of a call that was made."""
        if method.name in {"get_session_token", "assume_role"}:
            self.granted.append((method.name, result))
        elif method.name == "run":
            self.child = dict(args[1])
        elif method.name == "put":
            self.put = True


class FailingWorld:
    """ports.World: every port of another world, each of whose calls may meet the fault."""

    def __init__(self, world: World, trial: Trial) -> None:
        self._world = world
        self._trial = trial

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - any port
        value = getattr(self._world, name)
        if name in MAKERS:
            return lambda about: _Failing(value(about), name, self._trial)
        if name == "stdin":
            return lambda: self._trial.meet(Call(Method("world", name)), value)
        if value is None or name in ports_table.TOUCH_NOTHING:
            return value
        return _Failing(value, name, self._trial)


class _Failing:
    """Any port: its methods and properties are met by the trial's fault."""

    def __init__(self, port: object, name: str, trial: Trial) -> None:
        self._port = port
        self._name = name
        self._trial = trial

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - the port's attribute, of any type
        method, trial = Method(self._name, name), self._trial
        if name in PROPERTIES:
            return trial.meet(Call(method), lambda: getattr(self._port, name))
        attribute = getattr(self._port, name)

        def made(*args: Any, **options: Any) -> Any:  # noqa: ANN401 - the method's
            result = attribute(*args, **options)
            trial.saw(method, args, result)
            return trial.alone_in(result) if name == "alone" else result

        def call(*args: Any, **options: Any) -> Any:  # noqa: ANN401 - the method's
            texts = [arg for arg in args if isinstance(arg, str)]
            about = texts[min(self._name == "keyring", len(texts) - 1)] if texts else ""
            try:
                result = trial.meet(Call(method, about), lambda: made(*args, **options))
            except Refused as refused:
                trial.refused.append((args[0].access_key_id, refused))
                raise
            if name == "time":
                return result + trial.offset.total_seconds()
            return result + trial.offset if name == "now" else result

        return call


# The faults.


def raising(name: str, error: Callable[[], BaseException], *, lasting: bool = False) -> Fault:
    """Return a fault that raises this before anything is done."""

    def strike(_trial: Trial, _act: Callable[[], Any]) -> Any:  # noqa: ANN401 - nothing
        raise error()

    return Fault(f"{name}{', lasting' * lasting}", strike, lasting)


def raising_afterwards(name: str, error: Callable[[], BaseException]) -> Fault:
    """Return a fault that raises this after the call has done its work."""

    def strike(_trial: Trial, act: Callable[[], Any]) -> Any:  # noqa: ANN401 - nothing
        act()
        raise error()

    return Fault(f"{name} afterwards", strike)


def answering(name: str, answer: object) -> Fault:
    """Return a fault that answers with this instead, if there is an answer."""
    return Fault(name, lambda _trial, act: None if act() is None else answer)


def backend(state: str) -> Fault:
    """Return a fault that has the keyring's backend in this state during the call."""

    def strike(trial: Trial, act: Callable[[], Any]) -> Any:  # noqa: ANN401 - the port's
        before, trial.scene.keyring.state = trial.scene.keyring.state, state
        try:
            return act()
        finally:
            trial.scene.keyring.state = before

    return Fault(f"backend {state}", strike)


def loss() -> Fault:
    """Return a fault in which the backend deletes the entry, and fails before it writes anew."""

    def strike(trial: Trial, _act: Callable[[], Any]) -> Any:  # noqa: ANN401 - nothing
        assert trial.struck is not None
        trial.scene.keyring.entries.pop((SERVICE, trial.struck.about), None)
        raise KeyringTrouble("unreadable", "it broke")

    return Fault(LOST, strike)


def other_writer(entry: Mapping[str, str] | None) -> Fault:
    """Return a fault in which another process replaces the entry before the call; None: deletes."""

    def strike(trial: Trial, act: Callable[[], Any]) -> Any:  # noqa: ANN401 - the port's
        written = None if entry is None else json.dumps({"version": 1, **entry})
        with trial.others():
            trial.scene.keyring.write_meanwhile((SERVICE, NAME), written)
        return act()

    return Fault("another process takes the keys" if entry is None else OTHERS_WROTE, strike)


def meanwhile(name: str, *words: str, stdin: str = "") -> Fault:
    """Return a fault in which another process runs a command before the call, if it can.

    It cannot while this one holds the lock that it needs, or writes to the keyring.
    """

    def strike(trial: Trial, act: Callable[[], Any]) -> Any:  # noqa: ANN401 - the port's
        scene = trial.scene
        if scene.locks.is_free(words[-1]) and not trial.alone:
            ours, scene.main = scene.main, cli.main
            with trial.others():
                run(scene, *words, stdin=stdin, programs=printed(70))
            scene.main = ours
        return act()

    return Fault(name, strike)


def _over(session: Session) -> Session:
    """Return the session as over at the instant that it was granted."""
    return session.replaced(expiration=session.granted)


def death(*, done: bool) -> Fault:
    """Return a fault that ends the process before the call, or right after it."""

    def strike(trial: Trial, act: Callable[[], Any]) -> Any:  # noqa: ANN401 - nothing
        if done:
            act()
        trial.dead = True
        raise Crash

    return Fault("killed after" if done else "killed before", strike)


def jump(by: timedelta) -> Fault:
    """Return a fault that sets the local clock forward or back."""

    def strike(trial: Trial, act: Callable[[], Any]) -> Any:  # noqa: ANN401 - the port's
        trial.offset = by
        return act()

    return Fault(f"the clock jumps by {by.days} days", strike)


OTHER_PROCESSES = (
    other_writer(OTHERS),
    other_writer(None),
    meanwhile(
        "another process configures",
        *("user", "configure", "--stdin", "--no-verify", NAME),
        stdin=json.dumps(OTHERS),
    ),
    meanwhile("another process logs in to the role", "login", ROLE),
)
KILLED = (death(done=False), death(done=True))
INTERRUPTED = (
    raising("^C", KeyboardInterrupt),
    raising_afterwards("^C", KeyboardInterrupt),
)
JUMPS = (jump(JUMP), jump(-JUMP))

# Which error a backend's trouble is, and which entries cannot be understood.
KEYRING_STATES = ("locked", "unreadable", "no-backend", "not-kept")
BACKENDS = tuple(
    state
    for state in keyrings.STATES
    if state not in {keyrings.WORKING, keyrings.IN_THE_CLEAR, keyrings.ABSENT}
)
ENTRIES = {"a corrupt entry": "{", "an entry of a later version": '{"version": 9}'}

STATE_WORDS = (*state_troubles.TROUBLES, "Permission denied")


def _keyring(method: Method) -> Iterator[Fault]:
    for state in KEYRING_STATES:
        error = partial(KeyringTrouble, state, "it broke")
        yield raising(state, error)
        yield raising(state, error, lasting=True)
        if method.name in WRITES:
            yield raising_afterwards(state, error)
    if method.name in {*WRITES, "get_password"}:
        yield from map(backend, BACKENDS)
    if method.name == "set_password":
        yield loss()
    if method.name == "get_password":  # what happens between a look and the write cannot be seen
        yield from OTHER_PROCESSES
        yield from (answering(name, text) for name, text in ENTRIES.items())


def _state(_method: Method) -> Iterator[Fault]:
    for word in STATE_WORDS:
        yield raising(word, partial(state_troubles.trouble, f"{FOLDER}/it", word))
    for word in (state_troubles.NO_ROOM, state_troubles.OPEN, "Permission denied"):
        yield raising(word, partial(state_troubles.trouble, FOLDER, word), lasting=True)


@cache
def refusals(operation: str) -> tuple[tuple[str, str, int], ...]:
    """Return every code of every row for an operation, with AWS's words for it, as 4xx and 5xx."""
    found: dict[tuple[str, str], None] = {}
    for rule in rules.RULES:
        if rule.operation not in {"", operation}:
            continue
        example = EXAMPLES[rule.name][1].message
        cases = [(t.code, t.message) for name, _, t in CASES if name == rule.name]
        known = [code for code, _ in cases]
        cases += [(code, example) for code in sorted(rule.codes) if code not in known]
        found |= dict.fromkeys(case for case in cases if case[0] not in NOT_CODES)
    return tuple((code, words, status) for code, words in found for status in (403, 500))


# What IAM may list.
LISTED: Mapping[str, tuple[str, ...]] = {
    "no device": (),
    "security keys alone": ("arn:aws:iam::123456789012:u2f/user/dev-admin/blue-EXAMPLE",),
    "a device of another partition": ("arn:aws-cn:iam::123456789012:mfa/user",),
    "a device that is gone": ("GAHT12345678",),
}


def _sts(method: Method) -> Iterator[Fault]:
    operation = OPERATIONS[method.name]
    yield from OTHER_PROCESSES
    if method.name == "list_mfa_devices":
        yield from (answering(name, listed) for name, listed in LISTED.items())
    elif method.name != "get_caller_identity":
        yield Fault("over on arrival", lambda _trial, act: _over(act()))
    for code, words, status in refusals(operation):
        error = partial(Refused, operation, code, words, status=status, request_id="req-1")
        name = f"{code or 'no code'} {status} {words}"
        yield raising(name, error)
        yield raising(name, error, lasting=True)


def _unreachable(method: Method) -> Iterator[Fault]:
    operation = OPERATIONS[method.name]
    kinds = {
        "refused connection": {"answered": False, "sent": False},
        "lost answer": {"answered": False, "sent": True},
        "broken answer": {"answered": True, "sent": True},
        "cannot ask": {"answered": False, "sent": False, "lasting": True},
    }
    for name, kind in kinds.items():
        error = partial(Unreachable, operation, "it broke", **kind)
        yield raising(name, error)
        yield raising(name, error, lasting=True)


# What is wrong with a program that was to print a line, and what it may print that is no code.
OF_PROGRAMS = {
    "not found": (127, "was not found"),
    "not executable": (126, "cannot be run (Permission denied)"),
    "fails": (125, "failed with exit status 1"),
    "killed by a signal": (125, "died of signal 9"),
    "hangs": (125, "took longer than 30 s"),
    "prints too much": (125, "printed more than 4096 bytes"),
    "prints two lines": (125, "printed more than one line"),
    "prints nothing": (125, "printed no line"),
}
PRINTED = {"five digits": "12345", "blanks": " 000 089 ", "a code sent before": CODES_BEFORE[0]}


def _of_program() -> Iterator[Fault]:
    for name, (status, reason) in OF_PROGRAMS.items():
        yield raising(name, partial(CannotRun, status, reason))
    yield from (answering(name, Secret(text)) for name, text in PRINTED.items())


def _cannot_run(method: Method) -> Iterator[Fault]:
    if method.port == "programs":
        yield from _of_program()
        return
    for name, (status, reason) in {**NOT_STARTED, "no memory": (125, "no memory")}.items():
        yield raising(name, partial(CannotRun, status, reason))


def _file(method: Method) -> Iterator[Fault]:
    for word in dict.fromkeys((*file_troubles.TROUBLES, *STATE_WORDS)):
        yield raising(word, partial(file_troubles.trouble, "/home/dev/it", word))
    if method.name == "replace":
        yield Fault("another program writes", lambda _trial, _act: False)
        yield Fault("another program writes, lasting", lambda _trial, _act: False, lasting=True)


# What a Failure of a port is, by method.
FAILURES = {
    Method("config", "read"): partial(
        Failure, "config-unreadable", USAGE, path="/config", reason="it broke"
    ),
    Method("world", "stdin"): partial(Failure, "stdin-unreadable", reason="it broke"),
    Method("screen", "put"): partial(Failure, "stdout-trouble", reason="it broke"),
}


def _failure(method: Method) -> Iterator[Fault]:
    yield raising("failure", FAILURES[method])


# By the exception's name, as ``ports_table.table`` has it.
FAULTS: dict[str, Callable[[Method], Iterator[Fault]]] = {
    "KeyringTrouble": _keyring,
    "StateTrouble": _state,
    "Refused": _sts,
    "Unreachable": _unreachable,
    "CannotRun": _cannot_run,
    "Failure": _failure,
    "FileTrouble": _file,
    "Cancelled": lambda _: iter([raising("cancelled", Cancelled)]),
    "BrokenPipeError": lambda _: iter([raising("broken pipe", BrokenPipeError)]),
    "UnicodeDecodeError": lambda _: iter(
        [raising("not UTF-8", lambda: UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"))]
    ),
}


# What may happen to methods that raise nothing.
NOT_RAISED = {
    Method("clock", "now"): JUMPS,
    Method("config", "distrusted"): (
        Fault("others may write to it", lambda _trial, _act: "its mode lets others write to it"),
    ),
}
ALWAYS = (*INTERRUPTED, *KILLED)


@cache
def faults_of(method: Method) -> tuple[Fault, ...]:
    """Return everything that may happen to a call of this method."""
    raised = ports_table.table()[method]
    failures = (fault for name in sorted(raised) for fault in FAULTS[name](method))
    return (*failures, *NOT_RAISED.get(method, ()), *ALWAYS)


def some_faults_of(method: Method, turn: int) -> tuple[Fault, ...]:
    """Return a part of them: those that are always tried, and every so many of the others.

    Another `turn` returns another part, so that the turns of all calls try each.
    """
    *others, _, _, _, _ = faults_of(method)
    step = 1 if method.name in RARE else STS_STEP if method.port == "sts" else STEP
    return (*others[turn % step :: step], *ALWAYS)
