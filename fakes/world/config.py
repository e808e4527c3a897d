"""The config file in memory."""

from __future__ import annotations

from zlib import crc32

HOME = "/home/dev"
PATH = f"{HOME}/.config/authkit/config.toml"


class MemoryConfig:
    """ports.ConfigText.  `text` None: there is no file."""

    def __init__(self, text: str | None, path: str = PATH) -> None:
        self.path = path
        self.text = text

    def read(self) -> bytes | None:
        """Return the file's bytes, None when there is none."""
        return None if self.text is None else self.text.encode()

    def stamp(self) -> str:
        """Return a text that changes whenever the file does."""
        return self.path if self.text is None else f"{self.path}:{crc32(self.text.encode())}"
