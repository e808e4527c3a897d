"""authkit's lock files, held by another process for a time (level terminal)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from authkit.adapters.files import file_name
from authkit.adapters.state_folder import StateFolder

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta
    from pathlib import Path

    from sts_simulator.account.clock import Clock


class LockFiles:
    """The lock files in authkit's state folder."""

    def __init__(self, state: Path, clock: Clock) -> None:
        self._state = state
        self._clock = clock

    def hold_elsewhere(
        self,
        name: str,
        span: timedelta,
        then: Callable[[], object] = lambda: None,
        process: str = "",
    ) -> None:
        """Hold the identity's lock for `span` of the story's time, then call `then`.

        `then` is called after the release: it stands for a process that takes
        the lock itself.  The lock file holds the id `process`.
        """
        lock = StateFolder(str(self._state)).lock(name)
        if not lock.acquire():
            raise LookupError("the lock is held already")
        path = self._state / "locks" / file_name(name)
        path.write_text(f"{process}\n", encoding="utf-8")

        # The alarm rings in the server's thread that handles a wait: it releases the lock there.
        def release() -> None:
            lock.release()
            then()

        self._clock.set_alarm(span, release)
