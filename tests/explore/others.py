"""What another process does between two effects: it respects the locks that it needs.

Whole processes, interleaved at every effect, are in ``interleaving``; these are short ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.explore import answers
from tests.explore.configs import identities
from tests.explore.machine import FIRST, NAME, OTHERS_ENTRY, ROLE
from tests.explore.starts import session_of

if TYPE_CHECKING:
    from tests.explore.machine import Machine

UNABLE = object()  # what is returned when nothing was done


def act(machine: Machine, outcome: str) -> object:
    """Have another process do what the outcome says, if it can get the locks for it.

    Returns what is there by then, or `UNABLE`.
    """
    if outcome in {answers.OTHERS_WRITE, answers.OTHERS_REMOVE}:
        if machine.writer is not None:
            return UNABLE
        if outcome == answers.OTHERS_WRITE:
            machine.entries[NAME] = OTHERS_ENTRY
        else:
            machine.entries.pop(NAME, None)
        return machine.entries.get(NAME)
    if outcome in {answers.OTHERS_LOG_IN, answers.OTHERS_LOG_OUT}:
        logs_out = outcome == answers.OTHERS_LOG_OUT  # of everything
        if machine.locks if logs_out else NAME in machine.locks:
            return UNABLE
        if logs_out:
            machine.sessions.clear()
        else:
            machine.sessions[NAME] = session_of(machine, "ASIAELSEWHERE")
        return machine.sessions.get(NAME)
    return _log_in_to_role(machine) if outcome == answers.OTHERS_LOG_IN_TO_ROLE else UNABLE


def _log_in_to_role(machine: Machine) -> object:
    """Have a login to the role end: its keys are those of the entry, and its lock is its own."""
    able = FIRST[1] in machine.entries.get(NAME, "") and ROLE in identities(machine.config)
    if not able or ROLE in machine.locks or machine.writer is not None:
        return UNABLE
    machine.sessions[ROLE] = session_of(machine, "ASIAELSEWHEREROLE", ROLE)
    return machine.sessions[ROLE]
