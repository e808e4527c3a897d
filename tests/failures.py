"""Tries every failure of every call of every command, and prints what the laws say.

Run ``python -m tests.failures [COMMAND]...``; a COMMAND is a name of
``tests.explore.commands_tried.COMMANDS``.  Its tests try a part of the same;
this takes about a minute.  Exit 1 after the first complaint.
"""

from __future__ import annotations

import sys
from collections import Counter

from tests.explore.commands_tried import COMMANDS
from tests.explore.tries import complaints, tries


def main(names: list[str]) -> int:
    """Try these commands, or all; print the counts, and what is wrong."""
    counts: Counter[str] = Counter()
    for name in names or COMMANDS:
        for tried in tries(name, set(), every=True):
            counts[name] += 1
            if found := complaints(tried):
                print("\n".join(found))
                return 1
        print(f"{counts[name]:>6}  {name}", flush=True)
    print(f"{counts.total():>6}  tries, and each kept the laws")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
