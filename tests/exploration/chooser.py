"""Every path through a command, depth first: each fake picks its next answer from a chooser.

The first option of a choice is the plain one; a path's depth is how often it
departs from that.  A path is what crossed the ports, for an oracle to judge.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

T = TypeVar("T")


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


def paths(walk: Callable[[Chooser], Path], depth: int) -> Iterator[Path]:
    """Yield every path that departs from the plain one `depth` times at most, each once."""
    waiting: list[tuple[int, ...]] = [()]
    while waiting:
        prefix = waiting.pop()
        chooser = Chooser(prefix)
        yield walk(chooser)
        if sum(map(bool, prefix)) < depth:
            for place in range(len(prefix), len(chooser.taken)):
                plain = tuple(chooser.taken[:place])
                waiting += [(*plain, other) for other in range(1, chooser.widths[place])]
