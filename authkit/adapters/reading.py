"""Reading what others write: a config file or standard input, bounded in size and in time.

A pipe is a file too (``--config <(command)``), so it is waited for, but not for
ever (B-S07, B-A06).
"""

from __future__ import annotations

import os
import stat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

LIMIT = 1 << 20  # bytes
PATIENCE = 60.0  # seconds in which nothing comes


class Unreadable(Exception):
    """What there is cannot be taken; the text says why."""


def read_file(path: str, look: Callable[[os.stat_result], object] = lambda _status: None) -> bytes:
    """Return a file's bytes; `look` is given the status of what is open.

    Raises OSError, Unreadable.
    """
    flags = sum(
        getattr(os, flag, 0) for flag in ("O_NONBLOCK", "O_CLOEXEC", "O_NOCTTY", "O_BINARY")
    )
    handle = os.open(path, os.O_RDONLY | flags)
    try:
        look(os.fstat(handle))
        return read_all(handle)
    finally:
        os.close(handle)


def read_all(handle: int) -> bytes:
    """Return all that an open file gives.  Raises OSError, Unreadable."""
    found = bytearray()
    waits = not stat.S_ISREG(os.fstat(handle).st_mode) and os.name == "posix"
    while len(found) <= LIMIT:
        if waits:
            _wait(handle)
        try:
            part = os.read(handle, LIMIT + 1)
        except BlockingIOError:  # another reader was quicker
            continue
        if not part:
            return bytes(found)
        found += part
    raise Unreadable("it has more than 1 MiB")


def _wait(handle: int) -> None:
    """Wait until there is something to read, or the end.  Raises Unreadable."""
    import select

    poll = select.poll()  # select() is limited to descriptors under 1,024
    poll.register(handle, select.POLLIN)
    if not poll.poll(PATIENCE * 1000):
        raise Unreadable(f"nothing came from it in {PATIENCE:.0f} seconds")
