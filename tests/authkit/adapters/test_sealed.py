"""B-S09: the bytes of the keyring file: what is in which, and what each change of them means."""

from __future__ import annotations

import hashlib
import hmac
import json

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from authkit.adapters import sealed
from authkit.adapters.sealed import DamagedError, Key, LaterVersionError, derive, salt_of
from authkit.core.model import Secret

ENTRIES = {"authkit": {"dev-admin": "the entry", "\ud800": "é"}}
SALT = bytes(range(16))


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Derive keys quickly, where the cost is not what a test is about."""
    monkeypatch.setattr(sealed, "COST", 16)


@pytest.fixture
def key() -> Key:
    """Return a key."""
    return derive(Secret("a passphrase"), SALT)


def opened(key: Key, data: bytes) -> object:
    """Return the entries, None for a wrong passphrase.  Raises what tells trouble apart."""
    salt_of(data)
    return key.unseal(data) if key.fits(data) else None


def test_a_round_trip(key: Key) -> None:
    """What was sealed is opened; two seals of the same differ, for each has its own nonce."""
    data = key.seal(ENTRIES)
    assert opened(key, data) == ENTRIES
    assert salt_of(data) == SALT
    assert key.seal(ENTRIES) != data


def test_another_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """docs/keyrings.md: a program written from the table alone reads the file, at full cost."""
    monkeypatch.undo()
    data = derive(Secret("Zu\u0308rich"), SALT).seal(ENTRIES)
    passphrase = "Zürich".encode()  # typed in another form of Unicode
    derived = hashlib.scrypt(
        passphrase, salt=data[17:33], n=2**16, r=8, p=1, maxmem=2**27, dklen=64
    )
    assert data[:17] == b"authkit-keyring\n\x01"
    assert data[33:65] == hmac.digest(derived[32:], data[:33], "sha256")
    assert data[65:97] == hashlib.sha256(data[:65]).digest()
    text = AESGCM(derived[:32]).decrypt(data[97:109], data[109:], data[:97])
    assert json.loads(text) == ENTRIES


def test_a_wrong_passphrase_is_not_damage(key: Key) -> None:
    """A wrong passphrase does not fit, and nothing else is said."""
    data = key.seal(ENTRIES)
    for wrong in ("", "A passphrase", "a passphrase "):
        assert opened(derive(Secret(wrong), SALT), data) is None


def test_every_changed_byte_is_damage(key: Key) -> None:
    """No flipped bit of any byte passes, or is taken for a wrong passphrase."""
    data = key.seal(ENTRIES)
    for place in range(len(data)):
        if place == len(sealed.MAGIC):
            continue  # the version, see below
        for bit in (1, 128):
            changed = bytearray(data)
            changed[place] ^= bit
            with pytest.raises(DamagedError):
                opened(key, bytes(changed))


def test_every_truncation_is_damage(key: Key) -> None:
    """Half a file, an empty one, one with more at its end: none is opened."""
    data = key.seal(ENTRIES)
    for changed in [*(data[:length] for length in range(len(data))), data + b"\n", b"\0" * 300]:
        with pytest.raises(DamagedError):
            opened(key, changed)


@pytest.mark.parametrize("version", [2, 255])
def test_a_later_version(key: Key, version: int) -> None:
    """It is said to be one, however long it is and whatever follows the version."""
    data = bytearray(key.seal(ENTRIES))
    data[len(sealed.MAGIC)] = version
    for later in (bytes(data), bytes(data[:17])):
        with pytest.raises(LaterVersionError, match=f"version {version}; this one knows 1"):
            salt_of(later)


def test_a_version_before_the_first(key: Key) -> None:
    """There was none: it is damage."""
    data = bytearray(key.seal(ENTRIES))
    data[len(sealed.MAGIC)] = 0
    with pytest.raises(DamagedError):
        salt_of(bytes(data))


def test_what_is_not_text(key: Key) -> None:
    """A passphrase with bytes that are no UTF-8, as a variable can hold them, works."""
    other = derive(Secret("caf\udce9"), SALT)
    assert opened(derive(Secret("caf\udce9"), SALT), other.seal(ENTRIES)) == ENTRIES
    assert opened(key, other.seal(ENTRIES)) is None


def test_a_key_shows_nothing(key: Key) -> None:
    """B-S01: neither a repr nor a format has the bytes in it."""
    assert repr(key).startswith("<authkit.adapters.sealed.Key object at ")


def test_salts_differ() -> None:
    """Two files with one passphrase have two keys."""
    assert sealed.new_salt() != sealed.new_salt()
