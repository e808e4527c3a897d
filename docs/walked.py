"""What the bounded walk of the tests counts, as docs/reliability.md shows it."""

from __future__ import annotations

import json
from collections import Counter
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.performance_page import drawn
from tests.explore.bounded import COUNTS, TAKEN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

PICTURE = Path(__file__).parent / "assets" / "walked.svg"
# Pixels: a square, how many stand beside one another, and what is around them.
_SIDE, _ABREAST, _BETWEEN, _LEFT, _TOP = 4, 14, 8, 190, 130
_TITLE = "What can happen, by command: a square for each way, by how often it was walked"
_COLUMN, _HEIGHT = _ABREAST * _SIDE + _BETWEEN, 12  # of a verb; of a row, at least
# The colours of an option that was taken so often, at least.
_SHADES = {1000: "#123f6e", 100: "#2a6fb0", 10: "#6ba3d6", 1: "#b5d2ee", 0: "#d04030"}


def table() -> str:
    """Return how many paths and states there are, and how often each law was exercised."""
    counts = json.loads(COUNTS.read_text("utf-8"))
    paths, states = (sum(row[what] for row in counts.values()) for what in ("paths", "states"))
    laws = Counter[str]()
    for row in counts.values():
        laws.update(row["laws"])
    what = f"{len(counts)} commands, pairs and situations"
    head = f"{what}, {paths:,} paths, {states:,} states, no complaint.\n"
    rows = [f"| {law} | {count:,} |" for law, count in laws.most_common()]
    return "\n".join([head, "| law | exercised |", "| --- | ---: |", *rows])


def picture() -> str:
    """Return the space as SVG: what can happen, by command, and how often it was walked."""
    taken: dict[str, dict[str, int]] = json.loads(TAKEN.read_text("utf-8"))
    options: dict[str, list[str]] = {}
    for name in sorted({name for row in taken.values() for name in row}):
        options.setdefault(name.partition(":")[0], []).append(name)
    lines = [*_legend(), *_verbs(taken)]
    y = _TOP
    for what, names in options.items():
        lines.append(f'<text x="{_LEFT - 8}" y="{y + 9}" text-anchor="end">{escape(what)}</text>')
        for number, row in enumerate(taken.values()):
            lines += _squares([row.get(name) for name in names], _LEFT + number * _COLUMN, y)
        y += max(_HEIGHT, -(-len(names) // _ABREAST) * _SIDE + _BETWEEN)
    small = ['<g font-size="11">', *lines, "</g>"]
    return drawn(_TITLE, y, small, _LEFT + len(taken) * _COLUMN)


def _legend() -> Iterator[str]:
    """Yield what the colours mean."""
    for number, (least, colour) in enumerate(reversed(_SHADES.items())):
        x = number * 110
        yield f'<path d="M{x} 26h{_SIDE}v{_SIDE}h-{_SIDE}z" fill="{colour}"/>'
        said = {0: "never", 1: "once or more"}.get(least, f"{least:,} times or more")
        yield f'<text x="{x + 8}" y="32">{said}</text>'


def _verbs(taken: Mapping[str, object]) -> Iterator[str]:
    """Yield the names of the columns."""
    for number, verb in enumerate(taken):
        place = f"{_LEFT + number * _COLUMN + 8} {_TOP - 8}"
        turned = f'transform="translate({place}) rotate(-40)"'
        yield f"<text {turned}>{escape(verb)}</text>"


def _squares(counts: Sequence[int | None], x: int, y: int) -> Iterator[str]:
    """Yield a square for each option that a command was offered, a path for each colour."""
    paths: dict[str, str] = {}
    for number, count in enumerate(counts):
        if count is not None:
            colour = next(shade for least, shade in _SHADES.items() if count >= least)
            down, across = divmod(number, _ABREAST)
            place = f"M{x + across * _SIDE} {y + down * _SIDE}"
            paths[colour] = f"{paths.get(colour, '')}{place}h3v3h-3z"
    for colour, squares in paths.items():
        yield f'<path d="{squares}" fill="{colour}"/>'
