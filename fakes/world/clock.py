"""authkit's clock among the fakes: the simulator's, in a story's time zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from sts_simulator.account.clock import Clock

if TYPE_CHECKING:
    from collections.abc import Callable


class VirtualClock(Clock):
    """ports.Clock: a clock that stands still unless somebody sleeps or moves it."""

    def __init__(
        self,
        now: datetime,
        zone: tzinfo = UTC,
        follow: Callable[[datetime], object] | None = None,
    ) -> None:
        super().__init__(now, follow)
        self._zone = zone

    def time(self) -> float:
        """Return the instant in seconds since 1970."""
        return self.now().timestamp()

    def elapsed(self) -> timedelta:
        """Return the time since 1970: only a story's own events set this clock."""
        return timedelta(seconds=self.now().timestamp())

    def zone(self) -> tzinfo:
        """Return the zone that times are shown in."""
        return self._zone
