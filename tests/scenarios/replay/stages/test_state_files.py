"""stages.state_files: real trouble with a state folder, which authkit then finds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from authkit.adapters import reading
from authkit.adapters.one_writer import OneWriter
from authkit.adapters.state_folder import StateFolder
from authkit.adapters.state_troubles import KINDS, TROUBLES
from authkit.adapters.user_files import UserFiles
from authkit.core.failures import FileTrouble, StateTrouble
from fakes.world.config import HOME
from fakes.world.state_folder import MemoryStateFolder
from fakes.world.user_files import MemoryUserFiles
from scenarios.replay.stages.state_files import StateFiles

if TYPE_CHECKING:
    from pathlib import Path

HERE = [word for word in KINDS if word != "a device"]
SESSION = "sessions/dev-admin.json"


@pytest.mark.parametrize(
    ("path", "word"),
    [("", "open to others"), (SESSION, "open to others"), *((SESSION, word) for word in HERE)],
)
def test_both_state_folders_have_the_same_trouble(tmp_path: Path, path: str, word: str) -> None:
    """B-S06: on a disk and in memory the same word leads to the same words, until it is mended."""
    real, fake = StateFolder(str(tmp_path / "state")), MemoryStateFolder()
    for folder, brings in ((real, StateFiles(tmp_path / "state")), (fake, fake)):
        folder.replace("dev-admin", "{}")
        brings.spoil(path, word)
        with pytest.raises(StateTrouble) as raised:
            folder.read("dev-admin")
        assert (raised.value.reason, raised.value.path.endswith(path)) == (TROUBLES[word][0], True)
        brings.mend(path)
        assert folder.read("dev-admin") == (None if word in KINDS else "{}")


def test_trouble_where_nothing_is_yet(tmp_path: Path) -> None:
    """The folder around it is made, as authkit makes it."""
    StateFiles(tmp_path / "state").spoil(SESSION, "a FIFO")
    with pytest.raises(StateTrouble, match="it is a FIFO, not a file"):
        StateFolder(str(tmp_path / "state")).read("dev-admin")


def test_what_cannot_be_brought_here(tmp_path: Path) -> None:
    """A story that needs root or a file system of its own is told so."""
    with pytest.raises(LookupError, match=r"say why in \[except\] terminal"):
        StateFiles(tmp_path / "state").spoil("", "of root")


@pytest.mark.parametrize("word", [*HERE, "a hard link"])
def test_both_home_folders_have_the_same_trouble(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, word: str
) -> None:
    """On a disk and in memory a file of the person's own is refused in the same words."""
    monkeypatch.setattr(reading, "PATIENCE", 0.01)
    lock = StateFolder(str(tmp_path / "state")).files_lock
    real = UserFiles(lambda trouble: OneWriter(lock, trouble=trouble))
    said = []
    for files, brings, home in (
        (real, StateFiles(tmp_path / "home"), str(tmp_path / "home")),
        (fake := MemoryUserFiles(), fake, HOME),
    ):
        path = f"{home}/.aws/config"
        assert files.replace(path, b"a", None)
        brings.spoil(".aws/config", word)
        with pytest.raises(FileTrouble) as raised:
            files.replace(path, b"b", files.read(path))
        said.append(str(raised.value.values["reason"]).replace("in 0 seconds", "in 60 seconds"))
        brings.mend(".aws/config")
        assert files.read(path) is None
    assert said[0] == said[1]
