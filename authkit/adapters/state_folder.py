"""The state folder: the ports Sessions, Markers, Notes and Lock over real files.

The folder (0700) holds a session file (0600) in ``sessions``, a marker in
``identities`` for every identity whose keys were saved, a lock in ``locks``, and in
``codes`` notes about MFA codes that were sent.  How files are called says
``authkit.adapters.file_names``.  This module is on the cached path.
"""

from __future__ import annotations

from authkit.adapters.file_names import file_name
from authkit.adapters.files import DRAFT, Folder
from authkit.adapters.owned_files import OwnedFiles, named_as, named_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from authkit.adapters.locks import StateLock
    from authkit.adapters.owned_files import Files
    from authkit.core.model import Marker


class StateFolder:
    """The port Sessions over a folder, with its markers, notes and locks.

    All methods raise StateTrouble.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self._files = OwnedFiles(Folder(path, "sessions"), ".json", DRAFT, named_as)

    def read(self, name: str) -> str | None:
        """Return the session file's text, None when there is none."""
        return self._files.read(name)

    def replace(self, name: str, written: str) -> None:
        """Put a new session file in the old one's place, whole or not at all."""
        self._files.replace(name, written)

    def drop(self, name: str) -> bool:
        """Remove the session file and the draft of a crash; tell whether there was a session."""
        return self._files.drop(name)

    def names(self) -> list[str]:
        """Return the identities with a session file."""
        return self._files.names()

    @property
    def markers(self) -> MarkerFiles:
        """The port Markers."""
        return MarkerFiles(Folder(self.path, "identities"))

    @property
    def notes(self) -> NoteFiles:
        """The port Notes."""
        return NoteFiles(Folder(self.path, "codes"))

    def lock(self, name: str) -> StateLock:
        """Return the identity's lock, not taken yet."""
        return self._lock(file_name(name))

    def keyring_lock(self) -> StateLock:
        """Return the lock for writing to the keyring, not taken yet."""
        return self._lock("+keyring")  # no identity's file is called so

    def _lock(self, file: str) -> StateLock:
        from authkit.adapters.locks import StateLock

        return StateLock(Folder(self.path, "locks"), file)


class MarkerFiles:
    """The port Markers over a folder of files: one line of JSON with the identity's name."""

    def __init__(self, files: Files) -> None:
        self._files = OwnedFiles(files, "", DRAFT, _as_marker_of)

    def mark(self, name: str, marker: Marker) -> None:
        """Make or replace the marker of an identity that has keys."""
        from authkit.adapters import marker_text

        self._files.replace(name, marker_text.encode(name, marker))

    def read(self, name: str) -> Marker | None:
        """Return the marker, None when there is none, or one that names another identity."""
        from authkit.adapters import marker_text

        written = self._files.read(name)
        if written is None or named_in(written) not in {"", name}:
            return None
        return marker_text.decode(written)

    def unmark(self, name: str) -> None:
        """Remove the marker."""
        self._files.drop(name)

    def marked(self) -> list[str]:
        """Return the identities with a marker."""
        return self._files.names()

    def others(self, name: str) -> bool:
        """Tell whether another identity than this one has a marker."""
        return any(other != name for other in self._files.names())


class NoteFiles:
    """The port Notes over a folder of files."""

    def __init__(self, files: Files, suffix: str = ".json") -> None:
        self._files = OwnedFiles(files, suffix, DRAFT, lambda written, _name: written)

    def codes(self) -> list[str]:
        """Return the note about MFA codes of every identity."""
        return self._files.texts()

    def replace_codes(self, name: str, written: str) -> None:
        """Put a new note in the old one's place, whole or not at all."""
        self._files.replace(name, written)


def _as_marker_of(written: str, name: str) -> str:
    from authkit.adapters import marker_text

    return marker_text.encode(name, marker_text.decode(written))
