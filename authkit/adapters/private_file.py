"""One file of the user's own: opened with care, locked, and replaced whole.

Every function raises OSError, with a text that can be shown where it is authkit's.
A crash at any instant leaves the old file or the new one: a draft beside it, written
and synced, takes its name, and the folder is synced.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys

from authkit.adapters.files import make_folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE = 60  # seconds to wait for another writer, which takes milliseconds

_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)  # Windows lacks both flags
_NONBLOCK = getattr(os, "O_NONBLOCK", 0)


def read(path: str, largest: int) -> bytes | None:
    """Return the file's bytes, None when there is none.  Never waits, never follows a link."""
    try:
        _check(os.lstat(path), path, stat.S_IFREG)  # a device is not even opened
        handle = os.open(path, os.O_RDONLY | _NOFOLLOW | _NONBLOCK)
    except FileNotFoundError:
        return None
    with open(handle, "rb") as file:
        status = os.fstat(handle)
        _check(status, path, stat.S_IFREG)
        _check_folder(path)
        if status.st_size > largest:
            raise OSError(errno.EFBIG, f"it is larger than {largest} bytes", path)
        return file.read(status.st_size)


def replace(path: str, data: bytes, largest: int) -> None:
    """Put these bytes in the file's place, whole or not at all, all on the disk at the end."""
    if len(data) > largest:
        raise OSError(errno.EFBIG, f"it would be larger than {largest} bytes", path)
    draft = f"{path}.draft"
    with contextlib.suppress(FileNotFoundError):
        os.unlink(draft)  # a crash may have left one
    try:
        _write(draft, data)
        os.replace(draft, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(draft)
        raise
    _sync_folder(os.path.dirname(path))


@contextlib.contextmanager
def locked(path: str) -> Iterator[None]:
    """Hold the lock of the file's writers; make the folder if need be."""
    from filelock import FileLock, Timeout

    folder = os.path.dirname(path)
    make_folder(folder)
    _check_folder(path)
    lock = FileLock(f"{path}.lock", mode=0o600)
    try:
        lock.acquire(timeout=PATIENCE)
    except Timeout:
        reason = f"another process has held its lock, {path}.lock, for {PATIENCE} s"
        raise OSError(errno.EBUSY, reason, path) from None
    try:
        yield
    finally:
        lock.release()


def _write(path: str, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NOFOLLOW, 0o600)
    with open(handle, "wb") as file:
        os.chmod(path, 0o600)  # whatever the umask
        file.write(data)
        file.flush()
        os.fsync(handle)


def _sync_folder(folder: str) -> None:
    if sys.platform == "win32":  # it cannot open one
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno != errno.EINVAL:  # a file system that syncs no folders
            raise  # pragma: no cover - a disk that fails
    finally:
        os.close(handle)


def _check_folder(path: str) -> None:
    folder = os.path.dirname(path)
    _check(os.stat(folder), folder, stat.S_IFDIR)  # its path may contain links


def _check(status: os.stat_result, path: str, form: int) -> None:
    """Refuse what is not of this form, not the user's own, or open to others' writing."""
    if stat.S_IFMT(status.st_mode) != form:
        from authkit.adapters.trust import kind

        raise OSError(errno.EINVAL, f"it is {kind(status) or 'a file'}", path)
    if sys.platform == "win32":  # it has neither
        return
    if status.st_uid != os.geteuid():
        raise OSError(errno.EPERM, f"it belongs to another user (id {status.st_uid})", path)
    if status.st_mode & 0o022:
        reason = "group or others may write to it ('chmod go-w' mends that)"
        raise OSError(errno.EPERM, reason, path)
