"""Fields of forms: which value counts, and that no slice of a long form is long."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sts_simulator.wire.form import MOST_NAMES, SLICE, first_values

MILLIONS = 5_000_000  # bytes, half of what STS accepts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"", {}),
        (b"A=1&B=2", {"A": "1", "B": "2"}),
        (b"A=1&A=2", {"A": "1"}),
        (b"&&A&B=", {"A": "", "B": ""}),
        (b"A=x=y&=z", {"A": "x=y", "": "z"}),
        (b"A+B=%41%20+%c3%a9", {"A B": "A  \u00e9"}),
        (b"A=%ff\xff%4", {"A": "\ufffd\ufffd%4"}),
    ],
)
def test_fields(text: bytes, expected: dict[str, str]) -> None:
    """The first value of a name counts; escapes, blanks and bytes that are not UTF-8 are read."""
    assert first_values(text) == expected


def test_the_first_text_counts() -> None:
    """A field of the query is taken before one of the form."""
    assert first_values(b"A=query", b"A=form&B=form") == {"A": "query", "B": "form"}


@given(st.binary(max_size=60), st.integers(0, 3))
def test_a_long_field_is_read_as_a_short_one(tail: bytes, shift: int) -> None:
    """Where the slices of a value end does not matter: not within an escape, nor a character."""
    value = tail.replace(b"&", b"") + b"%c3%a9\xc3\xa9"
    padded = b"x" * (SLICE - 3 - shift) + value
    short = first_values(b"A=" + value)["A"]
    assert first_values(b"A=" + padded)["A"] == "x" * (SLICE - 3 - shift) + short


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        (b"x&" * (MILLIONS // 2) + b"A=1", 2),
        (b"A=" + b"%41" * (MILLIONS // 3), 1),
        (b"x" * MILLIONS + b"&A=1", 2),
    ],
    ids=["many fields", "many escapes", "a long name"],
)
def test_other_threads_run_after_every_slice(text: bytes, fields: int) -> None:
    """H1: there is a pause for every slice, whatever the form is made of."""
    pauses = []
    found = first_values(text, pause=lambda: pauses.append(1))
    assert len(found) == fields
    assert found["A"].startswith(("1", "A"))
    assert len(pauses) >= len(text) // SLICE - 1


def test_of_many_names_the_first_are_read() -> None:
    """A form of a million names costs no more than one of `MOST_NAMES`."""
    text = b"&".join(b"%x=%x" % (number, number) for number in range(MOST_NAMES + 5))
    assert [*first_values(text, pause=lambda: None)] == [f"{n:x}" for n in range(MOST_NAMES)]


def test_a_short_form_does_not_pause() -> None:
    """A request of the usual size never waits."""
    assert first_values(b"A=1&B=2", pause=lambda: pytest.fail("it paused")) == {"A": "1", "B": "2"}


def test_by_default_a_pause_gives_the_interpreter_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pause sleeps: with a sleep of 0 the same thread mostly goes on."""
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    first_values(b"x&" * SLICE)
    assert slept
    assert min(slept) > 0
