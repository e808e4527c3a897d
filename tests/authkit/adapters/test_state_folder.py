"""The state folder on a real disk: files, modes, links, crashes, obstacles and the lock."""

from __future__ import annotations

import errno
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from authkit.adapters.files import file_name
from authkit.adapters.state_folder import StateFolder
from authkit.core import sessions
from authkit.core.failures import StateTrouble
from authkit.core.model import Marker
from tests.authkit.adapters.folders import (
    CACHED,
    LISTS,
    NEW,
    OLD,
    OPERATIONS,
    a_file_for_the_folder,
    a_file_for_the_inner_folders,
    die_while_writing,
    folders_for_the_files,
    mode,
    umask,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """Return the path of the state folder, which does not exist yet."""
    return tmp_path / "home" / "state"


@pytest.fixture
def folder(state: Path) -> StateFolder:
    """Return the port over the state folder."""
    return StateFolder(str(state))


# Files and folders.


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077, 0o177, 0o777], ids=oct)
def test_private_whatever_the_umask(folder: StateFolder, state: Path, mask: int) -> None:
    """B-S02: the session file is 0600 in a 0700 folder, whatever the umask."""
    with umask(mask):
        folder.replace("dev-admin", OLD)
        folder.markers.mark("dev-admin", Marker())
    assert mode(state / "sessions" / "dev-admin.json") == 0o600
    assert {mode(path) for path in (state.parent, state, *state.iterdir())} == {0o700}


def test_an_open_file_is_replaced_by_a_private_one(folder: StateFolder, state: Path) -> None:
    """B-S02: a new session is not written into an existing file that others can read."""
    folder.replace("dev-admin", OLD)
    path = state / "sessions" / "dev-admin.json"
    path.chmod(0o644)
    folder.replace("dev-admin", NEW)
    assert mode(path) == 0o600


def test_replace_read_drop(folder: StateFolder) -> None:
    """B-S02, B-O01: what was written is read; dropping twice is no error."""
    assert folder.read("dev-admin") is None
    folder.replace("dev-admin", OLD)
    folder.replace("dev-admin", NEW)
    assert folder.read("dev-admin") == NEW
    assert folder.names() == ["dev-admin"]
    assert [folder.drop("dev-admin"), folder.drop("dev-admin")] == [True, False]
    assert folder.read("dev-admin") is None
    assert folder.names() == []


def test_markers(folder: StateFolder, state: Path) -> None:
    """B-K04: a private file for every identity with keys; marking twice is no error."""
    assert folder.markers.marked() == []
    for name in ("dev-admin", "audit", "audit"):
        folder.markers.mark(name, Marker())
    assert folder.markers.marked() == ["audit", "dev-admin"]
    assert (state / "identities" / "audit").read_text() == '{"identity": "audit"}\n'
    assert mode(state / "identities" / "audit") == 0o600
    folder.markers.unmark("audit")
    folder.markers.unmark("audit")
    assert folder.markers.marked() == ["dev-admin"]


def test_what_a_marker_tells(folder: StateFolder, state: Path) -> None:
    """B-L08, B-S09: the keyring backend, and when the keys were saved until AWS has taken them."""
    assert folder.markers.read("dev-admin") is None
    then = datetime(2024, 12, 22, 23, 58, tzinfo=UTC)
    for marker in (Marker("a.backend", then), Marker("a.backend"), Marker()):
        folder.markers.mark("dev-admin", marker)
        assert folder.markers.read("dev-admin") == marker
    (state / "identities" / "dev-admin").write_text('{"identity": "audit"}')
    assert folder.markers.read("dev-admin") is None


def test_an_empty_marker(folder: StateFolder, state: Path) -> None:
    """B-S10: a marker of before 2026-11-25 is one of the identity that its file is called by."""
    (state / "identities").mkdir(parents=True)
    (state / "identities" / "Dev-Admin").write_text("")
    assert folder.markers.marked() == ["Dev-Admin"]
    assert folder.markers.read("Dev-Admin") == Marker()
    folder.markers.mark("Dev-Admin", Marker())
    assert folder.markers.marked() == ["Dev-Admin"]
    assert [path.name for path in (state / "identities").iterdir()] == [file_name("Dev-Admin")]


def test_the_other_name_of_a_hard_link(folder: StateFolder, state: Path) -> None:
    """B-S02: a marker is replaced, so that a file with a second name stays as it is."""
    elsewhere = state / "elsewhere"
    folder.markers.mark("dev-admin", Marker())
    elsewhere.write_text("mine")
    os.utime(elsewhere, (1, 1))
    marker = state / "identities" / "dev-admin"
    marker.unlink()
    os.link(elsewhere, marker)
    folder.markers.mark("dev-admin", Marker("a.backend"))
    assert (elsewhere.read_text(), elsewhere.stat().st_mtime) == ("mine", 1)


def test_notes_of_codes(folder: StateFolder, state: Path) -> None:
    """B-L12: one private note for each identity; all notes are read together."""
    assert folder.notes.codes() == []
    folder.notes.replace_codes("dev-admin", "old")
    folder.notes.replace_codes("dev-admin", "new")
    folder.notes.replace_codes("audit", "other")
    assert sorted(folder.notes.codes()) == ["new", "other"]
    assert mode(state / "codes" / "audit.json") == 0o600
    assert folder.names() == []


def test_one_note_in_trouble(folder: StateFolder, state: Path) -> None:
    """B-L12: a link in place of a note is not followed, and the other notes are read."""
    folder.notes.replace_codes("dev-admin", "good")
    (state / "codes" / "audit.json").symlink_to("/etc/passwd")
    assert "good" in folder.notes.codes()
    assert not any("root:" in note for note in folder.notes.codes())


def test_what_is_not_text_is_corrupt(folder: StateFolder, state: Path) -> None:
    """B-S04: bytes that are not UTF-8 are read, and then are no session."""
    folder.replace("dev-admin", OLD)
    (state / "sessions" / "dev-admin.json").write_bytes(b"\xff\xfe{")
    written = folder.read("dev-admin")
    assert written is not None
    with pytest.raises(ValueError, match="it is not JSON"):
        sessions.decode(written)


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_crash_leaves_the_old_session(folder: StateFolder, state: Path, step: str) -> None:
    """B-S02: the old session stays until the new file is complete."""
    folder.replace("dev-admin", OLD)
    assert mode(die_while_writing(state, step)) == 0o600
    assert folder.read("dev-admin") == OLD
    assert folder.names() == ["dev-admin"]


def test_the_draft_of_a_crash_does_no_harm(folder: StateFolder, state: Path) -> None:
    """B-S02: a draft is no session, and the next write succeeds."""
    die_while_writing(state)
    assert folder.names() == []
    assert folder.read("dev-admin") is None
    folder.replace("dev-admin", NEW)
    assert folder.read("dev-admin") == NEW


def test_a_failed_write_leaves_no_draft(
    folder: StateFolder, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """B-S01: a failed write removes its draft, which holds a session."""

    def broken(*_: object, **__: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    folder.replace("dev-admin", OLD)
    monkeypatch.setattr(os, "replace", broken)
    with pytest.raises(StateTrouble, match="Input/output error"):
        folder.replace("dev-admin", NEW)
    assert folder.read("dev-admin") == OLD
    assert [path.name for path in (state / "sessions").iterdir()] == ["dev-admin.json"]


def test_sessions_of_odd_names(folder: StateFolder, state: Path) -> None:
    """B-S10: each name has a file of its own, which is listed by the name in it."""
    names = ["a b", "dev", "Dev", "dev.json", "me@acme", "\u00fc"]
    for number, name in enumerate(names):
        folder.replace(name, sessions.encode(CACHED.replaced(region=f"region-{number}"), name))
    assert folder.names() == sorted(names)
    for number, name in enumerate(names):
        assert sessions.decode(folder.read(name) or "", name).region == f"region-{number}"
    assert len([*(state / "sessions").iterdir()]) == len(names)


def test_logout_leaves_no_draft(folder: StateFolder, state: Path) -> None:
    """B-O01: dropping a session removes its draft too, and no other identity's session."""
    for name in ("dev-admin", "dev-admin.json", "dev"):
        folder.replace(name, OLD)
    die_while_writing(state)
    folder.drop("dev-admin")
    left = {path.name for path in (state / "sessions").iterdir()}
    assert left == {"dev-admin.json.json", "dev.json"}


def test_a_draft_that_another_process_writes(folder: StateFolder, state: Path) -> None:
    """B-S03: who has not the identity's lock drops its session, and not its draft."""
    folder.replace("dev-admin", OLD)
    die_while_writing(state)
    before = {path.name for path in (state / "sessions").iterdir()}
    assert folder.drop("dev-admin", draft=False)
    left = {path.name for path in (state / "sessions").iterdir()}
    assert left == before - {"dev-admin.json"} != set()


@pytest.mark.parametrize(
    "spoil", [a_file_for_the_folder, a_file_for_the_inner_folders, folders_for_the_files]
)
@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS.keys())
def test_what_is_in_the_way_is_named(
    folder: StateFolder,
    state: Path,
    spoil: Callable[[Path], Path],
    operation: Callable[[StateFolder], object],
) -> None:
    """B-S04: an error is not taken for a missing file; it has the path and a reason."""
    spoil(state)
    with pytest.raises(StateTrouble) as caught:
        operation(folder)
    assert caught.value.path.startswith(str(state))
    assert caught.value.reason in {
        *("Not a directory", "File exists", "it is a folder, not a file"),
    }


@pytest.mark.parametrize("spoil", [a_file_for_the_folder, a_file_for_the_inner_folders])
@pytest.mark.parametrize("operation", LISTS.values(), ids=LISTS.keys())
def test_a_folder_that_cannot_be_listed(
    folder: StateFolder,
    state: Path,
    spoil: Callable[[Path], Path],
    operation: Callable[[StateFolder], object],
) -> None:
    """B-S04: a folder that cannot be listed is an error, and not an empty list."""
    spoil(state)
    with pytest.raises(StateTrouble, match="Not a directory"):
        operation(folder)
