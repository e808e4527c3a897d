"""revisions.trees: the files of a commit, and a process that plays stories with them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from scenarios.replay.revisions import trees
from scenarios.replay.revisions.trees import CHECKOUT, CannotPlay
from tests.support.pty_tools import finished
from tests.support.story_tools import GOOD

AS = ["-c", "user.name=a", "-c", "user.email=a@example.org"]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Return a repository with one commit of one file, which was changed since."""
    if not shutil.which("git"):
        pytest.skip("there is no git here")
    folder = tmp_path / "repository"
    folder.mkdir()
    (folder / "file").write_text("committed", encoding="utf-8")
    for line in (["init", "-q"], ["add", "."], [*AS, "commit", "-qm", "one"]):
        finished(["git", "-C", str(folder), *line]).check_returncode()
    (folder / "file").write_text("changed", encoding="utf-8")
    return folder


def test_the_files_of_a_commit(repository: Path, tmp_path: Path) -> None:
    """They are those that were committed; the checkout is left alone."""
    there = tmp_path / "there"
    trees.extract(trees.commit("HEAD", repository), there, repository)
    assert (there / "file").read_text(encoding="utf-8") == "committed"
    assert (repository / "file").read_text(encoding="utf-8") == "changed"


@pytest.mark.parametrize("revision", ["none", "--help", ""])
def test_what_is_no_revision(repository: Path, revision: str) -> None:
    """One line says so; a word that looks like an option is none."""
    with pytest.raises(CannotPlay, match="git knows no such revision"):
        trees.commit(revision, repository)


def test_stories_are_played_by_the_tree() -> None:
    """A line for each text in its order: what was observed, or why it is no story."""
    good, bad = trees.played(CHECKOUT, [(Path("a.toml"), GOOD), (Path("b.toml"), "a = 1")])
    assert good["steps"][0]["exit"] == 0
    assert (
        bad == {"unreadable": "there is no key 'a' here; did you mean 'at'?"} or bad["unreadable"]
    )


def test_a_tree_without_authkit_is_not_played_with_another(tmp_path: Path) -> None:
    """The authkit that is installed here must not stand in for a revision that has none."""
    with pytest.raises(CannotPlay, match="there is no package authkit"):
        trees.played(tmp_path, [])


def test_a_revision_with_other_fakes_says_so(tmp_path: Path) -> None:
    """The last line of the error is told, not a traceback."""
    (tmp_path / "fakes").mkdir()
    (tmp_path / "fakes" / "__init__.py").touch()
    with pytest.raises(
        CannotPlay, match=r"does not play stories.*ModuleNotFoundError.*fakes\.world"
    ):
        trees.played(tmp_path, [])
