"""Counts the instructions that a process executes, with valgrind.

Two runs of the same program differ by less than one instruction in a thousand, on a busy
machine too, so a change of one per cent is seen.  A ratio to the bare interpreter's count
of the same run does not depend on how the interpreter was compiled.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

from benchmarks.installers import INSTALLERS
from benchmarks.start_up import CACHED
from benchmarks.timing import Figure, spread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.start_up import Installed
    from benchmarks.timing import Command

COUNTER = "valgrind"
MISSING = "" if shutil.which(COUNTER) else f"{COUNTER} is not installed: no instructions counted"
_COUNT = [COUNTER, "--tool=cachegrind", "--cache-sim=no", f"--cachegrind-out-file={os.devnull}"]
_COUNTED = re.compile(r"^==\d+== I\s+refs:\s+([\d,]+)$", re.MULTILINE)
# Sets and dicts of strings are the same in each run.
_SAME = {"PYTHONHASHSEED": "0"}


def counted(command: Command) -> int:
    """Return the instructions of a command in user mode, without those of its children.

    Raises RuntimeError when the command fails.
    """
    done = subprocess.run(  # noqa: S603 - our own
        [*_COUNT, *command.line],
        env={**command.environ, **_SAME},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
    )
    found = _COUNTED.findall(done.stderr)
    if done.returncode or not found:
        raise RuntimeError(f"{' '.join(command.line)}: exit status {done.returncode}")
    return int(found[-1].replace(",", ""))


def figures(authkit: Installed) -> Iterator[Figure]:
    """Count the commands that use a cached session, and one of them by each console script."""
    if MISSING:
        sys.stderr.write(f"instructions: {MISSING}\n")
        return
    rows = [(authkit.installer, name) for name in CACHED]
    rows += [(installer, "credential-process") for installer in INSTALLERS]
    for installer, name in dict.fromkeys(rows):
        ours = authkit.by(installer)
        yield ratio(ours.command(ours.home(0), *CACHED[name]), ours.bare_interpreter).named(
            "instructions", f"`authkit {name}` by {installer}"
        )


def ratio(command: Command, bare: Command) -> Figure:
    """Return the ratio of a command's instructions to the bare interpreter's."""
    command()  # compiles what was not compiled yet
    ours, theirs = counted(command), counted(bare)
    told = f"authkit {ours / 1e6:.1f} million, python -c pass {theirs / 1e6:.1f} million"
    return Figure(told, *spread([ours / theirs]))
