"""Files of the person's own in memory, and that they do what those on a disk do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from authkit.adapters import file_troubles
from authkit.adapters.one_writer import OneWriter
from authkit.adapters.state_folder import StateFolder
from authkit.adapters.user_files import UserFiles
from authkit.core.failures import FileTrouble
from fakes.world.config import HOME
from fakes.world.user_files import ANOTHER_WRITER, MemoryUserFiles
from sts_simulator.account.faults import Fault

if TYPE_CHECKING:
    from pathlib import Path

    from authkit.core import ports

CONFIG = "~/.aws/config"


@pytest.fixture(params=["memory", "disk"])
def files(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> ports.UserFiles:
    """Return the fake, and the real port in a home of its own."""
    if request.param == "memory":
        return MemoryUserFiles()
    monkeypatch.setenv("HOME", str(tmp_path))
    lock = StateFolder(str(tmp_path / "state")).files_lock
    return UserFiles(lambda trouble: OneWriter(lock, trouble=trouble))


def test_both_ends_do_the_same(files: ports.UserFiles) -> None:
    """B-S02: what was read is replaced, and nothing that another program wrote meanwhile."""
    path = files.path(CONFIG)
    assert path.endswith("/.aws/config")
    assert files.path(path) == path
    assert files.read(path) is None
    assert not files.replace(path, b"new", b"other")
    assert files.replace(path, b"old", None)
    assert not files.replace(path, b"new", None)
    assert files.replace(path, b"new", b"old")
    assert not files.replace(path, b"newer", b"old")
    assert files.read(path) == b"new"


def test_the_home_folder() -> None:
    """The fake's home folder is that of stories."""
    files = MemoryUserFiles()
    assert files.path("~") == HOME
    assert files.path(CONFIG) == f"{HOME}/.aws/config"
    assert files.path("a.csv") == f"{HOME}/a.csv"


def test_faults() -> None:
    """A fault is once, what is spoilt stays; another program writes before a replacement."""
    files = MemoryUserFiles()
    path = files.path(CONFIG)
    files.faults.add(Fault("file.read", file_troubles.DANGLING))
    with pytest.raises(FileTrouble):
        files.read(path)
    assert files.read(path) is None
    files.faults.add(Fault("file.replace", ANOTHER_WRITER, message="theirs"))
    assert not files.replace(path, b"ours", None)
    assert files.replace(path, b"ours", b"theirs")
    files.spoilt[path] = file_troubles.READ_ONLY
    for _ in range(2):
        with pytest.raises(FileTrouble):
            files.replace(path, b"new", b"ours")
