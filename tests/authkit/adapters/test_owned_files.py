"""Which file is whose: on a disk, and in memory on a file system that ignores case."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from authkit.adapters.files import file_name
from authkit.adapters.folders import Folder
from authkit.adapters.owned_files import OwnedFiles, called, named_as, named_in, old_file_name
from fakes.world.state_folder import MemoryFiles, MemoryStateFolder

if TYPE_CHECKING:
    from pathlib import Path

    from authkit.adapters.owned_files import FolderOfFiles

OLD, CAPITAL = "dev-admin", "Dev-Admin"  # two names that differ in case
PRESENT = f"{file_name(CAPITAL)}.json"
KINDS = ["a disk", "memory", "memory that ignores case"]


@pytest.fixture(params=KINDS)
def files(request: pytest.FixtureRequest, tmp_path: Path) -> FolderOfFiles:
    """Return an empty folder."""
    if request.param == "a disk":
        return Folder(str(tmp_path / "state"), "sessions")
    state = MemoryStateFolder(ignores_case=request.param == KINDS[2])
    return MemoryFiles(state, "sessions")


def owned(files: FolderOfFiles) -> OwnedFiles:
    """Return files that belong to identities over a folder."""
    return OwnedFiles(files, ".json", "+draft", named_as)


def written(name: str) -> str:
    """Return a text that names an identity."""
    return json.dumps({"identity": name})


@pytest.mark.parametrize("first", [OLD, CAPITAL])
def test_names_that_differ_in_case(files: FolderOfFiles, first: str) -> None:
    """B-S10: each has its own file, whichever came first."""
    ours = owned(files)
    second = CAPITAL if first == OLD else OLD
    ours.replace(first, written(first))
    assert ours.read(second) is None
    ours.replace(second, written(second))
    assert [ours.read(first), ours.read(second)] == [written(first), written(second)]
    assert ours.names() == sorted([first, second])
    assert ours.drop(first)
    assert (ours.read(first), ours.read(second)) == (None, written(second))
    assert ours.names() == [second]


def test_an_old_file_belongs_to_the_name_it_is_listed_by(files: FolderOfFiles) -> None:
    """B-S10: a file without a name is that of the identity spelt so, and of no other."""
    files.replace(f"{CAPITAL}.json", "{}")
    ours = owned(files)
    assert (ours.read(CAPITAL), ours.read(OLD)) == ("{}", None)
    assert ours.names() == [CAPITAL]
    assert not ours.drop(OLD)
    assert ours.drop(CAPITAL)
    assert (ours.read(CAPITAL), files.listed()) == (None, [])


def test_an_old_file_is_moved_by_the_next_write(files: FolderOfFiles) -> None:
    """B-S10: the identity's file has its present name from then on."""
    files.replace(f"{CAPITAL}.json", "{}")
    ours = owned(files)
    ours.replace(CAPITAL, written(CAPITAL))
    assert files.listed() == [PRESENT]
    assert ours.read(CAPITAL) == written(CAPITAL)


@pytest.mark.parametrize("kind", KINDS)
def test_an_old_file_in_the_way(kind: str) -> None:
    """B-S10: another's file of before gets its name and its present place; nothing is lost."""
    files = MemoryFiles(MemoryStateFolder(ignores_case=kind == KINDS[2]), "sessions")
    files.replace(f"{CAPITAL}.json", '{"a": 1}')
    ours = owned(files)
    ours.replace(OLD, written(OLD))
    assert ours.read(OLD) == written(OLD)
    found = json.loads(ours.read(CAPITAL) or "")
    assert found == ({"identity": CAPITAL, "a": 1} if kind == KINDS[2] else {"a": 1})
    assert ours.names() == [CAPITAL, OLD]


def test_an_old_file_in_the_way_of_what_is_there() -> None:
    """B-S10: a newer file of the other identity wins over its file of before."""
    files = MemoryFiles(MemoryStateFolder(ignores_case=True), "sessions")
    files.replace(PRESENT, written(CAPITAL))
    files.replace(f"{CAPITAL}.json", "{}")
    ours = owned(files)
    ours.replace(OLD, written(OLD))
    assert (ours.read(OLD), ours.read(CAPITAL)) == (written(OLD), written(CAPITAL))
    assert files.listed() == [f"{OLD}.json", PRESENT]


def test_a_file_that_keeps_its_spelling() -> None:
    """B-S10: a rename may keep the spelling of what it replaces; the name inside decides."""
    files = MemoryFiles(MemoryStateFolder(ignores_case=True), "sessions")
    files.texts[f"{CAPITAL}.json"] = written(OLD)
    ours = owned(files)
    assert ours.names() == [OLD]
    assert ours.read(OLD) == written(OLD)
    assert not ours.drop(CAPITAL)
    assert ours.drop(OLD)


def test_a_file_that_names_another(files: FolderOfFiles) -> None:
    """B-S10: it is not listed, nor dropped as one's own."""
    files.replace(PRESENT, written("me@acme"))
    files.replace("me+0000000000000000.json", "{}")
    ours = owned(files)
    assert ours.names() == []
    assert not ours.drop(CAPITAL)
    assert files.listed() == [PRESENT, "me+0000000000000000.json"]


def test_drafts_and_others_are_nobodys(files: FolderOfFiles) -> None:
    """B-S02: a draft is no file of anybody's, nor is what has another suffix."""
    for file in ("a.json+draft", "b", ".json", "c d.json"):
        files.replace(file, "{}")
    ours = owned(files)
    assert ours.names() == []
    assert not ours.drop("a")
    assert "a.json+draft" not in files.listed()
    assert len(ours.texts()) == 2


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "1", '{"identity": 1}', '{"identity": "?"}', "[" * 100_000]
)
def test_texts_without_a_name(text: str) -> None:
    """B-S10: what is no JSON, or has no name in it, names nobody."""
    assert named_in(text) == ""
    assert named_as("[]", "dev") == "[]"


def test_old_files() -> None:
    """B-S10: a name of the old form with capitals had a file of its own name."""
    assert old_file_name("Dev-Admin") == "Dev-Admin"
    assert old_file_name("dev-admin") == old_file_name("Me@Acme") == ""
    assert called("Dev-Admin") == "Dev-Admin"
    assert called("devadmin+bc3fe06c14c6cb3b") == called("a b") == ""
