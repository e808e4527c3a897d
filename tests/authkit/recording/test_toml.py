"""Values and tables as TOML."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta

import pytest

from authkit.recording import toml
from sts_simulator.account.durations import parse_duration


@pytest.mark.parametrize(
    "value",
    ["", "a 'quoted' \"text\"", "two\nlines", "\x1b\x7f\u202e", "ü€😀", 3, True, [], ["a", "b"]],
)
def test_values_are_read_back(value: object) -> None:
    """What is written is what TOML reads."""
    assert tomllib.loads(f"x = {toml.value(value)}") == {"x": value}


def test_a_list_of_many() -> None:
    """A list of more than three has a line for each."""
    many = list("abcd")
    assert toml.value(many).count("\n") == 5
    assert tomllib.loads(f"x = {toml.value(many)}") == {"x": many}


def test_an_instant() -> None:
    """Instants are in UTC."""
    instant = datetime(2024, 12, 22, 23, 58, tzinfo=UTC)
    assert tomllib.loads(f"x = {toml.value(instant)}") == {"x": instant}


@pytest.mark.parametrize("text", ["\nplain\n", "\nit's '''quoted'''\n", "\n\x1b[1m\n"])
def test_a_block(text: str) -> None:
    """A block stands as it is, unless it could not be read back; its first newline is dropped."""
    written = toml.value(text, block=True)
    read = tomllib.loads(f"x = {written}")["x"]
    assert read == (text[1:] if written.startswith("'''") else text)


@pytest.mark.parametrize(
    ("span", "written"),
    [
        (timedelta(0), "0s"),
        (timedelta(milliseconds=400), "400ms"),
        (timedelta(hours=1, minutes=45), "1h45m"),
        (timedelta(minutes=-20), "-20m"),
        (timedelta(seconds=1, microseconds=1500), "1s1.5ms"),
    ],
)
def test_lengths_of_time(span: timedelta, written: str) -> None:
    """A length of time is written as scenarios read it."""
    assert toml.span(span) == written
    assert parse_duration(written) == span


def test_tables() -> None:
    """Values come before tables, or they would belong to one of these."""
    written = "\n".join(toml.tables("step.keyring", iter([("b", {"x": 1}), ("a", False)])))
    assert tomllib.loads(written) == {"step": {"keyring": {"a": False, "b": {"x": 1}}}}
    fault = "\n".join(toml.fault({"on": "*", "answer": "reset"}))
    assert tomllib.loads(fault) == {"step": {"fault": [{"on": "*", "answer": "reset"}]}}
    assert tomllib.loads(f"x = {toml.inline({'a': 1, 'b': ['c']})}") == {"x": {"a": 1, "b": ["c"]}}
