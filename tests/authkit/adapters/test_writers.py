"""Who else may write to a file, or put another in its place: real modes and owners."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from authkit.adapters import writers
from authkit.core.config import OTHERS_WRITE
from tests.authkit.adapters.folders_of_others import USER, needs_root

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a file that the user alone may write to, two folders below the test's own."""
    path = tmp_path / "above" / "folder" / "file"
    path.parent.mkdir(parents=True, mode=0o700)
    path.parent.parent.chmod(0o700)
    path.touch(mode=0o600)
    return path


def test_ones_own_alone(file: Path) -> None:
    """B-S06: nothing is said of a file of one's own, nor of one that is not there yet."""
    assert writers.shared(str(file)) == ("", "")
    assert writers.shared(str(file.parent / "later" / "file")) == ("", "")


@pytest.mark.parametrize("mode", [0o770, 0o702])
@pytest.mark.parametrize("above", [0, 1, 2])
def test_the_nearest_that_others_may_write_to(file: Path, mode: int, above: int) -> None:
    """B-S06: the file, its folder, or one above it: who may write to a folder can replace files."""
    opened = [file, *file.parents][above]
    opened.chmod(mode)
    assert writers.shared(str(file)) == (str(opened), OTHERS_WRITE)


def test_where_a_link_leads(file: Path, tmp_path: Path) -> None:
    """What counts is the file that is meant."""
    file.chmod(0o666)
    (tmp_path / "link").symlink_to(file)
    assert writers.shared(str(tmp_path / "link")) == (str(file), OTHERS_WRITE)


def test_where_a_link_stands(file: Path, tmp_path: Path) -> None:
    """Who may write to the folder of a link can have it lead elsewhere."""
    folder = tmp_path / "links"
    folder.mkdir()
    link = folder / "link"
    link.symlink_to(file)
    assert writers.shared(str(link)) == ("", "")
    folder.chmod(0o777)
    assert writers.shared(str(link)) == (str(folder), OTHERS_WRITE)


def test_a_folder_for_everybody(file: Path) -> None:
    """In one with the sticky bit, as /tmp is, nobody can replace another's file."""
    file.parent.chmod(0o1777)
    assert writers.shared(str(file)) == ("", "")


@needs_root
@pytest.mark.parametrize("above", [0, 1])
def test_another_user(file: Path, above: int) -> None:
    """B-S06: whose it is may write to it, whatever the mode is; root's is as good as one's own."""
    theirs = [file, *file.parents][above]
    os.chown(theirs, USER, USER)
    theirs.chmod(0o1700)
    found = (str(theirs), f"it belongs to another user (uid {USER})")
    assert writers.shared(str(file)) == found
