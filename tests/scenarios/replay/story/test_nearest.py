"""story.nearest: the nearest right word, or all of them."""

from __future__ import annotations

from scenarios.replay.story.nearest import did_you_mean, nearest

KNOWN = ("locked", "failing", 3)


def test_a_near_word_is_suggested_alone() -> None:
    """One is enough: the list would hide it."""
    assert nearest("lockd", KNOWN) == "locked"
    assert did_you_mean("lockd", KNOWN) == "did you mean 'locked'?"


def test_a_word_that_is_near_none_gets_the_list() -> None:
    """Or nothing, where the list would be long."""
    assert nearest("x", KNOWN) == ""
    assert did_you_mean("x", KNOWN) == "there are: locked, failing, 3"
    assert did_you_mean("x", KNOWN, or_list=False) == ""
