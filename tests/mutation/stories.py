"""Replays stories at the level fakes until one does not hold, whose name is printed.

``python -m tests.mutation.stories [--only] [NAME]...``: the stories that are named come first.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from scenarios.replay.runner.replay import play
from scenarios.replay.story import reading

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(words: Sequence[str]) -> int:
    """Return 1 if a story does not hold, and 0 if all hold."""
    for path in sorted(reading.stories(), key=lambda path: path.stem not in words):
        if "--only" in words and path.stem not in words:
            break
        if not play(path, ["fakes"]).holds:
            sys.stdout.write(f"{path.stem}\n")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
