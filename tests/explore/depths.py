"""How deep the bounded walk of the tests goes."""

from __future__ import annotations

from tests.explore.commands import COMMANDS
from tests.explore.situations import SITUATIONS

DEPTH, SIDE_BY_SIDE = 2, 1  # of one process, and of several
SINGLY = 1  # of situations: one failure
PAIRS = (  # processes that are interleaved
    *("login+login", "login+logout-keys", "login-force+configure-stdin-no-verify"),
    *("login-role+logout-keys", "exec+login-force", "login-role+login-role"),
)
NAMES = (*COMMANDS, *PAIRS, *SITUATIONS)  # the commands of the bounded walk


def depth(name: str) -> int:
    """Return how deep a command is walked."""
    if name in SITUATIONS:
        return SINGLY
    return SIDE_BY_SIDE if "+" in name else DEPTH
