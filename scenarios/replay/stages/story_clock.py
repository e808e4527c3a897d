"""The clock of a story at level terminal: the simulator's, which stands still between waits."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sts_simulator.server.simulation import SimulatedClock

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, timedelta


class Alarm(NamedTuple):
    """A function to call at an instant."""

    at: datetime
    ring: Callable[[], object]


class StoryClock(SimulatedClock):
    """A simulated clock that moves only when a process waits or the story moves it.

    An alarm within a wait rings before that wait returns, and so before the
    waiting process does anything else.
    """

    def __init__(self, now: datetime) -> None:
        super().__init__()
        self.tick(ticks=False)
        self.move(now)
        self._alarms: list[Alarm] = []

    def move_to(self, instant: datetime) -> None:
        """Set the clock to this instant, earlier or later; no alarm rings."""
        self.move(instant)

    def sleep(self, pause: timedelta) -> None:
        """Move the clock on by `pause` at once, ringing each alarm on the way at its instant."""
        wakes = self.now() + pause
        while due := [alarm for alarm in self._alarms if alarm.at <= wakes]:
            alarm = min(due, key=lambda alarm: alarm.at)
            self._alarms.remove(alarm)
            self.move(max(alarm.at, self.now()))
            alarm.ring()
        self.move(max(wakes, self.now()))

    def set_alarm(self, after: timedelta, ring: Callable[[], object]) -> None:
        """Call `ring` when this much time has passed."""
        self._alarms.append(Alarm(self.now() + after, ring))

    def clear_alarms(self) -> None:
        """Remove all alarms."""
        self._alarms.clear()
