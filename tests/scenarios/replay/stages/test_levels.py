"""stages.levels: which stories are replayed at which level."""

from __future__ import annotations

import re

from scenarios.replay.story import reading
from tests.support.story_tools import ROOT

LEAST = 0.8  # of all stories are replayed at level terminal
SEED = {"rotation", "expired-in-exec"}  # the stories of the announcement's screens


def test_most_stories_are_replayed_at_a_real_terminal() -> None:
    """At least four fifths of them; each of the others says why it is not."""
    stories = [reading.read(path) for path in reading.stories()]
    there = [story for story in stories if "terminal" not in story.excepted]
    assert len(there) >= LEAST * len(stories)


def test_what_the_readme_shows_is_replayed_at_a_real_terminal() -> None:
    """Every story that README.md shows is replayed at level terminal."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    names = set(re.findall(r"<!-- transcript: (\S+) ", readme))
    assert names >= SEED
    for name in names:
        story = reading.read(reading.story_file(name))
        assert "terminal" not in story.excepted, f"the README shows {name}"
