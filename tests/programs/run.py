"""Run the command given as arguments as `authkit exec` does.

The variable WAITS makes the wait for a signal go wrong every other time: ``garbled``
as CPython does after a stop, ``failed`` as without memory.
"""

import os
import signal
import sys
from collections.abc import Callable, Iterable
from itertools import count

from authkit.adapters.job import Children
from authkit.core.failures import CannotRun

LARGEST = 200  # the numbers up to here are returned in turn; there are 64 signals


def garbled(turn: int) -> signal.struct_siginfo:
    """Return what CPython returns when the time ran out during a stop: whatever was there."""
    never_sent = {s for s in range(LARGEST) if s not in {*signal.Signals}} | {-1, 10**6}
    number = sorted(never_sent)[turn % len(never_sent)]
    return signal.struct_siginfo((number, 0, 0, 1, 1, 1, 1))


def failed(_turn: int) -> signal.struct_siginfo:
    """Fail as a call does when memory runs out."""
    raise MemoryError


def spoil(bad: Callable[[int], signal.struct_siginfo]) -> None:
    """Let every other wait for a signal go wrong."""
    good, turns = signal.sigtimedwait, count()

    def sigtimedwait(signals: Iterable[int], timeout: float) -> signal.struct_siginfo | None:
        turn = next(turns)
        return good(signals, timeout) if turn % 2 else bad(turn // 2)

    signal.sigtimedwait = sigtimedwait


if __name__ == "__main__":
    if waits := os.environ.get("WAITS"):
        spoil({"garbled": garbled, "failed": failed}[waits])
    try:
        sys.exit(Children().run(sys.argv[1:], os.environ))
    except CannotRun as trouble:
        sys.stderr.write(f"{trouble.reason}\n")
        sys.exit(trouble.status)
