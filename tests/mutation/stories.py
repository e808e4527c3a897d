"""Replays stories at the level fakes until one does not hold, whose name is printed.

``python -m tests.mutation.stories [--only] [NAME]...``: the stories that are named come first.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from scenarios.replay.runner.replay import play
from scenarios.replay.story import reading

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(words: Sequence[str]) -> int:
    """Return 1 if a story does not hold, and 0 if all hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation.stories", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--only", action="store_true", help="replay no other stories")
    options = parser.parse_args(words)
    for path in sorted(reading.stories(), key=lambda path: path.stem not in options.names):
        if options.only and path.stem not in options.names:
            break
        if not play(path, ["fakes"]).holds:
            sys.stdout.write(f"{path.stem}\n")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
