"""Lengths of time as scenarios and the simulator write them: ``400ms``, ``-20m``, ``36h``."""

from __future__ import annotations

import re
from datetime import timedelta

PATTERN = r"^[+-]?([0-9]+(\.[0-9]+)?(ms|s|m|h|d))+$"  # valid in JSON Schema's dialect too

SIGNED_DURATION_SCHEMA = {
    "type": "string",
    "pattern": PATTERN,
    "$comment": "a length of time is written like 400ms, 20m, 36h or -1h30m",
}

DURATION_SCHEMA = {
    "type": "string",
    "pattern": PATTERN.replace("[+-]?", ""),
    "$comment": "a length of time is written like 400ms, 20m, 36h",
}

LONGEST = timedelta(days=36_525)  # a century; with more, instants leave the calendar

_PART = re.compile(r"([0-9]+(?:\.[0-9]+)?)(ms|s|m|h|d)")
_UNITS = {
    "ms": timedelta(milliseconds=1),
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
}


def parse_duration(text: str) -> timedelta:
    """Return the length of time, which may be negative.

    Raises ValueError for a text of another form, and for more than `LONGEST`.
    """
    if not re.fullmatch(PATTERN, text):
        raise ValueError(f"{text!r}: {SIGNED_DURATION_SCHEMA['$comment']}")
    try:
        parts = (float(amount) * _UNITS[unit] for amount, unit in _PART.findall(text))
        total = sum(parts, timedelta())
    except OverflowError:
        total = timedelta.max
    if total > LONGEST:
        raise ValueError(f"{text!r}: a length of time is at most {LONGEST.days} days")
    return -total if text.startswith("-") else total
