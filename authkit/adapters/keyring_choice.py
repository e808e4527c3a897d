"""Which keyring backend authkit uses (B-S09; docs/keyrings.md says it for people).

``AUTHKIT_KEYRING=file`` chooses authkit's encrypted file anywhere.  Else what was
chosen by name counts (PYTHON_KEYRING_BACKEND, the library's own config file), else
the best that the library finds, if it recommends one (priority 1 or more), else
authkit's encrypted file.
"""

from __future__ import annotations

import contextlib
import os

from authkit.core.failures import USAGE, Cancelled, Failure, KeyringTrouble

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeGuard

    from keyring.backend import KeyringBackend

    from authkit.adapters.encrypted_file import EncryptedFileKeyring

    OwnFile = Callable[[], EncryptedFileKeyring]

SETTING = "AUTHKIT_KEYRING"
FILE = "file"
NAMED = "PYTHON_KEYRING_BACKEND"
CONFIG_FILE = "keyring's own config file"
OWN = (Failure, KeyringTrouble, Cancelled)  # what this module and authkit's own backend raise


def chosen(file: OwnFile | None) -> KeyringBackend:
    """Return the backend.  `file` returns authkit's own; None: it cannot be chosen.

    Raises Failure (2) for a setting that means nothing, KeyringTrouble "no-backend"
    when the file was chosen and cryptography is not there, and what the library raises.
    """
    import keyring

    setting = os.environ.get(SETTING, "")
    if setting not in ("", FILE):
        raise Failure("setting-wrong", USAGE, setting=SETTING, value=setting, known=FILE)
    if file and setting == FILE:
        if not _has_cryptography():
            reason = f"{SETTING}={FILE} needs cryptography, which is not installed"
            raise KeyringTrouble("no-backend", reason, says="keyring-file-extra")
        return file()
    with _without_empty_name():
        found = keyring.get_keyring()
    if file and not (named() or _recommended(found)) and _has_cryptography():
        return file()
    return found


def named() -> bool:
    """Tell whether somebody chose a backend by name."""
    import keyring

    return bool(os.environ.get(NAMED)) or keyring.core.load_config() is not None


def chosen_by() -> str:
    """Return what chose the backend: a variable's name, or `CONFIG_FILE`; "" for nothing."""
    if variable := next((name for name in (SETTING, NAMED) if os.environ.get(name)), ""):
        return variable
    return CONFIG_FILE if named() else ""


@contextlib.contextmanager
def _without_empty_name() -> Iterator[None]:
    """Let the library not see an empty name: it would take it for that of a module."""
    empty = os.environ.get(NAMED) == ""
    if empty:
        del os.environ[NAMED]
    try:
        yield
    finally:
        if empty:
            os.environ[NAMED] = ""


def _recommended(backend: KeyringBackend) -> bool:
    """Tell whether the library recommends it, or one of its links: a chain is no better."""
    return any(link.priority >= 1 for link in links(backend))


def links(backend: KeyringBackend) -> list[KeyringBackend]:
    """Return the links of a chain, or the only one."""
    found: list[KeyringBackend] = getattr(backend, "backends", [backend])
    return found


def _has_cryptography() -> bool:
    """Tell whether what seals the file can be imported; a broken installation is none."""
    try:
        import cryptography.hazmat.primitives.ciphers.aead
        import cryptography.hazmat.primitives.kdf.scrypt  # noqa: F401 - to see that it loads
    except ImportError:
        return False
    return True


def is_own(backend: KeyringBackend) -> TypeGuard[EncryptedFileKeyring]:
    """Tell whether it is authkit's own encrypted file."""
    from authkit.adapters.encrypted_file import EncryptedFileKeyring

    return isinstance(backend, EncryptedFileKeyring)
