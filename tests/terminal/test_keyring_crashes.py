"""B-S02, B-S09: the encrypted keyring file after SIGKILL at a sample of a write's system calls."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.terminal.keyring_crashes import NEW, OLD, NotAllowedError, trial

if TYPE_CHECKING:
    from pathlib import Path

# Those round which the file changes hands; `python -m tests.terminal.keyring_crashes` tries all.
SAMPLE = ("unlinkat", "openat", "fchmod", "write", "fsync", "close", "renameat")


@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")
def test_a_killed_writer(tmp_path: Path) -> None:
    """The file is the old or the new one, opens, and can be written; the rename decides which."""
    with trial(tmp_path / "state" / "keyring") as writers:
        try:
            calls = writers.calls()
        except NotAllowedError as error:
            pytest.skip(f"strace may not attach here: {error}")
        decisive = next(place for place, call in enumerate(calls) if call.name == "renameat")
        tried = set()
        for place, call in enumerate(calls):
            if call.name in SAMPLE:
                assert writers.left_by(call) == (OLD if place <= decisive else NEW), call
                tried.add(call.name)
        assert tried == set(SAMPLE)
