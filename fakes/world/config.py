"""The port ConfigText in memory."""

from __future__ import annotations

from zlib import crc32

HOME = "/home/dev"
PATH = f"{HOME}/.config/authkit/config.toml"
PROGRAM = f"{HOME}/.local/bin/authkit"  # where the command is installed


class MemoryConfig:
    """ports.ConfigText.  A `text` of None means that there is no file.

    `written_by` is why others may have written it, "" for a file of the user's own.
    """

    def __init__(self, text: str | None, path: str = PATH, written_by: str = "") -> None:
        self.path = path
        self.written_by = written_by
        self.text = text

    def read(self) -> bytes | None:
        """Return the bytes of the file, None when there is none."""
        return None if self.text is None else self.text.encode()

    def distrusted(self) -> str:
        """Return who else may have written the file, "" for nobody."""
        return self.written_by

    def stamp(self) -> str:
        """Return a text that changes whenever the file does."""
        return self.path if self.text is None else f"{self.path}:{crc32(self.text.encode())}"
