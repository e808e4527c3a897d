"""The bounded walk of the tests: how deep each command is walked, and what was counted.

``python -m tests.explore.bounded`` walks it anew and writes the counts; a test compares them,
so that the walk cannot shrink unseen.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.explore import depths
from tests.explore.commands import by_name
from tests.explore.judge import NAMES
from tests.explore.laws_of_ends import SAYS
from tests.explore.run import Bounds, Run

if TYPE_CHECKING:
    from collections.abc import Mapping

COUNTS = Path(__file__).with_name("bounded.json")


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


def write(found: Mapping[str, Mapping[str, Any]]) -> None:
    """Write the counts, a command a line."""
    rows = (f" {json.dumps(name)}: {json.dumps(row)}" for name, row in found.items())
    COUNTS.write_text("{\n" + ",\n".join(rows) + "\n}\n", encoding="utf-8")


def main() -> int:
    """Write the counts; return 1 if there is a complaint."""
    found, wrong = {}, 0
    for name in depths.NAMES:
        run = walked(name)
        found[name] = counted(run)
        wrong += len(run.complaints)
        sys.stdout.write(f"{name}: {run.paths} paths, {run.complaints or 'sound'}\n")
    write(found)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
