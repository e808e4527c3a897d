"""Every figure of authkit's speed, side by side with its peers, in one go.

    python -m benchmarks [GROUP...] [--quick] [--write]

Prints a line a figure as it is measured, and exits 1 when one misses its bound.
--write puts the run into docs/performance.md, its JSON and its plot beside it:
for a machine that has nothing else to do.  Needs a package index, for the peers.
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING

from benchmarks import page, start_up
from benchmarks.replays import replays

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from benchmarks.pairs import Figure
    from benchmarks.start_up import Installed

PAIRS, QUICK = 41, 5
FEWER = {"peers": 11, "login": 21}  # these take long, and their ratios are far from their bounds
ROUNDS = 5

GROUPS: dict[str, Callable[[Installed, int], Iterator[Figure]]] = {
    "cached": start_up.cached,
    "peers": start_up.peers,
    "login": start_up.login,
    "scale": start_up.scale,
    "parallel": start_up.parallel,
    "replays": lambda _, pairs: replays(min(ROUNDS, pairs)),
}


def main() -> int:
    """Measure, and show; 1 when a figure misses its bound."""
    options = _parser().parse_args()
    figures: list[Figure] = []
    with start_up.installed() as here:
        for group in options.groups or GROUPS:
            pairs = QUICK if options.quick else FEWER.get(group, PAIRS)
            for figure in GROUPS[group](here, pairs):
                figures.append(figure)
                sys.stdout.write(f"{page.row(figure)}\n")
                sys.stdout.flush()
    if options.write:
        page.RUN.parent.mkdir(exist_ok=True)
        page.RUN.write_text(page.as_json(figures), encoding="utf-8")
        run = json.loads(page.RUN.read_text(encoding="utf-8"))
        page.PLOT.write_text(page.plot(run), encoding="utf-8")
        page.PAGE.write_text(page.page(page.PAGE.read_text(encoding="utf-8"), run), "utf-8")
    return 0 if all(figure.holds for figure in figures) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure authkit.")
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=f"of {', '.join(GROUPS)} (all)")
    parser.add_argument("--quick", action="store_true", help="few pairs: to see that it runs")
    parser.add_argument("--write", action="store_true", help="put the run into the docs")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
