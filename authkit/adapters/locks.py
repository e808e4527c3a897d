"""The port Lock over a file: the system releases it when its holder dies.

A lock of our own instead of filelock's, which leaves no place for the holder's
process id, and follows links or warns in some versions (docs/decisions/own-locks.md).
Windows has no flock: there a byte of the file is locked.
"""

from __future__ import annotations

import errno
import os
import sys

from authkit.adapters.files import CAREFUL, check_file
from authkit.adapters.folders import make_private, troubles

TYPE_CHECKING = False
if TYPE_CHECKING:
    from authkit.adapters.folders import Folder

_NO_LOCKS = {errno.ENOSYS, errno.EOPNOTSUPP, errno.EACCES, errno.ENOLCK}
_REMOVALS = 10  # of the lock file while it is being locked, before it counts as held
_LONGEST_NUMBER = 10  # digits of a process id
_LONGEST_COMMAND = 200  # characters of a holder's command line that are shown


class StateLock:
    """One lock file, which holds the process id of its holder.  All methods raise StateTrouble."""

    def __init__(self, folder: Folder, file: str) -> None:
        self._folder = folder
        self._file = file
        self._handle: int | None = None  # while it is held

    def acquire(self) -> bool:
        """Try once; tell whether it was free.

        A file that was removed, or replaced by another, while it was being locked locks
        nobody out: it is opened anew.
        """
        path = self._folder.file(self._file)
        with troubles(path):
            for _ in range(_REMOVALS):
                handle = self._open(path)
                try:
                    free = _try(handle, path)
                    found = free and self._is_found(handle)
                except BaseException:
                    os.close(handle)
                    raise
                if found:
                    self._handle = handle
                    _write(handle, f"{os.getpid()}\n")
                    return True
                os.close(handle)
                if not free:
                    return False
            return False

    def release(self) -> None:
        """Release the lock."""
        if self._handle is not None:
            _write(self._handle, "")
            os.close(self._handle)
            self._handle = None

    def is_made(self) -> bool:
        """Tell whether there is a lock file: without one nobody holds the lock."""
        return self._folder.has(self._file)

    def holder(self) -> str:
        """Return who holds it, ``process 4242 (authkit login)``, "" when that is not known."""
        number = (self._folder.read(self._file) or "").strip()
        if not (number.isascii() and number.isdigit() and len(number) <= _LONGEST_NUMBER):
            return ""
        command = _command(number)
        return f"process {number} ({command})" if command else f"process {number}"

    def _is_found(self, handle: int) -> bool:
        """Tell whether this is the file that other processes will open."""
        there = self._folder.status(self._file)
        return there is not None and os.path.samestat(there, os.fstat(handle))

    def _open(self, path: str) -> int:
        flags = os.O_RDWR | os.O_CREAT | CAREFUL
        with self._folder.made() as folder:
            file = self._folder.within(self._file, folder)
            try:
                handle = os.open(file, flags | os.O_EXCL, 0o600, dir_fd=folder)
            except FileExistsError:
                handle = os.open(file, flags & ~os.O_CREAT, dir_fd=folder)
                made = False
            else:
                made = True
        try:
            if made:
                make_private(handle, path)
            check_file(handle, path)
            _check_names(handle, path)
        except BaseException:
            os.close(handle)
            raise
        return handle


def _check_names(handle: int, path: str) -> None:
    """Raise StateTrouble if the lock file has other names: what is written would be theirs too."""
    if os.fstat(handle).st_nlink > 1:
        from authkit.adapters import state_troubles

        raise state_troubles.trouble(path, state_troubles.HARD_LINK)


def _try(handle: int, path: str) -> bool:
    """Lock what is open, if it is free.  Raises StateTrouble on a file system without locks."""
    if sys.platform == "win32":
        import msvcrt

        os.lseek(handle, 1 << 30, os.SEEK_SET)  # behind what is read: Windows locks what it locks
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise
        from authkit.adapters import state_troubles

        raise state_troubles.trouble(path, state_troubles.NO_LOCKS) from error
    return True


def _write(handle: int, written: str) -> None:
    """Replace what is in the lock file.  That only serves messages: a full disk is no error."""
    try:
        os.ftruncate(handle, 0)
        os.lseek(handle, 0, os.SEEK_SET)
        os.write(handle, written.encode())
    except OSError:
        return


def _command(number: str) -> str:
    """Return a process's command line, "" where /proc does not tell.

    What follows ``exec`` is left out: the child's command is in it, with or without a ``--``,
    and may have a secret in it (B-S01).
    """
    try:
        with open(f"/proc/{number}/cmdline", "rb") as file:
            words = file.read(_LONGEST_COMMAND * 4).rstrip(b"\0").split(b"\0")
    except OSError:
        return ""
    if b"exec" in words:
        words = words[: words.index(b"exec") + 1]
    return b" ".join(words).decode("utf-8", "replace")[:_LONGEST_COMMAND]
