"""What happens while a command runs at level terminal: the story's clock, and who holds locks."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from filelock import FileLock

from sts_simulator.server.simulation import SimulatedClock

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, timedelta
    from pathlib import Path


class Alarm(NamedTuple):
    """Something that happens at an instant."""

    at: datetime
    ring: Callable[[], object]


class StoryClock(SimulatedClock):
    """The simulator's clock, standing still unless somebody waits or the story moves it.

    What is due while somebody waits happens before that wait is over, and so
    before the process that waits does anything else.
    """

    def __init__(self, now: datetime) -> None:
        super().__init__()
        self.tick(ticks=False)
        self.move(now)
        self._alarms: list[Alarm] = []

    def move_to(self, instant: datetime) -> None:
        """Make it this instant, earlier or later; nothing rings."""
        self.move(instant)

    def sleep(self, pause: timedelta) -> None:
        """Let so much time pass at once, and what is due in it happen at its instant."""
        wakes = self.now() + pause
        while due := [alarm for alarm in self._alarms if alarm.at <= wakes]:
            alarm = min(due)
            self._alarms.remove(alarm)
            self.move(max(alarm.at, self.now()))
            alarm.ring()
        self.move(max(wakes, self.now()))

    def set_alarm(self, after: timedelta, ring: Callable[[], object]) -> None:
        """Have `ring` called when so much time has passed."""
        self._alarms.append(Alarm(self.now() + after, ring))

    def clear_alarms(self) -> None:
        """Have nothing rung any more."""
        self._alarms.clear()


class RealLocks:
    """authkit's lock files, as another process holds them."""

    def __init__(self, folder: Path, clock: StoryClock) -> None:
        self._folder = folder
        self._clock = clock

    def hold_elsewhere(
        self, name: str, span: timedelta, then: Callable[[], object] = lambda: None
    ) -> None:
        """Hold the lock for so long; `then` is done by a process that has to take it itself."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Whoever sleeps on the clock lets it go: a thread of the server's.
        lock = FileLock(self._folder / name, mode=0o600, thread_local=False)
        lock.acquire()

        def let_go() -> None:
            lock.release()
            then()

        self._clock.set_alarm(span, let_go)
