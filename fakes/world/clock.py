"""Time that passes only when somebody waits, or a story says so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class VirtualClock:
    """ports.Clock.  `follow` is told every new instant: another clock that goes along with this."""

    def __init__(
        self,
        now: datetime,
        zone: tzinfo = UTC,
        follow: Callable[[datetime], object] = lambda _now: None,
    ) -> None:
        self._now = now.astimezone(UTC)
        self._zone = zone
        self._follow = follow
        self._alarm: tuple[datetime, Callable[[], None]] | None = None
        follow(self._now)

    def now(self) -> datetime:
        """Return the instant, aware and in UTC."""
        return self._now

    def zone(self) -> tzinfo:
        """Return the zone that the story is told in."""
        return self._zone

    def sleep(self, pause: timedelta) -> None:
        """Let so much time pass at once; if the alarm lies in it, only until then, and ring."""
        wakes = self._now + pause
        if self._alarm is None or wakes < self._alarm[0]:
            self.move_to(wakes)
            return
        at, ring = self._alarm
        self._alarm = None
        self.move_to(max(at, self._now))
        ring()

    def move_to(self, instant: datetime) -> None:
        """Make it this instant, earlier or later."""
        self._now = instant.astimezone(UTC)
        self._follow(self._now)

    def set_alarm(self, after: timedelta, ring: Callable[[], None]) -> None:
        """Have `ring` called (it may raise) by whoever sleeps when so much time has passed."""
        self._alarm = self._now + after, ring

    def clear_alarm(self) -> None:
        """Have nothing rung any more."""
        self._alarm = None


def spell(pause: timedelta) -> str:
    """Return a pause as stories write it: ``2s``, ``200ms``, ``1h``.  ``spans.span`` reads it."""
    seconds, milliseconds = divmod(round(pause / timedelta(milliseconds=1)), 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "h"), (minutes, "m"), (seconds, "s"), (milliseconds, "ms"))
    return "".join(f"{amount}{unit}" for amount, unit in parts if amount) or "0s"
