"""Measures the speed of authkit, beside a bare interpreter, a plain script and other tools.

    python -m benchmarks [GROUP...] [--quick] [--write] [--peer NAME=PATH]...

Prints one line for each figure once it is measured.  The exit status is 1 when a
figure misses its bound.  With --write the run's table goes into docs/performance.md,
and its JSON and its plot into docs/assets/; use an idle machine for that.  Figures of groups
that were not measured stay as they are.  The other
tools are installed from a package index, but for the compiled ones, whose programs --peer names.
"""

from __future__ import annotations

import argparse
import json
import sys
from functools import partial
from typing import TYPE_CHECKING

from benchmarks import comparison, huge_form, instructions, memory, speed, start_up
from benchmarks import performance_page as page
from benchmarks.pages import pages
from benchmarks.peer_speed import peers
from benchmarks.peers import PEERS
from benchmarks.replays import replays

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from benchmarks.start_up import Installed
    from benchmarks.timing import Figure

PAIRS, QUICK_PAIRS = 41, 5
PAIRS_OF_GROUP = {"peers": 11, "login": 21}  # slow, and their ratios are far from the bounds
REPLAY_ROUNDS = 5
PAGE_ROUNDS = 11

GROUPS: dict[str, Callable[[Installed, int], Iterator[Figure]]] = {
    "cached": start_up.cached,
    "scripts": start_up.scripts,
    "instructions": lambda authkit, _: instructions.figures(authkit),
    "memory": lambda authkit, _: memory.figures(authkit),
    "completion": start_up.completion,
    "peers": peers,
    "login": start_up.login,
    "scale": start_up.scale,
    "parallel": start_up.parallel,
    "replays": lambda _, pairs: replays(min(REPLAY_ROUNDS, pairs)),
    "pages": lambda _, pairs: pages(min(PAGE_ROUNDS, pairs)),
    "simulator": lambda _, pairs: simulator(min(huge_form.PAIRS, pairs)),
}


def simulator(pairs: int) -> Iterator[Figure]:
    """Measure the simulator beside moto's server, and while somebody sends huge forms."""
    yield from speed.figures()
    yield huge_form.figure(list(huge_form.pairs(pairs)))


def main() -> int:
    """Measure the groups and print their figures; return 1 when one misses its bound."""
    options = _parser().parse_args()
    figures: list[Figure] = []
    groups = GROUPS | {"peers": partial(peers, given=options.peer)}
    with start_up.installed() as authkit:
        for group in options.groups or GROUPS:
            pairs = QUICK_PAIRS if options.quick else PAIRS_OF_GROUP.get(group, PAIRS)
            for figure in groups[group](authkit, pairs):
                figures.append(figure)
                sys.stdout.write(f"{page.row(figure)}\n")
                sys.stdout.flush()
    if options.write:
        page.RUN.parent.mkdir(exist_ok=True)
        earlier = json.loads(page.RUN.read_text(encoding="utf-8"))
        page.RUN.write_text(page.as_json(figures, earlier), encoding="utf-8")
        run = json.loads(page.RUN.read_text(encoding="utf-8"))
        page.PLOT.write_text(page.plot(run), encoding="utf-8")
        page.PAGE.write_text(page.page(page.PAGE.read_text(encoding="utf-8"), run), "utf-8")
    return 0 if all(figure.holds for figure in figures) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure authkit.")
    parser.add_argument(
        "groups", nargs="*", metavar="GROUP", help=f"{', '.join(GROUPS)} (default: all)"
    )
    parser.add_argument(
        "--quick", action="store_true", help="measure few pairs, to check that everything runs"
    )
    parser.add_argument("--write", action="store_true", help="write the run into docs/")
    parser.add_argument(
        "--peer",
        action="append",
        default=[],
        type=comparison.peer,
        metavar="NAME=PATH",
        help=f"an installed program to time too: {', '.join(PEERS)}",
    )
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
