"""tests/programs/note under `exec`'s way of running it, without a terminal; processes' states."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from scenarios.replay.stages.pty_session import default_signals
from tests.support.pty_tools import ENVIRON, LIMIT, program

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def state(pid: int) -> str:
    """Return the state of a process as /proc shows it: T is stopped."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


class Noting:
    """A process that runs `note`, and its child's output."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        self.authkit, self.child = map(int, re.findall(r"\d+", self.line()))

    def line(self) -> str:
        """Wait for the child's next line."""
        assert self.process.stdout
        ready = select.select([self.process.stdout], [], [], LIMIT)[0]
        assert ready, "the child printed nothing"
        return self.process.stdout.readline().decode().strip()

    def send(self, *names: str) -> None:
        """Send authkit signals."""
        for name in names:
            os.kill(self.authkit, signal.Signals[f"SIG{name}"])

    def end(self, before: int = 0) -> None:
        """End the child by three TERM, `before` signals after its start; its status is 7."""
        for count in (1, 2, 3):
            self.send("TERM")
            assert self.line() == f"SIGTERM came {count} in {before + count}."
        assert self.process.wait(LIMIT) == 7


def until_state(pid: int, states: str) -> None:
    """Wait until a process is in one of these states."""
    until(lambda: state(pid) in states)


def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds; a test's time limit is the limit."""
    deadline = time.monotonic() + LIMIT
    while not holds():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.01)


@contextmanager
def noting(*command: str, **environ: str) -> Iterator[Noting]:
    """Run a command that runs `note`, in a session of its own; none of it is left at the end."""
    with subprocess.Popen(  # noqa: S603 - our own
        command or program("run", *program("note", "--note", "SIGCONT")),
        env=ENVIRON | environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        bufsize=0,  # a line is there when its beginning is
        start_new_session=True,
        preexec_fn=default_signals,  # noqa: PLW1509 - it takes no lock of another thread
    ) as process:
        try:
            yield Noting(process)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
