"""The bytes of the encrypted keyring file: entries to bytes under a key, and back.  Pure.

Version 1, byte by byte (docs/keyrings.md says the same for people):

======  ======  =======================================================================
offset  length  what
======  ======  =======================================================================
0       16      ``authkit-keyring`` and a newline
16      1       the version, 1
17      16      the salt, random, made with the file
33      32      the check value: HMAC-SHA256 of bytes 0 to 32 under the checking key
65      32      the checksum: SHA-256 of bytes 0 to 64
97      12      the nonce, random, made anew for every write
109     rest    AES-256-GCM of the entries under the sealing key, its tag of 16 at the
                end; bytes 0 to 96 are its associated data
======  ======  =======================================================================

Both keys come from scrypt with N = 2**16, r = 8, p = 1 and the salt: 64 bytes, the
first 32 are the sealing key, the others the checking key.  The passphrase is text
in Unicode's form NFC, in UTF-8.  The entries are JSON, service to user name to
password.  Any other cost, cipher or layout is another version.

How trouble is told apart: a wrong checksum is damage, and needs no key to see.  With
a right one, a wrong check value is a wrong passphrase.  With a right one of these too,
a wrong tag is damage of the entries.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import unicodedata

TYPE_CHECKING = False
if TYPE_CHECKING:
    from authkit.core.model import Secret

    Entries = dict[str, dict[str, str]]

MAGIC = b"authkit-keyring\n"
VERSION = 1
LARGEST = 2**20  # bytes of a file: some thousand entries
COST = 2**16  # scrypt's N: 64 MiB, and a quarter of a second on a machine of 2024

_VERSION_AT = len(MAGIC)
_SALT = slice(17, 33)
_CHECKED = slice(0, 33)
_CHECK = slice(33, 65)
_SUMMED = slice(0, 65)
_SUM = slice(65, 97)
_HEADER = slice(0, 97)
_NONCE = slice(97, 109)
_SEALED = slice(109, None)
_SMALLEST = 109 + 16


class DamagedError(Exception):
    """The bytes are no keyring file, or not all of one, or some were changed."""


class LaterVersionError(Exception):
    """The file is of a version that this authkit does not know."""


class Key:
    """What a passphrase gives with a salt: a sealing key and a checking key.  Shows neither."""

    __slots__ = ("_checking", "_sealing", "salt")

    def __init__(self, salt: bytes, derived: bytes) -> None:
        self.salt = salt
        self._sealing, self._checking = derived[:32], derived[32:]

    def seal(self, entries: Entries) -> bytes:
        """Return the file's bytes, with a nonce of their own."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        checked = MAGIC + bytes([VERSION]) + self.salt
        summed = checked + self._check_value(checked)
        header = summed + hashlib.sha256(summed).digest()
        nonce = os.urandom(12)
        text = json.dumps(entries).encode("ascii")
        return header + nonce + AESGCM(self._sealing).encrypt(nonce, text, header)

    def fits(self, data: bytes) -> bool:
        """Tell whether the file was sealed with this key: whether the passphrase is right."""
        return hmac.compare_digest(self._check_value(data[_CHECKED]), data[_CHECK])

    def unseal(self, data: bytes) -> Entries:
        """Return the entries.  Raises DamagedError."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        try:
            text = AESGCM(self._sealing).decrypt(data[_NONCE], data[_SEALED], data[_HEADER])
            entries: Entries = json.loads(text)
        except InvalidTag:
            raise DamagedError("its entries are not as they were written") from None
        return entries

    def _check_value(self, checked: bytes) -> bytes:
        return hmac.digest(self._checking, checked, "sha256")


def new_salt() -> bytes:
    """Return the salt of a new file."""
    return os.urandom(16)


def salt_of(data: bytes) -> bytes:
    """Return the salt of a file, after all checks that need no key.

    Raises DamagedError, LaterVersionError.
    """
    if not data.startswith(MAGIC):
        raise DamagedError("it is not a keyring file of authkit's, or its first bytes are lost")
    if data[_VERSION_AT : _VERSION_AT + 1] > bytes([VERSION]):
        version = data[_VERSION_AT]
        raise LaterVersionError(f"it is of version {version}; this one knows {VERSION}")
    if len(data) < _SMALLEST:
        raise DamagedError("its end is missing")
    if hashlib.sha256(data[_SUMMED]).digest() != data[_SUM]:
        raise DamagedError("its header is not as it was written")
    return data[_SALT]


def derive(passphrase: Secret, salt: bytes) -> Key:
    """Return the key.  It takes a quarter of a second and 64 MiB, on purpose."""
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    text = unicodedata.normalize("NFC", passphrase.reveal())
    scrypt = Scrypt(salt=salt, length=64, n=COST, r=8, p=1)
    return Key(salt, scrypt.derive(text.encode("utf-8", "surrogateescape")))
