"""The command that `exec` runs, as a story tells it: its end, its words, how long it takes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from authkit.core.failures import CannotRun
from fakes.world.prompter import OffScript

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from authkit.core.ports import Clock
    from fakes.world.journal import Journal

# What keeps a command from being started, and the shell's status for it.
NOT_STARTED = {"not found": 127, "not executable": 126}


@dataclass(frozen=True)
class Child:
    """What a child does.  `signal`: it dies of that; `fails`: it cannot even be started."""

    exit: int = 0
    signal: int = 0
    says: str = ""
    takes: timedelta = timedelta()
    fails: str = ""


class ScriptedChildren:
    """ports.Children: `child` is the one command that is expected to be run."""

    def __init__(self, child: Child | None, journal: Journal, clock: Clock) -> None:
        self._child = child
        self._journal = journal
        self._clock = clock
        self.environ: Mapping[str, str] | None = None  # what the child found, once there was one

    def run(self, command: Sequence[str], environ: Mapping[str, str]) -> int:
        """Return the child's exit status.  Raises CannotRun, OffScript."""
        child, self._child = self._child, None
        if child is None:
            raise OffScript(f"{' '.join(command)!r} is run, but the story has no (other) child")
        if child.fails:
            raise CannotRun(NOT_STARTED[child.fails], _REASONS[child.fails])
        self.environ = dict(environ)
        if child.says:
            self._journal.wrote(child.says if child.says.endswith("\n") else f"{child.says}\n")
        self._clock.sleep(child.takes)
        return 128 + child.signal if child.signal else child.exit


_REASONS = {"not found": "command not found", "not executable": "Permission denied"}
