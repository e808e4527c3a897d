"""The bounded walk of the tests: how deep each command is walked, and what was counted.

``python -m tests.explore.bounded`` walks it anew and writes the counts; a test compares them,
so that the walk cannot shrink unseen.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from tests.explore import depths
from tests.explore.commands import by_name
from tests.explore.run import Bounds, Run

COUNTS = Path(__file__).with_name("bounded.json")


def walked(name: str) -> dict[str, Any]:
    """Walk a command, and return the summary of that."""
    run = Run(Bounds())
    run.explore([by_name(name)])
    return run.summary()


def counted(summary: dict[str, Any]) -> dict[str, Any]:
    """Return what is counted of a walk: paths, states, and which laws were exercised how often."""
    laws = {name: count for name, count in summary["laws"].items() if count}
    return {"paths": summary["paths"], "states": summary["states"], "laws": laws}


def main() -> int:
    """Write the counts; return 1 if there is a complaint."""
    found, wrong = {}, 0
    for name in depths.NAMES:
        summary = walked(name)
        found[name] = counted(summary)
        wrong += len(summary["complaints"])
        sys.stdout.write(f"{name}: {summary['paths']} paths, {summary['complaints'] or 'sound'}\n")
    COUNTS.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
