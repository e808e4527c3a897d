"""How deep the bounded walk of the tests goes."""

from __future__ import annotations

from tests.explore.commands import COMMANDS
from tests.explore.situations import SITUATIONS

PAIRS = (  # processes that are interleaved
    *("login+login", "login+logout-keys", "login-force+configure-stdin-no-verify"),
    *("login-role+logout-keys", "exec+login-force", "login-role+login-role"),
)
NAMES = (*COMMANDS, *PAIRS, *SITUATIONS)  # the commands of the bounded walk
# Where two things that are not plain are combined: each command in one form.  What a variant
# differs in is seen where one thing is not plain.
TWICE = {
    *("login", "login-role", "brought-login", "exec", "whoami", "env", "credential-process"),
    *("configure", "configure-stdin", "import", "list", "logout-keys", "logout-all-keys"),
    *("doctor", "profile-add", "profile-remove", "complete-identities"),
}


def depth(name: str) -> int:
    """Return how deep a command is walked."""
    return 2 if name in TWICE else 1
