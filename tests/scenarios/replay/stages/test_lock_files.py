"""stages.lock_files: a lock that another process holds for a time of the story."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock, Timeout

from scenarios.replay.stages.lock_files import LockFiles
from sts_simulator.account.clock import Clock

if TYPE_CHECKING:
    from pathlib import Path


def test_a_lock_is_held_until_the_time_is_over(tmp_path: Path) -> None:
    """Nobody else takes it before; what follows is called when it is free."""
    clock = Clock(datetime(2024, 12, 22, tzinfo=UTC))
    folder = tmp_path / "locks"
    lock = FileLock(folder / "dev-admin", blocking=False)
    took: list[bool] = []

    def take() -> None:
        with lock:
            took.append(lock.is_locked)

    LockFiles(folder, clock).hold_elsewhere("dev-admin", timedelta(seconds=20), take)
    clock.sleep(timedelta(seconds=19))
    with pytest.raises(Timeout):
        lock.acquire()
    clock.sleep(timedelta(seconds=1))
    assert took == [True]
