"""One private file: what is opened and what is not, how it is replaced, and its lock."""

from __future__ import annotations

import os
import resource
import socket
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock

from authkit.adapters import private_file
from tests.authkit.adapters.folders import umask

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LARGEST = 1000


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where the file is to be: its folder is not there yet."""
    return tmp_path / "state" / "keyring"


def write(path: Path, data: bytes = b"data") -> None:
    """Write as the backend does: under the lock."""
    with private_file.locked(str(path)):
        private_file.replace(str(path), data, LARGEST)


def read(path: Path) -> bytes | None:
    """Read as the backend does: without the lock."""
    return private_file.read(str(path), LARGEST)


def words(act: Callable[[], object]) -> str:
    """Return what is raised, in words."""
    with pytest.raises(OSError) as raised:  # noqa: PT011 - the words are what is compared
        act()
    return str(raised.value.strerror)


def test_a_round_trip(path: Path) -> None:
    """Without a file or a folder there is none; what was written is read."""
    assert read(path) is None
    write(path, b"first")
    write(path, b"second")
    assert read(path) == b"second"


def test_modes(path: Path) -> None:
    """0600 in a 0700 folder, whatever the umask is."""
    with umask(0):
        write(path)
    modes = {file.name: file.stat().st_mode & 0o777 for file in path.parent.iterdir()}
    assert modes == {"keyring": 0o600, "keyring.lock": 0o600}
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_folders_that_are_made(tmp_path: Path) -> None:
    """B-S06: the folders above the file are made 0700 too, whatever the umask is."""
    with umask(0):
        write(tmp_path / "home" / "state" / "keyring")
    made = (tmp_path / "home", tmp_path / "home" / "state")
    assert [folder.stat().st_mode & 0o777 for folder in made] == [0o700, 0o700]


def fifo(path: Path) -> None:
    """Put a FIFO there: opening one waits for a writer."""
    os.mkfifo(path)


def folder(path: Path) -> None:
    """Put a folder there."""
    path.mkdir()


def link(path: Path) -> None:
    """Put a link to a good file there."""
    write(path.with_name("elsewhere"))
    path.symlink_to("elsewhere")


def dead_link(path: Path) -> None:
    """Put a link to nothing there."""
    path.symlink_to("nothing")


def device(path: Path) -> None:
    """Put /dev/zero there, under this name."""
    if os.geteuid():
        pytest.skip("only root can make a device")
    os.mknod(path, 0o20600, os.makedev(1, 5))


def unix_socket(path: Path) -> None:
    """Put a socket there."""
    with socket.socket(socket.AF_UNIX) as there:
        there.bind(os.path.relpath(path))


def open_to_the_group(path: Path) -> None:
    """Let the group write to the file."""
    write(path)
    path.chmod(0o620)


def open_to_others(path: Path) -> None:
    """Let others write to the file."""
    write(path)
    path.chmod(0o602)


def another_users(path: Path) -> None:
    """Give the file to somebody else."""
    if os.geteuid():
        pytest.skip("only root can give a file away")
    write(path)
    os.chown(path, 12345, -1)


def an_open_folder(path: Path) -> None:
    """Let others write to the folder: they could put another file in its place."""
    write(path)
    path.parent.chmod(0o707)


OPEN = "group or others may write to it ('chmod go-w' mends that)"


@pytest.mark.parametrize(
    ("plant", "said"),
    [
        (fifo, "it is a FIFO"),
        (folder, "it is a folder"),
        (link, "it is a symbolic link"),
        (dead_link, "it is a symbolic link"),
        (device, "it is a device"),
        (unix_socket, "it is a socket"),
        (open_to_the_group, OPEN),
        (open_to_others, OPEN),
        (another_users, "it belongs to another user (id 12345)"),
        (an_open_folder, OPEN),
    ],
)
def test_what_is_not_read(
    path: Path, plant: Callable[[Path], None], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """B-S06: only the user's own regular file in a folder of the user's own; no waiting."""
    path.parent.mkdir(mode=0o700)
    monkeypatch.chdir(path.parent)
    plant(path)
    assert words(lambda: read(path)) == said


def test_an_open_folder_is_not_written_to(path: Path) -> None:
    """B-S06: nor is a lock made in it."""
    path.parent.mkdir()
    path.parent.chmod(0o777)
    assert words(lambda: write(path)) == OPEN
    assert list(path.parent.iterdir()) == []


def test_a_folder_behind_a_link(path: Path) -> None:
    """B-S06: the path may contain links, it is checked where it ends."""
    real = path.parent.with_name("elsewhere")
    real.mkdir(mode=0o700)
    path.parent.symlink_to(real)
    write(path)
    assert read(path) == b"data"
    assert (real / "keyring").is_file()


@pytest.mark.parametrize("mode", [0o400, 0o600, 0o644, 0o755])
def test_who_may_read_does_not_matter(path: Path, mode: int) -> None:
    """It is for the writer to say what others may see: it is 0600 after the next write."""
    write(path)
    path.chmod(mode)
    assert read(path) == b"data"
    write(path)
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_file_that_is_too_large(path: Path) -> None:
    """It is neither read nor written; the old one stays."""
    write(path, b"x" * LARGEST)
    assert words(lambda: write(path, b"y" * (LARGEST + 1))) == "it would be larger than 1000 bytes"
    assert read(path) == b"x" * LARGEST
    path.write_bytes(b"y" * (LARGEST + 1))
    assert words(lambda: read(path)) == "it is larger than 1000 bytes"


def test_a_write_that_fails(path: Path) -> None:
    """The old file stays, the draft goes, and the error is the system's."""
    write(path, b"old")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, limits[1]))
    try:
        assert words(lambda: write(path, b"x" * 500)) == "File too large"
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert read(path) == b"old"
    assert sorted(file.name for file in path.parent.iterdir()) == ["keyring", "keyring.lock"]


@pytest.mark.skipif(not os.path.exists("/proc/self"), reason="needs procfs")  # noqa: PTH110 - as text
def test_a_file_system_that_syncs_no_folders() -> None:
    """As some network file systems, procfs answers EINVAL: that is no trouble."""
    private_file._sync_folder("/proc")  # noqa: SLF001 - no file can be written there


def test_what_a_crash_left(path: Path) -> None:
    """An old draft is replaced, and one that is a link is not followed."""
    write(path)
    draft = path.with_name("keyring.draft")
    draft.touch()
    write(path, b"after")
    draft.symlink_to("victim")
    write(path, b"after that")
    assert not path.with_name("victim").exists()
    assert read(path) == b"after that"


def test_another_writer_is_waited_for_no_longer_than_that(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """B-S07: what holds the lock for too long is an error; reading needs no lock."""
    write(path, b"old")
    monkeypatch.setattr(private_file, "PATIENCE", 0)
    with FileLock(f"{path}.lock"):
        said = words(lambda: write(path))
        assert said == f"another process has held its lock, {path}.lock, for 0 s"
        assert read(path) == b"old"
    write(path)


@pytest.mark.parametrize("target", ["victim", "nothing"])
def test_a_link_as_the_lock(path: Path, target: str) -> None:
    """It is not followed, nothing is written, and what it leads to stays as it is."""
    write(path, b"old")
    victim = path.with_name("victim")
    victim.write_text("theirs")
    path.with_name("keyring.lock").unlink()
    path.with_name("keyring.lock").symlink_to(target)
    assert words(lambda: write(path))
    assert victim.read_text() == "theirs"
    assert not path.with_name("nothing").exists()
    assert read(path) == b"old"
