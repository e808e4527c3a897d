"""Whether a file is the user's own, and the words for what is wrong: real owners and modes."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from authkit.adapters import trust
from authkit.adapters.state_folder import StateFolder
from authkit.core.failures import StateTrouble
from tests.authkit.adapters.folders_of_others import USER, as_user, needs_root, public_folder

READ = """
try:
    StateFolder(sys.argv[1]).read("dev-admin")
    StateFolder(sys.argv[1]).replace("dev-admin", "x")
except StateTrouble as trouble:
    print(trouble.path, trouble.reason, trouble.says, sep="|")
"""


@needs_root
@pytest.mark.parametrize("made_by_root", ["home/.local", "home/.local/state/authkit"])
def test_after_sudo(made_by_root: str) -> None:
    """B-S06: the user is told which folder belongs to root, and a cure without chown."""
    with public_folder() as public:
        path = public / "home" / ".local" / "state" / "authkit"
        path.mkdir(parents=True)
        parts = [public / "home", public / "home/.local", path.parent, path]
        mine = parts[: parts.index(public / made_by_root)]
        for folder in mine:
            os.chown(folder, USER, USER)
        for folder in parts[len(mine) :]:
            folder.chmod(0o700)
        done = as_user(READ, str(path))
        assert done.stderr == ""
        assert done.stdout == (
            f"{public / made_by_root}|it belongs to root, as after 'sudo authkit'|state-not-yours\n"
        )


@needs_root
def test_under_sudo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """B-S06: root that sudo made of a user is told to go without it."""
    folder = StateFolder(str(tmp_path / "state"))
    folder.replace("dev-admin", "{}")
    os.chown(tmp_path / "state", USER, USER)
    with pytest.raises(StateTrouble) as raised:
        folder.read("dev-admin")
    assert raised.value.says == "state-not-yours"
    monkeypatch.setenv("SUDO_UID", str(USER))
    with pytest.raises(StateTrouble) as raised:
        folder.read("dev-admin")
    assert raised.value.says == "state-sudo"


@needs_root
def test_a_folder_of_ones_own_that_is_closed() -> None:
    """B-S04: what the user has closed to himself is named by its path and the system's word."""
    with public_folder() as public:
        path = public / "home" / "state"
        path.mkdir(parents=True)
        for folder in (public / "home", path):
            os.chown(folder, USER, USER)
        path.chmod(0)
        assert as_user(READ, str(path)).stdout == (
            f"{path}/sessions/dev-admin.json|Permission denied|state-trouble\n"
        )


def fault_of(path: Path) -> str:
    """Return the fault of a folder or file."""
    handle = os.open(path, os.O_RDONLY)
    try:
        return trust.fault(os.fstat(handle), handle)
    finally:
        os.close(handle)


def test_an_open_mode(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """B-S06: `chmod go-w` is named where it takes; no other mode is ever set to find out."""
    tmp_path.chmod(0o755)
    assert fault_of(tmp_path) == ""
    tmp_path.chmod(0o775)
    fchmod, modes = os.fchmod, list[int]()

    def watched(handle: int, mode: int) -> None:
        modes.append(mode)
        fchmod(handle, mode)

    monkeypatch.setattr(os, "fchmod", watched)
    assert fault_of(tmp_path) == "open to others"
    assert set(modes) <= {0o775}

    def refused(*_: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "fchmod", refused)
    assert fault_of(tmp_path) == "open to others for good"


def test_a_file_system_without_modes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """B-S06: one that takes every mode and keeps none is known by its type."""
    tmp_path.chmod(0o775)
    mounts = Path("/proc/self/mountinfo").read_text("utf-8").splitlines()
    types = {line.partition(" - ")[2].split()[0] for line in mounts}
    monkeypatch.setattr(trust, "_WITHOUT_MODES", types)
    assert fault_of(tmp_path) == "open to others for good"
    monkeypatch.setattr(trust, "_WITHOUT_MODES", set())
    assert fault_of(tmp_path) == "open to others"


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_no_room(number: int) -> None:
    """B-S06: a full disk and a used up quota are the same to the user."""
    found = trust.explained("/state", OSError(number, os.strerror(number)))
    assert (found.path, found.says) == ("/state", "state-no-room")


def test_the_systems_own_word(tmp_path: Path) -> None:
    """B-S04: any other error is shown as the system words it."""
    error = OSError(errno.EIO, "Input/output error")
    for path in (tmp_path / "a", tmp_path):  # a folder is not in a file's place then
        assert trust.explained(str(path), error).reason == "Input/output error"


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENOMEM])
def test_a_limit(tmp_path: Path, number: int) -> None:
    """B-A07: a limit is named, and what is to be done about it; the path is not to blame."""
    found = trust.explained(str(tmp_path), OSError(number, os.strerror(number)))
    assert (found.reason.startswith("too "), found.says) == (True, "state-limit")


@pytest.mark.parametrize("number", [errno.EISDIR, errno.ENOTDIR, errno.EPERM])
def test_something_else_in_its_place(tmp_path: Path, number: int) -> None:
    """B-S06: it is said what stands there."""
    found = trust.explained(str(tmp_path), OSError(number, os.strerror(number)))
    assert found.says == "state-not-a-file"


@pytest.mark.parametrize(
    "type_", ["vfat", "msdos", "exfat", "ntfs", "ntfs3", "fuseblk", "cifs", "smb3", "9p", "drvfs"]
)
def test_the_file_systems_of_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, type_: str
) -> None:
    """B-S06: where chmod does nothing, a file that others may write to cannot be mended."""
    monkeypatch.setattr(trust, "_type", lambda _device: type_)
    (tmp_path / "file").touch()
    (tmp_path / "file").chmod(0o666)
    with (tmp_path / "file").open() as file:
        found = trust.fault(os.fstat(file.fileno()), file.fileno())
    assert found == "open to others for good"


@pytest.mark.parametrize(
    ("mode", "word"),
    [
        (stat.S_IFLNK, "a symbolic link"),
        (stat.S_IFIFO, "a FIFO"),
        (stat.S_IFCHR, "a device"),
        (stat.S_IFBLK, "a device"),
        (stat.S_IFDIR, "a folder"),
        (stat.S_IFSOCK, "a socket"),
        (stat.S_IFREG, ""),
    ],
)
def test_what_is_no_regular_file(mode: int, word: str) -> None:
    """B-S06: each kind that a file system has is named."""
    assert trust.kind(os.stat_result((mode | 0o600, *[0] * 9))) == word


@pytest.mark.parametrize(
    "number",
    [
        *(errno.EISDIR, errno.ENOTDIR, errno.ELOOP, errno.EMLINK, errno.ENXIO, errno.EEXIST),
        *(errno.EPERM, errno.EACCES, errno.ENODEV, errno.EOPNOTSUPP),
    ],
)
def test_what_stands_in_its_place(tmp_path: Path, number: int) -> None:
    """B-S06: what the system answers where something else stands in a file's place is named so."""
    found = trust.explained(str(tmp_path), OSError(number, os.strerror(number)))
    assert found.reason == "it is a folder, not a file"
    other = trust.explained(str(tmp_path), OSError(errno.EIO, os.strerror(errno.EIO)))
    assert other.reason == "Input/output error"
