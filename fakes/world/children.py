"""The port Children, scripted: how the command that `exec` runs ends, prints and takes time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from authkit.core.failures import CannotRun
from fakes.world.prompter import Unscripted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from authkit.core.ports import Clock
    from fakes.world.journal import Journal

# Why a command cannot be started: the arguments of CannotRun, a shell's status and reason.
NOT_STARTED = {
    "not found": (127, "command not found"),
    "not executable": (126, "Permission denied"),
}


@dataclass(frozen=True)
class Child:
    """What a child does.

    `signal` is the number of the signal that kills it, 0 for none.  `fails` is
    a key of `NOT_STARTED`, or "" for a child that can be started.  One that `reads`
    prints its standard input.
    """

    exit: int = 0
    signal: int = 0
    says: str = ""
    takes: timedelta = timedelta()
    fails: str = ""
    reads: bool = False


class ScriptedChildren:
    """ports.Children.  `child` is the only command that may be run; None: none may.

    `stdin` is its standard input.  `environ` is the environment that the child was
    started with, None until then.
    """

    def __init__(
        self, child: Child | None, journal: Journal, clock: Clock, stdin: str = ""
    ) -> None:
        self._child = child
        self._stdin = stdin
        self._journal = journal
        self._clock = clock
        self.environ: Mapping[str, str] | None = None

    def run(self, command: Sequence[str], environ: Mapping[str, str]) -> int:
        """Return the child's exit status.  Raises CannotRun, Unscripted."""
        child, self._child = self._child, None
        if child is None:
            raise Unscripted(f"{' '.join(command)!r} is run, but the story has no (other) child")
        if child.fails:
            raise CannotRun(*NOT_STARTED[child.fails])
        self.environ = dict(environ)
        if child.says:
            self._journal.wrote(child.says if child.says.endswith("\n") else f"{child.says}\n")
        if child.reads:
            self._journal.wrote(self._stdin)
        self._clock.sleep(child.takes)
        return 128 + child.signal if child.signal else child.exit
