"""authkit's clock among the fakes, and lengths of time as stories write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from fakes.world.clock import VirtualClock, spell
from sts_simulator.account.durations import parse_duration

NOON = datetime(2024, 12, 22, 12, tzinfo=UTC)


def test_the_clock_has_a_zone_and_stands_still() -> None:
    """Times are in UTC whatever the story's zone, and pass only in a sleep."""
    phoenix = ZoneInfo("America/Phoenix")
    clock = VirtualClock(NOON.astimezone(phoenix), phoenix)
    clock.sleep(timedelta(hours=36))
    assert clock.now() == NOON + timedelta(hours=36)
    assert clock.now().tzinfo is UTC
    assert clock.zone() is phoenix


@pytest.mark.parametrize("text", ["200ms", "2s", "1m30s", "1h", "36h", "1h1m1s1ms"])
def test_lengths_of_time_are_written_as_in_stories(text: str) -> None:
    """What is written of a length of time reads back as the same."""
    assert spell(parse_duration(text)) == text
    assert spell(timedelta()) == "0s"
