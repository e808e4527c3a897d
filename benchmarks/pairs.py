"""Two things timed in turn, A B A B: what counts is the ratio of each pair.

A machine that is slow for a while is slow for both, so a ratio holds where
milliseconds do not.
"""

from __future__ import annotations

import os
import statistics
import subprocess
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Timed = Callable[[], float]  # does a thing, and returns the seconds it took


class Figure(NamedTuple):
    """What was measured: `value` is the median, `low` and `high` the quartiles.

    `told` says of what, in milliseconds or per second; `bound` is what it is to
    be at most, or with `at_least` at least.
    """

    told: str
    value: float
    low: float
    high: float
    group: str = ""
    name: str = ""
    bound: float | None = None
    at_least: bool = False
    unit: str = "times"
    parts: Mapping[str, float] = {}  # in milliseconds

    def of(self, group: str, name: str, bound: float, *, at_least: bool = False) -> Figure:
        """Return it with its name and its bound."""
        return self._replace(group=group, name=name, bound=bound, at_least=at_least)

    @property
    def holds(self) -> bool:
        """Whether the value is within its bound."""
        if self.bound is None:
            return True
        return self.value >= self.bound if self.at_least else self.value <= self.bound


@dataclass(frozen=True)
class Command:
    """A process to run: nothing to read, and what it writes is not kept."""

    line: Sequence[str]
    environ: Mapping[str, str]

    def start(self) -> int:
        """Start it; return its process id."""
        nothing = [
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
            (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
        ]
        return os.posix_spawn(self.line[0], [*self.line], self.environ, file_actions=nothing)

    def __call__(self) -> float:
        """Return the seconds from its start to its end."""
        return at_once(self, 1)

    def fed(self, text: str) -> None:
        """Run it once, with this to read."""
        subprocess.run(  # noqa: S603 - our own
            self.line, env=self.environ, input=text, text=True, capture_output=True, check=True
        )


def at_once(command: Command, number: int) -> float:
    """Return the seconds that so many of it take, all started before the first is waited for."""
    began = perf_counter()
    for child in [command.start() for _ in range(number)]:
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if status:
            message = f"{' '.join(command.line)}: exit status {status}"
            raise RuntimeError(message)
    return perf_counter() - began


def paired(first: tuple[str, Timed], second: tuple[str, Timed], pairs: int) -> Figure:
    """Return the figure of the first by the second, each with its name; one pair is not counted."""
    taken = [(first[1](), second[1]()) for _ in range(pairs + 1)][1:]
    medians = [1e3 * statistics.median(side) for side in zip(*taken, strict=True)]
    parts = dict(zip((first[0], second[0]), medians, strict=True))
    told = ", ".join(f"{name} {milliseconds:.1f} ms" for name, milliseconds in parts.items())
    return Figure(told, *spread([a / b for a, b in taken]), parts=parts)


def spread(values: Sequence[float]) -> tuple[float, float, float]:
    """Return median and quartiles."""
    low, middle, high = statistics.quantiles(values, n=4) if len(values) > 1 else [*values] * 3
    return middle, low, high
