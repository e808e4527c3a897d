"""The simulated time: a clock that ticks or stands still, can be moved, and has alarms."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def real_time() -> datetime:
    """Return the machine's own time, aware and in UTC."""
    return datetime.now(UTC)


def whole_seconds(instant: datetime) -> datetime:
    """Return the instant without its fraction of a second, as AWS writes every instant."""
    return instant.replace(microsecond=0)


class ServerTime:
    """The time as the server has it: `clocks`, each later by `skew`.

    Sessions expire by the first clock.  A date that a client gives is compared with the
    nearest, since clients have the real time or a simulated one.
    """

    def __init__(
        self, clocks: Sequence[Callable[[], datetime]], skew: timedelta = timedelta()
    ) -> None:
        self._clocks = clocks
        self.skew = skew

    def now(self) -> datetime:
        """Return the time that sessions expire by, aware and in UTC."""
        return self._clocks[0]().astimezone(UTC) + self.skew

    def nearest(self, instant: datetime | None) -> datetime:
        """Return the reading of the clock that is nearest to an instant; `now` for None."""
        if instant is None:
            return self.now()
        readings = (clock().astimezone(UTC) + self.skew for clock in self._clocks)
        return min(readings, key=lambda reading: abs(reading - instant))


class _Alarm(NamedTuple):
    at: datetime
    ring: Callable[[], object]


class Clock:
    """Starts at `now`, and stands still unless `ticks` is true.

    `follow` is called with the new instant at the start and after each move,
    so that another clock can be kept at the same time.
    """

    def __init__(
        self,
        now: datetime,
        follow: Callable[[datetime], object] | None = None,
        *,
        ticks: bool = False,
    ) -> None:
        self._follow = follow
        self._ticks = ticks
        self._alarms: list[_Alarm] = []
        self.move_to(now)

    def now(self) -> datetime:
        """Return the simulated time, aware and in UTC."""
        return self._at + (real_time() - self._since) if self._ticks else self._at

    def move_to(self, instant: datetime) -> None:
        """Set the time, forwards or backwards.  No alarm rings."""
        self._at, self._since = instant.astimezone(UTC), real_time()
        if self._follow:
            self._follow(self._at)

    def sleep(self, pause: timedelta) -> None:
        """Move the time forwards at once.  Alarms that are due on the way ring at their instant.

        What an alarm raises ends the sleep at that instant.
        """
        wakes = self.now() + pause
        while due := [alarm for alarm in self._alarms if alarm.at <= wakes]:
            alarm = min(due, key=lambda alarm: alarm.at)
            self._alarms.remove(alarm)
            self.move_to(max(alarm.at, self.now()))
            alarm.ring()
            wakes = max(wakes, self.now())  # an alarm may have let time pass as well
        self.move_to(wakes)

    @property
    def ticks(self) -> bool:
        """Whether time passes by itself."""
        return self._ticks

    def tick(self, *, ticks: bool) -> None:
        """Start the clock, or stop it at the present time."""
        self.move_to(self.now())
        self._ticks = ticks

    def set_alarm(self, after: timedelta, ring: Callable[[], object]) -> None:
        """Call `ring` from the `sleep` that reaches the instant `after` from now, once."""
        self._alarms.append(_Alarm(self.now() + after, ring))

    def clear_alarms(self) -> None:
        """Forget the alarms that have not rung."""
        self._alarms.clear()
