"""The story files themselves: where they stand, what they are called, and that they can be read."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from scenarios.replay.story import reading

if TYPE_CHECKING:
    from pathlib import Path

STORIES = reading.stories()


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_every_story_is_well_formed(path: Path) -> None:
    """It validates, and its first line shows editors the schema."""
    assert path.read_text(encoding="utf-8").startswith("#:schema ../scenario.schema.json\n")
    assert reading.read(path).steps


def test_every_story_stands_in_a_folder_of_its_theme() -> None:
    """A story stands in a folder directly below scenarios/, and no folder has a single story."""
    folders = Counter(path.parent for path in STORIES)
    assert {folder.parent for folder in folders} == {reading.STORIES}
    assert [folder.name for folder, number in folders.items() if number == 1] == []


def test_a_storys_name_is_unique_over_all_folders() -> None:
    """docs/contract.md: a name on the command line means one story, whichever folder it is in."""
    names = Counter(path.stem for path in STORIES)
    assert [name for name, number in names.items() if number > 1] == []
