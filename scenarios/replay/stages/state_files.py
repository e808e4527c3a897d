"""Trouble with the state folder or the home folder, as real files and modes (level terminal)."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING

from authkit.adapters import state_troubles

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(path))


def _is_own_file(path: Path) -> bool:
    return path.is_file() and path.stat().st_nlink == 1


def _second_name(path: Path) -> None:
    other = path.with_name("another")
    other.touch(mode=0o600)
    path.hardlink_to(other)


# How each trouble is brought about.  What is missing here cannot be had without root or a
# file system of its own.
_BRING: dict[str, Callable[[Path], object]] = {
    state_troubles.OPEN: lambda path: path.chmod(path.stat().st_mode | 0o022),
    state_troubles.FIFO: os.mkfifo,
    state_troubles.FOLDER: lambda path: path.mkdir(),
    state_troubles.LINK: lambda path: path.symlink_to(path.with_name("elsewhere")),
    state_troubles.SOCKET: _socket,
    state_troubles.HARD_LINK: _second_name,
}


class StateFiles:
    """A folder at `root`: the state folder, or the home folder with files of the person's own."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def spoil(self, path: str, word: str) -> None:
        """Bring a trouble.  Raises LookupError for one that cannot be brought here."""
        if word not in _BRING:
            raise LookupError(f"nobody can make it {word} here: say why in [except] terminal")
        place = self._root / path
        folder = place.parent if path else place
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if word != state_troubles.OPEN:
            place.unlink(missing_ok=True)
        _BRING[word](place)

    def mend(self, path: str) -> None:
        """End the trouble with a path: a mode is closed, what is no file of its own is removed."""
        place = self._root / path
        if place.is_dir() and "/" in path:
            place.rmdir()
        elif place.is_symlink() or (not place.is_dir() and not _is_own_file(place)):
            place.unlink(missing_ok=True)
        else:
            place.chmod(place.stat().st_mode & ~0o022)
