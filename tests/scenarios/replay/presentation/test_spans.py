"""presentation.spans: instants and lengths of time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from scenarios.replay.presentation import spans

AT = datetime(2024, 12, 22, 16, 58, tzinfo=UTC)


@pytest.mark.parametrize(
    ("span", "spelt"),
    [
        ({}, "0 ms"),
        ({"milliseconds": 400}, "400 ms"),
        ({"seconds": 1.2}, "1.2 s"),
        ({"seconds": 59.96}, "1 m"),
        ({"minutes": 1, "seconds": 0.4}, "1 m"),
        ({"hours": 1, "minutes": 45, "seconds": 3}, "1 h 45 m"),
        ({"hours": 36, "minutes": 59, "seconds": 58.8}, "37 h"),
        ({"days": 2}, "48 h"),
    ],
)
def test_a_length_of_time_has_two_units(span: dict[str, float], spelt: str) -> None:
    """The two largest; the longer it is, the coarser it is rounded."""
    assert spans.spelt(timedelta(**span)) == spelt


def test_time_may_run_back() -> None:
    """A jump says in which direction."""
    assert spans.later(timedelta(hours=37)) == "37 h later"
    assert spans.later(timedelta(hours=-1)) == "1 h earlier"


def test_an_instant_has_a_tenth_where_there_is_one() -> None:
    """Whole seconds have none."""
    assert spans.time_of_day(AT) == "16:58:00"
    assert spans.time_of_day(AT + timedelta(milliseconds=1250)) == "16:58:01.2"
    assert spans.in_full(AT) == "2024-12-22 16:58:00 UTC"
