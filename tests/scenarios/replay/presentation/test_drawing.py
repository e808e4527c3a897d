"""presentation.drawing: the shapes of a diagram."""

from __future__ import annotations

from scenarios.replay.presentation.drawing import (
    COLUMNS,
    WIDTH,
    Drawing,
    arrow,
    left_of,
    lifelines,
    text_at,
)


def test_an_arrow_points_to_its_end() -> None:
    """The tip is on the side that it comes from."""
    assert 'd="M100 5H200"' in arrow(100, 200, 5, "there")
    assert 'd="M194 1L200 5L194 9"' in arrow(100, 200, 5, "there")
    assert 'd="M106 1L100 5L106 9"' in arrow(200, 100, 5, "back")


def test_a_label_stands_over_its_arrow_and_in_the_drawing() -> None:
    """In the middle where it is short, from the left end on where it is long."""
    assert 100 < left_of("short", 100, 300) < 200
    assert left_of("x" * 30, 100, 300) == left_of("x" * 30, 300, 100) == 106
    assert left_of("x" * 30, 400, 450) + 30 * 6.7 <= WIDTH


def test_a_lifeline_has_gaps() -> None:
    """One line for each column, from gap to gap."""
    assert lifelines([], 90).count("<path") == len(COLUMNS)
    assert 'd="M92 0V20M92 50V90"' in lifelines([(20, 50)], 90)


def test_a_row_has_its_number_and_its_whole_text() -> None:
    """As markup, in which the text is escaped."""
    drawing = Drawing()
    before = drawing.y
    drawing.add(3, "call", text_at(1, 2, "a&b", "name"), 32, "a<b")
    title, text = "<title>a&lt;b</title>", '<text x="1" y="2" class="name">a&amp;b</text>'
    assert drawing.parts == [f'<g class="row call" data-at="3">{title}{text}</g>']
    assert drawing.y == before + 32
