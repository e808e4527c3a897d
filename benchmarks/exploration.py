"""Compares how fast whole login paths are walked and judged: this tree and an earlier commit.

    python -m benchmarks.exploration [--base COMMIT] [--depth N] [--rounds N]

The earlier tree is unpacked beside this one, and both walk `login` with a person to a depth,
nothing cut, in turn: CPU seconds of processes of their own, the fastest round of each counts.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from scenarios.replay.revisions.trees import CHECKOUT, extract

BASE = "221fe92"  # the last commit before exploration was a program
_TIMED = """
import json, sys, time
begun = time.process_time()
count = walk(int(sys.argv[1]))
print(json.dumps([count, time.process_time() - begun]))
"""
_BEFORE = """
from tests.exploration.chosen_world import every_path
from tests.exploration.oracle import complaints

def walk(depth):
    found = [complaints(p) for p in every_path(("login", "dev-admin"), depth, interactive=True)]
    assert not any(found)
    return len(found)

walk(1)
"""
_NOW = """
from tests.explore.chooser import Walk
from tests.explore.commands import COMMANDS
from tests.explore.explorer import Explorer
from tests.explore.remembered import remembering

def walk(depth):
    explorer, paths, count = Explorer(full=True), Walk(depth), 0
    for node in paths:
        path = explorer.walk(COMMANDS["login"], node.prefix, node.left)
        assert not path.complaints, path.words
        paths.expand(node, explorer.chooser)
        count += 1
    return count

walk(1)
remembering().__enter__()
"""


def walked(tree: Path, program: str, depth: int) -> tuple[int, float]:
    """Return the count of paths, and the CPU seconds that they took."""
    command = [sys.executable, "-c", program + _TIMED, str(depth)]
    environ = {"PYTHONPATH": f"{tree}:{tree}/fakes/sts-simulator", "PYTHONHASHSEED": "0"}
    done = subprocess.run(command, cwd=tree, env=environ, check=True, capture_output=True)  # noqa: S603 - ours
    count, seconds = json.loads(done.stdout)
    return count, seconds


def main() -> int:
    """Measure both; return 1 when this tree is not twice as fast."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", default=BASE)
    parser.add_argument("--depth", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        before = Path(folder)
        extract(given.base, before)
        trees = {"before": (before, _BEFORE), "now": (CHECKOUT, _NOW)}
        rates: dict[str, float] = {}
        for _ in range(given.rounds):
            for name, (tree, program) in trees.items():
                count, seconds = walked(tree, program, given.depth)
                rates[name] = max(rates.get(name, 0), count / seconds)
                sys.stdout.write(f"{name:6}  {count} paths  {count / seconds:.0f} a second\n")
    ratio = rates["now"] / rates["before"]
    sys.stdout.write(f"{ratio:.2f} times as many paths a second and core\n")
    return 0 if ratio >= 2 else 1


if __name__ == "__main__":
    sys.exit(main())
