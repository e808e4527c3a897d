"""A folder of private files as a whole: made, listed, and each file in it replaced or removed.

A crash at any instant leaves the old file or the new one: a draft beside it, written
and synced, takes its name, and the folder is synced, as it is after a removal, and the one
above it after it was made.  What is made is 0700 and 0600 whatever the umask is (B-S02,
B-S06).  How files are opened, checked and read is in ``adapters.files``.
"""

from __future__ import annotations

import errno
import os
import stat
from contextlib import contextmanager, suppress

from authkit.adapters import files
from authkit.adapters.files import CAREFUL, HAS_OWNERS, not_a_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

DRAFT = "+draft"  # ends the name of a file being written; no identity's file is called so
_SYNCS_NO_FOLDERS = {errno.EINVAL, errno.ENOTSUP}  # as some network file systems answer


class Folder:
    """A folder in the state folder, or with the name "" the state folder itself.

    All methods raise StateTrouble.
    """

    def __init__(self, state: str, name: str) -> None:
        self.path = os.path.join(state, name) if name else state
        self._state = state

    def read(self, file: str) -> str | None:
        """Return a file's text, None when there is none."""
        found = self.read_bytes(file)
        return None if found is None else found.decode("utf-8", "replace")

    def read_bytes(self, file: str) -> bytes | None:
        """Return a file's bytes, of one over `files.LARGEST` not all; None when there is none."""
        return files.read(self._state, self.path, file)

    def replace(self, file: str, written: str) -> None:
        """Put a new text in the file's place, whole or not at all."""
        self.replace_bytes(file, written.encode())

    def replace_bytes(self, file: str, written: bytes) -> None:
        """Put new bytes in the file's place, whole or not at all, on the disk at the end."""
        draft = f"{file}{DRAFT}"
        with troubles(self.file(file)), self.made() as folder:
            self._check_kind(draft, folder)
            source, target = self.within(draft, folder), self.within(file, folder)
            _unlink(source, folder)  # a crash may have left one
            self._check_kind(file, folder)
            try:
                self._write(draft, written, folder)
                os.replace(source, target, src_dir_fd=folder, dst_dir_fd=folder)
            except BaseException:
                _unlink(source, folder)
                raise
            sync(folder)

    def remove(self, file: str) -> bool:
        """Remove a file, whatever is in its place but a folder; tell whether there was one."""
        with troubles(self.file(file)):
            try:
                with _opened(self._state, self.path) as folder:
                    removed = _unlink(self.within(file, folder), folder)
                    if removed:  # what a person was told is gone does not come back
                        sync(folder)
                    return removed
            except FileNotFoundError:
                return False

    def listed(self) -> list[str]:
        """Return the names of what is in the folder, as they are spelt there."""
        with troubles(self.path):
            try:
                with _opened(self._state, self.path) as folder:
                    return sorted(os.listdir(self.path if folder is None else folder))
            except FileNotFoundError:
                return []

    def has(self, file: str) -> bool:
        """Tell whether the file system finds something under this name, however it is spelt."""
        return self.status(file) is not None

    def status(self, file: str) -> os.stat_result | None:
        """Return the status of what has this name, a link's its own; None when nothing has it."""
        with troubles(self.file(file)):
            try:
                with _opened(self._state, self.path) as folder:
                    return os.lstat(self.within(file, folder), dir_fd=folder)
            except FileNotFoundError:
                return None

    def made(self) -> AbstractContextManager[int | None]:
        """Return a context that makes files in the folder; it is made first."""
        return _opened(self._state, self.path, make=True)

    def file(self, name: str) -> str:
        """Return the path of a file."""
        return os.path.join(self.path, name)

    def within(self, file: str, folder: int | None) -> str:
        """Return what a file is called for a call with this `dir_fd`."""
        return files.within(self.path, file, folder)

    def _check_kind(self, file: str, folder: int | None) -> None:
        try:
            status = os.lstat(self.within(file, folder), dir_fd=folder)
        except FileNotFoundError:
            return
        if not stat.S_ISREG(status.st_mode):
            raise not_a_file(self.file(file), status)

    def _write(self, file: str, written: bytes, folder: int | None) -> None:
        """Write a new file of mode 0600, all of it on the disk when this returns."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | CAREFUL
        handle = os.open(self.within(file, folder), flags, 0o600, dir_fd=folder)
        with open(handle, "wb") as made:
            make_private(handle, self.file(file))
            made.write(written)
            made.flush()
            os.fsync(handle)


@contextmanager
def _opened(state: str, path: str, *, make: bool = False) -> Iterator[int | None]:
    """Have a checked folder open in the context: its descriptor, None on Windows.

    With `make` it is made first, and one in the state folder is closed to others.
    Raises StateTrouble, OSError.
    """
    if make and not os.path.isdir(path):
        make_folder(path)
    folder = files.opened(state, path)
    try:
        if make and folder is not None and path != state and os.fstat(folder).st_mode & 0o077:
            set_mode(folder, 0o700)
        yield folder
    finally:
        files.closed(folder)


@contextmanager
def troubles(path: str) -> Iterator[None]:
    """Turn an OSError in the context into StateTrouble."""
    try:
        yield
    except OSError as error:
        from authkit.adapters.trust import explained

        raise explained(path, error) from error


def make_private(handle: int, path: str) -> None:
    """Give a file that was just made the mode 0600, whatever the umask.  Raises StateTrouble."""
    if not HAS_OWNERS:
        return
    set_mode(handle, 0o600)
    if os.fstat(handle).st_mode & 0o777 != 0o600:
        from authkit.adapters import state_troubles

        raise state_troubles.trouble(path, state_troubles.NO_MODES)


def make_folder(path: str) -> None:
    """Make a folder of mode 0700 and those above it that are missing, whatever the umask."""
    try:
        os.mkdir(path, 0o700)
    except FileNotFoundError:
        make_folder(os.path.dirname(path))
        try:
            os.mkdir(path, 0o700)
        except FileExistsError:  # by another process
            return
    except FileExistsError:
        return
    set_mode(path, 0o700)
    _sync_folder_of(path)


def set_mode(what: int | str, mode: int) -> None:
    """Set the mode.  A file system that has one mode for all it holds refuses: checks decide."""
    try:
        os.chmod(what, mode)
    except PermissionError:
        return


def sync(folder: int | None) -> None:
    """Have the names in a folder on the disk; Windows cannot open one."""
    if folder is None:
        return
    try:
        os.fsync(folder)
    except OSError as error:
        if error.errno not in _SYNCS_NO_FOLDERS:
            raise  # pragma: no cover - a disk that fails


def _sync_folder_of(path: str) -> None:
    """Have a name on the disk, if the folder that it is in may be read."""
    if HAS_OWNERS:
        with suppress(PermissionError):
            folder = os.open(os.path.dirname(path) or ".", os.O_RDONLY | os.O_CLOEXEC)
            try:
                sync(folder)
            finally:
                os.close(folder)


def _unlink(path: str, folder: int | None) -> bool:
    try:
        os.unlink(path, dir_fd=folder)
    except FileNotFoundError:
        return False
    return True
