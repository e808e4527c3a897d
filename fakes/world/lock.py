"""The port Lock in memory; a lock may be held by another process for a while."""

from __future__ import annotations

from typing import TYPE_CHECKING

from authkit.adapters.files import file_name
from authkit.adapters.state_troubles import trouble
from fakes.world.state_folder import FOLDER

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime, timedelta

    from authkit.core.ports import Clock


AUTHKIT = "4711"  # the process id that stories show for every process of authkit


class Locks:
    """The locks of all identities, by name.

    `spoilt` are the lasting troubles of the state folder (``fakes.world.state_folder``).
    """

    def __init__(self, clock: Clock, spoilt: Mapping[str, str] | None = None) -> None:
        self._clock = clock
        self._spoilt = {} if spoilt is None else spoilt
        self._held: set[str] = set()
        self._elsewhere: dict[str, tuple[datetime, Callable[[], object]]] = {}
        self._holders: dict[str, str] = {}  # process ids that lock files hold

    def hold_elsewhere(
        self,
        name: str,
        span: timedelta,
        then: Callable[[], object] = lambda: None,
        process: str = "",
    ) -> None:
        """Simulate another process that holds the lock for `span` of the clock's time.

        `then` is called right before the lock is released: it is what that
        process does while it holds the lock.  `process` is its id, "" if the lock
        file does not hold it.
        """
        self._elsewhere[name] = self._clock.now() + span, then
        self._holders[name] = process

    def end_elsewhere(self) -> None:
        """End the other processes that hold locks, which releases these."""
        self._elsewhere.clear()

    def acquire(self, name: str) -> bool:
        """Try once to take the lock; return whether it was free."""
        self._release_elsewhere(name)
        for path in ("", "locks", f"locks/{file_name(name)}"):
            if word := self._spoilt.get(path):
                raise trouble(f"{FOLDER}/{path}".rstrip("/"), word)
        if name in self._held or name in self._elsewhere:
            return False
        self._held.add(name)
        self._holders[name] = AUTHKIT
        return True

    def is_free(self, name: str) -> bool:
        """Return whether nobody holds the lock."""
        return name not in self._held and name not in self._elsewhere

    def release(self, name: str) -> None:
        """Release the lock, if it is held."""
        self._held.discard(name)

    def holder(self, name: str) -> str:
        """Return which process holds the lock, "" when that is not known."""
        process = self._holders.get(name, "")
        return f"process {process}" if process else ""

    def of(self, name: str) -> FakeLock:
        """Return the lock of an identity, not taken yet."""
        return FakeLock(self, name)

    def _release_elsewhere(self, name: str) -> None:
        if name in self._elsewhere and self._clock.now() >= self._elsewhere[name][0]:
            _, then = self._elsewhere.pop(name)
            then()


class FakeLock:
    """ports.Lock: the lock of one identity."""

    def __init__(self, locks: Locks, name: str) -> None:
        self._locks = locks
        self._name = name

    def acquire(self) -> bool:
        """Try once to take the lock; return whether it was free."""
        return self._locks.acquire(self._name)

    def release(self) -> None:
        """Release the lock, if it is held."""
        self._locks.release(self._name)

    def holder(self) -> str:
        """Return which process holds it, in words, "" when that is not known."""
        return self._locks.holder(self._name)
