"""The state folder in memory: session files, markers, and notes of MFA codes.

Which file is whose decides authkit's own ``adapters.owned_files``, over files in a
dict instead of on a disk.  Like a disk, it may ignore case in the names of files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from authkit.adapters import state_troubles
from authkit.adapters.marker_files import MarkerFiles, NoteFiles
from authkit.adapters.owned_files import OwnedFiles, named_as
from sts_simulator.account.faults import Faults

if TYPE_CHECKING:
    from authkit.core.model import Marker
    from sts_simulator.account.faults import Fault

TROUBLES = state_troubles.TROUBLES  # the words for what can be wrong, which faults answer with
KINDS, OPEN, NO_LOCKS = state_troubles.KINDS, state_troubles.OPEN, state_troubles.NO_LOCKS
HARD_LINK = state_troubles.HARD_LINK  # of a lock: a file is read and replaced all the same
OF_ROOT, OF_ANOTHER = state_troubles.OF_ROOT, state_troubles.OF_ANOTHER
FOLDER = "/home/dev/.local/state/authkit"


class MemoryFiles:
    """A folder of the state folder, as ``authkit.adapters.folders.Folder`` is one on a disk.

    `texts` are the files by name, without the folder's `suffix`.  With
    `ignores_case` a file is found by any spelling of its name, and listed as it
    was first spelt.
    """

    def __init__(self, state: MemoryStateFolder, name: str, suffix: str = "") -> None:
        self.texts: dict[str, str] = {}
        self._state = state
        self._name = name
        self._suffix = suffix

    def read(self, file: str) -> str | None:
        """Return a file's text, None when there is none."""
        self._check(file)
        return self.texts.get(self._spelt(file))

    def replace(self, file: str, written: str) -> None:
        """Replace a file."""
        self._check(file)
        self.texts[self._spelt(file)] = written

    def remove(self, file: str) -> bool:
        """Remove a file, or what is in its place but a folder; return whether there was one."""
        path = self.path(file)
        if self._state.spoilt.get(path) in {*state_troubles.KINDS} - {state_troubles.FOLDER}:
            del self._state.spoilt[path]
            return True
        self._check(file)
        return self.texts.pop(self._spelt(file), None) is not None

    def listed(self) -> list[str]:
        """Return the names of the files, as they are spelt."""
        self._check()
        return sorted({*self.texts, *self._spoilt()})

    def has(self, file: str) -> bool:
        """Return whether there is a file under this name, however it is spelt."""
        self._check()
        return self._spelt(file) in self.texts or file in self._spoilt()

    def path(self, file: str) -> str:
        """Return a file's path in the state folder."""
        return f"{self._name}/{file}{self._suffix}"

    def fail(self, operation: str, file: str = "") -> None:
        """Raise the trouble that a fault brings to an operation, if one does."""
        fault: Fault | None = self._state.faults.take(operation, None)
        if fault:
            path = self.path(file) if file else self._name
            raise state_troubles.trouble(f"{FOLDER}/{path}", fault.answer)

    def _spelt(self, file: str) -> str:
        if self._state.ignores_case and file not in self.texts:
            return next((known for known in self.texts if known.lower() == file.lower()), file)
        return file

    def _spoilt(self) -> list[str]:
        """Return the files in whose places something else is."""
        inside = f"{self._name}/"
        found = [path for path in self._state.spoilt if path.startswith(inside)]
        return [path.removeprefix(inside).removesuffix(self._suffix) for path in found]

    def _check(self, file: str = "") -> None:
        """Raise the trouble with the state folder, with this folder, or with the file."""
        for path in ("", self._name, *([self.path(file)] if file else [])):
            if word := self._state.spoilt.get(path, ""):
                raise state_troubles.trouble(f"{FOLDER}/{path}".rstrip("/"), word)


class MemoryStateFolder:
    """ports.Sessions; `markers` is ports.Markers, `notes` ports.Notes.

    A fault is on ``session.read``, ``session.replace``, ``session.drop``,
    ``mark.set``, ``mark.read``, ``mark.remove``, ``codes.read`` or
    ``codes.replace``; its answer is a word of ``authkit.adapters.state_troubles``, for
    example "no room", or the operating system's error text, for example
    "Permission denied".

    `spoilt` are lasting troubles, by path: "" is the state folder itself,
    "sessions" a folder in it, and "sessions/dev-admin.json" a file.
    """

    def __init__(self, *, ignores_case: bool = False) -> None:
        self.ignores_case = ignores_case
        self.spoilt: dict[str, str] = {}
        self.faults = Faults()
        self._files = MemoryFiles(self, "sessions", ".json")
        self._owned = OwnedFiles(self._files, "", "+draft", named_as)
        self.texts = self._files.texts
        self.markers = MemoryMarkers(MemoryFiles(self, "identities"))
        self.notes = MemoryNotes(MemoryFiles(self, "codes", ".json"))

    def spoil(self, path: str, word: str) -> None:
        """Have this trouble with a path in the state folder until it is mended.

        What stands in a file's place has taken its place: the file is gone.
        """
        self.spoilt[path] = word
        if word in KINDS:
            for files in (self._files, self.markers, self.notes):
                for file in [file for file in files.texts if files.path(file) == path]:
                    del files.texts[file]

    def mend(self, path: str) -> None:
        """End the trouble with a path."""
        self.spoilt.pop(path, None)

    def read(self, name: str) -> str | None:
        """Return the text of the session file, None when there is none."""
        self._files.fail("session.read", name)
        return self._owned.read(name)

    def replace(self, name: str, written: str) -> None:
        """Replace the session file."""
        self._files.fail("session.replace", name)
        self._owned.replace(name, written)

    def drop(self, name: str, *, draft: bool = True) -> bool:
        """Remove the session file, and the draft of a crash; return whether there was one."""
        self._files.fail("session.drop", name)
        return self._owned.drop(name, draft=draft)

    def names(self) -> list[str]:
        """Return the identities with a session file."""
        return self._owned.names()


class MemoryMarkers(MarkerFiles):
    """ports.Markers over files in memory; `texts` are the files."""

    def __init__(self, files: MemoryFiles) -> None:
        super().__init__(files)
        self.texts = files.texts
        self.path = files.path
        self._fail = files.fail

    def mark(self, name: str, marker: Marker) -> None:
        """Set the marker."""
        self._fail("mark.set", name)
        super().mark(name, marker)

    def read(self, name: str) -> Marker | None:
        """Return the marker, None when there is none."""
        self._fail("mark.read", name)
        return super().read(name)

    def unmark(self, name: str) -> None:
        """Remove the marker."""
        self._fail("mark.remove", name)
        super().unmark(name)


class MemoryNotes(NoteFiles):
    """ports.Notes over files in memory; `texts` are the files."""

    def __init__(self, files: MemoryFiles) -> None:
        super().__init__(files, "")
        self.texts = files.texts
        self.path = files.path
        self._fail = files.fail

    def codes(self) -> list[str]:
        """Return the notes of MFA codes, one for each identity."""
        self._fail("codes.read")
        return super().codes()

    def replace_codes(self, name: str, written: str) -> None:
        """Replace the identity's note of MFA codes."""
        self._fail("codes.replace", name)
        super().replace_codes(name, written)
