"""How deep the bounded walk of the tests goes."""

from __future__ import annotations

from tests.explore.commands import COMMANDS

DEPTH, SIDE_BY_SIDE = 2, 1  # of one process, and of several
# Of commands that are walked for what their own line is, and not for what is behind it.
SHALLOW = 1
SHALLOW_ONES = (
    *("wrong-", "env-f", "env-p", "env-d", "env-u", "exec-dashes", "exec-first-word"),
    *("exec-debug", "login-debug", "login-not-debug", "login-elsewhere", "login-wire"),
    *("whoami-wire", "login-record", "exec-record", "exec-seat", "configure-seat"),
    *("login-disk", "logout-disk", "whoami-disk"),
)
PAIRS = (  # processes that are interleaved
    *("login+login", "login+logout-keys", "login-force+configure-stdin-no-verify"),
    *("login-role+logout-keys", "exec+login-force", "login-role+login-role"),
)
NAMES = (*COMMANDS, *PAIRS)  # the commands of the bounded walk


def depth(name: str) -> int:
    """Return how deep a command is walked."""
    if name.startswith(SHALLOW_ONES):
        return SHALLOW
    return SIDE_BY_SIDE if "+" in name else DEPTH
