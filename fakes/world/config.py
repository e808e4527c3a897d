"""The port ConfigText in memory."""

from __future__ import annotations

from zlib import crc32

HOME = "/home/dev"
PATH = f"{HOME}/.config/authkit/config.toml"
PROGRAM = f"{HOME}/.local/bin/authkit"  # where the command is installed


class MemoryConfig:
    """ports.ConfigText.  A `text` of None means that there is no file."""

    def __init__(self, text: str | None, path: str = PATH) -> None:
        self.path = path
        self.text = text

    def read(self) -> bytes | None:
        """Return the bytes of the file, None when there is none."""
        return None if self.text is None else self.text.encode()

    def stamp(self) -> str:
        """Return a text that changes whenever the file does."""
        return self.path if self.text is None else f"{self.path}:{crc32(self.text.encode())}"
