"""Durations: how people write and read them, and AWS's limits.  Pure."""

from __future__ import annotations

import re
from datetime import timedelta

NONE = timedelta(0)
SHORTEST = timedelta(minutes=15)  # GetSessionToken and AssumeRole: DurationSeconds >= 900
SOON = timedelta(minutes=15)  # with less left, login makes a new session and exec warns
LONGEST = timedelta(hours=36)  # GetSessionToken: DurationSeconds <= 129600
LONGEST_OF_ROLE = timedelta(hours=12)  # AssumeRole: a role's MaxSessionDuration is 12 h at most
LONGEST_OF_CHAIN = timedelta(hours=1)  # a role assumed by a role's session
DEFAULT = timedelta(hours=12)  # GetSessionToken's own default, 43200 s

_WRITTEN = r"(?:(\d{1,6}) ?d)? ?(?:(\d{1,6}) ?h)? ?(?:(\d{1,8}) ?m)? ?(?:(\d{1,9}) ?s)?|(\d{1,9})"


def parse(text: str) -> timedelta:
    """Return the duration written as ``36h``, ``1h30m``, ``1d12h``, ``45m``, ``90s`` or ``3600``.

    Raises ValueError with a reason that can be shown.
    """
    written = text.strip().lower()
    match = re.fullmatch(_WRITTEN, written, re.ASCII)
    if not written or match is None:
        raise ValueError("a duration is written like 36h, 1h30m, 45m, or in seconds like 3600")
    days, hours, minutes, seconds, plain = (int(part or 0) for part in match.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds + plain)


def within(text: str, longest: timedelta = LONGEST) -> timedelta:
    """Return the duration written in `text`.  Raises ValueError when it is out of bounds."""
    duration = parse(text)
    if not SHORTEST <= duration <= longest:
        hint = f"; {text} is in seconds, {text}h in hours" if text.isdecimal() else ""
        raise ValueError(f"AWS grants sessions of {spell(SHORTEST)} to {spell(longest)}{hint}")
    return duration


def spell(duration: timedelta) -> str:
    """Return the shortest way to write it that `parse` reads back: ``36h``, ``1h30m``, ``0s``."""
    minutes, seconds = divmod(int(duration.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "h"), (minutes, "m"), (seconds, "s"))
    return "".join(f"{amount}{unit}" for amount, unit in parts if amount) or "0s"


def left(duration: timedelta) -> str:
    """Return what is left, rounded down as a person reads it: ``35h 59m``, ``59m``, ``42s``."""
    seconds = max(0, int(duration.total_seconds()))
    hours, minutes = divmod(seconds // 60, 60)
    if hours:
        return f"{hours}h {minutes}m"
    return f"{minutes}m" if minutes else f"{seconds}s"
