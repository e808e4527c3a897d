"""How deep the bounded walk of the tests goes."""

from __future__ import annotations

from tests.explore.commands import COMMANDS

DEPTH, SIDE_BY_SIDE = 2, 1  # of one process, and of several
PAIRS = (  # processes that are interleaved
    *("login+login", "login+logout-keys", "login-force+configure-stdin-no-verify"),
    *("login-role+logout-keys", "exec+login-force", "login-role+login-role"),
)
NAMES = (*COMMANDS, *PAIRS)  # the commands of the bounded walk


def depth(name: str) -> int:
    """Return how deep a command is walked."""
    return SIDE_BY_SIDE if "+" in name else DEPTH
