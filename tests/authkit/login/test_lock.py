"""One login at a time for an identity: waiting for the lock, and releasing it."""

from __future__ import annotations

from datetime import timedelta

import pytest

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
    with pytest.raises(KeyboardInterrupt), single_flight(stage, NAME):
        pytest.fail("the lock is held elsewhere")
    assert not stage.lock(NAME).acquire()
