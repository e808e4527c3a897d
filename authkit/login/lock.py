"""One login at a time for an identity, in any number of processes (B-L24, B-S07)."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta

from authkit.core import config, durations
from authkit.core.failures import CANCELLED, Failure
from authkit.core.render import text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from authkit.core.ports import World

POLL = timedelta(milliseconds=200)  # between two looks at another process's lock


@contextmanager
def single_flight(world: World, name: str, says: str = "lock-wait") -> Iterator[bool]:
    """Hold the identity's lock; yield whether it was waited for, which the message `says` says.

    Raises StateTrouble, Failure.
    """
    patience = config.lock_timeout(world.environ)
    lock = world.lock(name)
    waited = timedelta(0)
    while not lock.acquire():
        if waited.total_seconds() >= patience:
            holder, spelt = lock.holder() or text("lock-holder-unknown"), durations.spell(patience)
            raise Failure("lock-held", identity=name, waited=spelt, holder=holder)
        if not waited:
            world.screen.say(text(says, identity=name))
        try:
            world.clock.sleep(POLL)
        except KeyboardInterrupt:
            raise Failure("cancelled-waiting", CANCELLED, identity=name) from None
        waited += POLL  # by the looks, not by the clock: a machine that slept has not waited
    try:
        yield bool(waited)
    finally:
        lock.release()
