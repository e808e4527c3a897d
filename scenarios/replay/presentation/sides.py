"""Both sides of a claim that does not hold: what is told, and what was seen."""

from __future__ import annotations

from difflib import SequenceMatcher
from itertools import zip_longest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def difference(told: Sequence[str], seen: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield each line with a sign: ``-`` told only, ``+`` seen only, a blank for both."""
    for tag, start, end, start_seen, end_seen in _opcodes(told, seen):
        if tag == "equal":
            yield from ((" ", line) for line in seen[start_seen:end_seen])
        else:
            yield from (("-", line) for line in told[start:end])
            yield from (("+", line) for line in seen[start_seen:end_seen])


def side_by_side(
    told: Sequence[str], seen: Sequence[str]
) -> Iterator[tuple[str | None, str | None]]:
    """Yield rows of two columns; None where a side has no line."""
    for _, start, end, start_seen, end_seen in _opcodes(told, seen):
        yield from zip_longest(told[start:end], seen[start_seen:end_seen])


def _opcodes(told: Sequence[str], seen: Sequence[str]) -> list[tuple[str, int, int, int, int]]:
    matcher = SequenceMatcher(None, list(told), list(seen), autojunk=False)
    return [*matcher.get_opcodes()]
