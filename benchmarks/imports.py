"""Measures what each command imports, and how long that takes, with ``python -X importtime``.

    python -m benchmarks.imports [--runs N] [--write]

Prints for each command the modules that the interpreter loads for itself, authkit's own, and
each library module with all that it imports.  Times are medians of the runs.  With --write
the figures go into docs/assets/imports.json, and a picture of them beside it.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import subprocess
import sys
from collections import defaultdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from benchmarks.performance_page import DOCS, WIDTH, drawn
from benchmarks.start_up import CACHED, installed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from benchmarks.timing import Command

RUN = DOCS / "assets" / "imports.json"
PICTURE = DOCS / "assets" / "imports.svg"
RUNS = 21
INTERPRETER, OURS, OTHERS = "the interpreter", "authkit", "other modules"
SMALL = 0.02  # of the whole: what took less belongs to OTHERS
_LINE = re.compile(r"^import time:\s+(\d+) \|\s+\d+ \|( +)(\S+)$", re.MULTILINE)


class Import(NamedTuple):
    """An imported module: its own microseconds, and what imported it, the outermost first."""

    name: str
    took: int
    importers: tuple[str, ...]


class Share(NamedTuple):
    """How many modules belong together, and the microseconds that they took."""

    modules: int
    microseconds: float


def imports(told: str) -> list[Import]:
    """Return what ``-X importtime`` told: a module's line stands below those that it imports."""
    found: list[Import] = []
    importers: list[str] = []
    for took, indent, name in reversed(_LINE.findall(told)):
        del importers[len(indent) // 2 :]
        found.append(Import(name, int(took), tuple(importers)))
        importers.append(name)
    return found[::-1]


def owner(module: Import, before: Iterable[str]) -> str:
    """Return what a module is loaded for: `INTERPRETER`, `OURS`, or a library module.

    `before` are the modules that the bare interpreter loads.  A library module counts for
    the one that authkit imported, or the console script: ``enum`` for ``re``.
    """
    if module.name in before:
        return INTERPRETER
    chain = [*module.importers, module.name]
    ours = [number for number, name in enumerate(chain) if name.partition(".")[0] == OURS]
    return OURS if ours[-1:] == [len(chain) - 1] else chain[ours[-1] + 1 if ours else 0]


def shares(runs: Sequence[str], bare: str) -> dict[str, Share]:
    """Return the shares of a command by what the modules are loaded for, the largest first.

    `runs` is what each run told, `bare` what the bare interpreter did.
    """
    before = {module.name for module in imports(bare)}
    took: dict[str, list[int]] = defaultdict(list)
    owners: dict[str, str] = {}
    for told in runs:
        for module in imports(told):
            took[module.name].append(module.took)
            owners.setdefault(module.name, owner(module, before))
    medians = {name: statistics.median(times) for name, times in took.items()}
    sums: dict[str, float] = defaultdict(float)
    for name, microseconds in medians.items():
        sums[owners[name]] += microseconds
    groups: dict[str, list[float]] = defaultdict(list)
    for name, microseconds in medians.items():
        small = sums[owners[name]] < SMALL * sum(medians.values())
        groups[OTHERS if small else owners[name]].append(microseconds)
    found = {group: Share(len(times), sum(times)) for group, times in groups.items()}
    last = [group for group in found if group not in {INTERPRETER, OURS, OTHERS}]
    order = [INTERPRETER, OURS, *sorted(last, key=lambda group: -found[group][1]), OTHERS]
    return {group: found[group] for group in order if group in found}


def measured(
    commands: Mapping[str, Command], bare: Command, runs: int
) -> dict[str, dict[str, Share]]:
    """Return the shares of each command; the commands run in turn."""
    told: dict[str, list[str]] = {name: [] for name in commands}
    for command in commands.values():
        _told(command)  # compiles what was not compiled yet
    for _ in range(runs):
        for name, command in commands.items():
            told[name].append(_told(command))
    told_bare = _told(bare)
    return {name: shares(each, told_bare) for name, each in told.items()}


def _told(command: Command) -> str:
    program, *rest = command.line
    done = subprocess.run(  # noqa: S603 - our own
        [program, "-X", "importtime", *rest],
        env={**command.environ},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=True,
        start_new_session=True,
    )
    return done.stderr


# The picture: a bar for each command, with a part for each share.

_LEFT, _BAR, _GAP, _KEY = 150, 18, 10, 18
_COLOURS = ("#5b8bd0", "#2a9d5c", "#d08a3c", "#b565a7", "#8c7ae6", "#c9a227", "#4aa3a2", "#a0522d")
_GREY = "#909090"
TITLE = "Milliseconds of importing modules, by command and by what they are loaded for"


def picture(run: Mapping[str, Any]) -> str:
    """Return a run as SVG."""
    commands = {
        name: {group: Share(*share) for group, share in told.items()}
        for name, told in run["commands"].items()
    }
    groups = list(dict.fromkeys(group for told in commands.values() for group in told))
    groups.sort(key=lambda group: group == OTHERS)
    colours = dict(zip([each for each in groups if each != OTHERS], _COLOURS, strict=False))
    longest = max(sum(share.microseconds for share in told.values()) for told in commands.values())
    scale = (WIDTH - _LEFT - 50) / longest
    bottom = 28 + len(commands) * (_BAR + _GAP)
    height = bottom + (len(groups) + 1) // 2 * _KEY + 6
    lines: list[str] = []
    for number, (name, told) in enumerate(commands.items()):
        lines += _bar(name, told, 28 + number * (_BAR + _GAP), scale, colours)
    for number, group in enumerate(groups):
        left, top = 8 + number % 2 * WIDTH // 2, bottom + number // 2 * _KEY
        most = max(told.get(group, Share(0, 0)) for told in commands.values())
        lines += [
            f'<rect x="{left}" y="{top}" width="12" height="12"',
            f'  fill="{colours.get(group, _GREY)}"/>',
            f'<text x="{left + 18}" y="{top + 11}">{group}: {_words(most)}</text>',
        ]
    return drawn(TITLE, height, lines)


def _bar(
    name: str, told: Mapping[str, Share], top: int, scale: float, colours: Mapping[str, str]
) -> Iterator[str]:
    """Yield a command's name, the parts of its bar, and the sum in milliseconds."""
    left = float(_LEFT)
    yield f'<text x="{_LEFT - 8}" y="{top + 14}" text-anchor="end">{name}</text>'
    for group, share in told.items():
        width, colour = share.microseconds * scale, colours.get(group, _GREY)
        yield f'<rect x="{left:.1f}" y="{top}" width="{width:.1f}" height="{_BAR}" fill="{colour}">'
        yield f"  <title>{group}: {_words(share)}</title></rect>"
        left += width
    total = sum(share.microseconds for share in told.values()) / 1000
    yield f'<text x="{left + 6:.1f}" y="{top + 14}">{total:.1f}</text>'


def _words(share: Share) -> str:
    plural = "" if share.modules == 1 else "s"
    return f"{share.modules} module{plural}, {share.microseconds / 1000:.2f} ms"


def main() -> int:
    """Measure, print and perhaps write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.imports", description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS, help=f"of each command; default {RUNS}")
    parser.add_argument("--write", action="store_true", help="write the run into docs/assets/")
    options = parser.parse_args()
    with installed() as authkit:
        ours = {name: authkit.by_python(authkit.home(0), *line) for name, line in CACHED.items()}
        commands = measured(ours, authkit.bare_interpreter, options.runs)
    for name, found in commands.items():
        for group, share in found.items():
            sys.stdout.write(f"{name}: {group}: {_words(share)}\n")
    if options.write:
        run = {"date": f"{datetime.now(UTC):%Y-%m-%d}", "commands": commands}
        RUN.write_text(json.dumps(run, indent=1) + "\n", encoding="utf-8")
        PICTURE.write_text(picture(json.loads(RUN.read_text(encoding="utf-8"))), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
