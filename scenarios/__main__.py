"""``python -m scenarios``: replay stories and print their transcripts."""

import os
import signal
import sys
from typing import NoReturn

from scenarios.replay.runner.command import FAIL, main

INTERRUPTED = 130


class Interrupted(BaseException):
    """Raised for Ctrl-C: unlike KeyboardInterrupt it is not taken by the authkit of a story."""


def interrupt(*_: object) -> NoReturn:
    """Raise Interrupted."""
    raise Interrupted


if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
    signal.signal(signal.SIGINT, interrupt)
try:
    status = main()
    sys.stdout.flush()
except BrokenPipeError:  # the reader of the pipe, such as head, has ended
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    status = FAIL
except Interrupted:
    status = INTERRUPTED
sys.exit(status)
