"""``python -m scenarios``: replay the stories and show them as a person would see them."""

import os
import sys

from scenarios.replay.runner.command import FAIL, main

try:
    status = main()
    sys.stdout.flush()
except BrokenPipeError:  # its reader, `head` say, has left
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    status = FAIL
sys.exit(status)
