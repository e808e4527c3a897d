"""presentation.played: what was replayed, as values."""

from __future__ import annotations

from pathlib import Path

from scenarios.replay.presentation.played import Performance, Played, Report, failures
from tests.support.story_tools import GOOD, observe, read

STORY = read(GOOD.partition("Z\n")[2])
STEP = (STORY.steps[0], observe(GOOD.partition("Z\n")[2])[0])
WRONG = Report("a.toml:4", "authkit it\n  wrong")
FILE = Path("a.toml")


def played(*performances: Performance) -> Played:
    """Return a story with these performances."""
    return Played(FILE, STORY, {each.level: each for each in performances})


def test_a_failure_is_told_once_with_its_levels() -> None:
    """Levels that fail alike are folded; a file that cannot be read has none."""
    first = played(Performance("fakes", report=WRONG), Performance("boto3", report=WRONG))
    other = played(Performance("fakes"), Performance("boto3", report=Report("a.toml:4", "else")))
    unreadable = Played(FILE, None, unreadable=Report("b.toml:1", "it is not TOML"))
    found = failures([first, other, unreadable])
    assert [report.at(levels) for report, levels in found.items()] == [
        "a.toml:4: at levels fakes, boto3: authkit it\n  wrong",
        "a.toml:4: at level boto3: else",
        "b.toml:1: it is not TOML",
    ]


def test_a_story_holds_where_nothing_is_wrong() -> None:
    """At every level, and its file can be read; a level that is excepted does not count."""
    assert played(Performance("fakes"), Performance("boto3", excepted="why")).holds
    assert not played(Performance("fakes"), Performance("boto3", report=WRONG)).holds
    assert not Played(FILE, None, unreadable=WRONG).holds


def test_what_does_not_hold_is_shown_first() -> None:
    """Else the first level that was replayed; None where there is none."""
    good, bad = Performance("fakes", [STEP]), Performance("boto3", [STEP], report=WRONG)
    assert played(good, bad).shown is bad
    assert played(Performance("terminal", excepted="why"), good).shown is good
    assert played(Performance("fakes", report=WRONG)).shown is None
