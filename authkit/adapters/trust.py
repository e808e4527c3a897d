"""Whether a file or folder is the user's own, and what is wrong where an operation failed.

Imported only when something is wrong; ``authkit.adapters.files`` has the check that
the cached path makes.
"""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress

from authkit.adapters import limits, state_troubles
from authkit.core.failures import StateTrouble

_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH

_KINDS = {
    stat.S_IFLNK: state_troubles.LINK,
    stat.S_IFIFO: state_troubles.FIFO,
    stat.S_IFCHR: state_troubles.DEVICE,
    stat.S_IFBLK: state_troubles.DEVICE,
    stat.S_IFDIR: state_troubles.FOLDER,
    stat.S_IFSOCK: state_troubles.SOCKET,
}
# File systems of others, whose mode is that of the mount: chmod(2) may do nothing there.
_WITHOUT_MODES = {
    "vfat",
    "msdos",
    "exfat",
    "ntfs",
    "ntfs3",
    "fuseblk",
    "cifs",
    "smb3",
    "9p",
    "drvfs",
}
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
# What the system answers where something else stands in the place of a file or folder.  Any
# other error says nothing of that, and a folder may be just what is to be there.
_OF_A_KIND = {errno.EISDIR, errno.ENOTDIR, errno.ELOOP, errno.EMLINK, errno.ENXIO, errno.EEXIST}
_OF_A_KIND |= {errno.EPERM, errno.EACCES, errno.ENODEV, errno.EOPNOTSUPP}


def kind(status: os.stat_result) -> str:
    """Return what it is instead of a regular file, "" for a regular file."""
    return _KINDS.get(stat.S_IFMT(status.st_mode), "")


def fault(status: os.stat_result, handle: int) -> str:
    """Return the word for what is wrong with owner or mode of what is open, "" for nothing."""
    user = os.geteuid()
    if status.st_uid != user:
        return _of_another(status.st_uid, user)
    if not status.st_mode & _OTHERS_WRITE:
        return ""
    return state_troubles.OPEN if _has_modes(handle) else state_troubles.OPEN_FOR_GOOD


def explained(path: str, error: OSError) -> StateTrouble:
    """Return the trouble that an error of the system stands for."""
    if error.errno in _NO_ROOM:
        return state_troubles.trouble(path, state_troubles.NO_ROOM)
    if isinstance(error, PermissionError) and (found := _denied_by(path)):
        return found
    if limits.is_one(error):
        return StateTrouble(path, limits.reason(error), says="state-limit")
    instead = ""
    if error.errno in _OF_A_KIND:
        with suppress(OSError):  # a folder above it is the trouble
            instead = kind(os.lstat(path))
    return state_troubles.trouble(path, instead or limits.reason(error))


def _of_another(owner: int, user: int) -> str:
    if user == 0 and "SUDO_UID" in os.environ:
        return state_troubles.UNDER_SUDO
    return state_troubles.OF_ROOT if owner == 0 else state_troubles.OF_ANOTHER


def _has_modes(handle: int) -> bool:
    """Tell whether chmod is likely to change the mode on this file system.

    Nothing is changed to find out: a crash would leave it so, and commands that only look
    ask this too.  Setting the mode that is there is refused where modes cannot be set.  A
    file system that takes every mode and keeps none is known by its type (Linux alone).
    """
    status = os.fstat(handle)
    try:
        os.fchmod(handle, stat.S_IMODE(status.st_mode))
    except OSError:
        return False
    return _type(status.st_dev) not in _WITHOUT_MODES


def _type(device: int) -> str:
    """Return the type of the file system of a device, "" where /proc does not tell."""
    number = f"{os.major(device)}:{os.minor(device)}"
    try:
        with open("/proc/self/mountinfo", encoding="utf-8", errors="replace") as mounts:
            for line in mounts:  # proc(5): ID PARENT MAJOR:MINOR ROOT POINT OPTIONS… - TYPE …
                before, _, after = line.partition(" - ")
                if before.split()[2] == number:
                    return after.split()[0]
    except (OSError, IndexError):
        return ""
    return ""


def _denied_by(path: str) -> StateTrouble | None:
    """Return the trouble with the nearest folder above that can be looked at, if it is another's.

    The user's own folders are named by the path itself.
    """
    user = os.geteuid()
    while True:
        try:
            owner = os.stat(path).st_uid
        except OSError:
            path, below = os.path.dirname(path), path
            if path == below:
                return None
            continue
        return None if owner == user else state_troubles.trouble(path, _of_another(owner, user))
