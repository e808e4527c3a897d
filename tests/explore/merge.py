"""Merges what the shards of a walk have saved: ``python -m tests.explore.merge FILE...``.

A file is written by ``python -m tests.explore --shard I/N --save-states FILE``: a JSON object
on the first line, and the fingerprint of a state on each other one.  The shards of a walk have
the same states and break the same laws together, however many there are (docs/exploration.md).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SAME = ("walk", "shards")  # what all shards of a walk have alike


def write(file: str, head: dict[str, Any], states: Iterable[bytes]) -> None:
    """Write what a shard has walked."""
    with Path(file).open("w", encoding="utf-8") as written:
        written.write(json.dumps(head) + "\n")
        written.writelines(f"{state.hex()}\n" for state in sorted(states))


def merged(files: Sequence[str]) -> dict[str, Any]:
    """Return the summary of the walk whose shards are in these files.

    `of_states` is a digest of the set of states.  Raises ValueError where they are not all the
    shards of one walk, OSError.
    """
    heads: list[dict[str, Any]] = []
    states: set[str] = set()
    for file in files:
        with Path(file).open(encoding="utf-8") as read:
            heads.append(json.loads(read.readline()))
            states.update(map(str.strip, read))
    alike = {json.dumps([head[name] for name in SAME]) for head in heads}
    shards = sorted(head["shard"] for head in heads)
    if len(alike) != 1 or shards != [*range(1, heads[0]["shards"] + 1)]:
        raise ValueError(f"not all shards of one walk: {shards} of {heads[0]['shards']}")
    laws: Counter[str] = Counter()
    for head in heads:
        laws.update(head["laws"])
    seconds, paths = (sum(head[name] for head in heads) for name in ("seconds", "paths"))
    return {
        "paths": paths,
        "states": len(states),
        "of_states": sha256("".join(sorted(states)).encode()).hexdigest(),
        "laws": laws,
        "never_taken": sorted(set.intersection(*({*head["never_taken"]} for head in heads))),
        "seconds": round(seconds, 2),
        "paths_a_second": round(paths / max(seconds, 0.001), 1),
        "complaints": _complaints(one for head in heads for one in head["complaints"]),
    }


def _complaints(found: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    """Return the shortest path for each law that is broken."""
    best: dict[str, dict[str, str]] = {}
    for one in sorted(found, key=lambda one: (len(one["path"]), one["path"])):
        best.setdefault(one["law"], one)
    return [best[law] for law in sorted(best)]


def main(line: Sequence[str] | None = None) -> int:
    """Print the summary; return 1 if there is a complaint."""
    parser = argparse.ArgumentParser(prog="python -m tests.explore.merge", description=__doc__)
    parser.add_argument("files", nargs="+", metavar="FILE", help="what a shard has saved")
    try:
        summary = merged(parser.parse_args(line).files)
    except (OSError, ValueError, KeyError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(json.dumps(summary) + "\n")
    return 1 if summary["complaints"] else 0


if __name__ == "__main__":
    sys.exit(main())
