"""A folder of private files on a real disk: who may use it, what may be in it, what is made how."""

from __future__ import annotations

import errno
import os
import re
import resource
import stat
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from authkit.adapters import folders, state_troubles
from authkit.adapters.folders import DRAFT, Folder
from authkit.core.failures import StateTrouble
from tests.authkit.adapters.folders import mode, umask
from tests.authkit.adapters.folders_of_others import (
    ODD,
    ODD_HERE,
    USER,
    as_user,
    needs_root,
    public_folder,
    small_file_system,
)
from tests.support.pty_tools import LIMIT

if TYPE_CHECKING:
    from collections.abc import Callable

OPEN = (0o777, 0o770, 0o702, 0o720)


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """Return the path of the state folder, which does not exist yet, nor the one around it."""
    return tmp_path / "home" / "state"


@pytest.fixture
def folder(state: Path) -> Folder:
    """Return a folder in the state folder."""
    return Folder(str(state), "sessions")


READS: dict[str, Callable[[Folder], object]] = {
    "read": lambda folder: folder.read("a"),
    "list": Folder.listed,
    "has": lambda folder: folder.has("a"),
    "remove": lambda folder: folder.remove("a"),
}
WRITES: dict[str, Callable[[Folder], object]] = {"replace": lambda folder: folder.replace("a", "b")}


def test_replace_read_remove(folder: Folder, state: Path) -> None:
    """B-S02: what was written is read, in one file, until it is removed."""
    assert (folder.read("a"), folder.listed(), folder.has("a")) == (None, [], False)
    assert not folder.remove("a")
    folder.replace("a", "old")
    folder.replace("a", "new")
    assert (folder.read("a"), folder.listed(), folder.has("a")) == ("new", ["a"], True)
    assert [folder.remove("a"), folder.remove("a")] == [True, False]
    assert [*(state / "sessions").iterdir()] == []


@pytest.fixture
def itself(state: Path) -> Folder:
    """Return the state folder itself as a folder of files: the encrypted keyring is one."""
    return Folder(str(state), "")


def test_the_state_folder_itself(itself: Folder, state: Path) -> None:
    """B-S02, B-S09: bytes are written and read as texts are, with the same care."""
    assert itself.read_bytes("keyring") is None
    with umask(0):
        itself.replace_bytes("keyring", b"\xff")
    assert itself.read_bytes("keyring") == b"\xff"
    modes = [mode(path) for path in (state.parent, state, state / "keyring")]
    assert modes == [0o700, 0o700, 0o600]
    assert [path.name for path in state.iterdir()] == ["keyring"]
    state.chmod(0o755)  # who may read is for its owner to say
    itself.replace_bytes("keyring", b"")
    assert (itself.read_bytes("keyring"), mode(state)) == (b"", 0o755)


def test_the_state_folder_itself_is_checked(itself: Folder, state: Path) -> None:
    """B-S06: nothing is read from it or put into it while others may write to it."""
    state.mkdir(parents=True)
    state.chmod(0o777)
    for use in (*READS.values(), *WRITES.values()):
        with pytest.raises(StateTrouble, match="group or others may write to it"):
            use(itself)
    assert [*state.iterdir()] == []


# Modes of what is made.


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077, 0o177, 0o777], ids=oct)
def test_private_whatever_the_umask(folder: Folder, state: Path, mask: int) -> None:
    """B-S06: 0700 and 0600, the parents that are made included."""
    with umask(mask):
        folder.replace("a", "b")
    assert [mode(path) for path in (state.parent, state, state / "sessions")] == [0o700] * 3
    assert mode(state / "sessions" / "a") == 0o600


def test_what_was_there_keeps_its_mode(folder: Folder, state: Path) -> None:
    """B-S06: a parent and a state folder that others may read stay so; the folder in it closes."""
    (state / "sessions").mkdir(parents=True)
    for path in (state.parent, state, state / "sessions"):
        path.chmod(0o755)
    folder.replace("a", "b")
    assert [mode(path) for path in (state.parent, state, state / "sessions")] == [
        *(0o755, 0o755, 0o700)
    ]


def test_an_open_file_is_replaced_by_a_private_one(folder: Folder, state: Path) -> None:
    """B-S02: nothing is written into an existing file that others can read."""
    folder.replace("a", "old")
    (state / "sessions" / "a").chmod(0o644)
    assert folder.read("a") == "old"
    folder.replace("a", "new")
    assert mode(state / "sessions" / "a") == 0o600


def test_a_path_through_links(folder: Folder, tmp_path: Path, state: Path) -> None:
    """B-S06: the path may contain links; it is checked where it ends."""
    folder.replace("a", "b")
    (tmp_path / "link").symlink_to(state)
    assert Folder(str(tmp_path / "link"), "sessions").read("a") == "b"
    state.chmod(0o777)
    with pytest.raises(StateTrouble, match="group or others may write to it"):
        Folder(str(tmp_path / "link"), "sessions").read("a")


def test_a_link_that_leads_nowhere(tmp_path: Path, state: Path) -> None:
    """B-S06: a link to nothing on the way is trouble, and nothing is made behind it."""
    (tmp_path / "home").symlink_to(tmp_path / "gone")
    with pytest.raises(StateTrouble):
        Folder(str(state), "sessions").replace("a", "b")
    assert not (tmp_path / "gone").exists()


# Others may write.


@pytest.mark.parametrize("bits", OPEN, ids=oct)
@pytest.mark.parametrize("which", ["", "sessions"])
@pytest.mark.parametrize("use", [*READS.values(), *WRITES.values()], ids=[*READS, *WRITES])
def test_a_folder_that_others_may_write_to(
    folder: Folder, state: Path, which: str, bits: int, use: Callable[[Folder], object]
) -> None:
    """B-S06: nothing in it is used, and nothing is put into it; its mode stays for all to see."""
    folder.replace("a", "old")
    (state / which).chmod(bits)
    with pytest.raises(StateTrouble) as raised:
        use(folder)
    assert (raised.value.path, raised.value.says) == (str(state / which).rstrip("/"), "state-open")
    assert mode(state / which) == bits
    (state / which).chmod(0o700)
    assert folder.read("a") == "old"


@pytest.mark.parametrize("bits", [0o666, 0o620, 0o602], ids=oct)
def test_a_file_that_others_may_write_to(folder: Folder, state: Path, bits: int) -> None:
    """B-S06: it is not read; a new one replaces it."""
    folder.replace("a", "old")
    (state / "sessions" / "a").chmod(bits)
    with pytest.raises(StateTrouble, match="group or others may write to it"):
        folder.read("a")
    folder.replace("a", "new")
    assert folder.read("a") == "new"


@needs_root
@pytest.mark.parametrize("which", ["", "sessions", "sessions/a"])
def test_what_belongs_to_another_user(folder: Folder, state: Path, which: str) -> None:
    """B-S06: a folder or file of another user is not used, whatever its mode."""
    folder.replace("a", "old")
    os.chown(state / which, USER, USER)
    with pytest.raises(StateTrouble, match="it belongs to another user") as raised:
        folder.read("a")
    assert (raised.value.path, raised.value.says) == (
        str(state / which).rstrip("/"),
        "state-not-yours",
    )


# What is not a file.


@pytest.mark.parametrize("word", ODD_HERE)
@pytest.mark.parametrize("in_place_of", ["a", f"a{DRAFT}"])
def test_what_is_not_a_file(folder: Folder, state: Path, word: str, in_place_of: str) -> None:
    """B-S06: it is said what stands in place of a file or a draft; nothing waits, or is lost."""
    folder.replace("b", "b")
    path = state / "sessions" / in_place_of
    ODD[word](path)
    uses = [WRITES["replace"], *([READS["read"]] if in_place_of == "a" else [])]
    for use in uses:
        with pytest.raises(StateTrouble) as raised:
            use(folder)
        assert raised.value.path == str(path)
        assert (raised.value.reason, raised.value.says) == (
            f"it is {word}, not a file",
            "state-not-a-file",
        )
    assert path.is_symlink() or path.exists()
    if word == "a symbolic link":
        assert path.read_text() == "mine"


@pytest.mark.parametrize("word", ODD_HERE)
def test_what_is_not_a_file_is_removed(folder: Folder, state: Path, word: str) -> None:
    """B-S06: but a folder, which is said to be one; what a link leads to stays."""
    folder.replace("b", "b")
    path = state / "sessions" / "a"
    ODD[word](path)
    if word == "a folder":
        with pytest.raises(StateTrouble, match="it is a folder, not a file"):
            folder.remove("a")
        return
    assert folder.remove("a")
    assert not path.is_symlink()
    assert not path.exists()
    if word == "a symbolic link":
        assert (state / "sessions" / "elsewhere").read_text() == "mine"


READ_A = """
import sys
from authkit.adapters.folders import Folder
from authkit.core.failures import StateTrouble
try:
    Folder(sys.argv[1], "sessions").read("a")
except StateTrouble as trouble:
    print(trouble.reason)
"""


@pytest.mark.parametrize(
    ("place", "reason"),
    [("sessions/a", "it is a FIFO, not a file"), ("sessions", "Not a directory")],
)
def test_a_pipe_is_not_waited_for(state: Path, place: str, reason: str) -> None:
    """B-S06: a process that reads a FIFO in a file's place, or a folder's, ends."""
    Folder(str(state), Path(place).parent.name).replace("b", "b")
    os.mkfifo(state / place)
    command = [sys.executable, "-c", READ_A, str(state)]
    done = subprocess.run(  # noqa: S603 - our own
        command, capture_output=True, timeout=LIMIT, check=True, start_new_session=True
    )
    assert done.stdout.decode() == f"{reason}\n"


# No room, no modes.


@pytest.mark.parametrize("name", ["sessions", ""])
def test_what_is_on_the_disk_when_it_is_replaced(
    state: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """B-S02: the new file before it takes its name, and the name before the write is over."""
    done = list[str]()
    Folder(str(state), name).replace("a", "before")
    sync, replace = os.fsync, os.replace

    def synced(handle: int) -> None:
        done.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file")
        sync(handle)

    def replaced(source: str, target: str, **folders: int) -> None:
        done.append("name")
        replace(source, target, **folders)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", replaced)
    Folder(str(state), name).replace("a", "b")
    assert done == ["file", "name", "folder"]


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs procfs")
def test_what_is_on_the_disk_when_a_folder_is_made(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """B-S02: the names of all folders that are made, in those above them."""
    synced = list[str]()
    sync = os.fsync

    def noted(handle: int) -> None:
        synced.append(str(Path(f"/proc/self/fd/{handle}").readlink()))
        sync(handle)

    monkeypatch.setattr(os, "fsync", noted)
    folders.make_folder(str(state / "sessions"))
    assert synced == [str(path) for path in (state.parent.parent, state.parent, state)]


def test_what_is_on_the_disk_when_a_file_is_removed(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """B-O01: a session that is said to be dropped does not come back after a power failure."""
    folder.replace("a", "b")
    synced = list[bool]()
    monkeypatch.setattr(os, "fsync", lambda _: synced.append(folder.has("a")))
    assert folder.remove("a")
    assert synced == [False]
    assert not folder.remove("a")
    assert synced == [False]


@needs_root
def test_a_folder_that_may_be_entered_and_not_read() -> None:
    """Its names cannot be synced by the one who makes a folder in it, which is no trouble."""
    make = "folders.make_folder(sys.argv[1]); print(os.stat(sys.argv[1]).st_uid == os.geteuid())"
    with public_folder() as folder:
        folder.chmod(0o733)
        done = as_user(make, str(folder / "made"))
    assert (done.stdout, done.stderr) == ("True\n", "")


def test_a_write_that_fails(folder: Folder, state: Path) -> None:
    """B-S02: the old file stays, the draft goes, and the error is the system's."""
    folder.replace("a", "old")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, limits[1]))
    try:
        with pytest.raises(StateTrouble, match="ulimit -f"):
            folder.replace("a", "x" * 500)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert folder.read("a") == "old"
    assert [path.name for path in (state / "sessions").iterdir()] == ["a"]


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs procfs")
def test_a_file_system_that_syncs_no_folders() -> None:
    """As some network file systems, procfs answers EINVAL: that is no trouble."""
    handle = os.open("/proc", os.O_RDONLY)
    try:
        with pytest.raises(OSError, match="Invalid argument"):
            os.fsync(handle)
        folders.sync(handle)  # no file can be written there
    finally:
        os.close(handle)


@pytest.mark.parametrize("number", [errno.EINVAL, errno.ENOTSUP])
def test_a_file_is_replaced_where_folders_are_not_synced(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """As some network file systems: a file can be synced, and its folder cannot."""
    sync = os.fsync

    def synced(handle: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(number, os.strerror(number))
        sync(handle)

    monkeypatch.setattr(os, "fsync", synced)
    folder.replace("a", "b")
    assert folder.read("a") == "b"


def test_the_draft_of_a_process_that_was_killed(folder: Folder, state: Path) -> None:
    """B-S02: the next write removes it, also one that an earlier version has left."""
    folder.replace("a", "old")
    (state / "sessions" / "a+draft").write_text("half of")
    folder.replace("a", "new")
    assert folder.listed() == ["a"]


@needs_root
def test_no_room(tmp_path: Path) -> None:
    """B-S06: a full file system is said to be one; the old file stays, and no draft."""
    state = tmp_path / "small"
    state.mkdir()
    with small_file_system(state):
        folder = Folder(str(state), "sessions")
        folder.replace("a", "old")
        with pytest.raises(StateTrouble, match="there is no room left") as raised:
            folder.replace("a", "x" * 100_000)
        assert raised.value.says == "state-no-room"
        assert (folder.read("a"), folder.listed()) == ("old", ["a"])


def test_a_file_system_without_modes(
    folder: Folder, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """B-S06: where no file can be made private, none is kept."""

    def refused(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    with umask(0):
        folder.replace("b", "b")
        monkeypatch.setattr(os, "chmod", refused)
        real = os.open
        monkeypatch.setattr(os, "open", lambda *a, **k: real(*a[:2], *(0o644 for _ in a[2:]), **k))
        with pytest.raises(StateTrouble, match="its file system keeps no file private") as raised:
            folder.replace("a", "b")
    assert raised.value.says == "state-file-system"
    assert [path.name for path in (state / "sessions").iterdir()] == ["b"]


def test_every_word_has_a_cure() -> None:
    """B-A04: the words for trouble lead to messages."""
    for word in state_troubles.TROUBLES:
        found = state_troubles.trouble("/state", word)
        assert re.match("state-", found.says)


def test_a_locale_that_is_not_utf_8(state: Path) -> None:
    """B-S10: a name means the same file in every locale."""
    Folder(str(state), "sessions").replace("\u00fc", "there")
    program = READ_A.replace('read("a")', 'read("\\u00fc")').replace(
        "    Folder", "    print(Folder"
    )
    program = program.replace('read("\\u00fc")', 'read("\\u00fc"))')
    environ = os.environ | {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    command = [sys.executable, "-c", program, str(state)]
    done = subprocess.run(  # noqa: S603 - our own
        command, env=environ, capture_output=True, check=True, start_new_session=True
    )
    assert done.stdout == b"there\n"
