"""One login at a time for an identity, in any number of processes (B-L24)."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta

from authkit.core.render import text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from authkit.core.ports import World

POLL = timedelta(milliseconds=200)  # between two looks at another process's lock


@contextmanager
def single_flight(world: World, name: str) -> Iterator[bool]:
    """Hold the identity's lock; yield whether it was waited for.  Raises StateTrouble."""
    lock, waited = world.lock(name), False
    while not lock.acquire():
        if not waited:
            world.screen.say(text("lock-wait", identity=name))
            waited = True
        world.clock.sleep(POLL)
    try:
        yield waited
    finally:
        lock.release()
