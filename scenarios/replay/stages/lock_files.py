"""authkit's lock files, held by another process for a time (level terminal)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from filelock import FileLock

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta
    from pathlib import Path

    from sts_simulator.account.clock import Clock


class LockFiles:
    """The folder of authkit's lock files."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock

    def hold_elsewhere(
        self, name: str, span: timedelta, then: Callable[[], object] = lambda: None
    ) -> None:
        """Hold the identity's lock for `span` of the story's time, then call `then`.

        `then` is called after the release: it stands for a process that takes
        the lock itself.
        """
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # The alarm rings in the server's thread that handles a wait: it releases the lock there.
        lock = FileLock(self._folder / name, mode=0o600, thread_local=False)
        lock.acquire()

        def release() -> None:
            lock.release()
            then()

        self._clock.set_alarm(span, release)
