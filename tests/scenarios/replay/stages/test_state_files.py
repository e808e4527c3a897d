"""stages.state_files: real trouble with a state folder, which authkit then finds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from authkit.adapters.state_folder import StateFolder
from authkit.adapters.state_troubles import KINDS, TROUBLES
from authkit.core.failures import StateTrouble
from fakes.world.state_folder import MemoryStateFolder
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
