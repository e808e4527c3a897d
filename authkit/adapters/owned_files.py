"""Files of identities: which file is whose, whatever the file system makes of case (B-S10).

A file holds the name of its identity, and one that names another is not used.  A
file without a name is of an authkit before 2026-11-25, when files were called by
the name as it stood: it belongs to the identity spelt as the folder lists the file.
"""

from __future__ import annotations

from authkit.adapters.files import file_name, is_plain
from authkit.core.failures import StateTrouble
from authkit.core.names import is_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol

    class FolderOfFiles(Protocol):
        """A folder of whole files, such as ``authkit.adapters.folders.Folder``.

        All methods raise StateTrouble.
        """

        def read(self, file: str) -> str | None:
            """Return a file's text, None when there is none."""

        def replace(self, file: str, written: str) -> None:
            """Put a new file in the old one's place, whole or not at all."""

        def remove(self, file: str) -> bool:
            """Remove a file; tell whether there was one."""

        def listed(self) -> list[str]:
            """Return the names of the files, as the folder spells them."""

        def has(self, file: str) -> bool:
            """Tell whether there is a file that is found under this name."""


class OwnedFiles:
    """One file for each identity in a folder.  All methods raise StateTrouble.

    `suffix` ends the files' names, and `draft` that of a file being written.
    `named` returns a text without a name as one of an identity.
    """

    def __init__(
        self, files: FolderOfFiles, suffix: str, draft: str, named: Callable[[str, str], str]
    ) -> None:
        self._files = files
        self._suffix = suffix
        self._draft = draft
        self._named = named

    def read(self, name: str) -> str | None:
        """Return the text of the identity's file, None when it has none.

        A text that names its identity may be another's: the caller checks that.
        """
        file = f"{file_name(name)}{self._suffix}"
        written = self._files.read(file)
        if written is None and (old := old_file_name(name)):
            file = f"{old}{self._suffix}"
            written = self._files.read(file)
            if written is not None and named_in(written):
                return None  # found by another spelling
        if written is None or '"identity"' in written or file in self._files.listed():
            return written
        return None

    def replace(self, name: str, written: str) -> None:
        """Put a new file in the old one's place, whole or not at all.

        The identity's file under its old name is removed.  Where the new file's name is
        found to be another identity's old file, that one is renamed first.
        """
        file, old = self._possible(name)[0], old_file_name(name)
        listed = self._files.listed()
        if file not in listed and self._files.has(file):
            self._move_away(file, listed)
        self._files.replace(file, written)
        if old and f"{old}{self._suffix}" in listed:
            self._files.remove(f"{old}{self._suffix}")

    def drop(self, name: str, *, draft: bool = True) -> bool:
        """Remove the identity's file and the draft of a crash; tell whether there was a file.

        Without `draft` that one stays: another process may be writing it.
        """
        there = False
        for file in self._possible(name):
            if draft:
                self._files.remove(f"{file}{self._draft}")
            if self._is_owned(file, name):
                there = self._files.remove(file) or there
        return there

    def names(self) -> list[str]:
        """Return the identities with a file; one that cannot be read is nobody's."""
        return sorted({name for file in self._files.listed() if (name := self._owner(file))})

    def texts(self) -> list[str]:
        """Return the texts of all files; one that cannot be read must not hide the others."""
        found = (self._text(file) for file in self._files.listed() if file.endswith(self._suffix))
        return [written for written in found if written]

    def _possible(self, name: str) -> list[str]:
        """Return the names that an identity's file may have, the present one first."""
        stems = [stem for stem in (file_name(name), old_file_name(name)) if stem]
        return [f"{stem}{self._suffix}" for stem in stems]

    def _owner(self, file: str) -> str:
        """Return the identity whose file it is, "" for none."""
        if not file.endswith(self._suffix) or file.endswith(self._draft):
            return ""
        stem = file.removesuffix(self._suffix)
        if called(stem) and stem == file_name(stem):
            return stem  # no other identity's file is called so: it need not be read
        written = self._text(file)
        name = written is not None and named_in(written)
        if not name:
            return called(stem)
        return name if file.lower() in (f.lower() for f in self._possible(name)) else ""

    def _is_owned(self, file: str, name: str) -> bool:
        if not self._files.has(file):
            return False
        owner = named_in(self._text(file) or "")
        return owner == name if owner else file in self._files.listed()

    def _text(self, file: str) -> str | None:
        try:
            return self._files.read(file)
        except StateTrouble:
            return None

    def _move_away(self, file: str, listed: list[str]) -> None:
        """Give the file of another identity, which this one's would replace, its present name."""
        for other in listed:
            owner = self._owner(other) if other.lower() == file else ""
            present = self._possible(owner)[0] if owner else file
            if present == file:
                continue
            if not self._files.has(present):
                written = self._files.read(other) or ""
                self._files.replace(present, self._named(written, owner))
            self._files.remove(other)


def old_file_name(name: str) -> str:
    """Return what its files were called before names had capitals and more; "" if nothing else."""
    return name if is_plain(name) and name != name.lower() else ""


def called(file: str) -> str:
    """Return the name of the identity whose files are, or were once, called so; "" for none."""
    return file if is_plain(file) else ""


def named_in(written: str) -> str:
    """Return the name of the identity that a file's text holds, "" for none."""
    import json

    try:
        name = json.loads(written)["identity"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return ""
    return name if isinstance(name, str) and is_name(name) else ""


def named_as(written: str, name: str) -> str:
    """Return a JSON object with the identity's name in it; any other text as it stands."""
    import json

    try:
        return json.dumps({"identity": name, **json.loads(written)})
    except (ValueError, TypeError, RecursionError):
        return written
