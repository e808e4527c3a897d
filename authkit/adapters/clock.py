"""The machine's clock, and a clock put right by what AWS says of it (B-L10)."""

from __future__ import annotations

import time

from authkit.core.failures import Refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, timedelta, tzinfo
    from typing import TypeVar

    from authkit.core.ports import Clock, Screen

    T = TypeVar("T")


class RealClock:
    """The machine's clock and zone."""

    def time(self) -> float:
        """Return the instant, in seconds since 1970."""
        return time.time()

    def now(self) -> datetime:
        """Return the instant, in UTC."""
        from datetime import UTC, datetime  # not needed on the cached path

        return datetime.now(UTC)

    def sleep(self, pause: timedelta) -> None:
        """Let so much time pass."""
        time.sleep(pause.total_seconds())

    def elapsed(self) -> timedelta:
        """Return the time since some instant, whatever is done to the machine's clock.

        It goes on while the machine sleeps, where the system has such a clock: Linux's
        CLOCK_MONOTONIC, which time.monotonic reads, stands still then.
        """
        from datetime import timedelta

        clock = getattr(time, "CLOCK_BOOTTIME", None)
        seconds = time.monotonic() if clock is None else time.clock_gettime(clock)
        return timedelta(seconds=seconds)

    def zone(self) -> tzinfo | None:
        """Return None: the zone that the machine is set to."""
        return None


class CorrectedClock:
    """ports.Clock for one run: another clock, and by how much AWS's is ahead of it.

    `offset` is in seconds, and zero until AWS refuses the time of a request.  Without a screen the
    correction is not shown.
    """

    def __init__(self, clock: Clock, screen: Screen | None = None) -> None:
        self._clock = clock
        self._screen = screen
        self.offset = 0.0

    def time(self) -> float:
        """Return the instant in AWS's time, as far as it is known, in seconds since 1970."""
        return self._clock.time() + self.offset

    def now(self) -> datetime:
        """Return the same instant, in UTC."""
        from datetime import timedelta

        return self._clock.now() + timedelta(seconds=self.offset)

    def sleep(self, pause: timedelta) -> None:
        """Let so much time pass."""
        self._clock.sleep(pause)

    def elapsed(self) -> timedelta:
        """Return the time since some instant."""
        return self._clock.elapsed()

    def zone(self) -> tzinfo | None:
        """Return the zone to show times in."""
        return self._clock.zone()

    def call(self, region: str, send: Callable[[], T]) -> T:
        """Make a call of STS; when AWS refuses its time, sign it once more with AWS's, and say so.

        `send` signs with this clock.  The correction holds for the rest of the run,
        unless that time is refused too: then the first refusal counts, which is about
        the machine's own clock.  Raises what `send` raises.
        """
        try:
            return send()
        except Refused as refused:
            first, offset = refused, _offset(region, refused)
            if not offset:
                raise
        self.offset += offset
        if self._screen:
            from authkit.core import render  # not needed on the cached path

            said = render.text("clock-corrected", offset=render.clock_is_off(self.offset))
            self._screen.say(said)
        try:
            return send()
        except Refused as second:
            if _offset(region, second) is None:
                raise
        self.offset -= offset
        raise first


def _offset(region: str, refused: Refused) -> float | None:
    """Return by how many seconds AWS's clock is ahead, if it is the time that AWS refused."""
    from authkit.core import endings, rules  # not needed on the cached path

    rule = rules.meaning(refused, rules.Circumstances(region))
    if rule.action is not rules.Action.SIGN_AGAIN:
        return None
    return endings.clock_offset(refused.message)
