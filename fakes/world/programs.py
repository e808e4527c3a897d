"""The port Programs, scripted: what the runs of the command in `mfa_process` print, in order."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from authkit.adapters.programs import ended_badly, one_line, too_slow
from authkit.core.failures import MAY_NOT_EXECUTE, CannotRun
from fakes.world.prompter import Unscripted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import timedelta

    from authkit.core.model import Secret
    from authkit.core.ports import Clock
    from fakes.world.children import Child

BIN = "/usr/bin"  # where they all are
# Why a program cannot be started: the arguments of CannotRun.
NOT_STARTED = {
    "not found": (127, "was not found"),
    "not executable": (126, "cannot be run (Permission denied)"),
}


class ScriptedPrograms:
    """ports.Programs.  Each run does what the next of `runs` says; there are no more than these.

    `environ` is the environment of the last run, None until then.
    """

    def __init__(self, runs: Iterable[Child], clock: Clock) -> None:
        self._runs = deque(runs)
        self._clock = clock
        self.environ: Mapping[str, str] | None = None

    def line(self, command: Sequence[str], environ: Mapping[str, str], within: timedelta) -> Secret:
        """Return the line that the program prints.  Raises CannotRun, Unscripted."""
        if not self._runs:
            raise Unscripted(f"{command[0]!r} is run, but the story has no (more) runs of it")
        run = self._runs.popleft()
        if run.fails:
            raise CannotRun(*NOT_STARTED[run.fails])
        self.environ = dict(environ)
        if run.takes:
            self._clock.sleep(min(run.takes, within))
        if run.takes >= within:
            raise too_slow(within.total_seconds())
        if run.signal or run.exit:
            raise ended_badly(-run.signal or run.exit)
        return one_line(run.says.encode())

    def found(self, program: str) -> tuple[str, str]:
        """Return the file of a program, and why it cannot be started, "" where it can.

        What the first run does is what would come of it now.  One that fails stays for later.
        """
        fails = self._runs[0].fails if self._runs else ""
        path = program if "/" in program else f"{BIN}/{program}"
        if fails == "not found":
            return "", ""
        return path, MAY_NOT_EXECUTE if fails == "not executable" else ""

    @property
    def unused(self) -> int:
        """How many runs were not made."""
        return len(self._runs)
