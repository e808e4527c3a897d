"""The state folder on a real disk: files, modes, links, crashes, obstacles and the lock."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from authkit.adapters.state_folder import StateFolder
from authkit.core import sessions
from authkit.core.failures import StateTrouble
from tests.authkit.adapters.folders import (
    LISTS,
    NEW,
    OLD,
    OPERATIONS,
    READ,
    a_file_for_the_folder,
    a_file_for_the_inner_folders,
    die_while_writing,
    folders_for_the_files,
    held_by_another_process,
    mode,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

LINK = "it is a symbolic link"


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """Return the path of the state folder, which does not exist yet."""
    return tmp_path / "home" / "state"


@pytest.fixture
def folder(state: Path) -> StateFolder:
    """Return the port over the state folder."""
    return StateFolder(str(state))


@contextmanager
def umask(mask: int) -> Iterator[None]:
    """Set the umask for a block."""
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


# Files and folders.


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077, 0o177, 0o777], ids=oct)
def test_private_whatever_the_umask(folder: StateFolder, state: Path, mask: int) -> None:
    """B-S02: the session file is 0600 in a 0700 folder, whatever the umask."""
    state.parent.mkdir()
    with umask(mask):
        folder.replace("dev-admin", OLD)
        folder.mark("dev-admin")
    assert mode(state / "sessions" / "dev-admin.json") == 0o600
    assert {mode(path) for path in (state, state / "sessions", state / "identities")} == {0o700}


@pytest.mark.parametrize("write", [StateFolder.mark, StateFolder.lock])
def test_a_folder_that_is_too_open_is_closed(
    folder: StateFolder, state: Path, write: Callable[[StateFolder, str], object]
) -> None:
    """B-S02: folders in the state folder are made 0700; the state folder's own mode stays."""
    for path in (state, state / "identities", state / "locks"):
        path.mkdir(parents=True)
        path.chmod(0o777)
    write(folder, "dev-admin")
    assert sorted(map(mode, state.iterdir())) == [0o700, 0o777]  # the folder written to
    assert mode(state) == 0o777


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
    """B-K04: an empty file for every identity with keys; marking twice is no error."""
    assert folder.marked() == []
    for name in ("dev-admin", "audit", "audit"):
        folder.mark(name)
    assert folder.marked() == ["audit", "dev-admin"]
    assert (state / "identities" / "audit").read_bytes() == b""
    folder.unmark("audit")
    folder.unmark("audit")
    assert folder.marked() == ["dev-admin"]


def test_a_marker_tells_since_when_keys_are_untried(folder: StateFolder, state: Path) -> None:
    """B-L08: the marker's time is when the keys were saved, until AWS has taken them."""
    assert folder.untried("dev-admin") is None
    then = datetime(2024, 12, 22, 23, 58, tzinfo=UTC)
    folder.mark("dev-admin", then)
    assert folder.untried("dev-admin") == then
    assert (state / "identities" / "dev-admin").read_bytes() == b""
    folder.mark("dev-admin")
    assert folder.untried("dev-admin") is None


def test_notes_of_codes(folder: StateFolder, state: Path) -> None:
    """B-L12: one private note for each identity; all notes are read together."""
    assert folder.codes() == []
    folder.replace_codes("dev-admin", "old")
    folder.replace_codes("dev-admin", "new")
    folder.replace_codes("audit", "other")
    assert sorted(folder.codes()) == ["new", "other"]
    assert mode(state / "codes" / "audit.json") == 0o600
    assert folder.names() == []


def test_one_note_in_trouble(folder: StateFolder, state: Path) -> None:
    """B-L12: a link in place of a note is not followed, and the other notes are read."""
    folder.replace_codes("dev-admin", "good")
    (state / "codes" / "audit.json").symlink_to("/etc/passwd")
    assert "good" in folder.codes()
    assert not any("root:" in note for note in folder.codes())


def test_two_first_runs(folder: StateFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """B-L24: another process may make the state folder at the same time."""
    folder.mark("audit")
    looks = iter([False])
    monkeypatch.setattr(os.path, "isdir", lambda _path: next(looks, True))
    assert folder.lock("dev-admin").acquire()


def test_what_is_not_text_is_corrupt(folder: StateFolder, state: Path) -> None:
    """B-S04: bytes that are not UTF-8 are read, and then are no session."""
    folder.replace("dev-admin", OLD)
    (state / "sessions" / "dev-admin.json").write_bytes(b"\xff\xfe{")
    written = folder.read("dev-admin")
    assert written is not None
    with pytest.raises(ValueError, match="it is not JSON"):
        sessions.decode(written)


# Symbolic links.


def test_a_link_is_not_followed_on_reading(folder: StateFolder, state: Path) -> None:
    """B-S02: a link in place of a session file is an error that names the file."""
    (state / "sessions").mkdir(parents=True)
    elsewhere = state / "elsewhere"
    elsewhere.write_text(OLD)
    path = state / "sessions" / "dev-admin.json"
    path.symlink_to(elsewhere)
    with pytest.raises(StateTrouble) as caught:
        folder.read("dev-admin")
    assert (caught.value.path, caught.value.reason) == (str(path), LINK)


def test_a_link_is_not_followed_on_writing(folder: StateFolder, state: Path) -> None:
    """B-S02: a link is replaced by the new file, and its target is not changed."""
    (state / "sessions").mkdir(parents=True)
    elsewhere = state / "elsewhere"
    elsewhere.write_text("mine")
    path = state / "sessions" / "dev-admin.json"
    path.symlink_to(elsewhere)
    folder.replace("dev-admin", NEW)
    assert elsewhere.read_text() == "mine"
    assert not path.is_symlink()
    assert folder.read("dev-admin") == NEW


def test_a_link_in_the_drafts_place_is_not_followed(folder: StateFolder, state: Path) -> None:
    """B-S02: a link in place of the draft is not followed either."""
    draft = die_while_writing(state)
    draft.unlink()
    elsewhere = state / "elsewhere"
    elsewhere.write_text("mine")
    draft.symlink_to(elsewhere)
    folder.replace("dev-admin", NEW)
    assert elsewhere.read_text() == "mine"
    assert folder.read("dev-admin") == NEW


def test_a_link_in_a_markers_place_is_not_followed(folder: StateFolder, state: Path) -> None:
    """B-S02: a link in place of a marker creates no file elsewhere."""
    (state / "identities").mkdir(parents=True)
    (state / "identities" / "dev-admin").symlink_to(state / "elsewhere")
    with pytest.raises(StateTrouble):
        folder.mark("dev-admin")
    assert not (state / "elsewhere").exists()


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

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    folder.replace("dev-admin", OLD)
    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(StateTrouble, match="No space left on device"):
        folder.replace("dev-admin", NEW)
    assert folder.read("dev-admin") == OLD
    assert [path.name for path in (state / "sessions").iterdir()] == ["dev-admin.json"]


def test_logout_leaves_no_draft(folder: StateFolder, state: Path) -> None:
    """B-O01: dropping a session removes its draft too, and no other identity's session."""
    for name in ("dev-admin", "dev-admin.json", "dev"):
        folder.replace(name, OLD)
    die_while_writing(state)
    folder.drop("dev-admin")
    left = {path.name for path in (state / "sessions").iterdir()}
    assert left == {"dev-admin.json.json", "dev.json"}


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
    assert caught.value.reason in {"Not a directory", "Is a directory", "File exists"}


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


def test_a_pipe_in_a_sessions_place_is_not_waited_for(state: Path) -> None:
    """B-S04: a named pipe in place of a session file is an error, and is not waited for."""
    path = state / "sessions" / "dev-admin.json"
    path.parent.mkdir(parents=True)
    os.mkfifo(path)
    done = subprocess.run(  # noqa: S603 - our own
        [sys.executable, "-c", READ, str(state)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout == f"{path} it is not a file\n"


def test_two_locks_exclude_each_other(folder: StateFolder, state: Path) -> None:
    """B-L24: a lock is held once, and each identity has its own."""
    first, second = folder.lock("dev-admin"), folder.lock("dev-admin")
    assert first.acquire()
    assert not second.acquire()
    assert folder.lock("audit").acquire()
    first.release()
    assert second.acquire()
    second.release()
    assert mode(state / "locks" / "dev-admin") == 0o600


def test_processes_exclude_each_other(folder: StateFolder, state: Path) -> None:
    """B-L24: a lock excludes other processes; the death of its holder frees it."""
    lock = folder.lock("dev-admin")
    with held_by_another_process(state) as holder:
        assert not lock.acquire()
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        assert lock.acquire()
    lock.release()


def test_a_lock_follows_no_link(folder: StateFolder, state: Path) -> None:
    """B-S02: a link in place of the lock creates no file elsewhere."""
    (state / "locks").mkdir(parents=True)
    (state / "locks" / "dev-admin").symlink_to(state / "elsewhere")
    with pytest.raises(StateTrouble):
        folder.lock("dev-admin").acquire()
    assert not (state / "elsewhere").exists()
