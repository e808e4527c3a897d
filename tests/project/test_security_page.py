"""docs/security.md: every claim names tests that are there."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "security.md"
CLAIM = re.compile(r"^\| (?!claim |---)(?P<said>.*?) \| (?P<tests>.*) \|$", re.MULTILINE)
NAMED = re.compile(r"\[\w+\]\((?P<file>[^)]+)\)|`(?P<test>\w+)`")


def missing(page: str) -> list[str]:
    """Return the claims without a test, and the named tests that are not there."""
    found = []
    for claim in CLAIM.finditer(page):
        source, tests = "", 0
        for named in NAMED.finditer(claim["tests"]):
            if named["file"]:
                path = PAGE.parent / named["file"]
                source = path.read_text(encoding="utf-8") if path.exists() else ""
            else:
                tests += 1
                if f"def {named['test']}(" not in source:
                    found.append(named["test"])
        if not tests:
            found.append(claim["said"])
    return found


def test_every_claim_is_held() -> None:
    """Each row's tests are in the files that it names."""
    page = PAGE.read_text(encoding="utf-8")
    assert len(CLAIM.findall(page)) > 10
    assert missing(page) == []


def test_a_claim_that_nothing_holds_is_noticed() -> None:
    """The check sees a test that is not there, and a claim that names none."""
    file = "[laws](../tests/explore/laws_of_keys.py)"
    assert missing(f"| All is well. | {file} `nothing_like_it` |\n") == ["nothing_like_it"]
    assert missing(f"| All is well. | {file} |\n") == ["All is well."]
