"""B-S02: `authkit import --remove` after SIGKILL at a sample of its system calls."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

from authkit.adapters import sealed
from tests.terminal.import_crashes import Trial
from tests.terminal.keyring_crashes import NotAllowedError

if TYPE_CHECKING:
    from pathlib import Path

# Those by which files change hands; `python -m tests.terminal.import_crashes` tries all.
SAMPLE = {"rename", "renameat", "link", "unlink", "unlinkat", "fsync"}


@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")
def test_a_killed_import(tmp_path: Path) -> None:
    """Keys are in AWS's file or in the keyring, each file is whole, and the next import ends it."""
    with patch.object(sealed, "COST", 16):
        trial = Trial(tmp_path)
        try:
            calls = trial.calls()
        except NotAllowedError as error:
            pytest.skip(f"strace may not attach here: {error}")
        left = [trial.killed_at(call) for call in calls if call.name in SAMPLE]
    assert left == sorted(left, key=["old", "half", "new"].index)
    assert {*left} == {"old", "half", "new"}
