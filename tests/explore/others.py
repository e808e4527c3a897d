"""What another process does between two effects: it respects the locks that it needs.

Whole processes, interleaved at every effect, are in ``processes``; these are short ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.explore import answers
from tests.explore.machine import FIRST, NAME, OTHERS_ENTRY

if TYPE_CHECKING:
    from tests.explore.world import World


def act(world: World, outcome: str) -> None:
    """Have another process do what the outcome says, if it can get the locks for it."""
    machine = world.machine
    if outcome in {answers.OTHERS_WRITE, answers.OTHERS_REMOVE}:
        if machine.writer is not None:
            return
        if outcome == answers.OTHERS_WRITE:
            machine.entries[NAME] = OTHERS_ENTRY
        else:
            machine.entries.pop(NAME, None)
        world.note("others", machine.entries.get(NAME))
    elif outcome in {answers.OTHERS_LOG_IN, answers.OTHERS_LOG_OUT}:
        if machine.locks:
            return
        if outcome == answers.OTHERS_LOG_OUT:
            machine.sessions.clear()
        else:
            from tests.explore.starts import session_of  # noqa: PLC0415 - a ring otherwise

            machine.sessions[NAME] = session_of(machine, FIRST, "ASIAELSEWHERE")
        world.note("others", machine.sessions.get(NAME))
