"""stages.story_clock: time that passes only in waits, and alarms within them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from scenarios.replay.stages.story_clock import StoryClock

NOON = datetime(2024, 12, 22, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_time_passes_only_in_waits() -> None:
    """The clock stands still between waits, and can be set to any instant."""
    clock = StoryClock(NOON)
    assert clock.now() == NOON
    clock.sleep(MINUTE)
    assert clock.now() == clock.now() == NOON + MINUTE
    clock.move_to(NOON - MINUTE)
    assert clock.now() == NOON - MINUTE


def test_alarms_ring_in_a_wait_at_their_instants() -> None:
    """In their order, before the wait returns; one that is set by another rings as well."""
    clock = StoryClock(NOON)
    rang: list[tuple[str, datetime]] = []

    def ring(name: str) -> None:
        rang.append((name, clock.now()))
        if name == "first":
            clock.set_alarm(MINUTE, lambda: ring("third"))

    clock.set_alarm(2 * MINUTE, lambda: ring("second"))
    clock.set_alarm(MINUTE, lambda: ring("first"))
    clock.set_alarm(3 * MINUTE, lambda: ring("at the end"))
    clock.set_alarm(9 * MINUTE, lambda: ring("later"))
    clock.sleep(3 * MINUTE)
    assert rang == [
        ("first", NOON + MINUTE),
        ("second", NOON + 2 * MINUTE),
        ("third", NOON + 2 * MINUTE),
        ("at the end", NOON + 3 * MINUTE),
    ]
    assert clock.now() == NOON + 3 * MINUTE


def test_no_alarm_rings_when_the_clock_is_set_or_alarms_are_cleared() -> None:
    """An alarm that is due rings in the next wait; a cleared one never does."""
    clock = StoryClock(NOON)
    rang: list[datetime] = []
    clock.set_alarm(MINUTE, lambda: rang.append(clock.now()))
    clock.move_to(NOON + 2 * MINUTE)
    assert rang == []
    clock.sleep(timedelta())
    assert rang == [NOON + 2 * MINUTE]
    clock.set_alarm(MINUTE, lambda: rang.append(clock.now()))
    clock.clear_alarms()
    clock.sleep(2 * MINUTE)
    assert len(rang) == 1
