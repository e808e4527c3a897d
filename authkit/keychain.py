"""The port Keyring over the keyring library: chooses nothing, keeps nothing, translates errors.

The library is imported when it is first needed: it costs fifteen starts of the
interpreter, and `exec` and `env` do without.
"""

from __future__ import annotations

import contextlib
import os

from authkit.model import Secret, masked
from authkit.ports import KeyringTrouble

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from keyring.backend import KeyringBackend

# What an exception means, by its name or a base's: their modules may not be there to import.
_STATES = {
    "KeyringLocked": "locked",
    "LockedException": "locked",  # secretstorage
    "PromptDismissedException": "locked",  # secretstorage
    "EOFError": "locked",  # the backend asked for its own password, and got none
    "NoKeyringError": "no-backend",
    "SecretServiceNotAvailableException": "no-backend",  # secretstorage
}
# How backends speak of a lock in errors of other names; -25308 is macOS's
# errSecInteractionNotAllowed, as for a locked keychain over ssh.
_LOCKED = ("lock", "dismiss", "denied", "cancel", "incorrect password", "-25308")
_CLEAR = ("plain", "no enc")  # keyrings.alt writes its scheme as "no encyption"


class Keychain:
    """The port Keyring over whatever backend the person's settings choose.

    Every method and property raises KeyringTrouble: "no-backend", "locked" or
    "unreadable".
    """

    def get_password(self, service: str, username: str) -> str | None:
        """Return the entry's text, None when there is none."""
        with _backend() as backend:
            return backend.get_password(service, username)

    def set_password(self, service: str, username: str, password: str) -> None:
        """Write the entry.  Whether it was kept is for the caller to read back."""
        Secret(password)  # no backend's error may show it
        with _backend() as backend:
            backend.set_password(service, username, password)

    def delete_password(self, service: str, username: str) -> None:
        """Delete the entry, if there is one."""
        with _backend() as backend:
            from keyring.errors import PasswordDeleteError

            try:
                backend.delete_password(service, username)
            except PasswordDeleteError:  # not there, or could not be: the library does not say
                if backend.get_password(service, username) is not None:
                    raise

    @property
    def backend(self) -> str:
        """The backend's name, as PYTHON_KEYRING_BACKEND takes it."""
        with _backend() as backend:
            return _name(backend)

    @property
    def in_the_clear(self) -> bool:
        """Whether the backend writes passwords down unencrypted."""
        with _backend() as backend:
            return _in_the_clear(backend)


@contextlib.contextmanager
def _backend() -> Iterator[KeyringBackend]:
    """Yield the backend; what it raises becomes KeyringTrouble."""
    backend = _chosen()
    try:
        yield backend
    except Exception as error:
        raise _trouble(error, _name(backend)) from error


def _chosen() -> KeyringBackend:
    """Return the backend if it is one that keeps things.  Raises KeyringTrouble: no-backend."""
    import logging

    import keyring

    log = logging.getLogger("keyring")
    if not log.handlers:  # or a plugin that fails to load puts its traceback on the screen
        log.addHandler(logging.NullHandler())
    try:
        backend = keyring.get_keyring()
        chosen = os.environ.get("PYTHON_KEYRING_BACKEND") or keyring.core.load_config()
    except Exception as error:
        raise KeyringTrouble("no-backend", _words(error)) from error
    if not _keeps(backend):
        raise KeyringTrouble("no-backend", f"{_name(backend)} keeps nothing")
    if _in_the_clear(backend) and not chosen:
        reason = f"{_name(backend)} keeps passwords in the clear, and was not chosen"
        raise KeyringTrouble("no-backend", reason)
    return backend


def _keeps(backend: KeyringBackend) -> bool:
    from keyring.backends import chainer, fail, null

    if isinstance(backend, chainer.ChainerBackend):
        return any(_keeps(link) for link in backend.backends)
    return not isinstance(backend, (fail.Keyring, null.Keyring))


def _in_the_clear(backend: KeyringBackend) -> bool:
    links = getattr(backend, "backends", None)
    if links:  # a chainer writes to its first
        return _in_the_clear(links[0])
    speaks = f"{type(backend).__name__} {getattr(backend, 'scheme', '')}".lower()
    return any(word in speaks for word in _CLEAR)


def _name(backend: KeyringBackend) -> str:
    return f"{type(backend).__module__}.{type(backend).__qualname__}"


def _trouble(error: Exception, name: str) -> KeyringTrouble:
    from keyring.errors import KeyringError

    words = _words(error)
    known = [_STATES[base.__name__] for base in type(error).__mro__ if base.__name__ in _STATES]
    if known:
        return KeyringTrouble(known[0], words)
    if isinstance(error, OSError):  # a file's "Permission denied" is no lock
        return KeyringTrouble("unreadable", words)
    if any(word in words.lower() for word in _LOCKED):
        return KeyringTrouble("locked", words)
    if not isinstance(error, KeyringError):  # its words may quote an entry
        words = f"{name} raised {type(error).__name__}"
    return KeyringTrouble("unreadable", words)


def _words(error: Exception) -> str:
    """Return what the error says, in one line."""
    return " ".join(masked(str(error)).split()) or type(error).__name__
