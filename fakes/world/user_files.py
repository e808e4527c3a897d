"""The port UserFiles in memory: what the person keeps in the home folder."""

from __future__ import annotations

import posixpath
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from authkit.adapters import file_troubles, state_troubles
from fakes.world.config import HOME
from sts_simulator.account.faults import Faults

if TYPE_CHECKING:
    from sts_simulator.account.faults import Fault

ANOTHER_WRITER = "another program writes"
TROUBLES = (*file_troubles.TROUBLES, *state_troubles.TROUBLES, ANOTHER_WRITER)  # of faults
_MEANT = {state_troubles.LINK: file_troubles.DANGLING}  # others are followed


class MemoryUserFiles:
    """ports.UserFiles; `contents` are the files' bytes by whole path.

    A fault is on ``file.read`` or ``file.replace``; its answer is a word of
    ``authkit.adapters.file_troubles`` or ``state_troubles``, or the operating system's error
    text.  It is also `ANOTHER_WRITER`, for ``file.replace``: another program writes the
    fault's message into the file before that.  `spoilt` are lasting troubles, by whole path.
    `others_write` is why others may write to a file or folder, by whole path.
    """

    def __init__(self) -> None:
        self.contents: dict[str, bytes] = {}
        self.spoilt: dict[str, str] = {}
        self.others_write: dict[str, str] = {}
        self.faults = Faults()

    def path(self, named: str) -> str:
        """Return the whole path of what is named; relative ones are in the home folder."""
        relative = named.removeprefix("~/") if named != "~" else ""
        return posixpath.normpath(posixpath.join(HOME, relative))

    def read(self, path: str) -> bytes | None:
        """Return a file's bytes, None when there is none."""
        self._fail("file.read", path)
        return self.contents.get(path)

    def replace(self, path: str, written: bytes, was: bytes | None) -> bool:
        """Replace a file, if it still has these bytes; return whether it had."""
        self._fail("file.replace", path)
        if self.contents.get(path) != was:
            return False
        self.contents[path] = written
        return True

    def shared(self, path: str) -> tuple[str, str]:
        """Return what others may write to, the file or a folder above it, and why."""
        above = (path, *map(str, PurePosixPath(path).parents))
        return next(((p, self.others_write[p]) for p in above if p in self.others_write), ("", ""))

    def spoil(self, path: str, word: str) -> None:
        """Have this trouble with a path in the home folder until it is mended.

        What stands in a file's place has taken its place; one with a second name is empty.
        """
        path = self.path(path)
        self.spoilt[path] = _MEANT.get(word, word)
        self.contents.pop(path, None)
        if word == file_troubles.HARD_LINK:
            self.contents[path] = b""

    def mend(self, path: str) -> None:
        """End the trouble with a path in the home folder: there is no file then."""
        self.spoilt.pop(self.path(path), None)
        self.contents.pop(self.path(path), None)

    def in_home(self) -> dict[str, str]:
        """Return the texts of the files in the home folder, by paths that begin with ``~/``."""
        found = {path: content for path, content in self.contents.items() if path.startswith(HOME)}
        return {f"~{path.removeprefix(HOME)}": text.decode() for path, text in found.items()}

    def text(self, path: str) -> str | None:
        """Return a file's text, None when there is none: what a story sees, without trouble."""
        content = self.contents.get(path)
        return None if content is None else content.decode()

    def put(self, path: str, text: str | None) -> None:
        """Write a file; None removes it."""
        self.contents.pop(self.path(path), None)
        if text is not None:
            self.contents[self.path(path)] = text.encode()

    def _fail(self, operation: str, path: str) -> None:
        """Raise the lasting trouble with a path, or that of a fault; let another program write."""
        fault: Fault | None = self.faults.take(operation, None)
        word = fault.answer if fault else self.spoilt.get(path, "")
        if fault and word == ANOTHER_WRITER:
            self.contents[path] = (fault.message or "").encode()
        elif word == state_troubles.FIFO and operation == "file.read":
            raise file_troubles.explained(path, "nothing came from it in 60 seconds")
        elif word and not (word == file_troubles.HARD_LINK and operation == "file.read"):
            raise file_troubles.trouble(path, word)
