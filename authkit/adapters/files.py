"""A folder of private files: checked, read and replaced, one whole file at a time.

The state folder, and the folder in it, are used only when they are the user's own
and nobody else may write to them; so are their files (B-S06).  Each is opened once
and checked where it is open, so that nothing can be put in its place in between.
This module is on the cached path; what explains trouble is imported when there is
some.
"""

from __future__ import annotations

import os
import stat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from authkit.core.failures import StateTrouble

DRAFT = "+draft"  # ends the name of a file being written; no identity's file is called so
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH

# Windows lacks these flags, and the owner; there nothing is checked.
CAREFUL = sum(getattr(os, flag, 0) for flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC"))
_FOLDER = getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)
_HAS_OWNERS = hasattr(os, "geteuid")


class Folder:
    """A folder in the state folder.  All methods raise StateTrouble."""

    def __init__(self, state: str, name: str) -> None:
        self.path = os.path.join(state, name)
        self._state = state

    def read(self, file: str) -> str | None:
        """Return a file's text, None when there is none."""
        path = self.file(file)
        with Troubles(path):
            try:
                with Opened(self._state, self.path) as folder:
                    handle = os.open(
                        self.within(file, folder), os.O_RDONLY | CAREFUL, dir_fd=folder
                    )
            except FileNotFoundError:
                return None
            with open(handle, encoding="utf-8", errors="replace") as text:
                check_file(handle, path)
                return text.read()

    def replace(self, file: str, written: str) -> None:
        """Put a new file in the old one's place, whole or not at all."""
        draft = f"{file}{DRAFT}"
        with Troubles(self.file(file)), Opened(self._state, self.path, make=True) as folder:
            self._make_way(draft, folder)
            self._check_kind(file, folder)
            source, target = self.within(draft, folder), self.within(file, folder)
            try:
                self._write(draft, written, folder)
                os.replace(source, target, src_dir_fd=folder, dst_dir_fd=folder)
            except BaseException:
                _unlink(source, folder)
                raise

    def remove(self, file: str) -> bool:
        """Remove a file, whatever is in its place but a folder; tell whether there was one."""
        with Troubles(self.file(file)):
            try:
                with Opened(self._state, self.path) as folder:
                    return _unlink(self.within(file, folder), folder)
            except FileNotFoundError:
                return False

    def listed(self) -> list[str]:
        """Return the names of what is in the folder, as they are spelt there."""
        with Troubles(self.path):
            try:
                with Opened(self._state, self.path) as folder:
                    return sorted(os.listdir(self.path if folder is None else folder))
            except FileNotFoundError:
                return []

    def has(self, file: str) -> bool:
        """Tell whether the file system finds something under this name, however it is spelt."""
        with Troubles(self.file(file)):
            try:
                with Opened(self._state, self.path) as folder:
                    os.lstat(self.within(file, folder), dir_fd=folder)
            except FileNotFoundError:
                return False
            return True

    def file(self, name: str) -> str:
        """Return the path of a file."""
        return os.path.join(self.path, name)

    def opened(self) -> Opened:
        """Return the folder for a block that opens files in it; it is made first."""
        return Opened(self._state, self.path, make=True)

    def within(self, file: str, folder: int | None) -> str:
        """Return what a file is called for a call with this `dir_fd`.

        Its bytes are UTF-8 whatever the locale is, so that one file is meant in all.
        """
        file = os.fsdecode(file.encode())
        return self.file(file) if folder is None else file

    def _make_way(self, draft: str, folder: int | None) -> None:
        """Remove the draft of a crash."""
        self._check_kind(draft, folder)
        _unlink(self.within(draft, folder), folder)

    def _check_kind(self, file: str, folder: int | None) -> None:
        try:
            status = os.lstat(self.within(file, folder), dir_fd=folder)
        except FileNotFoundError:
            return
        if not stat.S_ISREG(status.st_mode):
            raise _not_a_file(self.file(file), status)

    def _write(self, file: str, written: str, folder: int | None) -> None:
        """Write a new file of mode 0600, all of it on the disk when this returns."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | CAREFUL
        handle = os.open(self.within(file, folder), flags, 0o600, dir_fd=folder)
        with open(handle, "w", encoding="utf-8") as text:
            make_private(handle, self.file(file))
            text.write(written)
            text.flush()
            os.fsync(handle)


class Opened:
    """A folder in the state folder, open for a block: its descriptor, None on Windows.

    With `make` both are made first.  Raises StateTrouble, OSError.
    """

    def __init__(self, state: str, path: str, *, make: bool = False) -> None:
        self._state = state
        self._path = path
        self._make = make
        self._folder: int | None = None

    def __enter__(self) -> int | None:
        if self._make and not os.path.isdir(self._path):
            make_folder(self._path)
        if not _HAS_OWNERS:
            return None
        state = _open_folder(self._state, None)
        try:
            _check(os.fstat(state), state, self._state)
            self._folder = _open_folder(os.path.basename(self._path), state)
        finally:
            os.close(state)
        try:
            status = os.fstat(self._folder)
            _check(status, self._folder, self._path)
            if self._make and status.st_mode & 0o077:
                _chmod(self._folder, 0o700)
        except BaseException:
            os.close(self._folder)
            raise
        return self._folder

    def __exit__(self, *_: object) -> None:
        if self._folder is not None:
            os.close(self._folder)


class Troubles:
    """Turns an OSError into StateTrouble.  A class, since contextlib is not on the cached path."""

    def __init__(self, path: str) -> None:
        self._path = path

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, OSError):
            from authkit.adapters.trust import explained

            raise explained(self._path, error) from error


def check_file(handle: int, path: str) -> None:
    """Raise StateTrouble unless what is open is a regular file, and the user's own alone."""
    status = os.fstat(handle)
    if not stat.S_ISREG(status.st_mode):
        raise _not_a_file(path, status)
    if _HAS_OWNERS:
        _check(status, handle, path)


def make_private(handle: int, path: str) -> None:
    """Give a file that was just made the mode 0600, whatever the umask.  Raises StateTrouble."""
    if not _HAS_OWNERS:
        return
    _chmod(handle, 0o600)
    if os.fstat(handle).st_mode & 0o777 != 0o600:
        from authkit.adapters import state_troubles

        raise state_troubles.trouble(path, state_troubles.NO_MODES)


def _check(status: os.stat_result, handle: int, path: str) -> None:
    if status.st_uid != os.geteuid() or status.st_mode & _OTHERS_WRITE:
        from authkit.adapters.state_troubles import trouble
        from authkit.adapters.trust import fault

        raise trouble(path, fault(status, handle))


def _not_a_file(path: str, status: os.stat_result) -> StateTrouble:
    from authkit.adapters.state_troubles import trouble
    from authkit.adapters.trust import kind

    return trouble(path, kind(status))


def _open_folder(name: str, parent: int | None) -> int:
    return os.open(name, os.O_RDONLY | _FOLDER, dir_fd=parent)


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
    _chmod(path, 0o700)


def _chmod(what: int | str, mode: int) -> None:
    """Set the mode.  A file system that has one mode for all it holds refuses: checks decide."""
    try:
        os.chmod(what, mode)
    except PermissionError:
        return


def _unlink(path: str, folder: int | None) -> bool:
    try:
        os.unlink(path, dir_fd=folder)
    except FileNotFoundError:
        return False
    return True
