"""The exploration as a program: ``python -m tests.explore``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.explore.__main__ import main

if TYPE_CHECKING:
    import pytest


def test_a_path_is_printed_as_a_story(capsys: pytest.CaptureFixture[str]) -> None:
    """--path walks one path, and prints what was chosen, what happened, and how to see it again."""
    assert main(["--path", "login:1"]) == 0
    story, last = capsys.readouterr().out.rsplit("\n", 2)[:2]
    assert "entry: none" in story
    assert "Again: python -m tests.explore --path login:1" in story
    summary = json.loads(last)
    assert summary["paths"] == 1
    assert summary["complaints"] == []
