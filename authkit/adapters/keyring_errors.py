"""What a backend of the keyring library raises, as KeyringTrouble: its state, and safe words.

Backends raise errors of their own, of their libraries and of Python.  What the
table says of them was read in the sources of keyring 25.7, SecretStorage 3.5,
keyrings.alt 5.0.2, keyrings.cryptfile 1.3.9, keyring-pass 0.9.3 and sagecipher
0.7.5.  Their texts may quote an entry, so what is shown of them is masked (B-S05).
"""

from __future__ import annotations

import html
import os
import quopri
import re
import sys
import urllib.parse

from authkit.core.failures import KeyringTrouble
from authkit.core.keyring_hints import hint
from authkit.core.model import MASK, masked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

# What an exception means, by its name or that of a base (its module may not be installed), and
# what to say of one that has no text.
_STATES = {
    "KeyringLocked": ("locked", "it was not unlocked"),
    "LockedException": ("locked", "it was not unlocked"),  # secretstorage
    "PromptDismissedException": ("locked", "the question for its password was dismissed"),  # same
    "EOFError": ("locked", "its backend asked for a password, and got none"),
    "SshAgentKeyError": ("locked", "ssh-agent does not hold its key"),  # sagecipher
    "KeychainDenied": ("locked", "access to the keychain was denied"),  # keyring's macOS
    "NoKeyringError": ("no-backend", "none was found"),
    "SecretServiceNotAvailableException": ("no-backend", "there is no Secret Service"),  # same
}
# How backends speak of a lock in errors of other names.  macOS's numbers: -25308 is
# errSecInteractionNotAllowed, as for a locked keychain over ssh; -25293 errSecAuthFailed, a wrong
# password; -128 errSecUserCanceled (<Security/SecBase.h>).  Windows has no credential store in a
# session without a logon (1312, ERROR_NO_SUCH_LOGON_SESSION).
_LOCKED = re.compile(
    r"lock|dismiss|denied|cancel|(in)?correct pass|(wrong|bad|invalid) pass|mac check failed"
    r"|-25308|-25293|-128\b|\b1312\b",
    re.IGNORECASE,
)
# Backends of which an error of this name says that the passphrase is wrong: they decrypt with
# whatever was typed, and fail at what comes out (keyrings.alt: UnicodeDecodeError and
# JSONDecodeError; keyrings.cryptfile: "MAC check failed"), or have gpg do it, which ends with 2.
_UNDECRYPTED = (
    ("keyrings.alt.file.EncryptedKeyring", "ValueError", ""),
    ("keyrings.cryptfile.", "ValueError", ""),
    ("keyring_pass.", "CalledProcessError", "exit status 2"),
)
_LONGEST = 500  # characters of what a backend says: as of what AWS says
# A key, a token or an entry in base64, also of several lines; one in the base64 of URLs; bytes as
# numbers, in hexadecimal or not.
_TELLING = re.compile(
    r"(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[a-z])(?=[\w-]*[A-Z])[A-Za-z0-9_-]{20,}=*"
    r"|[A-Za-z0-9+/=]{20,}(?:\r?\n[A-Za-z0-9+/=]+)*"
    r"|(?:\b(?:0x)?[0-9A-Fa-f]{2,3}\b[^\w\n]{1,3}){12,}(?:(?:0x)?[0-9A-Fa-f]{2,3}\b)?"
)
# How texts are written inside others: in addresses, in HTML, in mails, and by Python's repr.
_DECODERS: tuple[Callable[[str], str], ...] = (
    urllib.parse.unquote,
    html.unescape,
    lambda text: quopri.decodestring(text.encode()).decode("utf-8", "replace"),
    lambda text: text.encode("latin-1", "replace").decode("unicode_escape", "replace"),
)
_DEPTH = 3  # such a text inside such a text


def trouble(error: BaseException, backend: str) -> KeyringTrouble:
    """Return what an error of this backend means."""
    state, reason = _meaning(error, backend)
    return KeyringTrouble(state, reason, hint=hint(state, backend, desktop=_has_desktop()))


def words(error: BaseException) -> str:
    """Return the error's text in one line without a full stop, or its name if that may tell much.

    Secrets that are known are masked, and what is long enough to be one; a text
    with "{" may quote an entry, which is JSON.  So may one that has it, or more to be
    masked, once it is decoded.
    """
    told = _text(error)
    said = " ".join(_hidden(told).split()).rstrip(".!")
    return type(error).__name__ if not said or _may_quote(told) else said[:_LONGEST]


def _hidden(text: str) -> str:
    return _TELLING.sub(MASK, masked(text))


def _may_quote(told: str) -> bool:
    forms = {told}
    for _ in range(_DEPTH):
        forms |= {decoder(form) for decoder in _DECODERS for form in forms}
    masks = _hidden(told).count(MASK)
    return any("{" in form or _hidden(form).count(MASK) > masks for form in forms)


def _text(error: BaseException) -> str:
    """Return the error's text, "" for one that fails when it is asked for it."""
    try:
        return str(error)
    except Exception:  # noqa: BLE001 - a backend's own class may raise anything
        return ""


def _meaning(error: BaseException, backend: str) -> tuple[str, str]:
    """Return state and reason."""
    from keyring.errors import KeyringError

    names = [base.__name__ for base in type(error).__mro__]
    for name in names:
        if name in _STATES:
            state, otherwise = _STATES[name]
            return state, words(error) if _text(error) else otherwise
    if isinstance(error, OSError):  # "Permission denied" of a file is not a lock
        return "unreadable", words(error)
    if _LOCKED.search(_text(error)):
        return "locked", words(error)
    for prefix, name, part in _UNDECRYPTED:
        if backend.startswith(prefix) and name in names and part in _text(error):
            return "locked", "it was not decrypted: the passphrase is wrong, or the entry damaged"
    if isinstance(error, KeyringError):
        return "unreadable", words(error)
    return "unreadable", f"{backend} raised {type(error).__name__}"  # its text is not for people


def _has_desktop() -> bool:
    """Tell whether this process can show a window, or is on a system that always can."""
    if sys.platform in {"darwin", "win32"}:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
