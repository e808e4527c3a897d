"""Every call of a command's ports fails in every way, one in each try."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tests.explore import laws
from tests.explore.commands_tried import COMMANDS
from tests.explore.failing_world import faults_of, some_faults_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.explore.laws import End


class Try(NamedTuple):
    """One run: in which command, at which call, what happened, how it ended."""

    command: str
    at: int
    fault: str
    end: End

    @property
    def words(self) -> str:
        """What was tried, for a report."""
        struck = self.end.trial.struck
        where = f"{self.at} {'.'.join(struck.method)} {struck.about}" if struck else "undisturbed"
        return f"{self.command}: {where}: {self.fault}"


def tries(name: str, heard: set[str], *, every: bool = False) -> Iterator[Try]:
    """Yield the runs of a command: undisturbed, and with the faults of each call.

    `every` fault, or only a part of them (``failing_world.some_faults_of``).  The
    claims that were on the screen are added to `heard`.
    """
    command = COMMANDS[name]
    whole = laws.end_of(command, 0, None, heard)
    yield Try(name, 0, "nothing fails", whole)
    for at, call in enumerate(whole.trial.calls, 1):
        for fault in faults_of(call.method) if every else some_faults_of(call.method, at):
            yield Try(name, at, fault.name, laws.end_of(command, at, fault, heard))


def complaints(tried: Try) -> list[str]:
    """Return what the laws have against a try, with its screen."""
    found = laws.complaints(tried.end)
    return [f"{tried.words}: {said}\n{tried.end.screen}" for said in found]
