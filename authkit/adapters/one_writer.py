"""One process at a time writes to the keyring, whatever the identity (B-S02), or to user files.

Some backends read one file with every entry, change it and write it back, so
that what another process wrote in between is lost.  A keyring belongs to the user,
so its lock is where all of the user's processes find it; which place that is
``adapters.world`` says (docs/decisions/the-writers-lock.md).  It is held for one write.
The same holds for the files of ``adapters.user_files``, with a lock of their own.
"""

from __future__ import annotations

import contextlib
import os
import time
from functools import partial

from authkit.core import config, durations
from authkit.core.endings import cure
from authkit.core.failures import Failure, KeyringTrouble, StateTrouble
from authkit.core.render import text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Protocol, TypeVar

    from authkit.core import ports

    class Lock(ports.Lock, Protocol):
        """A lock on a file (``adapters.locks``)."""

        def is_made(self) -> bool:
            """Tell whether its file is there.  Raises StateTrouble."""

    T = TypeVar("T")


_POLL = 0.02  # seconds between two looks: a write takes milliseconds
_UNSAID = 25  # looks before the wait is told: half a second
_BRIEF = 1.0  # seconds: for a reader that can do without the lock
_ANOTHER = "another authkit"


def _of_keyring(reason: str, cure: str) -> Exception:
    return KeyringTrouble("unreadable", reason, hint=f"{cure}.")


class OneWriter:
    """Makes contexts that one process at a time is in.

    `locks` are functions that return a lock, not taken; the first lock that can be used
    here counts.  `say` shows a line to the person.  `what` is written to; `trouble` makes what
    is raised when the lock cannot be had, from the reason and the cure.
    """

    def __init__(
        self,
        *locks: Callable[[], Lock],
        say: Callable[[str], object] = lambda _: None,
        what: str = "the keyring",
        trouble: Callable[[str, str], Exception] = _of_keyring,
    ) -> None:
        self._locks = locks
        self._say = say
        self._what = what
        self._trouble = trouble
        self._brief = _BRIEF

    @contextlib.contextmanager
    def __call__(self, *, briefly: bool = False) -> Iterator[None]:
        """Hold the lock; wait for it as long as AUTHKIT_LOCK_TIMEOUT says.

        `briefly`: wait for a second at most, once a process, and then go on without it.
        Raises what `trouble` makes when it cannot be had, unless `briefly`.
        """
        lock = self._taken_briefly() if briefly else self._taken()
        try:
            yield
        finally:
            if lock:
                lock.release()

    def _taken(self) -> Lock:
        patience = _patience()
        try:
            lock, free = self._first(partial(self._wait, patience))
        except StateTrouble as error:
            reason = f"its lock cannot be taken ({error.path}: {error.reason})"
            raise self._trouble(reason, f"{cure(error)}, then try again") from error
        if not free:
            raise self._trouble(
                f"{_holder(lock)} has been writing to it for {durations.spell(patience)}",
                "Look for an authkit that waits for an answer or was stopped, and end it",
            )
        return lock

    def _taken_briefly(self) -> Lock | None:
        try:
            if not self._first(lambda lock: lock.is_made()):
                return None  # it was never taken, so nobody has written: a reader makes no file
            lock, free = self._first(partial(self._wait, self._brief))
        except StateTrouble:
            return None
        if not free:
            self._brief = 0.0  # whoever holds it was given time to finish
        return lock if free else None

    def _first(self, use: Callable[[Lock], T]) -> T:
        """Return what `use` returns of the first lock that can be used.

        Raises StateTrouble, the last one's, when none can be used.
        """
        for made in self._locks[:-1]:
            with contextlib.suppress(StateTrouble):
                return use(made())
        return use(self._locks[-1]())

    def _wait(self, patience: float, lock: Lock) -> tuple[Lock, bool]:
        """Wait until the lock is taken; return it, and whether it was.  Say so once if it lasts."""
        looks = 0  # not by the clock: a process that was stopped has not waited
        while not lock.acquire():
            if looks >= patience / _POLL:
                return lock, False
            if looks == _UNSAID:
                self._say(text("writer-wait", holder=_holder(lock), what=self._what))
            looks += 1
            time.sleep(_POLL)
        return lock, True


def _holder(lock: Lock) -> str:
    with contextlib.suppress(StateTrouble):
        return lock.holder() or _ANOTHER
    return _ANOTHER


def _patience() -> int:
    """Return how many seconds to wait; no duration is refused where identities are locked."""
    with contextlib.suppress(Failure):
        return config.lock_timeout(os.environ)
    return config.PATIENCE
