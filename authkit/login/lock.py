"""One login at a time for an identity, in any number of processes (B-L24, B-S07)."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta

from authkit.core import durations
from authkit.core.failures import USAGE, Failure
from authkit.core.render import text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from authkit.core.ports import Lock, World

POLL = timedelta(milliseconds=200)  # between two looks at another process's lock
PATIENCE = timedelta(minutes=10)  # how long another process's lock is waited for


@contextmanager
def single_flight(world: World, name: str) -> Iterator[bool]:
    """Hold the identity's lock; yield whether it was waited for.  Raises StateTrouble, Failure."""
    patience = lock_timeout(world.environ)
    lock = world.lock(name)
    waited = timedelta(0)
    while not lock.acquire():
        if waited >= patience:
            raise _held(lock, name, patience)
        if not waited:
            world.screen.say(text("lock-wait", identity=name))
        world.clock.sleep(POLL)
        waited += POLL  # by the looks, not by the clock: a machine that slept has not waited
    try:
        yield bool(waited)
    finally:
        lock.release()


def lock_timeout(environ: Mapping[str, str]) -> timedelta:
    """Return how long to wait for another process's lock (AUTHKIT_LOCK_TIMEOUT).

    Raises Failure (2) when that is no duration.
    """
    value = environ.get("AUTHKIT_LOCK_TIMEOUT", "")
    if not value:
        return PATIENCE
    try:
        return durations.parse(value)
    except ValueError as error:
        raise Failure("lock-timeout-wrong", USAGE, value=value, reason=error) from None


def _held(lock: Lock, name: str, patience: timedelta) -> Failure:
    """Return what a wait ends with that took too long."""
    holder = lock.holder() or text("lock-holder-unknown")
    waited = durations.spell(patience)
    return Failure("lock-held", identity=name, waited=waited, holder=holder)
