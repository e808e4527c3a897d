"""The simulated time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sts_simulator.account import clock as module
from sts_simulator.account.clock import Clock, whole_seconds

NOON = datetime(2024, 12, 22, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_a_clock_stands_still_until_it_is_moved() -> None:
    """Only a sleep or a move changes the time; the follower is called with each new time."""
    followed: list[datetime] = []
    clock = Clock(NOON, followed.append)
    clock.sleep(36 * SECOND)
    clock.move_to(NOON)
    assert clock.now() == NOON
    assert followed == [NOON, NOON + 36 * SECOND, NOON]
    assert not clock.ticks


def test_a_clock_ticks_with_the_real_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """While it ticks the real time is added; a stopped clock keeps its time."""
    real = [NOON]
    monkeypatch.setattr(module, "real_time", lambda: real[0])
    clock = Clock(NOON - timedelta(days=1), ticks=True)
    real[0] += 3 * SECOND
    assert clock.now() == NOON - timedelta(days=1) + 3 * SECOND
    clock.tick(ticks=False)
    real[0] += 3 * SECOND
    assert clock.now() == NOON - timedelta(days=1) + 3 * SECOND
    clock.tick(ticks=True)
    real[0] += 3 * SECOND
    assert clock.now() == NOON - timedelta(days=1) + 6 * SECOND


def test_alarms_ring_at_their_instants_in_the_sleep_that_reaches_them() -> None:
    """Each alarm rings once, in the order of instants; a move rings none."""
    clock = Clock(NOON)
    rung: list[tuple[str, datetime]] = []
    for name, after in (("late", 3), ("early", 1), ("never", 9)):
        clock.set_alarm(after * SECOND, lambda name=name: rung.append((name, clock.now())))  # type: ignore[misc]  # a default binds the name
    clock.move_to(NOON + timedelta(milliseconds=500))
    assert rung == []
    clock.sleep(4 * SECOND)
    clock.clear_alarms()
    clock.sleep(60 * SECOND)
    assert rung == [("early", NOON + SECOND), ("late", NOON + 3 * SECOND)]
    assert clock.now() == NOON + timedelta(seconds=64.5)


def test_an_alarm_may_raise_or_let_time_pass() -> None:
    """An exception ends the sleep; time that passes in the alarm counts."""
    clock = Clock(NOON)

    def interrupt() -> None:
        raise KeyboardInterrupt

    clock.set_alarm(SECOND, interrupt)
    with pytest.raises(KeyboardInterrupt):
        clock.sleep(60 * SECOND)
    assert clock.now() == NOON + SECOND
    clock.set_alarm(SECOND, lambda: clock.sleep(60 * SECOND))
    clock.sleep(2 * SECOND)
    assert clock.now() == NOON + 62 * SECOND


def test_the_time_is_in_utc_and_aware() -> None:
    """An instant in another zone is converted to UTC."""
    there = datetime.fromisoformat("2024-12-22T05:00:00-07:00")
    assert Clock(there).now().isoformat() == "2024-12-22T12:00:00+00:00"
    assert module.real_time().tzinfo is UTC


def test_whole_seconds() -> None:
    """The fraction is cut off, not rounded."""
    assert whole_seconds(NOON + timedelta(milliseconds=999)) == NOON
