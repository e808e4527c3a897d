"""The file of a recording: looked at before the command runs, and written after it, whole."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from authkit.adapters import terminal

_LOCALTIME = Path("/etc/localtime")  # a link into the zone database
_ZONES = "zoneinfo/"


class RecordingFile:
    """The file at `path`, which must not be there yet.  `path` is then the whole path."""

    def __init__(self, path: str) -> None:
        self.path = _whole(path)
        self.gap = terminal.gap

    def problem(self) -> str:
        """Return why the file cannot be written, "" if it can."""
        place = Path(self.path)
        if os.path.lexists(place):
            return "it is there already"
        if not place.parent.is_dir():
            return "there is no such folder"
        effective = os.access in os.supports_effective_ids
        writable = os.access(place.parent, os.W_OK | os.X_OK, effective_ids=effective)
        return "" if writable else "its folder cannot be written"

    def write(self, text: str) -> None:
        """Write the file, for its owner alone; it appears whole, or not at all.

        Raises OSError: FileExistsError if one has appeared there meanwhile.
        """
        place = Path(self.path)
        draft = place.with_name(f".{place.name}.{os.getpid()}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
                draft.chmod(0o600)  # the umask may have taken the owner's right to read it
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            os.link(draft, place)  # unlike a rename it replaces nothing
        finally:
            draft.unlink()

    def zone(self) -> str:
        """Return the name of the machine's time zone; one of the same offset if it has none."""
        linked = str(_LOCALTIME.resolve())
        for name in (os.environ.get("TZ", "").lstrip(":"), linked.partition(_ZONES)[2]):
            if name and _is_zone(name):
                return name
        offset = datetime.now().astimezone().utcoffset()
        hours = round(offset.total_seconds() / 3600) if offset else 0
        return f"Etc/GMT{-hours:+d}" if hours else "UTC"


def _whole(path: str) -> str:
    """Return the whole path of a file; "" stays "", and so does one in a folder that is gone."""
    try:
        return path and str(Path.cwd() / path)
    except OSError:
        return path


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):  # ZoneInfoNotFoundError is a KeyError
        return False
    return True
