"""docs/performance.md: a run of the measurements as JSON, as a table and as a plot.

The page shows one run.  Its table stands between two comments and is generated from
docs/assets/performance.json, as is the plot.
"""

from __future__ import annotations

import json
import os
import platform
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.peers import PEERS
from benchmarks.timing import Figure

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

DOCS = Path(__file__).parent.parent / "docs"
PAGE = DOCS / "performance.md"
RUN = DOCS / "assets" / "performance.json"
PLOT = DOCS / "assets" / "performance.svg"
BEGIN, END = "<!-- figures -->", "<!-- end -->"

_TITLES = {
    "cached": "The cached path, compared with `python -c pass`",
    "scripts": "The console scripts of installers, compared with `python -c pass`",
    "instructions": "Instructions, compared with `python -c pass`",
    "memory": "Peak memory over that of `python -c pass`",
    "completion": "What a shell runs after Tab, compared with `python -c pass`",
    "peers": "The cached path of other tools, compared with authkit",
    "login": "With STS, compared with a plain boto3 script",
    "scale": "Among 1,000 identities, compared with few",
    "parallel": "Many at once, compared with as many bare interpreters",
    "replays": "Replaying scenarios, on one core",
    "pages": "Opening the pages about scenarios, in Chromium",
    "simulator": "The simulator",
}


def as_json(figures: Sequence[Figure], earlier: Mapping[str, Any]) -> str:
    """Return a run as JSON: dates by group, the machine, the Python version and its figures.

    `not_tried` names the compiled tools whose programs were not given.

    Groups that were not measured now are the earlier run's.
    """
    now = {figure.group for figure in figures}
    kept = [figure for figure in figures_of(earlier) if figure.group not in now]
    dates = earlier["dates"] | dict.fromkeys(sorted(now), f"{datetime.now(UTC):%Y-%m-%d}")
    in_order = sorted([*kept, *figures], key=lambda figure: list(_TITLES).index(figure.group))
    measured = [figure.name for figure in in_order if figure.group == "peers"]
    missing = [name for name in PEERS if not any(each.startswith(name) for each in measured)]
    run = {
        "dates": dates,
        "not_tried": missing if "peers" in now else earlier["not_tried"],
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "figures": [figure._asdict() | {"holds": figure.holds} for figure in in_order],
    }
    return json.dumps(run, indent=1, ensure_ascii=False) + "\n"


def figures_of(run: Mapping[str, Any]) -> list[Figure]:
    """Return the figures of a run that was read from JSON."""
    return [
        Figure(**{name: value for name, value in told.items() if name != "holds"})
        for told in run["figures"]
    ]


def table(run: dict[str, Any]) -> str:
    """Return a run as Markdown."""
    lines = [f"{run['python']}, {run['machine']}."]
    for group, figures in groupby(figures_of(run), lambda figure: figure.group):
        lines += ["", f"**{_TITLES[group]}** ({run['dates'][group]})", ""]
        lines += ["| what | median | quartiles | bound | |", "|---|---|---|---|---|"]
        lines += map(row, figures)
        if group == "peers" and run["not_tried"]:
            told = f"Not tried, because no program was given: {', '.join(run['not_tried'])}."
            lines += ["", told]
    return "\n".join(lines)


def row(figure: Figure) -> str:
    """Return a figure as a line of the table."""
    digits = 0 if figure.unit == "/s" else 1 if figure.value >= 10 else 2
    value, low, high = (f"{n:,.{digits}f}" for n in (figure.value, figure.low, figure.high))
    bound = "" if figure.bound is None else f"{'≥' if figure.at_least else '≤'} {figure.bound:,.4g}"
    missed = "" if figure.holds else " **missed**"
    quartiles = f"{low} to {high}" if low != high else ""
    return (
        f"| {figure.name} | {value} {figure.unit} | {quartiles} | {bound}{missed} | {figure.told} |"
    )


def page(text: str, run: dict[str, Any]) -> str:
    """Return the page's text with its table replaced by the run's."""
    before, rest = text.split(BEGIN, 1)
    return f"{before}{BEGIN}\n{table(run)}\n{END}{rest.split(END, 1)[1]}"


# The plot: milliseconds until a cached session is printed, and until a bare interpreter ends.

WIDTH = 640  # of every picture
_BAR, _GAP, _LEFT = 18, 8, 190
_TITLE = "Milliseconds until a cached session is handed on"


def bars(run: dict[str, Any]) -> dict[str, float]:
    """Return the milliseconds to show, by name: bare interpreter, authkit, other tools."""
    figures = figures_of(run)
    cached = next(figure for figure in figures if figure.group == "cached")
    bare, ours = cached.parts["python -c pass"], cached.parts["authkit"]
    shown = {"python -c pass": bare, "authkit": ours}
    for figure in figures:
        if figure.group == "peers":  # the ratio to authkit, so that all bars have one scale
            shown[figure.name.replace("`", "")] = figure.value * ours
    return shown


def plot(run: dict[str, Any]) -> str:
    """Return the plot as SVG."""
    shown = bars(run)
    scale = (WIDTH - _LEFT - 70) / max(shown.values())
    height = len(shown) * (_BAR + _GAP) + 34
    lines: list[str] = []
    for number, (name, value) in enumerate(shown.items()):
        top = 28 + number * (_BAR + _GAP)
        colour = {"authkit": "#2a9d5c", "python -c pass": "#5b8bd0"}.get(name, "#b0a090")
        middle, end = top + 14, _LEFT + value * scale
        lines += [
            f'<text x="{_LEFT - 8}" y="{middle}" text-anchor="end">{name}</text>',
            f'<rect x="{_LEFT}" y="{top}" width="{value * scale:.1f}" height="{_BAR}"',
            f'  fill="{colour}"/>',
            f'<text x="{end + 6:.1f}" y="{middle}">{value:.0f}</text>',
        ]
    return drawn(_TITLE, height, lines)


def drawn(title: str, height: int, lines: Iterable[str], width: int = WIDTH) -> str:
    """Return a picture as SVG, in colours for light and dark backgrounds.

    Its title is its first line, and stands above the other lines.
    """
    head = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"',
        '  font-family="sans-serif" font-size="13" fill="#808080">',
        f"<title>{title}</title>",
        f'<text x="0" y="14">{title}</text>',
    ]
    return "\n".join([*head, *lines, "</svg>", ""])
