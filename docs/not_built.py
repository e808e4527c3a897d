"""What docs/contract.md states and what does not exist yet.

README.md and the head of that page show the list.  A test compares it with the programs'
``--help`` and with what authkit does, in both directions: a line here that has been built
must be removed, and what is stated anew must be built or added here.
"""

from __future__ import annotations

# Programs, commands and options that no `--help` has.
WORDS: tuple[str, ...] = ()
# Anything else, by the name of the function of the test that tries it.
BEHAVIOUR: dict[str, str] = {}


def listed() -> str:
    """Return the list as the pages show it."""
    told = [*filter(None, (", ".join(f"`{word}`" for word in WORDS), *BEHAVIOUR.values()))]
    if not told:
        return "All parts of the contract are built."
    rows = [f"- {what}" for what in told]
    return "\n".join(["These parts of the contract are not built yet:", "", *rows])
