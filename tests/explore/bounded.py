"""The bounded walk of the tests: how deep each command is walked, and what was counted.

``python -m tests.explore.bounded`` walks it anew and writes the counts; a test compares them,
so that the walk cannot shrink unseen.  It also writes how often each option of each choice was
taken in the walks of each command (``login``, whatever its options), which docs/reliability.md
shows as a picture.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.explore import depths
from tests.explore.commands import JOIN, by_name
from tests.explore.judge import NAMES
from tests.explore.laws_of_ends import SAYS
from tests.explore.run import Bounds, Run

if TYPE_CHECKING:
    from collections.abc import Mapping

COUNTS = Path(__file__).with_name("bounded.json")
TAKEN = Path(__file__).with_name("taken.json")
TOGETHER = "two at once"  # processes that are interleaved


def walked(name: str) -> Run:
    """Walk a command."""
    run = Run(Bounds())
    run.explore([by_name(name)])
    return run


def counted(run: Run) -> dict[str, Any]:
    """Return what is counted of a walk.

    Its paths and states, how often each law was exercised, and which claims were made
    (``claims_heard``).
    """
    summary, counts = run.summary(), run.explorer.counts
    laws = {name: counts[name] for name in NAMES if counts[name]}
    says = sorted(name.removeprefix(SAYS) for name in counts if name.startswith(SAYS))
    return {"paths": summary["paths"], "states": summary["states"], "laws": laws, "says": says}


def taken(run: Run) -> Counter[str]:
    """Return how often each option that is not plain was taken, 0 for one that was not."""
    explorer = run.explorer
    others = explorer.offered - explorer.plain
    return Counter({f"{what}: {option}": explorer.taken[what, option] for what, option in others})


def write(counts: Mapping[str, Mapping[str, Any]], options: Mapping[str, Counter[str]]) -> None:
    """Write the counts of the commands, and how often their options were taken, a line each."""
    by_verb: dict[str, Counter[str]] = {}
    for name in counts:
        verb = TOGETHER if JOIN in name else by_name(name).verb
        by_verb.setdefault(verb, Counter()).update(options[name])
    _write(COUNTS, counts)
    offered = {verb: row for verb, row in by_verb.items() if row}  # not to a line that is wrong
    _write(TAKEN, {verb: dict(sorted(row.items())) for verb, row in offered.items()})


def _write(path: Path, rows: Mapping[str, object]) -> None:
    lines = (f" {json.dumps(name)}: {json.dumps(row)}" for name, row in rows.items())
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def main() -> int:
    """Write the counts; return 1 if there is a complaint."""
    argparse.ArgumentParser(
        prog="python -m tests.explore.bounded", description=__doc__
    ).parse_args()
    runs = {}
    for name in depths.NAMES:
        runs[name] = run = walked(name)
        sys.stdout.write(f"{name}: {run.paths} paths, {run.complaints or 'sound'}\n")
    counts = {name: counted(run) for name, run in runs.items()}
    write(counts, {name: taken(run) for name, run in runs.items()})
    return 1 if any(run.complaints for run in runs.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
