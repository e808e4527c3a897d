"""Where authkit sits: standard input and the terminal, as the system calls of ``asking`` tell.

Each seat is a small system: a standard input, a controlling terminal or none, and whose process
group is in that terminal's foreground.
"""

from __future__ import annotations

import os
import stat
from types import SimpleNamespace
from typing import TYPE_CHECKING, NamedTuple

from authkit.adapters import asking
from tests.explore.chooser import choice

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType

_OPENED, _OURS, _THEIRS, _NULL = 7, 100, 200, 0x103  # a descriptor, two groups, a device


class Seat(NamedTuple):
    """Which standard input there is, and what the controlling terminal is to authkit.

    `terminal` is "" for none.  `why` is what is said of nobody being asked: "" where somebody can
    be (docs/contract.md, "Streams and exit codes").
    """

    given: str
    terminal: str
    why: str
    O_RDWR: int = os.O_RDWR
    O_NOCTTY: int = os.O_NOCTTY
    devnull: str = os.devnull

    def isatty(self, descriptor: int) -> bool:
        """Tell whether standard input is a terminal."""
        return descriptor == 0 and self.given == "a terminal"

    def fstat(self, _descriptor: int) -> SimpleNamespace:
        """Return what standard input is.  Raises OSError where it is closed."""
        if self.given == "closed":
            raise OSError
        if self.given == "the null device":
            return self.stat(os.devnull)
        is_file = stat.S_IFREG if self.given == "a file" else stat.S_IFIFO
        return SimpleNamespace(st_mode=is_file, st_rdev=0)

    def stat(self, _path: str) -> SimpleNamespace:
        """Return what the null device is."""
        return SimpleNamespace(st_mode=stat.S_IFCHR, st_rdev=_NULL)

    def open(self, _path: str, _flags: int) -> int:
        """Open the controlling terminal.  Raises OSError where there is none."""
        if not self.terminal:
            raise OSError
        return _OPENED

    def close(self, _descriptor: int) -> None:
        """Close it."""

    def tcgetpgrp(self, _descriptor: int) -> int:
        """Return the terminal's foreground group."""
        return _OURS if self.terminal == "foreground" else _THEIRS

    def getpgrp(self) -> int:
        """Return authkit's group."""
        return _OURS


_NULL_DEVICE = "standard input is the null device"
SEATS: Mapping[str, Seat] = {
    "a terminal": Seat("a terminal", "foreground", ""),
    "a pipe": Seat("a pipe", "foreground", ""),
    "a file": Seat("a file", "foreground", ""),
    "a terminal, behind": Seat("a terminal", "background", ""),  # it is stopped until fg
    "the null device": Seat("the null device", "foreground", _NULL_DEVICE),
    "closed": Seat("closed", "foreground", _NULL_DEVICE),
    "a pipe, behind": Seat("a pipe", "background", "background"),
    "a pipe, alone": Seat("a pipe", "", "no terminal"),
}
ATTENDED, ALONE = "a terminal", "a pipe, alone"
INPUT = choice("standard input", *SEATS)


class Instead:
    """A context in which a module has something else by a name."""

    def __init__(self, module: ModuleType, name: str, other: object) -> None:
        self._names, self._name, self._other = vars(module), name, other
        self._was = self._names[name]

    def __enter__(self) -> None:
        """Put the other thing there."""
        self._names[self._name] = self._other

    def __exit__(self, *_error: object) -> None:
        """Put back what was there."""
        self._names[self._name] = self._was


def seated(name: str) -> Instead:
    """Have the system calls of ``asking`` answered by a seat."""
    return Instead(asking, "os", SEATS[name])
