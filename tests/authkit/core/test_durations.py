"""Durations: spellings, AWS's limits, and the time left."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from authkit.core import durations

LAW = settings(max_examples=100)
HOUR, MINUTE, SECOND = 3600, 60, 1
whole_seconds = st.integers(0, 400 * 24 * 3600)


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("36h", 36 * HOUR),
        ("1h30m", 90 * MINUTE),
        ("1d12h", 36 * HOUR),
        ("45m", 45 * MINUTE),
        ("90s", 90 * SECOND),
        ("3600", HOUR),
        ("1h0m5s", HOUR + 5 * SECOND),
        ("0", 0),
        ("0900", 15 * MINUTE),
        (" 36h ", 36 * HOUR),
        ("1D 12H", 36 * HOUR),
        ("99999999", 99_999_999),
    ],
)
def test_written(text: str, duration: float) -> None:
    """B-L23: every spelling of a duration."""
    assert durations.parse(text) == duration


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "h",
        "12x",
        "-1h",
        "1.5h",
        "30m1h",
        "1h1h",
        "1h,30m",
        "٣٦h",
        "1e3",
        "h36",
        "36 hours",
        "36\th",
        "999999999",
    ],
)
def test_not_a_duration(text: str) -> None:
    """B-L23: the reason shows how a duration is written."""
    with pytest.raises(ValueError, match=r"written like 36h, 1h30m, 45m, or in seconds like 3600"):
        durations.parse(text)


@pytest.mark.parametrize("text", ["1h30", "1d12", "2m30"])
def test_a_number_without_a_unit(text: str) -> None:
    """B-L23: a number without a unit must stand alone: `1h30` is refused."""
    with pytest.raises(ValueError, match="written like"):
        durations.parse(text)


@pytest.mark.parametrize("text", ["1 2h", "3 6 h", "12 3 4"])
def test_digits_with_a_blank(text: str) -> None:
    """B-L21: digits that are separated by a blank are not joined."""
    with pytest.raises(ValueError, match="written like"):
        durations.parse(text)


@LAW
@given(whole_seconds)
def test_what_is_spelt_can_be_read(duration: float) -> None:
    """B-L23: parse(spell(d)) == d, for whole seconds."""
    assert durations.parse(durations.spell(duration)) == duration


@LAW
@given(st.text(max_size=12))
def test_any_text_is_a_duration_or_refused(text: str) -> None:
    """B-L23: any text is a duration or raises ValueError."""
    try:
        duration = durations.parse(text)
    except ValueError:
        return
    assert duration >= 0


@pytest.mark.parametrize(
    ("duration", "text"),
    [
        (36 * HOUR, "36h"),
        (90 * MINUTE, "1h30m"),
        (HOUR + SECOND, "1h1s"),
        (59 * SECOND, "59s"),
        (0, "0s"),
    ],
)
def test_spelt(duration: float, text: str) -> None:
    """B-L22: the shortest spelling."""
    assert durations.spell(duration) == text


@pytest.mark.parametrize("text", ["15m", "900", "36h", "129600s", "1d12h"])
def test_within_the_limits(text: str) -> None:
    """B-L21: the limits, 15 m and 36 h, are included."""
    assert durations.within(text) == durations.parse(text)


@pytest.mark.parametrize("text", ["0", "899", "14m59s", "36h1s", "129601", "2d"])
def test_outside_the_limits(text: str) -> None:
    """B-L21: a duration outside the limits is refused, and the reason names both."""
    with pytest.raises(ValueError, match="15m to 36h"):
        durations.within(text)


def test_limits_of_another_kind() -> None:
    """B-K03: a role has limits of its own."""
    assert durations.within("12h", longest=12 * HOUR) == 12 * HOUR
    with pytest.raises(ValueError, match="15m to 12h"):
        durations.within("13h", longest=12 * HOUR)


@pytest.mark.parametrize(
    ("duration", "text"),
    [
        (36 * HOUR - SECOND, "35h 59m"),
        (36 * HOUR, "36h 0m"),
        (HOUR, "1h 0m"),
        (HOUR - SECOND, "59m"),
        (MINUTE, "1m"),
        (MINUTE - 0.001, "59s"),
        (42 * SECOND, "42s"),
        (0, "0s"),
        (-HOUR, "0s"),
    ],
)
def test_what_is_left(duration: float, text: str) -> None:
    """B-L25: the time left, rounded down."""
    assert durations.left(duration) == text


@pytest.mark.parametrize("text", ["36", "12", "0", "899"])
def test_a_number_alone(text: str) -> None:
    """B-L23: a number alone is seconds, which is said where it is refused."""
    with pytest.raises(ValueError, match=f"; {text} is in seconds, {text}h in hours$"):
        durations.within(text)
