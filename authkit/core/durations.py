"""Durations, in whole seconds: how people write and read them, and AWS's limits.

Pure, and on the cached path: without ``re`` and ``datetime``.
"""

from __future__ import annotations

_MINUTE, _HOUR = 60, 3600
SHORTEST = 15 * _MINUTE  # GetSessionToken and AssumeRole: DurationSeconds >= 900
SOON = 15 * _MINUTE  # with less left, login makes a new session and exec warns
LONGEST = 36 * _HOUR  # GetSessionToken: DurationSeconds <= 129600
LONGEST_OF_ROLE = 12 * _HOUR  # AssumeRole: a role's MaxSessionDuration is 12 h at most
LONGEST_OF_CHAIN = _HOUR  # a role assumed by a role's session
DEFAULT = 12 * _HOUR  # GetSessionToken's own default, 43200 s

_UNITS = {"d": 24 * _HOUR, "h": _HOUR, "m": _MINUTE, "s": 1}  # in this order
_LONGEST = 8  # characters of an amount: a timedelta holds the sum of any four


def parse(text: str) -> int:
    """Return the duration written as ``36h``, ``1h30m``, ``1d12h``, ``45m``, ``90s`` or ``3600``.

    Raises ValueError with a reason that can be shown.
    """
    written, seconds = text.strip().lower(), 0
    rest = f"{written}s" if written.isdecimal() else written
    for unit, size in _UNITS.items():
        amount, found, following = rest.partition(unit)
        if found and amount.strip(" ").isdecimal() and len(amount) <= _LONGEST:
            seconds, rest = seconds + int(amount) * size, following
    if rest or not written or not written.isascii():
        raise ValueError("a duration is written like 36h, 1h30m, 45m, or in seconds like 3600")
    return seconds


def within(text: str, longest: int = LONGEST) -> int:
    """Return the duration written in `text`.  Raises ValueError when it is out of bounds."""
    duration = parse(text)
    if not SHORTEST <= duration <= longest:
        hint = f"; {text} is in seconds, {text}h in hours" if text.isdecimal() else ""
        raise ValueError(f"AWS grants sessions of {spell(SHORTEST)} to {spell(longest)}{hint}")
    return duration


def spell(duration: float) -> str:
    """Return the shortest way to write it that `parse` reads back: ``36h``, ``1h30m``, ``0s``."""
    minutes, seconds = divmod(int(duration), 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "h"), (minutes, "m"), (seconds, "s"))
    return "".join(f"{amount}{unit}" for amount, unit in parts if amount) or "0s"


def left(duration: float) -> str:
    """Return what is left, rounded down as a person reads it: ``35h 59m``, ``59m``, ``42s``."""
    seconds = max(0, int(duration))
    hours, minutes = divmod(seconds // 60, 60)
    spelt = f"{hours}h {minutes}m" if hours else f"{minutes}m"
    return spelt if seconds >= _MINUTE else f"{seconds}s"
