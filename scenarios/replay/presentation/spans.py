"""Instants and lengths of time as a reader of a replay sees them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

JUMP = timedelta(minutes=1)  # so much time between two things is shown as a jump


def time_of_day(at: datetime) -> str:
    """Return ``16:58:00``, with a tenth of a second where the second is not whole."""
    tenths = f".{at.microsecond // 100_000}" if at.microsecond else ""
    return f"{at:%H:%M:%S}{tenths}"


def in_full(at: datetime) -> str:
    """Return ``2024-12-22 16:58:00 MST``."""
    return f"{at:%Y-%m-%d} {time_of_day(at)} {at:%Z}".rstrip()


def spelt(span: timedelta) -> str:
    """Return the two largest units of a length of time: ``36 h``, ``1 h 45 m``, ``400 ms``.

    From a minute on it is rounded to seconds, from an hour on to minutes.
    """
    seconds = abs(span).total_seconds()
    if seconds < 1:
        return f"{round(seconds * 1000)} ms"
    unit = 60 if seconds >= 3600 - 30 else 1 if seconds >= 60 else 0.1
    minutes, seconds = divmod(round(round(seconds / unit) * unit, 1), 60)
    hours, minutes = divmod(int(minutes), 60)
    parts = [(hours, "h"), (minutes, "m"), (seconds, "s")]
    return " ".join([f"{amount:g} {unit}" for amount, unit in parts if amount][:2])


def later(span: timedelta) -> str:
    """Return ``37 h later``, or ``1 h earlier`` for time that ran back."""
    return f"{spelt(abs(span))} {'later' if span >= timedelta(0) else 'earlier'}"
