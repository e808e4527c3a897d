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

    def zone(self) -> tzinfo:
        """Return the zone that times are shown in."""
        return self._zone


def spell(pause: timedelta) -> str:
    """Return a length of time as stories write it: ``2s``, ``200ms``, ``1h``.

    The inverse of ``sts_simulator.account.durations.parse_duration``.
    """
    seconds, milliseconds = divmod(round(pause / timedelta(milliseconds=1)), 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "h"), (minutes, "m"), (seconds, "s"), (milliseconds, "ms"))
    return "".join(f"{amount}{unit}" for amount, unit in parts if amount) or "0s"
