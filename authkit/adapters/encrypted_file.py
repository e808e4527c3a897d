"""A keyring in one encrypted file, for machines without a desktop keyring (B-S09).

It is a backend of the keyring library: here stand the entries and the key, which a
process has once.  The bytes are those of ``adapters.sealed``, the file is one of the
state folder, opened and replaced by ``adapters.folders``, and the passphrase comes from
``adapters.passphrase``.

A write reads the file and replaces it as a whole.  Writers of different entries lose
nothing because one at a time writes to a keyring, whichever it is: the port Keyring,
by which alone this backend can be had, holds the lock (``adapters.one_writer``).
"""

from __future__ import annotations

import contextlib
import os

from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError

from authkit.adapters import sealed
from authkit.adapters.folders import Folder
from authkit.core.endings import cure
from authkit.core.failures import KeyringTrouble, StateTrouble

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from authkit.adapters.passphrase import Passphrases
    from authkit.adapters.sealed import Entries, Key
    from authkit.core.model import Secret


class EncryptedFileKeyring(KeyringBackend):
    """Entries in one file, read by this user and opened by one passphrase.

    Every method raises KeyringTrouble ("locked" or "unreadable"), and Cancelled when
    the passphrase was asked for and not typed.
    """

    priority = -1  # never a link of the library's chain, never found by another program

    def __init__(self, path: str, passphrases: Passphrases) -> None:
        # super().__init__ is not called: it takes properties from the environment.
        self.path = path
        folder, self._file = os.path.split(path)
        self._folder = Folder(folder, "")
        self._passphrases = passphrases
        self._passphrase: Secret | None = None
        self._key: Key | None = None

    def unlock(self, *, writing: bool = False, notice: Callable[[], str] = lambda: "") -> None:
        """Derive the key of the file, so that later nothing is asked and no command is run.

        With `writing`, where there is no file yet, get the passphrase of the new one.  What
        `notice` returns is shown before a question.
        """
        data = self._read()
        with self._passphrases.after(notice):
            if data is not None:
                self._key_of(data)
            elif writing:
                self._key_of_new()

    def unasked(self) -> AbstractContextManager[None]:
        """Return a context in which nobody is asked: others wait for what is done in it."""
        return self._passphrases.unasked()

    def get_password(self, service: str, username: str) -> str | None:
        """Return the entry, None when there is none."""
        data = self._read()
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
        key, entries = self._opened(self._read())
        yield entries
        data = key.seal(entries)
        with _troubles(self.path):
            if len(data) > sealed.LARGEST:
                raise StateTrouble(self.path, f"it would be larger than {sealed.LARGEST} bytes")
            self._folder.replace_bytes(self._file, data)

    def _read(self) -> bytes | None:
        with _troubles(self.path):
            data = self._folder.read_bytes(self._file)
            if data and len(data) > sealed.LARGEST:
                raise StateTrouble(self.path, f"it is larger than {sealed.LARGEST} bytes")
            return data

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


@contextlib.contextmanager
def _troubles(path: str) -> Iterator[None]:
    """Turn what is wrong with the file into KeyringTrouble."""
    try:
        yield
    except sealed.LaterVersionError as error:
        raise _unreadable(path, str(error), "keyring-file-later") from None
    except sealed.DamagedError as error:
        raise _unreadable(path, str(error), "keyring-file-damaged") from None
    except StateTrouble as error:
        raise _unreadable(error.path, error.reason, hint=f"{cure(error)}.") from error


def _unreadable(path: str, reason: str, says: str = "", *, hint: str = "") -> KeyringTrouble:
    return KeyringTrouble("unreadable", f"{path}: {reason}", says=says, hint=hint)
