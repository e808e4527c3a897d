"""Ask the questions given as arguments; the answer to one with "Secret" in it is hidden."""

import json
import os
import sys

from authkit.adapters.terminal import Terminal
from authkit.core.model import Question
from authkit.core.ports import Cancelled


def main() -> None:
    """Print the process id, ask, and print the answers."""
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
