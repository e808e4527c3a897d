"""The nearest right word, for a message about a wrong one."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


NEAR = 0.6  # a ratio of difflib's
MISSPELT = 0.8  # the same word but for a slip: codes that end alike have 0.7


def nearest(word: object, known: Iterable[object], *, cutoff: float = NEAR) -> str:
    """Return the known word that comes nearest, "" when none is as near as `cutoff`."""
    return next(iter(get_close_matches(str(word), [str(one) for one in known], 1, cutoff)), "")


def did_you_mean(word: object, known: Iterable[object], *, or_list: bool = True) -> str:
    """Return a suggestion, or the list of all where none is near; "" without `or_list`."""
    words = [str(one) for one in known]
    if near := nearest(word, words):
        return f"did you mean {near!r}?"
    return f"there are: {', '.join(words)}" if or_list else ""
