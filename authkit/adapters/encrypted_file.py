"""A keyring in one encrypted file, for machines without a desktop keyring (B-S09).

It is a backend of the keyring library.  Here stand the file (how it is opened,
locked and replaced) and the key (had once in a process); its bytes are those of
``adapters.sealed``, and the passphrase comes from ``adapters.passphrase``.

A write takes the lock, reads the file, and replaces it as a whole: a draft beside
it, written and synced, takes its name, and the folder is synced.  So a crash at any
instant leaves the old file or the new one, and writers of different entries lose
nothing.  What is asked and derived comes before the lock.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat

from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError

from authkit.adapters import sealed
from authkit.core.failures import KeyringTrouble

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from authkit.adapters.passphrase import Passphrases
    from authkit.adapters.sealed import Entries, Key
    from authkit.core.model import Secret

PATIENCE = 60  # seconds to wait for another writer, which takes milliseconds

_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)  # Windows lacks these flags
_NONBLOCK = getattr(os, "O_NONBLOCK", 0)
_DIRECTORY = getattr(os, "O_DIRECTORY", 0)
_FORMS = {
    stat.S_IFREG: "a file",
    stat.S_IFDIR: "a folder",
    stat.S_IFLNK: "a symbolic link",
    stat.S_IFIFO: "a FIFO",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


class EncryptedFileKeyring(KeyringBackend):
    """Entries in one file, read by this user and opened by one passphrase.

    Every method raises KeyringTrouble ("locked" or "unreadable"), and Cancelled when
    the passphrase was asked for and not typed.
    """

    priority = -1  # never a link of the library's chain, never found by another program

    def __init__(self, path: str, passphrases: Passphrases) -> None:
        # super().__init__ is not called: it takes properties from the environment.
        self.path = path
        self._passphrases = passphrases
        self._passphrase: Secret | None = None
        self._key: Key | None = None

    def unlock(self, *, writing: bool = False) -> None:
        """Have the key of the file, so that later nothing is asked and no command is run.

        With `writing`, where there is no file yet, the passphrase of the new one is had
        if it can be: whether one is needed is not known yet.
        """
        data = _read(self.path)
        if data is not None:
            self._key_of(data)
        elif writing and self._passphrases.at_hand:
            self._key_of_new()

    def get_password(self, service: str, username: str) -> str | None:
        """Return the entry, None when there is none."""
        data = _read(self.path)
        if data is None:
            return None
        _, entries = self._opened(data)
        return entries.get(service, {}).get(username)

    def set_password(self, service: str, username: str, password: str) -> None:
        """Replace the entry, or add it; the first one makes the file."""
        with self._change() as entries:
            entries.setdefault(service, {})[username] = password

    def delete_password(self, service: str, username: str) -> None:
        """Delete the entry.  Raises PasswordDeleteError when there is none."""
        if self.get_password(service, username) is None:
            raise PasswordDeleteError("there is no such entry")
        with self._change() as entries:
            entries.get(service, {}).pop(username, None)

    @contextlib.contextmanager
    def _change(self) -> Iterator[Entries]:
        """Yield the entries, to be changed in place; write them when that went well."""
        self._opened(_read(self.path))  # so that nothing is asked and derived under the lock
        with _locked(self.path):
            key, entries = self._opened(_read(self.path))
            yield entries
            _replace(self.path, key.seal(entries))

    def _opened(self, data: bytes | None) -> tuple[Key, Entries]:
        """Return the key and the entries of a file; None is one that is not there yet."""
        if data is None:
            return self._key_of_new(), {}
        key = self._key_of(data)
        with _troubles(self.path):
            return key, key.unseal(data)

    def _key_of(self, data: bytes) -> Key:
        """Return the key of a file with these bytes; derive it unless it is known."""
        with _troubles(self.path):
            salt = sealed.salt_of(data)
        if self._key is None or self._passphrase is None:
            self._key = self._passphrases.opening(lambda given: self._fitting(given, data))
        elif self._key.salt != salt:  # another process has made the file in the meantime
            key = self._fitting(self._passphrase, data)
            if key is None:
                reason = f"another process has made {self.path} anew, with another passphrase"
                raise KeyringTrouble("locked", reason, says="keyring-file-typed")
            self._key = key
        return self._key

    def _key_of_new(self) -> Key:
        """Return the key to make a file with."""
        if self._key is None:
            self._passphrase = self._passphrases.new()
            self._key = sealed.derive(self._passphrase, sealed.new_salt())
        return self._key

    def _fitting(self, passphrase: Secret, data: bytes) -> Key | None:
        """Return the key if this passphrase is the file's."""
        key = sealed.derive(passphrase, sealed.salt_of(data))
        if not key.fits(data):
            return None
        self._passphrase = passphrase
        return key


# The file.


def _read(path: str) -> bytes | None:
    """Return the file's bytes, None when there is none.  Never waits, never follows a link."""
    with _troubles(path):
        try:
            _check(os.lstat(path), path, stat.S_IFREG)  # a device is not even opened
            handle = os.open(path, os.O_RDONLY | _NOFOLLOW | _NONBLOCK)
        except FileNotFoundError:
            return None
        with open(handle, "rb") as file:
            status = os.fstat(handle)
            _check(status, path, stat.S_IFREG)
            _check(os.stat(os.path.dirname(path)), os.path.dirname(path), stat.S_IFDIR)
            if status.st_size > sealed.LARGEST:
                raise sealed.DamagedError("it is larger than 1 MiB")
            return file.read(sealed.LARGEST)


def _replace(path: str, data: bytes) -> None:
    """Put these bytes in the file's place, whole or not at all, all on the disk at the end."""
    with _troubles(path):
        if len(data) > sealed.LARGEST:
            raise OSError(errno.EFBIG, "it would be larger than 1 MiB")
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


def _write(path: str, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NOFOLLOW, 0o600)
    with open(handle, "wb") as file:
        os.chmod(path, 0o600)  # whatever the umask
        file.write(data)
        file.flush()
        os.fsync(handle)


def _sync_folder(folder: str) -> None:
    if not _DIRECTORY:  # Windows cannot open one
        return
    handle = os.open(folder, os.O_RDONLY | _DIRECTORY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno != errno.EINVAL:  # a file system that syncs no folders
            raise
    finally:
        os.close(handle)


@contextlib.contextmanager
def _locked(path: str) -> Iterator[None]:
    """Hold the lock of the file's writers; make the folder if need be."""
    from filelock import FileLock, Timeout

    folder = os.path.dirname(path)
    with _troubles(path):
        if not os.path.isdir(folder):
            os.makedirs(folder, mode=0o700, exist_ok=True)
            os.chmod(folder, 0o700)  # whatever the umask
        _check(os.stat(folder), folder, stat.S_IFDIR)
        lock = FileLock(f"{path}.lock", mode=0o600)
        try:
            lock.acquire(timeout=PATIENCE)
        except Timeout:
            raise OSError(
                errno.EBUSY, f"another process has been writing for {PATIENCE} s"
            ) from None
    try:
        yield
    finally:
        lock.release()


def _check(status: os.stat_result, path: str, form: int) -> None:
    """Refuse what is not of this form, not the user's own, or open to others' writing."""
    found = stat.S_IFMT(status.st_mode)
    if found != form:
        raise OSError(errno.EINVAL, f"it is {_FORMS.get(found, 'something else')}", path)
    if hasattr(os, "geteuid") and status.st_uid != os.geteuid():
        raise OSError(errno.EPERM, f"it belongs to another user (id {status.st_uid})", path)
    if _NOFOLLOW and status.st_mode & 0o022:
        raise OSError(
            errno.EPERM, "group or others may write to it ('chmod go-w' mends that)", path
        )


@contextlib.contextmanager
def _troubles(path: str) -> Iterator[None]:
    """Turn what is wrong with the file into KeyringTrouble."""
    try:
        yield
    except sealed.LaterVersionError as error:
        raise _unreadable(path, str(error), "keyring-file-later") from None
    except sealed.DamagedError as error:
        raise _unreadable(path, str(error), "keyring-file-damaged") from None
    except OSError as error:
        words = error.strerror or str(error)
        raise _unreadable(error.filename or path, words, "keyring-file-unusable") from error


def _unreadable(path: object, reason: str, says: str) -> KeyringTrouble:
    return KeyringTrouble("unreadable", f"{path}: {reason}", says=says)
