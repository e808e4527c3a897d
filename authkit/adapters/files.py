"""Private files: what those of an identity are called, and how each is opened and read.

The state folder, and the folder in it, are used only when they are the user's own
and nobody else may write to them; so are their files (B-S06).  Each is opened once
and checked where it is open, so that nothing can be put in its place in between.
This module is on the cached path: it has no classes, what writes is in
``adapters.folders``, and what explains trouble is imported when there is some.
"""

from __future__ import annotations

import os
import stat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from authkit.core.failures import StateTrouble

LARGEST = 1 << 20  # bytes: of a file, no more is read than `_PART` over it
_PART = 1 << 16
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH

# Windows lacks all flags but the last, and the owner; there nothing is checked.
_FLAGS = ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY")
CAREFUL = sum(getattr(os, flag, 0) for flag in _FLAGS)
_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)
HAS_OWNERS = hasattr(os, "geteuid")

_LONGEST_PLAIN = 64
_IN_FILE_NAMES = 40  # letters and digits of a name in the name of its files
_DIGEST = 16  # hexadecimal digits of its SHA-256 there
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789._-")


# What they are called (docs/contract.md, "Stored form").


def file_name(name: str) -> str:
    """Return what an identity's files are called, without their suffix.

    No two names have the same, also where the file system ignores case and
    Unicode forms, and none leads out of its folder.
    """
    if is_plain(name) and name == name.lower():
        return name
    letters = [letter for letter in name.lower() if letter.isalnum()][:_IN_FILE_NAMES]
    return f"{''.join(letters)}+{_sha256(name)[:_DIGEST]}"


def is_plain(name: str) -> bool:
    """Tell whether it is of the old form ``[A-Za-z0-9][A-Za-z0-9._-]{0,63}``."""
    return (
        1 <= len(name) <= _LONGEST_PLAIN
        and name.isascii()
        and name[0].isalnum()
        and _PLAIN.issuperset(name.lower())
    )


def _sha256(name: str) -> str:
    """Return the digest in hexadecimal; hashlib would load OpenSSL on the cached path."""
    try:
        from _sha2 import sha256  # type: ignore[import-not-found]  # Python 3.12 and later
    except ImportError:
        from _sha256 import sha256  # type: ignore[import-not-found]  # Python 3.11
    digest: str = sha256(name.encode()).hexdigest()
    return digest


# How they are opened and read.


def read(state: str, folder: str, file: str) -> bytes | None:
    """Return the bytes of a file in a folder; of one over `LARGEST` not all.

    `folder` is the path of one in the state folder `state`, or of `state` itself.
    None: there is no such file.  Raises StateTrouble.
    """
    path = os.path.join(folder, file)
    try:
        inside = opened(state, folder)
        try:
            handle = os.open(within(folder, file, inside), os.O_RDONLY | CAREFUL, dir_fd=inside)
        finally:
            closed(inside)
        try:
            check_file(handle, path)
            return _contents(handle)
        finally:
            os.close(handle)
    except FileNotFoundError:
        return None
    except OSError as error:
        from authkit.adapters.trust import explained

        raise explained(path, error) from error


def opened(state: str, folder: str) -> int | None:
    """Return the descriptor of a checked folder, None on Windows.  Raises StateTrouble, OSError."""
    if not HAS_OWNERS:
        return None
    around = _checked(state, None, state)
    if folder == state:
        return around
    try:
        return _checked(os.path.basename(folder), around, folder)
    finally:
        os.close(around)


def closed(folder: int | None) -> None:
    """Close what `opened` returned."""
    if folder is not None:
        os.close(folder)


def within(folder: str, file: str, inside: int | None) -> str:
    """Return what a file is called for a call with the `dir_fd` of its folder.

    Its bytes are UTF-8 whatever the locale is, so that one file is meant in all.
    """
    file = os.fsdecode(file.encode())
    return os.path.join(folder, file) if inside is None else file


def check_file(handle: int, path: str) -> None:
    """Raise StateTrouble unless what is open is a regular file, and the user's own alone."""
    status = os.fstat(handle)
    if not stat.S_ISREG(status.st_mode):
        raise not_a_file(path, status)
    if HAS_OWNERS:
        _check(status, handle, path)


def not_a_file(path: str, status: os.stat_result) -> StateTrouble:
    """Return the trouble with what is no regular file."""
    from authkit.adapters.state_troubles import trouble
    from authkit.adapters.trust import kind

    return trouble(path, kind(status))


def _checked(name: str, around: int | None, path: str) -> int:
    """Return the descriptor of a folder that is the user's own alone."""
    folder = os.open(name, _FOLDER, dir_fd=around)
    try:
        _check(os.fstat(folder), folder, path)
    except BaseException:
        os.close(folder)
        raise
    return folder


def _check(status: os.stat_result, handle: int, path: str) -> None:
    if status.st_uid != os.geteuid() or status.st_mode & _OTHERS_WRITE:
        from authkit.adapters.state_troubles import trouble
        from authkit.adapters.trust import fault

        raise trouble(path, fault(status, handle))


def _contents(handle: int) -> bytes:
    found = b""
    while len(found) <= LARGEST and (part := os.read(handle, _PART)):
        found += part
    return found
