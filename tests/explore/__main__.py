"""Explores the world: ``python -m tests.explore`` (docs/contract.md, "Exploration as a program").

Walks the choices of the world and holds every path against the laws.  At the first
complaint it stops, shrinks the path, prints it as a story and the words that replay it.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from authkit.core.render import nearest_is
from tests.explore import chooser, commands, report, saving
from tests.explore.run import Bounds, Run
from tests.explore.situations import SITUATIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def arguments(line: Sequence[str] | None) -> argparse.Namespace:
    """Return what the command line asks for; exit with status 2 where it asks for nothing."""
    parser = argparse.ArgumentParser(prog="python -m tests.explore", description=__doc__)
    parser.add_argument("--minutes", type=above(0), help="go on for so long, with rising depths")
    parser.add_argument("--depth", type=least(0), help="walk the paths of this depth, and end")
    parser.add_argument("--command", action="append", default=[], help="a command or its name")
    parser.add_argument("--processes", type=least(1), default=1, help="authkits in one world")
    parser.add_argument("--seed", type=int, default=0, help="the order of the walk")
    parser.add_argument("--shard", type=shard, default=(1, 1), help="I/N: a part of the paths")
    parser.add_argument(
        "--path", type=path, help="COMMAND:0,2,1: walk this path alone, and print it"
    )
    parser.add_argument("--save", type=writable, help="write what is found as a scenario file")
    parser.add_argument(
        "--save-states", type=writable, help="write the states: tests.explore.merge merges them"
    )
    parser.add_argument("--full", action="store_true", help="cut no path at a known state")
    parser.add_argument("--list", action="store_true", help="print the commands' names")
    given = parser.parse_args(line)
    try:
        given.commands = commands.wanted(given.command, given.processes)
    except KeyError as error:
        parser.error(unknown(*error.args))
    return given


# What stands behind an option.  Where it would make a walk of nothing it is refused: an empty
# walk has no complaint.


def least(number: int) -> Callable[[str], int]:
    """Return what reads a whole number of at least so many."""

    def whole(text: str) -> int:
        if not text.isascii() or not text.isdecimal() or int(text) < number:
            raise argparse.ArgumentTypeError(f"{text} is no whole number from {number} on")
        return int(text)

    return whole


def above(number: float) -> Callable[[str], float]:
    """Return what reads a number that is greater."""

    def greater(text: str) -> float:
        try:
            found = float(text)
        except ValueError:
            found = math.nan
        if not number < found < math.inf:
            raise argparse.ArgumentTypeError(f"{text} is no number above {number}")
        return found

    return greater


def shard(text: str) -> tuple[int, int]:
    """Read I/N."""
    found = re.fullmatch(r"(\d{1,9})/(\d{1,9})", text, re.ASCII)
    if not found or not 1 <= int(found[1]) <= int(found[2]):
        raise argparse.ArgumentTypeError(f"{text} is not I/N with I from 1 to N, such as 2/4")
    return int(found[1]), int(found[2])


def path(text: str) -> tuple[str, chooser.Prefix]:
    """Read a path."""
    try:
        name, indices = chooser.read(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text}: {error}") from None
    try:
        commands.by_name(name)
    except KeyError as error:
        raise argparse.ArgumentTypeError(unknown(*error.args)) from None
    return name, indices


def writable(text: str) -> str:
    """Read the path of a file that can be written when the walk is over."""
    file = Path(text).resolve()
    place, needed = (file, os.W_OK) if file.exists() else (file.parent, os.W_OK | os.X_OK)
    if file.is_dir() or not os.access(place, needed):
        raise argparse.ArgumentTypeError(f"no file can be written at {text}")
    return text


def unknown(name: str) -> str:
    """Return what is said of the name of a command that there is not."""
    near = nearest_is(name, [*commands.COMMANDS, *SITUATIONS])
    return f"there is no command {name}{near}; --list prints their names"


def main(line: Sequence[str] | None = None) -> int:
    """Explore; return 1 if there is a complaint."""
    given = arguments(line)
    if given.list:
        sys.stdout.writelines(f"{name}\n" for name in (*commands.COMMANDS, *SITUATIONS))
        return 0
    number, shards = given.shard
    bounds = Bounds(
        depth=given.depth,
        minutes=given.minutes,
        seed=given.seed,
        shard=number,
        shards=shards,
        full=given.full,
        whole=bool(given.save_states),
    )
    run = Run(bounds, sys.stderr)
    try:
        found = run.replay(*given.path) if given.path else run.explore(given.commands)
    except chooser.MisfitError as error:
        sys.stderr.write(f"There is no such path: {error}\n")
        return 2
    if found:
        sys.stdout.write(report.story(found))
        if given.save:
            sys.stdout.write(saving.save(found, given.save))
    if given.save_states:
        walk = [given.depth, given.processes, given.full, *(each.name for each in given.commands)]
        run.save_states(given.save_states, walk)
    sys.stdout.write(json.dumps(run.summary()) + "\n")
    return 1 if run.complaints else 0


if __name__ == "__main__":
    sys.exit(main())
