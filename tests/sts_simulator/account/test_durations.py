"""Lengths of time as they are written."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sts_simulator.account.durations import LONGEST, parse_duration


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("400ms", timedelta(milliseconds=400)),
        ("1.5s", timedelta(seconds=1.5)),
        ("+20m", timedelta(minutes=20)),
        ("-1h30m", timedelta(hours=-1, minutes=-30)),
        ("2d12h", timedelta(days=2, hours=12)),
        ("36525d", LONGEST),
    ],
)
def test_a_length_of_time(text: str, expected: timedelta) -> None:
    """The parts are added; the sign applies to the sum."""
    assert parse_duration(text) == expected


@pytest.mark.parametrize("text", ["", "3", "h", "1 h", "1h-30m", "1w", "soon", "1e3s"])
def test_what_is_no_length_of_time(text: str) -> None:
    """The error shows valid examples."""
    with pytest.raises(ValueError, match="a length of time is written like 400ms"):
        parse_duration(text)


@pytest.mark.parametrize("text", ["36526d", "9" * 400 + "h"])
def test_more_than_a_century(text: str) -> None:
    """The error names the limit."""
    with pytest.raises(ValueError, match="at most 36525 days"):
        parse_duration(text)
