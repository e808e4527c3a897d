"""The port Keyring over the keyring library: translates its errors, keeps nothing itself.

The library is imported when it is first needed.  Its import takes as long as
fifteen starts of the interpreter, and `exec` and `env` do not need it.
"""

from __future__ import annotations

import contextlib
import os

from authkit.adapters import keyring_choice
from authkit.core.failures import KeyringTrouble
from authkit.core.model import hide, masked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from keyring.backend import KeyringBackend

    from authkit.adapters.keyring_choice import OwnFile

# What an exception means, by its name or that of a base (its module may not be installed), and
# what to say of one that has no text.
_STATES = {
    "KeyringLocked": ("locked", "it was not unlocked"),
    "LockedException": ("locked", "it was not unlocked"),  # secretstorage
    "PromptDismissedException": ("locked", "the question for its password was dismissed"),  # same
    "EOFError": ("locked", "its backend asked for a password, and got none"),
    "NoKeyringError": ("no-backend", "none was found"),
    "SecretServiceNotAvailableException": ("no-backend", "there is no Secret Service"),  # same
}
# How backends speak of a lock in errors of other names; -25308 is macOS's
# errSecInteractionNotAllowed, as for a locked keychain over ssh.
_LOCKED = ("lock", "dismiss", "denied", "cancel", "incorrect password", "-25308")
_CLEAR = ("plain", "no enc")  # keyrings.alt writes its scheme as "no encyption"


class LibraryKeyring:
    """The port Keyring over the backend that the person's settings choose.

    Every method and property raises KeyringTrouble: "no-backend", "locked" or
    "unreadable".  `file` returns authkit's own backend, the same one each time
    (``keyring_choice``).
    """

    def __init__(self, file: OwnFile | None = None) -> None:
        self._file = file

    def unlock(self, *, writing: bool = False) -> None:
        """Have the key of authkit's own backend; any other asks when it is used.

        Raises Cancelled too.
        """
        keyring_choice.unlock(lambda: _chosen(self._file), writing=writing)

    def get_password(self, service: str, username: str) -> str | None:
        """Return the entry's text, None when there is none."""
        with _backend(self._file) as backend:
            return backend.get_password(service, username)

    def set_password(self, service: str, username: str, password: str) -> None:
        """Write the entry.  The caller reads it back to see whether it was kept."""
        hide(password)  # no backend's error may show it
        with _backend(self._file) as backend:
            backend.set_password(service, username, password)

    def delete_password(self, service: str, username: str) -> None:
        """Delete the entry, if there is one."""
        with _backend(self._file) as backend:
            from keyring.errors import PasswordDeleteError

            try:
                backend.delete_password(service, username)
            except (
                PasswordDeleteError
            ):  # it is not there, or cannot be deleted: the library does not say
                if backend.get_password(service, username) is not None:
                    raise

    @property
    def backend(self) -> str:
        """The backend's name, as PYTHON_KEYRING_BACKEND takes it."""
        with _backend(self._file) as backend:
            return _name(backend)

    @property
    def in_the_clear(self) -> bool:
        """Whether the backend writes passwords down unencrypted."""
        with _backend(self._file) as backend:
            return _clear(_links(backend)[0])


@contextlib.contextmanager
def _backend(file: OwnFile | None) -> Iterator[KeyringBackend]:
    """Yield a backend that keeps entries; what it raises becomes KeyringTrouble."""
    backend = _chosen(file)
    try:
        yield backend
    except keyring_choice.OWN:  # authkit's own backend names its trouble itself
        raise
    except Exception as error:
        raise KeyringTrouble(*_translated(error, _name(backend))) from error


def _chosen(file: OwnFile | None) -> KeyringBackend:
    import logging

    import keyring

    log = logging.getLogger("keyring")
    if not log.handlers:  # else a plug-in that does not load prints its traceback
        log.addHandler(logging.NullHandler())
    try:
        backend = keyring_choice.chosen(file)
    except keyring_choice.OWN:
        raise
    except Exception as error:
        named = os.environ.get("PYTHON_KEYRING_BACKEND")
        what = f"PYTHON_KEYRING_BACKEND={named} cannot be loaded: " if named else ""
        raise KeyringTrouble("no-backend", f"{what}{_words(error)}") from error
    links = _links(backend)
    if not links:
        raise KeyringTrouble("no-backend", f"{_name(backend)} keeps nothing")
    chosen = "PYTHON_KEYRING_BACKEND" in os.environ
    if _clear(links[0]) and not (chosen or keyring.core.load_config()):
        reason = f"{_name(links[0])} keeps passwords in the clear, and was not chosen"
        raise KeyringTrouble("no-backend", reason)
    return backend


def _links(backend: KeyringBackend) -> list[KeyringBackend]:
    """Return the backends that keep entries; a chain writes to the first of them."""
    from keyring.backends import fail, null

    links = getattr(backend, "backends", [backend])
    return [link for link in links if not isinstance(link, (fail.Keyring, null.Keyring))]


def _clear(backend: KeyringBackend) -> bool:
    speaks = f"{type(backend).__name__} {getattr(backend, 'scheme', '')}".lower()
    return any(word in speaks for word in _CLEAR)


def _name(backend: KeyringBackend) -> str:
    return f"{type(backend).__module__}.{type(backend).__qualname__}"


def _translated(error: Exception, name: str) -> tuple[str, str]:
    """Return state and reason."""
    from keyring.errors import KeyringError

    words = _words(error)
    for base in type(error).__mro__:
        if base.__name__ in _STATES:
            state, otherwise = _STATES[base.__name__]
            return state, words if str(error) else otherwise
    if isinstance(error, OSError):  # "Permission denied" of a file is not a lock
        return "unreadable", words
    if any(word in words.lower() for word in _LOCKED):
        return "locked", words
    if isinstance(error, KeyringError):
        return "unreadable", words
    return "unreadable", f"{name} raised {type(error).__name__}"  # its text may quote an entry


def _words(error: Exception) -> str:
    """Return the text of the error in one line, without a full stop."""
    return " ".join(masked(str(error)).split()).rstrip(".!") or type(error).__name__
