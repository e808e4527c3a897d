"""Walks every path through a command, depth first: a chooser gives each fake its next answer.

The first option of a choice is the plain one.  The depth of a path is the number of
other options in it.  A path records the calls of the ports, and an oracle judges it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

T = TypeVar("T")


class Event(NamedTuple):
    """One call of a port: `what` was called, what it was about, and its outcome ("ok")."""

    what: str
    about: Any = None
    outcome: str = "ok"


class Path(NamedTuple):
    """One path through a command: its arguments, its events and its exit status."""

    command: tuple[str, ...]
    interactive: bool
    events: tuple[Event, ...]
    status: int
    choices: tuple[str, ...]


class Chooser:
    """Makes the choices of a path: first the indices in `prefix`, then the plain options."""

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


def paths(walk: Callable[[Chooser], Path], depth: int) -> Iterator[Path]:
    """Yield each path that has at most `depth` options other than the plain ones, once."""
    waiting: list[tuple[int, ...]] = [()]
    while waiting:
        prefix = waiting.pop()
        chooser = Chooser(prefix)
        yield walk(chooser)
        if sum(map(bool, prefix)) < depth:
            for place in range(len(prefix), len(chooser.taken)):
                plain = tuple(chooser.taken[:place])
                waiting += [(*plain, other) for other in range(1, chooser.widths[place])]
