"""Explores the world: ``python -m tests.explore`` (docs/contract.md, "Exploration as a program").

Walks the choices of the world and holds every path against the laws.  At the first
complaint it stops, shrinks the path, prints it as a story and the words that replay it.
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING

from tests.explore import chooser, commands, report, saving
from tests.explore.run import Bounds, Run
from tests.explore.situations import SITUATIONS

if TYPE_CHECKING:
    from collections.abc import Sequence


def arguments(line: Sequence[str] | None) -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m tests.explore", description=__doc__)
    parser.add_argument("--minutes", type=float, help="go on for so long, with rising depths")
    parser.add_argument("--depth", type=int, help="walk the paths of this depth, and end")
    parser.add_argument("--command", action="append", default=[], help="a command or its name")
    parser.add_argument("--processes", type=int, default=1, help="authkits in one world")
    parser.add_argument("--seed", type=int, default=0, help="the order of the walk")
    parser.add_argument("--shard", default="1/1", help="I/N: a part of the paths")
    parser.add_argument("--path", help="COMMAND:0,2,1: walk this path alone, and print it")
    parser.add_argument("--save", help="write what is found as a scenario file")
    parser.add_argument("--save-states", help="write the states: tests.explore.merge merges them")
    parser.add_argument("--full", action="store_true", help="cut no path at a known state")
    parser.add_argument("--list", action="store_true", help="print the commands' names")
    return parser.parse_args(line)


def main(line: Sequence[str] | None = None) -> int:
    """Explore; return 1 if there is a complaint."""
    given = arguments(line)
    if given.list:
        sys.stdout.writelines(f"{name}\n" for name in (*commands.COMMANDS, *SITUATIONS))
        return 0
    shard, _, shards = given.shard.partition("/")
    try:
        bounds = Bounds(
            depth=given.depth,
            minutes=given.minutes,
            seed=given.seed,
            shard=int(shard),
            shards=int(shards or 1),
            full=given.full,
            whole=bool(given.save_states),
        )
        asked_for = commands.wanted(given.command, given.processes)
        path = chooser.read(given.path) if given.path else None
        if path:
            commands.by_name(path[0])
    except (KeyError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    run = Run(bounds, sys.stderr)
    try:
        found = run.replay(*path) if path else run.explore(asked_for)
    except chooser.MisfitError as error:
        sys.stderr.write(f"There is no such path: {error}\n")
        return 2
    if found:
        sys.stdout.write(report.story(found))
        if given.save:
            sys.stdout.write(saving.save(found, given.save))
    if given.save_states:
        walk = [given.depth, given.processes, given.full, *(each.name for each in asked_for)]
        run.save_states(given.save_states, walk)
    sys.stdout.write(json.dumps(run.summary()) + "\n")
    return 1 if run.complaints else 0


if __name__ == "__main__":
    sys.exit(main())
