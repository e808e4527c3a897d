"""``python -m scenarios``: replay stories and print their transcripts."""

import os
import sys

from scenarios.replay.runner.command import FAIL, main

try:
    status = main()
    sys.stdout.flush()
except BrokenPipeError:  # the reader of the pipe, such as head, has ended
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    status = FAIL
sys.exit(status)
