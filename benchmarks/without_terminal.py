"""Runs a program where no terminal is: with nothing to read, or to send it a signal.

Every wait has a limit.  What still runs at the end of it is ended, with its process group.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from benchmarks import at_terminals
from benchmarks.at_terminals import Ran

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from benchmarks.at_terminals import Person

READY = "READY"  # what a command prints, with its process id, once it runs
ENDS_WITHIN = 3.0  # seconds that a command has to end once the tool that ran it has ended


def without_terminal(
    command: Sequence[str], environ: Mapping[str, str], folder: Path, person: Person
) -> Ran:
    """Run a program without a terminal, with an empty standard input."""
    del person  # nobody is there
    return _alone(command, environ, folder, None)


def terminated(
    command: Sequence[str], environ: Mapping[str, str], folder: Path, person: Person
) -> Ran:
    """Send SIGTERM to a program once the command that it runs has printed `READY`."""
    del person
    return _alone(command, environ, folder, signal.SIGTERM)


def _alone(
    command: Sequence[str], environ: Mapping[str, str], folder: Path, sent: int | None
) -> Ran:
    log = folder / "output"
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - a tool that is compared
            command,
            env={**environ},
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    ran_by_it = 0
    try:
        if sent is not None:
            ran_by_it = _ready(log, process)
            process.send_signal(sent)
        status: int | None = process.wait(at_terminals.LIMIT)
    except subprocess.TimeoutExpired:
        status = None
    orphan = ran_by_it != 0 and not gone(ran_by_it)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    screen = log.read_text(encoding="utf-8", errors="replace")
    if status is not None and status < 0:
        return Ran(None, [], screen, -status, orphan=orphan)
    return Ran(status, [], screen, hung=status is None, orphan=orphan)


def _ready(log: Path, process: subprocess.Popen[bytes]) -> int:
    """Wait until the command is ready; return its process id, or 0 when the tool has ended."""
    for _ in range(int(at_terminals.LIMIT / 0.05)):
        said = re.search(rf"{READY} (\d+)", log.read_text(encoding="utf-8", errors="replace"))
        if said:
            return int(said[1])
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.05)
            return 0
    return 0


def gone(pid: int) -> bool:
    """Wait a moment for a process to end; return whether it did.  A zombie has ended."""
    for _ in range(int(ENDS_WITHIN / 0.1)):
        state = subprocess.run(  # noqa: S603 - a number
            ["ps", "-o", "stat=", "-p", str(pid)],  # noqa: S607 - of the system
            capture_output=True,
            text=True,
            check=False,
        ).stdout.strip()
        if state.startswith("Z") or not state:
            return True
        time.sleep(0.1)
    return False
