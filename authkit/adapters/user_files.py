"""The port UserFiles: files of the person's own on a disk, read and replaced whole.

Such a file is AWS's config file, its credentials file, or authkit's own config file.  The
person edits it, other programs read and write it, and it may be a link to where the person
keeps it.  So a file is replaced only while it has the bytes that were read, by a draft beside
it that takes its name: a reader finds the old file or the new one, whole, also after a crash.

What cannot be had: a program that has opened the file for writing, as ``aws configure``
does, and writes into it after it was replaced, writes into what is a file no more.
"""

from __future__ import annotations

import errno
import os
import stat
from contextlib import contextmanager, suppress

from authkit.adapters import file_troubles
from authkit.adapters.file_troubles import trouble
from authkit.adapters.files import CAREFUL, HAS_OWNERS, closed, not_a_file
from authkit.adapters.folders import DRAFT, make_folder, set_mode, sync
from authkit.adapters.reading import Unreadable, read_all, read_file
from authkit.core.failures import StateTrouble

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from authkit.adapters.one_writer import OneWriter

_WORDS = {errno.EBUSY: file_troubles.MOUNTED, errno.ELOOP: file_troubles.DANGLING}


class UserFiles:
    """The files of this machine.  All methods raise FileTrouble.

    `writer` makes what one authkit at a time holds, for as long as it replaces a file; it is
    given what makes the trouble of a lock that cannot be had.
    """

    def __init__(self, writer: Callable[[Callable[[str, str], Exception]], OneWriter]) -> None:
        self._writer = writer

    def path(self, named: str) -> str:
        """Return the whole path of what is named; it may begin with ``~``."""
        try:
            return os.path.abspath(os.path.expanduser(named))
        except FileNotFoundError:
            raise trouble(named, file_troubles.NO_FOLDER) from None

    def read(self, path: str) -> bytes | None:
        """Return a file's bytes, None when there is none.  A pipe is waited for, 60 s at most."""
        with _troubles(path):
            try:
                return read_file(path)
            except FileNotFoundError:
                _check_links(path)
                return None

    def replace(self, path: str, written: bytes, was: bytes | None) -> bool:
        """Put `written` in the place of `was`; return whether the file still had those bytes."""
        only = self._writer(lambda reason, cure: file_troubles.explained(path, reason, cure))
        with _troubles(path), only():
            if was is None:
                _check_links(path)
            place = os.path.realpath(path)  # the file that a link means
            if was is None and not os.path.isdir(os.path.dirname(place)):
                make_folder(os.path.dirname(place))
            _remove_drafts(place)
            return _replace(place, written, was)


def _replace(place: str, written: bytes, was: bytes | None) -> bool:
    """Write a draft, and give it the file's name if that still has the bytes `was`."""
    _, status = _opened(place)
    folder, name = os.path.split(place)
    draft = os.path.join(folder, f"{_begins(name)}{os.urandom(4).hex()}")
    around = os.open(folder, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0)) if HAS_OWNERS else None
    try:
        _write(draft, written, place, status)
        if _opened(place)[0] != was or not _take_name(draft, place, new=was is None):
            return False
        sync(around)
    finally:
        closed(around)
        with suppress(OSError):  # it has its new name, or was never made
            os.unlink(draft)
    return True


def _write(draft: str, written: bytes, place: str, status: os.stat_result | None) -> None:
    """Write a new file with the owner, mode and attributes of the one in that place, if any."""
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | CAREFUL, 0o600)
    with open(handle, "wb") as made:
        if HAS_OWNERS:
            set_mode(handle, 0o600)  # whatever the umask is
        made.write(written)
        made.flush()
        if HAS_OWNERS and status:
            _keep_owner(handle, place, status)
            _keep_attributes(handle, place)
            set_mode(handle, stat.S_IMODE(status.st_mode))
        os.fsync(handle)


def _keep_owner(handle: int, place: str, status: os.stat_result) -> None:
    made = os.fstat(handle)
    if (made.st_uid, made.st_gid) != (status.st_uid, status.st_gid):
        try:
            os.fchown(handle, status.st_uid, status.st_gid)
        except PermissionError:
            raise trouble(place, file_troubles.NOT_KEPT) from None


def _keep_attributes(handle: int, place: str) -> None:
    """Copy access lists and other extended attributes, as far as the system lets one."""
    if not hasattr(os, "listxattr"):  # Linux alone has these calls
        return
    with suppress(OSError):
        for name in os.listxattr(place):
            with suppress(OSError):
                os.setxattr(handle, name, os.getxattr(place, name))


def _take_name(draft: str, place: str, *, new: bool) -> bool:
    """Give the draft the file's name; a `new` file replaces none that has appeared meanwhile."""
    if new:
        try:
            os.link(draft, place)
        except FileExistsError:
            return False
        except OSError:  # a file system without hard links
            if os.path.lexists(place):
                return False
        else:
            return True
    os.replace(draft, place)
    return True


def _opened(place: str) -> tuple[bytes | None, os.stat_result | None]:
    """Return the bytes and the status of a file that may be replaced; None when there is none."""
    try:
        handle = os.open(place, os.O_RDWR | CAREFUL)  # a rename asks for its folder's mode alone
    except FileNotFoundError:
        return None, None
    except OSError as error:
        if error.errno == errno.EACCES:
            raise trouble(place, file_troubles.READ_ONLY) from None
        raise
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise not_a_file(place, status)
        if status.st_nlink > 1:
            raise trouble(place, file_troubles.HARD_LINK)
        return read_all(handle), status
    finally:
        os.close(handle)


def _check_links(path: str) -> None:
    """Raise FileTrouble if there is no file because a link on the way points to nothing."""
    while not os.path.lexists(path) and path != os.path.dirname(path):
        path = os.path.dirname(path)
    if not os.path.exists(path):
        raise trouble(path, file_troubles.DANGLING)


def _begins(name: str) -> str:
    """Return how the names of a file's drafts begin; no two drafts have the same name."""
    return f".{name}{DRAFT}-"


def _remove_drafts(place: str) -> None:
    """Remove what crashes have left: one may have what was to be taken out of the file."""
    folder, name = os.path.split(place)
    with suppress(FileNotFoundError):
        for file in os.listdir(folder):
            if file.startswith(_begins(name)):
                os.unlink(os.path.join(folder, file))


@contextmanager
def _troubles(path: str) -> Iterator[None]:
    """Turn what goes wrong in the context into FileTrouble."""
    try:
        yield
    except StateTrouble as error:
        raise file_troubles.of_state(error) from error
    except Unreadable as error:
        raise file_troubles.explained(path, str(error)) from None
    except OSError as error:
        if word := _WORDS.get(error.errno or 0):
            raise trouble(path, word) from error
        from authkit.adapters.trust import explained

        raise file_troubles.of_state(explained(path, error)) from error
