"""The parts of a sequence diagram as SVG: lifelines, arrows, texts, and the rows so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

WIDTH = 480
COLUMNS = {
    "person": 92,
    "authkit": 168,
    "keyring": 244,
    "state folder": 320,
    "STS": 396,
    "child": 450,
}
CHARACTER = 6.7  # the width of one, in a label
TOP = 10


@dataclass
class Drawing:
    """The diagram so far: its parts, and the height `y` that they take.

    `before` is the instant of the row before, and `breaks` are the gaps in the lifelines.
    """

    parts: list[str] = field(default_factory=list)
    y: float = TOP
    before: datetime | None = None
    breaks: list[tuple[float, float]] = field(default_factory=list)

    def add(self, number: int, kind: str, inside: str, height: float, whole: str) -> None:
        """Add a row: its happening's number, its class, its shapes, and the text for its title."""
        title = f"<title>{escape(whole)}</title>"
        self.parts.append(f'<g class="row {kind}" data-at="{number}">{title}{inside}</g>')
        self.y += height


def left_of(text: str, start: float, end: float) -> float:
    """Return where a label begins: between the two ends, as far as the drawing is wide enough."""
    width = len(text) * CHARACTER
    middle = (start + end) / 2 - width / 2
    return max(78.0, min(max(middle, min(start, end) + 6), WIDTH - width - 4))


def arrow(start: float, end: float, y: float, kind: str) -> str:
    """Return an arrow, to the right or to the left."""
    tip = 6 if start < end else -6
    head = f"M{end - tip:g} {y - 4:g}L{end:g} {y:g}L{end - tip:g} {y + 4:g}"
    return (
        f'<path class="line {kind}" d="M{start:g} {y:g}H{end:g}"/>'
        f'<path class="tip {kind}" d="{head}"/>'
    )


def lifelines(breaks: Sequence[tuple[float, float]], height: float) -> str:
    """Return the lifelines, with a gap at each jump of time."""
    ends = [0.0, *(y for both in breaks for y in both), height]
    pairs = list(zip(ends[::2], ends[1::2], strict=True))
    return "".join(
        f'<path class="life" d="{"".join(f"M{x} {top:g}V{end:g}" for top, end in pairs)}"/>'
        for x in COLUMNS.values()
    )


def text_at(x: float, y: float, text: str, kind: str = "") -> str:
    """Return a text; `kind` is its class."""
    style = f' class="{kind}"' if kind else ""
    return f'<text x="{x:g}" y="{y:g}"{style}>{escape(text)}</text>'
