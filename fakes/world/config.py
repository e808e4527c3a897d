"""The port ConfigText in memory."""

from __future__ import annotations

from importlib.metadata import entry_points
from typing import TYPE_CHECKING
from zlib import crc32

from authkit.adapters import installed_kinds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from authkit.core.kinds import Kind

HOME = "/home/dev"
PATH = f"{HOME}/.config/authkit/config.toml"
PROGRAM = f"{HOME}/.local/bin/authkit"  # where the command is installed


def brought_kinds() -> list[Kind]:
    """Return the kinds that distributions bring which are installed beside the fakes."""
    names = {point.name for point in entry_points(group=installed_kinds.GROUP)}
    return [kind for name in sorted(names) if (kind := installed_kinds.kind(name))]


class MemoryConfig:
    """ports.ConfigText.  A `text` of None means that there is no file.

    `kinds` are brought in memory; others by distributions which are installed beside the fakes.
    `written_by` is why others may have written it, "" for a file of the user's own.
    """

    def __init__(
        self,
        text: str | None,
        path: str = PATH,
        *,
        kinds: Mapping[str, Kind] | None = None,
        written_by: str = "",
    ) -> None:
        self.path = path
        self.written_by = written_by
        self.text = text
        self._kinds = kinds or {}

    def read(self) -> bytes | None:
        """Return the bytes of the file, None when there is none."""
        return None if self.text is None else self.text.encode()

    def kind(self, name: str) -> Kind | None:
        """Return the kind that is brought by this name, None for none."""
        return self._kinds.get(name) or installed_kinds.kind(name)

    def distrusted(self) -> str:
        """Return who else may have written the file, "" for nobody."""
        return self.written_by

    def stamp(self) -> str:
        """Return a text that changes whenever the file does."""
        return self.path if self.text is None else f"{self.path}:{crc32(self.text.encode())}"
