"""What happens while a command runs at level terminal: other processes hold authkit's locks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from filelock import FileLock

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta
    from pathlib import Path

    from sts_simulator.account.clock import Clock


class RealLocks:
    """authkit's lock files, as another process holds them."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock

    def hold_elsewhere(
        self, name: str, span: timedelta, then: Callable[[], object] = lambda: None
    ) -> None:
        """Hold the lock for so long; `then` is done by a process that has to take it itself."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Whoever sleeps on the clock lets it go: a thread of the server's.
        lock = FileLock(self._folder / name, mode=0o600, thread_local=False)
        lock.acquire()

        def let_go() -> None:
            lock.release()
            then()

        self._clock.set_alarm(span, let_go)
