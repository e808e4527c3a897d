"""Lengths of time as scenarios and the simulator write them: ``400ms``, ``-20m``, ``36h``."""

from __future__ import annotations

import re
from datetime import timedelta

PATTERN = r"^[+-]?([0-9]+(\.[0-9]+)?(ms|s|m|h|d))+$"  # in JSON Schema's dialect too

SPAN_SCHEMA = {
    "type": "string",
    "pattern": PATTERN,
    "$comment": "a length of time is written like 400ms, 20m, 36h or -1h30m",
}

# A length of time that cannot be less than nothing.
LENGTH_SCHEMA = {
    "type": "string",
    "pattern": PATTERN.replace("[+-]?", ""),
    "$comment": "a length of time is written like 400ms, 20m, 36h",
}

LONGEST = timedelta(days=36_525)  # a century: beyond it instants cannot be written

_PART = re.compile(r"([0-9]+(?:\.[0-9]+)?)(ms|s|m|h|d)")
_UNITS = {
    "ms": timedelta(milliseconds=1),
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
}


def span(text: str) -> timedelta:
    """Return the length of time.  Raises ValueError when it is none.

    Finer than ``authkit.core.durations``, which has no use for a millisecond or a
    negative hour.
    """
    if not re.fullmatch(PATTERN, text):
        raise ValueError(f"{text!r}: {SPAN_SCHEMA['$comment']}")
    try:
        parts = (float(amount) * _UNITS[unit] for amount, unit in _PART.findall(text))
        total = sum(parts, timedelta())
    except OverflowError:
        total = timedelta.max
    if total > LONGEST:
        raise ValueError(f"{text!r}: a length of time is at most {LONGEST.days} days")
    return -total if text.startswith("-") else total
