"""story.mistakes, and all else that can be wrong in a file: a list of mistakes that people make.

Each has its whole message in mistakes.txt: the line, what is wrong, the nearest right word.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scenarios.replay.story import reading
from scenarios.replay.story.model import BadStory

LIST = Path(__file__).with_name("mistakes.txt")
CASE = re.compile(r"^== (?P<what>.*)\n(?P<file>(?:.*\n)*?)--\n(?P<said>(?:.+\n?)+)", re.MULTILINE)
CASES = [match.groups() for match in CASE.finditer(LIST.read_text(encoding="utf-8"))]


@pytest.mark.parametrize(("file", "said"), [pytest.param(*case[1:], id=case[0]) for case in CASES])
def test_a_mistake_leads_to_its_fix(file: str, said: str) -> None:
    """Every mistake of the file is told, each with its line; "…" stands for a long list."""
    with pytest.raises(BadStory) as caught:
        reading.parse(file, Path("f.toml"))
    told = str(caught.value).replace("f.toml:", "").splitlines()
    wanted = said.splitlines()
    assert len(told) == len(wanted), told
    for line, start in zip(told, wanted, strict=True):
        assert line == start or (start.endswith(" …") and line.startswith(start.rstrip(" …")))


def test_the_list_is_whole() -> None:
    """Fifty mistakes or more, and each of the list is tried."""
    assert len(CASES) == LIST.read_text(encoding="utf-8").count("\n== ") >= 50
