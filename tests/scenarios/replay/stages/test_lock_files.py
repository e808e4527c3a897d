"""stages.lock_files: a lock that another process holds for a time of the story."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from authkit.adapters.state_folder import StateFolder
from scenarios.replay.stages.lock_files import LockFiles
from sts_simulator.account.clock import Clock

if TYPE_CHECKING:
    from pathlib import Path


def test_a_lock_is_held_until_the_time_is_over(tmp_path: Path) -> None:
    """Nobody else takes it before; what follows is called when it is free."""
    clock = Clock(datetime(2024, 12, 22, tzinfo=UTC))
    state = tmp_path / "state"
    lock = StateFolder(str(state)).lock("me@acme")
    took: list[bool] = []
    locks = LockFiles(state, clock)
    locks.hold_elsewhere(
        "me@acme", timedelta(seconds=20), lambda: took.append(lock.acquire()), "99999999"
    )
    clock.sleep(timedelta(seconds=19))
    assert not lock.acquire()
    assert lock.holder() == "process 99999999"
    with pytest.raises(LookupError):
        locks.hold_elsewhere("me@acme", timedelta(seconds=20))
    clock.sleep(timedelta(seconds=1))
    assert took == [True]
    lock.release()
