"""The state folder: the ports Sessions, Markers, Notes and Lock over real files.

The folder (0700) holds ``sessions/NAME.json`` (0600), a marker
``identities/NAME`` for every identity whose keys were saved, ``locks/NAME``, and
``codes/NAME.json`` with notes about MFA codes that were sent.  Files are replaced
whole; a symbolic link in a file's place is not followed.  This module is on the
cached path: only the lock imports filelock.
"""

from __future__ import annotations

import errno
import os
import stat
from datetime import UTC, datetime

from authkit.core.failures import StateTrouble
from authkit.core.names import is_name

_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)  # Windows lacks this flag and the next
_NONBLOCK = getattr(os, "O_NONBLOCK", 0)
_WORDS = {errno.ELOOP: "it is a symbolic link"}
_TAKEN = 0.0  # the modification time of a marker whose keys AWS has taken
_DRAFT = ".draft"  # the suffix of a file that is being written


class StateFolder:
    """The ports Sessions, Markers and Notes over a folder, and its locks.

    All methods raise StateTrouble.
    """

    def __init__(self, path: str) -> None:
        self.path = path

    def read(self, name: str) -> str | None:
        """Return the session file's text, None when there is none."""
        return self._read("sessions", name)

    def replace(self, name: str, written: str) -> None:
        """Put a new session file in the old one's place, whole or not at all."""
        self._replace("sessions", name, written)

    def codes(self) -> list[str]:
        """Return the note about MFA codes of every identity."""
        notes = []
        for name in self._names("codes"):
            try:
                notes.append(self._read("codes", name) or "")
            except StateTrouble:  # one unreadable note must not stop every login
                continue
        return notes

    def replace_codes(self, name: str, written: str) -> None:
        """Put a new note in the old one's place, whole or not at all."""
        self._replace("codes", name, written)

    def drop(self, name: str) -> bool:
        """Remove the session file and the draft of a crash; tell whether there was a session."""
        path = self._file("sessions", f"{name}.json")
        self._remove(f"{path}{_DRAFT}")
        return self._remove(path)

    def names(self) -> list[str]:
        """Return the identities with a session file."""
        return self._names("sessions")

    def mark(self, name: str, untried: datetime | None = None) -> None:
        """Make the marker of an identity that has keys.

        Its modification time is the instant at which they were saved, until AWS has
        taken them.
        """
        path = self._file("identities", name)
        with _Troubles(path):
            self._make("identities")
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | _NOFOLLOW, 0o600)
            since = untried.timestamp() if untried else _TAKEN
            try:
                os.utime(handle if os.utime in os.supports_fd else path, (since, since))
            finally:
                os.close(handle)

    def untried(self, name: str) -> datetime | None:
        """Return when the keys were saved if AWS has not taken them since, else None."""
        path = self._file("identities", name)
        with _Troubles(path):
            try:
                since = os.stat(path).st_mtime
            except FileNotFoundError:
                return None
            return None if since == _TAKEN else datetime.fromtimestamp(since, UTC)

    def unmark(self, name: str) -> None:
        """Remove the marker."""
        self._remove(self._file("identities", name))

    def marked(self) -> list[str]:
        """Return the identities with a marker."""
        return list(filter(is_name, self._list("identities")))

    def lock(self, name: str) -> StateLock:
        """Return the identity's lock, not taken yet."""
        return self._lock(name)

    def keyring_lock(self) -> StateLock:
        """Return the lock for writing to the keyring, not taken yet."""
        return self._lock("+keyring")  # no identity's file is called so

    def _lock(self, file: str) -> StateLock:
        path = self._file("locks", file)
        with _Troubles(path):
            self._make("locks")
        return StateLock(path)

    def _names(self, folder: str) -> list[str]:
        files = self._list(folder)
        names = (file.removesuffix(".json") for file in files if file.endswith(".json"))
        return list(filter(is_name, names))

    def _read(self, folder: str, name: str) -> str | None:
        path = self._file(folder, f"{name}.json")
        with _Troubles(path):
            try:
                handle = os.open(path, os.O_RDONLY | _NOFOLLOW | _NONBLOCK)
            except FileNotFoundError:
                return None
            with open(handle, encoding="utf-8", errors="replace") as file:
                if not stat.S_ISREG(os.fstat(handle).st_mode):
                    raise OSError(errno.EINVAL, "it is not a file")
                return file.read()

    def _replace(self, folder: str, name: str, written: str) -> None:
        path = self._file(folder, f"{name}.json")
        with _Troubles(path):
            self._make(folder)
            draft = f"{path}{_DRAFT}"
            _unlink(draft)  # a crash may have left one
            try:
                _write(draft, written)
                os.replace(draft, path)
            except BaseException:
                _unlink(draft)
                raise

    def _file(self, *parts: str) -> str:
        return os.path.join(self.path, *parts)

    def _make(self, folder: str) -> None:
        if not os.path.isdir(self.path):
            os.makedirs(self.path, mode=0o700, exist_ok=True)
            os.chmod(self.path, 0o700)  # whatever the umask
        path = self._file(folder)
        os.makedirs(path, mode=0o700, exist_ok=True)
        if os.stat(path).st_mode & 0o777 != 0o700:
            os.chmod(path, 0o700)

    def _list(self, folder: str) -> list[str]:
        path = self._file(folder)
        with _Troubles(path):
            try:
                return sorted(os.listdir(path))
            except FileNotFoundError:
                return []

    def _remove(self, path: str) -> bool:
        with _Troubles(path):
            return _unlink(path)


def _write(path: str, written: str) -> None:
    """Write a new file of mode 0600, all of it on the disk when this returns."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NOFOLLOW, 0o600)
    with open(handle, "w", encoding="utf-8") as file:
        os.chmod(path, 0o600)  # whatever the umask
        file.write(written)
        file.flush()
        os.fsync(handle)


def _unlink(path: str) -> bool:
    try:
        os.unlink(path)
    except FileNotFoundError:
        return False
    return True


class StateLock:
    """The port Lock over filelock: the system releases it when its holder dies."""

    def __init__(self, path: str) -> None:
        from filelock import FileLock

        self._path = path
        self._lock = FileLock(path, mode=0o600)

    def acquire(self) -> bool:
        """Try once.  Raises StateTrouble."""
        from filelock import Timeout

        with _Troubles(self._path):
            try:
                self._lock.acquire(blocking=False)
            except Timeout:
                return False
            return True

    def release(self) -> None:
        """Release the lock."""
        self._lock.release()


class _Troubles:
    """Turns an OSError into StateTrouble.  A class, since contextlib is not on the cached path."""

    def __init__(self, path: str) -> None:
        self._path = path

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, OSError):
            words = _WORDS.get(error.errno or 0) or error.strerror or str(error)
            raise StateTrouble(self._path, words) from error
