"""Files of the person's own on a real disk: read, and replaced whole or not at all."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from authkit.adapters import reading
from authkit.adapters.one_writer import OneWriter
from authkit.adapters.state_folder import StateFolder
from authkit.adapters.user_files import UserFiles
from authkit.core.failures import FileTrouble
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

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

OLD, NEW = b"[default]\nregion = eu-west-1\n", b"[default]\nregion = us-east-1\n"


@pytest.fixture
def files(tmp_path: Path) -> UserFiles:
    """Return the port, with its lock in a state folder."""
    lock = StateFolder(str(tmp_path / "state")).files_lock
    return UserFiles(lambda trouble: OneWriter(lock, trouble=trouble))


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Return the path of AWS's config file, which is there."""
    path = tmp_path / "home" / ".aws" / "config"
    path.parent.mkdir(parents=True)
    path.write_bytes(OLD)
    return path


def refusal(act: Callable[[], object]) -> str:
    """Do something that is refused; return the path and the reason."""
    with pytest.raises(FileTrouble) as raised:
        act()
    return f"{raised.value.values['path']}: {raised.value.values['reason']}"


def alone(path: Path) -> bool:
    """Return whether a file is alone in its folder: no draft is left."""
    return [*path.parent.iterdir()] == [path]


# What is made, and what is kept.


def test_a_new_file_is_private(files: UserFiles, tmp_path: Path) -> None:
    """B-S06: a file that was not there is 0600 in a folder of 0700, whatever the umask is."""
    path = tmp_path / "home" / ".aws" / "config"
    with umask(0):
        assert files.read(str(path)) is None
        assert files.replace(str(path), NEW, None)
    assert [mode(made) for made in (path.parent.parent, path.parent, path)] == [0o700, 0o700, 0o600]
    assert path.read_bytes() == NEW
    assert alone(path)


@pytest.mark.parametrize("kept", [0o600, 0o644, 0o640, 0o666])
def test_the_mode_is_kept(files: UserFiles, config: Path, kept: int) -> None:
    """The person's own mode stays, also an open one: who may read is for its owner to say."""
    config.chmod(kept)
    assert files.read(str(config)) == OLD
    with umask(0o077):
        assert files.replace(str(config), NEW, OLD)
    assert (config.read_bytes(), mode(config), alone(config)) == (NEW, kept, True)


@needs_root
def test_the_owner_is_kept(files: UserFiles, config: Path) -> None:
    """Root edits a file of another user, and it stays theirs."""
    os.chown(config, USER, USER)
    assert files.replace(str(config), NEW, OLD)
    assert (config.stat().st_uid, config.stat().st_gid) == (USER, USER)


def test_attributes_are_kept(files: UserFiles, config: Path) -> None:
    """Extended attributes, access lists among them, come along where the system has them."""
    try:
        os.setxattr(config, "user.note", b"mine")
    except (OSError, AttributeError):
        pytest.skip("this file system has no extended attributes")
    assert files.replace(str(config), NEW, OLD)
    assert os.getxattr(config, "user.note") == b"mine"


def test_links_stay(files: UserFiles, config: Path, tmp_path: Path) -> None:
    """Dotfiles are links: what they mean is replaced, the links and their folders stay."""
    kept = tmp_path / "dotfiles" / "aws-config"
    kept.parent.mkdir()
    config.rename(kept)
    (tmp_path / "dotfiles" / "second").symlink_to("aws-config")
    config.symlink_to(tmp_path / "dotfiles" / "second")
    assert files.replace(str(config), NEW, OLD)
    assert (config.is_symlink(), kept.is_symlink(), kept.read_bytes()) == (True, False, NEW)
    assert {*kept.parent.iterdir()} == {kept, kept.with_name("second")}


def test_a_linked_folder(files: UserFiles, tmp_path: Path) -> None:
    """A folder may be a link too, and a new file is made where it leads."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / ".aws").symlink_to(tmp_path / "elsewhere")
    assert files.replace(str(tmp_path / ".aws" / "config"), NEW, None)
    assert (tmp_path / "elsewhere" / "config").read_bytes() == NEW


# Other programs.


def test_another_programs_edit_is_noticed(files: UserFiles, config: Path) -> None:
    """B-S02: bytes that are others than those that were read are not replaced."""
    config.write_bytes(b"theirs")
    assert not files.replace(str(config), NEW, OLD)
    assert not files.replace(str(config), NEW, None)
    assert (config.read_bytes(), alone(config)) == (b"theirs", True)
    config.unlink()
    assert not files.replace(str(config), NEW, OLD)
    assert not config.exists()


def test_an_edit_while_the_draft_is_written(
    files: UserFiles, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """B-S02: the file is looked at once more before the draft takes its name."""
    sync = os.fsync

    def edit(handle: int) -> None:
        config.write_bytes(b"theirs")
        sync(handle)

    monkeypatch.setattr(os, "fsync", edit)
    assert not files.replace(str(config), NEW, OLD)
    assert (config.read_bytes(), alone(config)) == (b"theirs", True)


def test_a_file_that_appears_last(
    files: UserFiles, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """B-S02: a new file takes no name that another program has given to one meanwhile."""
    link, real = os.link, config.read_bytes()
    config.unlink()

    def appears(source: str, target: str) -> None:
        config.write_bytes(real)
        link(source, target)

    monkeypatch.setattr(os, "link", appears)
    assert not files.replace(str(config), NEW, None)
    assert (config.read_bytes(), alone(config)) == (real, True)


def test_without_hard_links(
    files: UserFiles, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file system without hard links gets the new file all the same."""

    def refuse(*_: str) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", refuse)
    config.unlink()
    assert files.replace(str(config), NEW, None)
    assert (config.read_bytes(), alone(config)) == (NEW, True)


# Adds a line to a file a number of times, each time to what it reads.
ADD = """
import sys
from pathlib import Path
from authkit.adapters.one_writer import OneWriter
from authkit.adapters.state_folder import StateFolder
from authkit.adapters.user_files import UserFiles
state, path, line = sys.argv[1:]
lock = StateFolder(state).files_lock
files = UserFiles(lambda trouble: OneWriter(lock, trouble=trouble))
for number in range(20):
    while True:
        was = files.read(path)
        if files.replace(path, (was or b"") + f"{line} {number}\\n".encode(), was):
            break
"""


def test_several_writers_lose_nothing(tmp_path: Path) -> None:
    """B-S02: of four processes that add lines, no line is lost, and the first makes the file."""
    path = tmp_path / "new" / "config"
    command = [sys.executable, "-c", ADD, str(tmp_path / "state"), str(path)]
    adders = [
        subprocess.Popen([*command, name], start_new_session=True)  # noqa: S603 - our own
        for name in "abcd"
    ]
    assert [adder.wait() for adder in adders] == [0] * 4
    wanted = {f"{name} {number}" for name in "abcd" for number in range(20)}
    assert sorted(path.read_text().splitlines()) == sorted(wanted)
    assert alone(path)


# Crashes.

# Replaces a file, and is killed before the system call of this number that changes something.
DIE = """
import os, signal, sys
from authkit.adapters.one_writer import OneWriter
from authkit.adapters.state_folder import StateFolder
from authkit.adapters.user_files import UserFiles
from authkit.adapters.trust import explained
state, path, old, new, life = sys.argv[1:]
lock = StateFolder(state).files_lock
files = UserFiles(lambda trouble: OneWriter(lock, trouble=trouble))
left = int(life)
def mortal(name):
    real = getattr(os, name)
    def call(*args, **more):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **more)
    setattr(os, name, call)
for name in ("open", "mkdir", "link", "replace", "unlink", "fsync", "chmod", "fchown", "setxattr"):
    mortal(name)
assert files.replace(path, new.encode(), old.encode() if old else None)
"""


@pytest.mark.parametrize("old", ["", "the old bytes"])
def test_killed_at_every_call(tmp_path: Path, old: str) -> None:
    """B-S02: SIGKILL at any point leaves the old or the new file, and the next one works."""
    path = tmp_path / ".aws" / "config"
    life, ends, left = 1, set[bytes | None](), 0
    while True:
        path.parent.mkdir(exist_ok=True)
        for file in path.parent.iterdir():
            file.unlink()
        if old:
            path.write_text(old)
        else:
            path.parent.rmdir()
        command = [sys.executable, "-c", DIE, str(tmp_path / "state"), str(path), old]
        done = subprocess.run([*command, "new", str(life)], check=False, start_new_session=True)  # noqa: S603 - our own
        found = path.read_bytes() if path.exists() else None
        ends.add(found)
        assert found in {old.encode() or None, b"new"}
        if done.returncode != -signal.SIGKILL:
            break
        left += len([*path.parent.iterdir()]) - bool(found) if path.parent.exists() else 0
        if found != b"new":
            again = [*command, "new", "1000"]
            assert subprocess.run(again, check=False, start_new_session=True).returncode == 0  # noqa: S603 - our own
            assert (path.read_bytes(), alone(path)) == (b"new", True)
        life += 1
    assert done.returncode == 0
    assert life > 10
    assert left, "no kill has left a draft behind"
    assert ends == {old.encode() or None, b"new"}


# What is refused.


@pytest.mark.parametrize("word", ODD_HERE)
def test_no_regular_file(files: UserFiles, config: Path, word: str) -> None:
    """B-S06: what stands in the file's place is named, and stays; a link to a file is followed."""
    config.unlink()
    ODD[word](config)
    if word == "a symbolic link":
        assert files.read(str(config)) == b"mine"
        return
    said = f"{config}: it is {word}, not a file"
    assert refusal(lambda: files.replace(str(config), NEW, b"")).startswith(said)
    assert not stat.S_ISREG(config.lstat().st_mode)


def test_a_fifo_is_not_waited_for(
    files: UserFiles, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """B-S07: reading one that nobody writes to ends, and what is in it is read."""
    config.unlink()
    os.mkfifo(config)
    monkeypatch.setattr(reading, "PATIENCE", 0.01)
    assert "nothing came from it" in refusal(lambda: files.read(str(config)))


def test_too_large(files: UserFiles, config: Path) -> None:
    """B-S07: no more than 1 MiB is read."""
    config.write_bytes(b"x" * (reading.LIMIT + 1))
    assert "it has more than 1 MiB" in refusal(lambda: files.read(str(config)))
    assert "it has more than 1 MiB" in refusal(lambda: files.replace(str(config), NEW, OLD))


def test_a_folder_in_place(files: UserFiles, config: Path) -> None:
    """A folder in the file's place is said to be one, and a file in its folder's place too."""
    assert "it is a folder, not a file" in refusal(lambda: files.read(str(config.parent)))
    below = str(config / "config")
    assert refusal(lambda: files.read(below)) == f"{below}: Not a directory"
    assert refusal(lambda: files.replace(below, NEW, None)) == f"{below}: Not a directory"


@pytest.mark.parametrize("place", ["config", "folder", "ring"])
def test_a_link_to_nothing(files: UserFiles, tmp_path: Path, place: str) -> None:
    """A dangling link, or folder that is one, is not "no file": nothing is made where it leads."""
    folder = tmp_path / ".aws"
    link = folder if place == "folder" else folder / "config"
    link.parent.mkdir(exist_ok=True)
    link.symlink_to("config" if place == "ring" else tmp_path / "mount" / "aws")
    path = str(folder / "config")
    for act in (lambda: files.read(path), lambda: files.replace(path, NEW, None)):
        assert refusal(act) == f"{link}: it is a link to what is not there"
    assert not (tmp_path / "mount").exists()


def test_a_hard_link(files: UserFiles, config: Path) -> None:
    """A file with a second name is not replaced: the other name would keep the old bytes."""
    os.link(config, config.with_name("second"))
    assert "another name" in refusal(lambda: files.replace(str(config), NEW, OLD))
    assert config.read_bytes() == OLD


def test_no_working_directory(
    files: UserFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """B-A02: a relative path in a folder that is gone is refused; a whole path needs no folder."""
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    assert refusal(lambda: files.path("a.csv")) == "a.csv: the folder that one stands in is gone"
    assert files.path("/a/../b") == "/b"


@needs_root
def test_no_room(files: UserFiles, tmp_path: Path) -> None:
    """B-S02: a full disk leaves the old file and no draft."""
    full = tmp_path / "full"
    full.mkdir()
    with small_file_system(full):
        path = full / "config"
        path.write_bytes(OLD)
        said = refusal(lambda: files.replace(str(path), b"x" * (1 << 17), OLD))
        assert said.endswith("there is no room left on its file system or in a quota")
        assert (path.read_bytes(), alone(path)) == (OLD, True)


def _mounted(*arguments: str) -> None:
    done = subprocess.run(["mount", *arguments], check=False, start_new_session=True)  # noqa: S603, S607 - our own
    if done.returncode:
        pytest.skip("mounting is forbidden here")


def _unmount(path: Path) -> None:
    subprocess.run(["umount", "--lazy", str(path)], check=True, start_new_session=True)  # noqa: S603, S607 - our own


@needs_root
def test_a_mounted_file(files: UserFiles, config: Path) -> None:
    """Containers mount a single file: nothing can take its place, and that is said."""
    mounted = config.with_name("mounted")
    mounted.touch()
    _mounted("--bind", str(config), str(mounted))
    try:
        said = refusal(lambda: files.replace(str(mounted), NEW, OLD))
    finally:
        _unmount(mounted)
    assert said == f"{mounted}: it is mounted by itself, so nothing can take its place"


@needs_root
def test_a_read_only_file_system(files: UserFiles, config: Path) -> None:
    """It is named as that, not as a matter of the file's mode."""
    _mounted("-t", "tmpfs", "tmpfs", str(config.parent))
    try:
        config.write_bytes(OLD)
        _mounted("-o", "remount,ro", str(config.parent))
        said = refusal(lambda: files.replace(str(config), NEW, OLD))
        assert said == f"{config}: Read-only file system"
        new = str(config.with_name("new"))
        assert "Read-only file system" in refusal(lambda: files.replace(new, NEW, None))
    finally:
        _unmount(config.parent)


# What another user is told; the port's lock is in a state folder of that user.
AS_USER = """
import sys
from authkit.adapters.one_writer import OneWriter
from authkit.adapters.state_folder import StateFolder
from authkit.adapters.user_files import UserFiles
from authkit.core.failures import FileTrouble
state, path = sys.argv[1:]
lock = StateFolder(state).files_lock
files = UserFiles(lambda trouble: OneWriter(lock, trouble=trouble))
try:
    print(files.replace(path, b"new", files.read(path)))
except FileTrouble as trouble:
    print(trouble.values["path"], trouble.values["reason"], sep=": ")
"""


def _folder_of_root(config: Path) -> None:
    config.parent.chmod(0o755)
    os.chown(config.parent, 0, 0)


def _file_of_root(config: Path) -> None:
    os.chown(config, 0, USER)
    config.chmod(0o664)


CASES: dict[str, tuple[Callable[[Path], Any], str]] = {
    "it works": (lambda _: None, "True"),
    "a read-only mode": (lambda c: c.chmod(0o400), "its mode does not let you write to it"),
    "unreadable": (lambda c: c.chmod(0), "Permission denied"),
    "a folder of root": (_folder_of_root, "Permission denied"),
    "a file of root": (
        _file_of_root,
        "a new file in its place would belong to you, not to its owner\n",
    ),
}


@needs_root
@pytest.mark.parametrize("case", CASES)
def test_as_another_user(case: str) -> None:
    """B-A04: what may not be done is told, and the file stays as it is."""
    spoil, said = CASES[case]
    with public_folder() as folder:
        config = folder / ".aws" / "config"
        config.parent.mkdir()
        config.write_bytes(OLD)
        for path in (folder, config.parent, config):
            os.chown(path, USER, USER)
        spoil(config)
        done = as_user(AS_USER, str(folder / "state"), str(config), HOME=str(folder))
        assert said in done.stdout, done.stderr
        assert config.read_bytes() == (b"new" if said == "True" else OLD)
        assert alone(config)
