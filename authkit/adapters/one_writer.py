"""One process at a time writes to the keyring, whatever the identity (B-S02).

Some backends read one file with every entry, change it and write it back, so
that what another process wrote in between is lost.  The lock is in the state
folder, and is held for one write.
"""

from __future__ import annotations

import contextlib
import os
import time
from datetime import timedelta

from authkit.core import config, durations
from authkit.core.endings import cure
from authkit.core.failures import Failure, KeyringTrouble, StateTrouble

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from authkit.core.ports import Lock

_POLL = timedelta(milliseconds=20)  # between two looks: a write takes milliseconds


class OneWriter:
    """Makes contexts that one process at a time is in; `lock` returns the lock, not taken.

    It is waited for as long as AUTHKIT_LOCK_TIMEOUT says.
    """

    def __init__(self, lock: Callable[[], Lock]) -> None:
        self._lock = lock

    @contextlib.contextmanager
    def __call__(self) -> Iterator[None]:
        """Hold the lock.  Raises KeyringTrouble when it cannot be had."""
        try:
            lock = self._lock()
            _wait(lock)
        except StateTrouble as error:
            reason = f"its lock cannot be taken ({error.path}: {error.reason})"
            hint = f"{cure(error)}, then try again."
            raise KeyringTrouble("unreadable", reason, hint=hint) from error
        try:
            yield
        finally:
            lock.release()


def _wait(lock: Lock) -> None:
    patience = _patience()
    looks = patience / _POLL  # not by the clock: a process that was stopped has not waited
    while not lock.acquire():
        looks -= 1
        if looks < 0:
            raise KeyringTrouble(
                "unreadable",
                f"{lock.holder() or 'another authkit'} has been writing to it"
                f" for {durations.spell(patience)}",
                hint="Look for an authkit that waits for an answer or was stopped, and end it.",
            )
        time.sleep(_POLL.total_seconds())


def _patience() -> timedelta:
    """Return how long to wait; what is no duration is refused where identities are locked."""
    with contextlib.suppress(Failure):
        return config.lock_timeout(os.environ)
    return config.PATIENCE
