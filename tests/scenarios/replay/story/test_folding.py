"""story.folding: effects that repeat are one line with a count, and back."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.replay.story.folding import folded, unfolded

LAW = settings(max_examples=100)
effects = st.lists(st.sampled_from(["a", "b", "c", "child sh -c 'a; b'"])).map(tuple)


@pytest.mark.parametrize(
    ("lines", "written"),
    [
        ("a b a b a b c", ["3 times: a; b", "c"]),
        ("c a a a a", ["c", "4 times: a"]),
        ("a a a a b a a a a b a a a a b", ["4 times: a", "b"] * 3),
        ("a a b b", ["a", "a", "b", "b"]),
        ("a b c a b c a b c a", ["3 times: a; b; c", "a"]),
        ("", []),
    ],
)
def test_what_repeats_three_times_is_folded(lines: str, written: list[str]) -> None:
    """One effect, or up to three that repeat together."""
    assert list(folded(tuple(lines.split()))) == written


@LAW
@given(effects)
def test_nothing_is_lost(lines: tuple[str, ...]) -> None:
    """A command with the separator in it is never folded."""
    assert tuple(unfolded(folded(lines))) == lines


@pytest.mark.parametrize("count", [0, 1])
def test_a_count_is_two_or_more(count: int) -> None:
    """Else the line would say that nothing happened, or hide that it happened once."""
    with pytest.raises(ValueError, match="twice or more"):
        list(unfolded([f"{count} times: a"]))
