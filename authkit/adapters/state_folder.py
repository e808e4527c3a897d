"""The state folder: the ports Sessions, Markers, Notes and Lock over real files.

The folder (0700) holds a session file (0600) in ``sessions``, a marker in
``identities`` for every identity whose keys were saved, a lock in ``locks``, and in
``codes`` notes about MFA codes that were sent.  How files are called says
``adapters.files``.  This module is on the cached path: of it only what reads a
session file is imported at once.
"""

from __future__ import annotations

import os

from authkit.adapters import files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from authkit.adapters.folders import Folder
    from authkit.adapters.locks import StateLock
    from authkit.adapters.marker_files import MarkerFiles, NoteFiles
    from authkit.adapters.owned_files import OwnedFiles


class StateFolder:
    """The port Sessions over a folder, with its markers, notes and locks.

    All methods raise StateTrouble.
    """

    def __init__(self, path: str) -> None:
        self.path = path

    def read(self, name: str) -> str | None:
        """Return the session file's text, None when there is none.

        A text that names its identity may be another's: the caller checks that.
        """
        file = f"{files.file_name(name)}.json"
        written = files.read(self.path, os.path.join(self.path, "sessions"), file)
        if written is not None and b'"identity"' in written:
            return written.decode("utf-8", "replace")
        return self._sessions.read(name)

    def replace(self, name: str, written: str) -> None:
        """Put a new session file in the old one's place, whole or not at all."""
        self._sessions.replace(name, written)

    def drop(self, name: str, *, draft: bool = True) -> bool:
        """Remove the session file and the draft of a crash; tell whether there was a session.

        Without `draft` that one stays: another process may be writing it.
        """
        return self._sessions.drop(name, draft=draft)

    def names(self) -> list[str]:
        """Return the identities with a session file."""
        return self._sessions.names()

    @property
    def markers(self) -> MarkerFiles:
        """The port Markers."""
        from authkit.adapters.marker_files import MarkerFiles

        return MarkerFiles(self._folder("identities"))

    @property
    def notes(self) -> NoteFiles:
        """The port Notes."""
        from authkit.adapters.marker_files import NoteFiles

        return NoteFiles(self._folder("codes"))

    def lock(self, name: str) -> StateLock:
        """Return the identity's lock, not taken yet."""
        return self._lock(files.file_name(name))

    def keyring_lock(self) -> StateLock:
        """Return the lock for writing to the keyring, not taken yet."""
        return self._lock("+keyring")  # no identity's file is called so

    def files_lock(self) -> StateLock:
        """Return the lock for writing to files of the person's own, not taken yet."""
        return self._lock("+files")

    @property
    def _sessions(self) -> OwnedFiles:
        from authkit.adapters.folders import DRAFT
        from authkit.adapters.owned_files import OwnedFiles, named_as

        return OwnedFiles(self._folder("sessions"), ".json", DRAFT, named_as)

    def _folder(self, name: str) -> Folder:
        from authkit.adapters.folders import Folder

        return Folder(self.path, name)

    def _lock(self, file: str) -> StateLock:
        from authkit.adapters.locks import StateLock

        return StateLock(self._folder("locks"), file)
