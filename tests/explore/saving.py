"""Writes a path as a scenario file, by authkit's own --record: its words are the scenarios'."""

from __future__ import annotations

import os
from pathlib import Path as File
from typing import TYPE_CHECKING

from tests.explore.explorer import Explorer

if TYPE_CHECKING:
    from tests.explore.explorer import Path


def save(path: Path, file: str) -> str:
    """Write the path to a file; return what was written, or why it cannot be.

    A scenario file has no word for a process that is killed, nor for what authkit does
    not see: other processes, what the keyring does after a call, a clock that jumps.
    """
    place = os.fspath(File(file).resolve())
    if path.status is None:
        return f"Not saved: no scenario file says that a process is killed ({path.words}).\n"
    if "--record" in path.command.words:
        return f"Not saved: a recording cannot be saved as a story ({path.words}).\n"
    command = path.command._replace(line=("--record", place, "--record-texts", *path.command.words))
    replayed = Explorer(full=True).walk(command, path.taken)
    said = [event.about for event in replayed.events if event.what == "say"]
    if not File(place).exists():
        return f"Not saved: {said[-1]}\n"
    same = tuple(replayed.named) == tuple(path.named)
    note = (
        "" if same else "It took other choices while it was recorded: read it before you use it.\n"
    )
    return f"Saved to {file}. Replay it: python -m scenarios {file}\n{note}"
