"""Who else than the user may write to a file of the person's own, or put another in its place."""

from __future__ import annotations

import os
import stat
import sys

from authkit.core.config import OTHERS_WRITE


def others(status: os.stat_result) -> str:
    """Return who else may write to what has this status, as a clause, "" for nobody (B-S06)."""
    if sys.platform == "win32":  # pragma: no cover - it has access lists instead
        return ""
    if status.st_uid not in {os.geteuid(), 0}:
        return f"it belongs to another user (uid {status.st_uid})"
    return OTHERS_WRITE if status.st_mode & (stat.S_IWGRP | stat.S_IWOTH) else ""


def shared(path: str) -> tuple[str, str]:
    """Return what others may write to, a file or the nearest folder above it, and why.

    Both are "" for nothing.  A link counts where it leads, and where it stands.  In a folder with
    the sticky bit, such as /tmp, nobody can put another file in the place of one's own.  What
    cannot be looked at is passed over.
    """
    found = _shared(os.path.realpath(path))
    return found if found[0] else _shared(os.path.realpath(os.path.dirname(path)))


def _shared(path: str) -> tuple[str, str]:
    """Return the same of a path without links."""
    while True:
        try:
            status = os.stat(path)
        except OSError:
            reason = ""
        else:
            kept = stat.S_ISDIR(status.st_mode) and status.st_mode & stat.S_ISVTX
            reason = others(status)
            if reason and not (kept and reason == OTHERS_WRITE):
                return path, reason
        path, below = os.path.dirname(path), path
        if path == below:
            return "", ""
