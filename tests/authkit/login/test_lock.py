"""One login at a time for an identity: waiting for the lock, and releasing it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from authkit.core.failures import CANCELLED, Failure
from authkit.login.lock import POLL, single_flight
from tests.authkit.examples import NAME
from tests.support.stage import Stage


def test_a_free_lock() -> None:
    """B-L24: a free lock is taken without a word, held during the block, and released."""
    stage = Stage()
    with single_flight(stage, NAME) as waited:
        assert not waited
        assert not stage.lock(NAME).acquire()
        assert stage.lock("audit").acquire()
    assert stage.lock(NAME).acquire()
    assert (stage.screen.said, stage.clock.slept) == ([], [])


def test_whoever_waits_says_so_once() -> None:
    """B-L24: one line, and a look at the lock every `POLL` until it is free."""
    stage = Stage()
    holder = stage.lock(NAME)
    assert holder.acquire()
    stage.clock.set_alarm(timedelta(seconds=1), holder.release)
    with single_flight(stage, NAME) as waited:
        assert waited
    assert stage.screen.said == [
        "⚠ Waiting for another login for dev-admin (Ctrl-C ends the wait)."
    ]
    assert stage.clock.slept == [POLL] * 5


@pytest.mark.parametrize(
    ("timeout", "looks"), [("", 3001), ("10m", 3001), ("1s", 6), ("1", 6), ("0", 1), ("0s", 1)]
)
def test_nothing_is_waited_for_for_ever(timeout: str, looks: int) -> None:
    """B-S07: ten minutes, or AUTHKIT_LOCK_TIMEOUT; then the holder is named, and what to do."""
    stage = Stage(environ={"AUTHKIT_LOCK_TIMEOUT": timeout} if timeout else {})
    stage.locks.hold_elsewhere(NAME, timedelta(days=1), process="4242")
    with pytest.raises(Failure) as ended, single_flight(stage, NAME):
        pytest.fail("the lock is held elsewhere")
    assert stage.clock.slept == [POLL] * (looks - 1)
    assert (ended.value.name, ended.value.status) == ("lock-held", 1)
    assert ended.value.values["holder"] == "process 4242"


def test_a_holder_that_does_not_tell() -> None:
    """B-S07: the holder's id may be unknown, which is said too."""
    stage = Stage(environ={"AUTHKIT_LOCK_TIMEOUT": "0"})
    stage.locks.hold_elsewhere(NAME, timedelta(hours=3), process="")
    with pytest.raises(Failure) as ended, single_flight(stage, NAME):
        pytest.fail("the lock is held elsewhere")
    assert ended.value.values["holder"] == "it does not tell its process id"


def test_a_machine_that_slept() -> None:
    """B-S07: what counts is how often the lock was looked at, not the clock."""
    stage = Stage()
    stage.locks.hold_elsewhere(NAME, timedelta(hours=8))
    stage.clock.set_alarm(timedelta(seconds=1), lambda: stage.clock.sleep(timedelta(hours=8)))
    with single_flight(stage, NAME) as waited:
        assert waited


@pytest.mark.parametrize("value", ["soon", "-1", "10 minutes", "1.5h"])
def test_a_timeout_that_is_no_duration(value: str) -> None:
    """docs/contract.md, Environment: it is named, exit 2, whether the lock is free or not."""
    stage = Stage(environ={"AUTHKIT_LOCK_TIMEOUT": value})
    with pytest.raises(Failure) as ended, single_flight(stage, NAME):
        pytest.fail("nothing is done with such a setting")
    assert (ended.value.name, ended.value.status) == ("lock-timeout-wrong", 2)
    assert stage.lock(NAME).acquire()


def test_released_on_an_error() -> None:
    """B-L24: whatever ends the block, the next process gets the lock."""
    stage = Stage()
    with pytest.raises(KeyboardInterrupt), single_flight(stage, NAME):
        raise KeyboardInterrupt
    assert stage.lock(NAME).acquire()


def test_a_wait_that_is_interrupted() -> None:
    """B-L24: Ctrl-C ends the wait, and the lock stays with its holder."""
    stage = Stage()
    assert stage.lock(NAME).acquire()

    def interrupt() -> None:
        raise KeyboardInterrupt

    stage.clock.set_alarm(timedelta(seconds=2), interrupt)
    with pytest.raises(Failure) as ended, single_flight(stage, NAME):
        pytest.fail("the lock is held elsewhere")
    assert (ended.value.name, ended.value.status) == ("cancelled-waiting", CANCELLED)
    assert not stage.lock(NAME).acquire()
