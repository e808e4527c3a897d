"""Print each signal that arrives and how often it has; end on the third TERM.

``--signal-parent NAME`` sends the parent a signal once the handlers are set;
``--note NAME`` notes one more signal.
"""

import os
import signal
import sys
import time
from collections import Counter

NOTED = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2")
LAST = ("SIGTERM", 3)
came: Counter[str] = Counter()


def note(signum: int, _frame: object) -> None:
    """Print which signal came, and how often it has."""
    name = signal.Signals(signum).name
    came[name] += 1
    os.write(1, f"{name} came {came[name]} in {sum(came.values())}.\n".encode())
    if (name, came[name]) == LAST:
        sys.exit(7)


if __name__ == "__main__":
    arguments = dict(zip(sys.argv[1::2], sys.argv[2::2], strict=True))
    for name in {*NOTED, arguments.get("--note", NOTED[0])}:
        signal.signal(signal.Signals[name], note)
    os.write(1, f"parent {os.getppid()} child {os.getpid()}.\n".encode())
    if "--signal-parent" in arguments:
        os.kill(os.getppid(), signal.Signals[arguments["--signal-parent"]])
    while True:
        time.sleep(0.1)  # not pause(): it would not see a signal that came right before it
