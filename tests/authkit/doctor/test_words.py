"""The table of findings: form and use."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from authkit.core.messages import MESSAGES
from authkit.doctor.words import CURES, DOUBTFUL, FINE, IN_THE_WAY, MILD, ROWS, WRONG

ROOM = Path(__file__).parents[3] / "authkit" / "doctor"
EXPLAINED_ELSEWHERE = {"not-asked", "session-unproven"}  # by the finding about STS


@pytest.mark.parametrize("name", ROWS)
def test_a_row(name: str) -> None:
    """B-A04: what is not fine has a cure; no line is too long, and no mark is in the words."""
    row = ROWS[name]
    assert row.mark in {FINE, DOUBTFUL, WRONG}
    assert bool(row.cure) == (row.mark != FINE and name not in EXPLAINED_ELSEWHERE)
    for line in f"{row.words}\n{row.cure}".split("\n"):
        assert len(re.sub(r"\{\w+\}", "", line)) <= 76
    assert not {FINE, DOUBTFUL, WRONG} & {*row.words, *row.cure}


def test_every_row_is_used() -> None:
    """Each name stands in some check, and each name that stands there is a row."""
    others = (path for path in ROOM.glob("*.py") if path.name != "words.py")
    source = "".join(path.read_text("utf-8") for path in others)
    used = {*re.findall(r'"([a-z]+(?:-[a-z]+)*)"', source)}
    assert {*ROWS} <= used


def test_cures_are_of_failures() -> None:
    """What mends a Failure is for a message that there is."""
    assert {*CURES} | MILD <= {*MESSAGES}
    assert all("'" in words for words in IN_THE_WAY.values())
