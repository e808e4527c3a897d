"""How deep the bounded walk of the tests goes."""

from __future__ import annotations

from tests.explore.commands import COMMANDS

DEPTH, SIDE_BY_SIDE, NEAR = 2, 1, 1  # of one process, of several, of a beginning of its own
PAIRS = (  # processes that are interleaved
    *("login+login", "login+logout-keys", "login-force+configure-stdin-no-verify"),
    *("login-role+logout-keys", "exec+login-force", "login-role+login-role"),
)
NAMES = (*COMMANDS, *PAIRS)  # the commands of the bounded walk
# What their beginnings are for shows near them; further on they are as `login` and `configure` are.
OWN_BEGINNINGS = ("-keep", "-same-code", "-throttled", "-refused")


def depth(name: str) -> int:
    """Return how deep a command is walked."""
    if "+" in name:
        return SIDE_BY_SIDE
    return NEAR if name.endswith(OWN_BEGINNINGS) else DEPTH
