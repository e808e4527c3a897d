"""authkit's clock among the fakes, and lengths of time as stories write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from fakes.world.clock import VirtualClock

NOON = datetime(2024, 12, 22, 12, tzinfo=UTC)


def test_the_clock_has_a_zone_and_stands_still() -> None:
    """Times are in UTC whatever the story's zone, and pass only in a sleep."""
    phoenix = ZoneInfo("America/Phoenix")
    clock = VirtualClock(NOON.astimezone(phoenix), phoenix)
    clock.sleep(timedelta(hours=36))
    assert clock.now() == NOON + timedelta(hours=36)
    assert clock.now().tzinfo is UTC
    assert clock.zone() is phoenix
