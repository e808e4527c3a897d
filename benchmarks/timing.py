"""Times two things in turn, A B A B, and takes the ratio of each pair.

A machine that is slow for a while is slow for both, so ratios are reliable where
milliseconds are not.
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

    Timed = Callable[[], float]  # does something and returns the seconds that it took


class Figure(NamedTuple):
    """A measured ratio or rate: `value` is the median, `low` and `high` are the quartiles.

    `told` describes what was measured, for the last column of the table.  `bound` is
    the largest value that is accepted, or with `at_least` the smallest.
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
    parts: Mapping[str, float] = {}  # the median of each side, in milliseconds

    def named(
        self, group: str, name: str, bound: float | None = None, *, at_least: bool = False
    ) -> Figure:
        """Return the figure with its group, its name and its bound, if it has one."""
        return self._replace(group=group, name=name, bound=bound, at_least=at_least)

    @property
    def holds(self) -> bool:
        """Whether the value is within its bound."""
        if self.bound is None:
            return True
        return self.value >= self.bound if self.at_least else self.value <= self.bound


@dataclass(frozen=True)
class Command:
    """A command to run, with empty standard input; its output is discarded."""

    line: Sequence[str]
    environ: Mapping[str, str]

    def start(self) -> int:
        """Start the command; return its process id."""
        streams = [
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
            (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
        ]
        return os.posix_spawn(self.line[0], [*self.line], self.environ, file_actions=streams)

    def __call__(self) -> float:
        """Run the command; return the seconds that it took."""
        return at_once(self, 1)

    def run_with_input(self, text: str) -> None:
        """Run the command once, with this text as its standard input."""
        subprocess.run(  # noqa: S603 - our own
            self.line, env=self.environ, input=text, text=True, capture_output=True, check=True
        )


def at_once(command: Command, number: int) -> float:
    """Start this number of processes, wait for all of them, and return the seconds that it took."""
    began = perf_counter()
    for child in [command.start() for _ in range(number)]:
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if status:
            message = f"{' '.join(command.line)}: exit status {status}"
            raise RuntimeError(message)
    return perf_counter() - began


def paired(first: tuple[str, Timed], second: tuple[str, Timed], pairs: int) -> Figure:
    """Time two things in turn; return the ratio of the first to the second as a figure.

    Each has a name.  The first pair is not counted.
    """
    taken = [(first[1](), second[1]()) for _ in range(pairs + 1)][1:]
    medians = [1e3 * statistics.median(side) for side in zip(*taken, strict=True)]
    parts = dict(zip((first[0], second[0]), medians, strict=True))
    told = ", ".join(f"{name} {milliseconds:.1f} ms" for name, milliseconds in parts.items())
    return Figure(told, *spread([a / b for a, b in taken]), parts=parts)


def spread(values: Sequence[float]) -> tuple[float, float, float]:
    """Return the median, the lower quartile and the upper quartile."""
    low, middle, high = statistics.quantiles(values, n=4) if len(values) > 1 else [*values] * 3
    return middle, low, high
