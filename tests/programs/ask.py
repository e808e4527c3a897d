"""Ask the questions given as arguments, one by one; those with "Secret" in them unseen."""

import json
import os
import sys

from authkit.adapters.terminal import Terminal
from authkit.core.failures import Cancelled
from authkit.core.model import Question


def main() -> None:
    """Say who asks, ask, say what was answered."""
    terminal = Terminal(sys.stdout, sys.stderr, os.environ)
    terminal.say(f"asker {os.getpid()}.")
    try:
        answers = [terminal.ask(Question(text, "Secret" in text)) for text in sys.argv[1:]]
    except Cancelled:
        terminal.say("cancelled.")
        sys.exit(130)
    terminal.say(f"answers {json.dumps(answers)}.")


if __name__ == "__main__":
    main()
