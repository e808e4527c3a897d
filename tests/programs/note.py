"""Print each signal that arrives and how often it has; end on the third TERM.

``--signal-parent NAME`` sends the parent a signal once the handlers are set.
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
    for name in NOTED:
        signal.signal(signal.Signals[name], note)
    os.write(1, f"parent {os.getppid()} child {os.getpid()}.\n".encode())
    if sys.argv[1:2] == ["--signal-parent"]:
        os.kill(os.getppid(), signal.Signals[sys.argv[2]])
    while True:
        time.sleep(0.1)  # not pause(): it would not see a signal that came right before it
