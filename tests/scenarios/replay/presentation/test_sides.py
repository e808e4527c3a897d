"""presentation.sides: what is told beside what was seen."""

from __future__ import annotations

from scenarios.replay.presentation.sides import difference, side_by_side

TOLD, SEEN = ["one", "two", "three"], ["one", "zwei", "2", "three"]


def test_a_difference_has_signs() -> None:
    """A minus for what is told only, a plus for what was seen only."""
    found = [" one", "- two", "+ zwei", "+ 2", " three"]
    assert [f"{sign} {line}".replace("  ", " ") for sign, line in difference(TOLD, SEEN)] == found


def test_both_sides_have_a_row_each() -> None:
    """Equal lines stand beside each other; None stands where a side has no line."""
    rows = [("one", "one"), ("two", "zwei"), (None, "2"), ("three", "three")]
    assert [*side_by_side(TOLD, SEEN)] == rows
    assert [*side_by_side(["one"], [])] == [("one", None)]
