"""Effects that repeat, as one line with a count.

    97 times: lock acquire dev-admin -> busy; sleep 200ms

In memory the effects of a step are never folded: the count is for those who read a file
or a report.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

FEWEST = 3  # repetitions that are folded
LONGEST = 3  # effects that repeat together

_FOLDED = re.compile(r"(?P<count>\d+) times: (?P<lines>.*)")
_BETWEEN = "; "


def unfolded(lines: Iterable[str]) -> Iterator[str]:
    """Yield the effects that the lines stand for.  Raises ValueError for a count below two."""
    for line in lines:
        if match := _FOLDED.fullmatch(line):
            if int(match["count"]) < 2:
                raise ValueError(f"{line!r}: a folded effect happens twice or more")
            yield from match["lines"].split(_BETWEEN) * int(match["count"])
        else:
            yield line


def folded(effects: Sequence[str]) -> Iterator[str]:
    """Yield the effects, those that repeat as one line."""
    at = 0
    while at < len(effects):
        count, size = repetition(effects, at)
        group = effects[at : at + size]
        if count == 1 or any(_BETWEEN in line for line in group):
            yield effects[at]
            at += 1
        else:
            yield f"{count} times: {_BETWEEN.join(group)}"
            at += count * size


def repetition(effects: Sequence[str], at: int) -> tuple[int, int]:
    """Return how often how many effects from `at` on repeat: what covers most; else 1 and 1."""
    found = ((_repeated(effects, at, size), size) for size in range(1, LONGEST + 1))
    enough = [each for each in found if each[0] >= FEWEST]
    return max(enough, key=lambda each: (each[0] * each[1], -each[1]), default=(1, 1))


def _repeated(effects: Sequence[str], at: int, size: int) -> int:
    """Return how often the `size` effects from `at` on stand there in a row."""
    group = effects[at : at + size]
    count = 1
    while effects[at + count * size : at + (count + 1) * size] == group:
        count += 1
    return count if len(group) == size else 0
