"""The locks in memory."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from authkit.core.failures import StateTrouble
from fakes.world.clock import VirtualClock
from fakes.world.lock import Locks

NOON = datetime(2024, 12, 22, 12, tzinfo=UTC)


def test_a_lock_tells_its_holder_and_its_trouble() -> None:
    """A lock file has the id of the process that holds it; what is spoilt is trouble."""
    spoilt = {"locks/dev-admin": "no locks"}
    locks = Locks(VirtualClock(datetime(2024, 12, 22, tzinfo=UTC)), spoilt)
    locks.hold_elsewhere("other", timedelta(hours=1), process="4242")
    assert not locks.of("other").acquire()
    assert locks.of("other").holder() == "process 4242"
    assert locks.of("third").holder() == ""
    with pytest.raises(StateTrouble, match="its file system has no locks"):
        locks.of("dev-admin").acquire()
    locks.end_elsewhere()
    assert locks.of("other").acquire()


def test_a_lock_held_elsewhere_is_released_in_time() -> None:
    """Another process holds it for 20 seconds, and does its work right before releasing it."""
    clock = VirtualClock(NOON)
    locks = Locks(clock)
    done: list[datetime] = []
    locks.hold_elsewhere("dev-admin", timedelta(seconds=20), lambda: done.append(clock.now()))
    assert not locks.of("dev-admin").acquire()
    assert locks.of("other").acquire()
    clock.sleep(timedelta(seconds=20))
    assert not done
    assert locks.of("dev-admin").acquire()
    assert done == [NOON + timedelta(seconds=20)]


def test_a_lock_is_held_by_one() -> None:
    """A second acquire fails until the holder releases the lock."""
    locks = Locks(VirtualClock(NOON))
    assert locks.of("dev-admin").acquire()
    assert not locks.of("dev-admin").acquire()
    assert locks.of("other").acquire()
    locks.of("dev-admin").release()
    assert locks.of("dev-admin").acquire()


def test_a_lock_that_authkit_holds_has_a_process_of_stories() -> None:
    """Another command that waits for it names that process."""
    locks = Locks(VirtualClock(NOON))
    locks.of("dev-admin").acquire()
    assert locks.of("dev-admin").holder() == "process 4711"
