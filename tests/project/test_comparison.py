"""docs/comparison.md: generated only from what was observed of the tools."""

from __future__ import annotations

import pytest

from benchmarks import comparison
from benchmarks.comparison import CASES, PAGE, Seen
from benchmarks.other_tools import OTHERS, Tool

TOOL = Tool("it", "1.0", (), (), lambda _: {})


@pytest.mark.parametrize(
    ("asked", "again"),
    [
        ([], "no"),
        (["mfa code"], "no"),
        (["mfa code", "mfa token"], "the code"),
        (["access key id", "secret access key", "mfa token"], "the keys"),
        (["mfa code", "access key id", "mfa code"], "the keys and the code"),
    ],
)
def test_what_counts_as_asking_again(asked: list[str], again: str) -> None:
    """A second code counts, and so do keys that are stored."""
    assert comparison.again(asked) == again


def test_the_last_line_is_the_same_in_every_run() -> None:
    """The last line has no colours and no instants, and blank lines are skipped."""
    screen = "one\r\n\x1b[31mends 2026-11-24 15:52:24+00:00 in 43198.26 seconds\x1b[0m\r\n\r\n"
    assert comparison.last_line(screen) == "ends … in … seconds"
    assert comparison.last_line("") == ""


def test_a_row_is_what_was_seen() -> None:
    """Each case has its table; a pipe is escaped, and a long line is cut."""
    long = "x" * 200
    rows = [(CASES[0], TOOL, Seen(1, 2, [], "a | b")), (CASES[1], TOOL, Seen(0, 0, [], long))]
    page = comparison.page(rows, [TOOL])
    assert "of\nit 1.0.\n" in page
    assert "\n## The right code\n" in page
    assert "\n| it | 1 | 2 | no | `a \\| b` |\n" in page
    assert f"`{long[:120]} …`" in page


def test_the_committed_page_is_of_these_cases_and_tools() -> None:
    """The page has these cases, tools and versions; only a run with a package index rewrites it."""
    page = PAGE.read_text(encoding="utf-8")
    titles = [line.removeprefix("## ") for line in page.splitlines() if line.startswith("## ")]
    assert titles == [f"{case.name[0].upper()}{case.name[1:]}" for case in CASES]
    for name, version in OTHERS.items():
        assert f"{name} {version}" in page
        assert page.count(f"\n| {name} |") == len(CASES)
