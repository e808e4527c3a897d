"""Locks in memory, which another process may hold for a while."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, timedelta

    from authkit.core.ports import Clock


class Locks:
    """The single-flight locks of all identities, by name, on the story's clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._held: set[str] = set()
        self._elsewhere: dict[str, tuple[datetime, Callable[[], object]]] = {}

    def hold_elsewhere(
        self, name: str, span: timedelta, then: Callable[[], object] = lambda: None
    ) -> None:
        """Have another process hold the lock for so long, and do `then` right before it lets go."""
        self._elsewhere[name] = self._clock.now() + span, then

    def acquire(self, name: str) -> bool:
        """Try once."""
        self._let_go_elsewhere(name)
        if name in self._held or name in self._elsewhere:
            return False
        self._held.add(name)
        return True

    def release(self, name: str) -> None:
        """Let the next one in."""
        self._held.discard(name)

    def of(self, name: str) -> FakeLock:
        """Return the identity's lock, not taken yet."""
        return FakeLock(self, name)

    def _let_go_elsewhere(self, name: str) -> None:
        if name in self._elsewhere and self._clock.now() >= self._elsewhere[name][0]:
            _, then = self._elsewhere.pop(name)
            then()


class FakeLock:
    """ports.Lock: one identity's."""

    def __init__(self, locks: Locks, name: str) -> None:
        self._locks = locks
        self._name = name

    def acquire(self) -> bool:
        """Try once; never wait."""
        return self._locks.acquire(self._name)

    def release(self) -> None:
        """Let the next one in."""
        self._locks.release(self._name)
