"""What to do about a keyring: every backend that people use has words of its own."""

from __future__ import annotations

import re

import pytest

from authkit.core.keyring_hints import HINTS, Hint, hint
from authkit.core.render import Visible

# A backend, and what unlocks it.
UNLOCKS = {
    "keyring.backends.SecretService.Keyring": "gnome-keyring-daemon --unlock",
    "keyring.backends.libsecret.Keyring": "gnome-keyring-daemon --unlock",
    "keyring.backends.kwallet.DBusKeyring": "KWallet",
    "keyring.backends.macOS.Keyring": "security unlock-keychain",
    "keyring.backends.Windows.WinVaultKeyring": "Remote Desktop",
    "keyrings.alt.file.EncryptedKeyring": "passphrase",
    "keyrings.cryptfile.cryptfile.CryptFileKeyring": "passphrase",
    "keyrings.alt.file.PlaintextKeyring": "the room on the disk",
    "keyring_pass.PasswordStoreBackend": "gpg",
    "sagecipher.keyring.Keyring": "ssh-add",
    "some.Backend": "some.Backend",
}


@pytest.mark.parametrize("desktop", [True, False])
@pytest.mark.parametrize(("backend", "unlocks"), UNLOCKS.items())
def test_a_locked_backend(backend: str, unlocks: str, *, desktop: bool) -> None:
    """B-S05: the hint names the backend at hand and what unlocks it."""
    said = hint("locked", backend, desktop=desktop)
    assert unlocks in said
    assert isinstance(said, Visible)
    assert desktop or not re.search("log in to|password manager", said)


def test_every_row_counts() -> None:
    """No row stands behind a shorter one that takes its backends."""
    for place, row in enumerate(HINTS):
        assert not [r for r in HINTS[:place] if row.backend.startswith(r.backend)]


@pytest.mark.parametrize("row", HINTS, ids=lambda row: row.backend or "any other")
def test_a_hint_says_what_to_type(row: Hint) -> None:
    """B-A04: each is a line or two of a terminal's width, and says what to do next."""
    backend = row.backend or "some.Backend"
    for state in ("locked", "unreadable"):
        for desktop in (True, False):
            said = hint(state, backend, desktop=desktop)
            assert re.match("(Unlock|Check|Open|Use|Try|Add|Choose) ", said)
            assert all(len(line) <= 88 for line in said.split("\n"))
            assert said.endswith(".")


def test_an_unknown_name_is_made_visible() -> None:
    """B-A01: a backend's name is foreign text."""
    assert hint("locked", "\x1b[2J", desktop=True).startswith("Unlock \\x1b[2J,")
    assert hint("unreadable", "", desktop=True).startswith("Check the service behind the backend")


def test_kwallet_opens_in_a_desktop() -> None:
    """B-S05: a wallet is opened in the desktop; where there is none, another backend is chosen."""
    kwallet = "keyring.backends.kwallet.DBusKeyring"
    assert hint("locked", kwallet, desktop=True).startswith("Open the wallet in KWallet")
    assert hint("locked", kwallet, desktop=False).startswith("Choose another backend with PYTHON_")
    assert hint("unreadable", kwallet, desktop=True).startswith("Check KWallet (kwalletd;")
