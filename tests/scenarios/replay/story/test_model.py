"""story.model: a story's name, and the text of a mistake in its file."""

from __future__ import annotations

from pathlib import Path

from scenarios.replay.story.model import BadStory
from tests.support.story_tools import FILE, STEP, read


def test_a_storys_name_is_its_files() -> None:
    """The name is the file's, without folder and suffix."""
    assert Path("scenarios/theme/a-story.toml") == FILE
    assert read(STEP).name == "a-story"


def test_a_mistake_begins_with_its_place() -> None:
    """The text has the form that editors and terminals make a link of: file, line, reason."""
    bad = BadStory(Path("scenarios/theme/bad.toml"), 3, "why")
    assert str(bad) == "scenarios/theme/bad.toml:3: why"
    assert (bad.line, bad.reason) == (3, "why")


def test_several_mistakes_are_told_each_with_its_place() -> None:
    """The first one is the exception's line and reason."""
    bad = BadStory(Path("bad.toml"), 3, "why", [(5, "that too")])
    assert str(bad) == "bad.toml:3: why\nbad.toml:5: that too"
    assert (bad.line, bad.mistakes) == (3, [(3, "why"), (5, "that too")])
