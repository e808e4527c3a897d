"""The state of a path as one value: the world, the command, and what the laws remember.

From two paths in the same state the same follows, and the laws say the same of it.  So
the second path is cut there, if the first was walked on with at least as many choices left.

The command's state is its stack: for each frame of authkit's code where it stands and
what its variables hold that it may still read (``liveness``), all the way down.  What an
expression has worked out before it calls the next port is seen by the variables that it came
from: authkit's expressions hold no two calls of ports whose results are both used.  Between
two commands of a history the state is that of the machine alone.  A value of a type that is not
known makes the state one of its own, so that nothing is cut there.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from datetime import datetime, timedelta, tzinfo
from enum import Enum
from functools import cache, lru_cache, partial
from hashlib import blake2b
from types import (
    BuiltinFunctionType,
    CodeType,
    FrameType,
    FunctionType,
    GeneratorType,
    MethodType,
    ModuleType,
    TracebackType,
)
from typing import TYPE_CHECKING, Any

from authkit.arguments import Options
from authkit.core.kinds import Field, Kind
from authkit.core.model import Secret, Value
from authkit.core.rules import Rule
from tests.explore.chooser import Choice
from tests.explore.folder import ConfigText, Files, Lock, Markers, Notes, Sessions
from tests.explore.law import Case
from tests.explore.liveness import live
from tests.explore.process import Process
from tests.explore.service import Service
from tests.explore.world import World

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.explore.judge import Judge
    from tests.explore.machine import Machine

ATOMS = (str, bytes, int, float, bool, type(None))
BY_NAME = (type(cache(str)), FunctionType, BuiltinFunctionType, type, ModuleType, CodeType)
OF_WORLD = (World, Sessions, Markers, Notes, Files, ConfigText, Lock, Service, Case, Process)
TABLES = (Kind, Field, Rule, Choice)  # rows of tables, each known by its name
PACKAGE = f"{sys.modules['authkit'].__path__[0]}/"


def fingerprint(
    machine: Machine, judge: Judge, processes: Sequence[tuple[Process, FrameType | None]]
) -> bytes:
    """Return the state of a path, as a digest: each process, and where it stands."""
    reader = _Reader()
    parts: list[object] = [machine.state(), judge.said]
    for process, frame in processes:
        parts += [process.state(), _stack(frame, reader)]
    parts.append(reader.read(judge.memory()))
    return digest(parts)


def digest(parts: object) -> bytes:
    """Return a digest of plain values."""
    return blake2b(repr(parts).encode("utf-8", "backslashreplace"), digest_size=12).digest()


def _stack(frame: FrameType | None, reader: _Reader) -> list[object]:
    """Return what authkit's frames hold, from the call of a port down."""
    found: list[object] = []
    while frame is not None:
        if frame.f_code.co_filename.startswith(PACKAGE):
            found.append(reader.frame(frame))
        frame = frame.f_back
    return found


class _Reader:
    """Turns values into plain ones that are equal when the values mean the same."""

    def __init__(self) -> None:
        self._seen: dict[int, int] = {}
        self._kept: list[object] = []  # so that no id is used again

    def frame(self, frame: FrameType) -> object:
        """Return where a frame stands, and what its variables hold that may still be read."""
        code, held, at = frame.f_code, frame.f_locals, frame.f_lasti
        names = live(code, at)
        return (code.co_qualname, at, [(n, self.read(v)) for n, v in held.items() if n in names])

    def read(self, value: Any) -> object:  # noqa: ANN401, C901, PLR0911 - by type
        """Return a value as a plain one."""
        kind = type(value)
        if kind in ATOMS:
            return value
        if kind is tuple or kind is list or kind is frozenset or kind is set:
            items = [self.read(item) for item in value]
            return items if kind in {tuple, list} else ("set", sorted(map(repr, items)))
        if kind in TABLES:
            return (kind.__name__, value[0] if kind is Choice else value.name)
        if isinstance(value, OF_WORLD):
            return kind.__name__
        if isinstance(value, BY_NAME):
            return self._function(value)
        if isinstance(value, timedelta | datetime | tzinfo | Enum | re.Pattern | re.Match | bytes):
            return repr(value)
        if isinstance(value, str):
            return (kind.__name__, str(value))
        if isinstance(value, Secret):
            return value.reveal()
        if isinstance(value, tuple):
            return (kind.__name__, [self.read(item) for item in value])
        if isinstance(value, Value):
            return (kind.__name__, self.read(vars(value)))
        place = self._seen.get(id(value))
        if place is not None:
            return place
        self._seen[id(value)] = len(self._seen)
        self._kept.append(value)
        return self._thing(value)

    def _function(self, value: Any) -> object:  # noqa: ANN401 - a function, class or module
        cells = getattr(value, "__closure__", None)
        if not cells:
            return getattr(value, "__qualname__", None) or value.__class__.__name__
        held = []
        for cell in cells:
            try:
                held.append(self.read(cell.cell_contents))
            except ValueError:  # it is empty
                held.append("")
        return (value.__qualname__, held)

    def _thing(self, value: Any) -> object:  # noqa: ANN401, C901, PLR0911 - by type
        """Return a value that may lead to itself."""
        kind = type(value)
        if isinstance(value, dict | Counter):
            return [(self.read(key), self.read(item)) for key, item in value.items()]
        if isinstance(value, list):
            return (kind.__name__, [self.read(item) for item in value])
        if kind is MethodType:
            return (value.__name__, self.read(value.__self__))
        if kind is partial:
            return [self.read(part) for part in (value.func, value.args, value.keywords)]
        if kind is GeneratorType:
            return self.frame(value.gi_frame) if value.gi_frame else "ended"
        if isinstance(value, BaseException):
            held = [self.read(value.args), self.read(vars(value))]
            return (kind.__name__, held, self.read(value.__context__))
        if isinstance(value, TracebackType | FrameType):
            return ""
        if isinstance(value, Options) or kind.__module__.partition(".")[0] == "authkit":
            return (kind.__name__, self.read(_attributes(value)))
        if kind.__name__ == "_GeneratorContextManager":
            return self.read(value.gen)
        if hasattr(value, "__reduce__") and kind.__name__.endswith("iterator"):
            return (kind.__name__, self.read(value.__reduce__()[1:]))
        UNKNOWN[kind.__name__] += 1
        return ("unknown", next(_NUMBERS))


def _attributes(value: object) -> dict[str, object]:
    slots = [name for cls in type(value).__mro__ for name in getattr(cls, "__slots__", ())]
    held = {name: getattr(value, name) for name in slots if hasattr(value, name)}
    return {**held, **getattr(value, "__dict__", {})}


UNKNOWN: Counter[str] = Counter()  # types of values that are not known, and how often they were met
MOST = 2_000_000  # states that are kept: behind that none is new, and no more memory is taken
_NUMBERS = iter(range(10**12))


class Known:
    """Tells a chooser where a path is in a state that was walked on from before.

    `states` are all states, with how much the options behind each could cost; `left` is that
    of this path, `take` returns its present state, and `close` is called where it ends.
    Where nothing is left, only the first state behind the prefix is looked at: the rest is one
    path, and soon walked.
    """

    def __init__(
        self,
        states: dict[bytes, int],
        left: int,
        take: Callable[[], bytes],
        close: Callable[[], None],
    ) -> None:
        self._states, self._left, self._take, self._close = states, left, take, close
        self._looks = 1 << 30 if left else 1

    def __call__(self, choice: Choice) -> bool:
        """Tell whether the state is known, and note it."""
        if not self._looks:
            return False
        self._looks -= 1
        state = self._take() + _of_choice(choice)
        known = self._states.get(state, -1)
        if known >= self._left:
            self._close()
            return True
        if known >= 0 or len(self._states) < MOST:
            self._states[state] = self._left
        return False


@lru_cache(maxsize=4096)
def _of_choice(choice: Choice) -> bytes:
    return digest(choice[:2])[:4]
