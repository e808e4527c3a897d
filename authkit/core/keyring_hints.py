"""What to do about a keyring that is locked or cannot be used, by its backend.  Words, no logic.

The names are those that PYTHON_KEYRING_BACKEND takes; the first row whose name is
the beginning of the backend's counts.  What unlocks each is from the backends'
own sources and pages: keyring 25.7, keyrings.alt 5.0.2, keyrings.cryptfile 1.3.9,
keyring-pass 0.9.3, sagecipher 0.7.5.
"""

from __future__ import annotations

from authkit.core.model import Value
from authkit.core.render import Visible, fill

_AGAIN = "then try again."
_OTHER = "or choose another\n  backend with PYTHON_KEYRING_BACKEND."


class Hint(Value):
    """What to do: `locked` and `unreadable` by the trouble's state.

    `without_desktop` takes the place of `locked` on a machine without a desktop.
    """

    backend: str
    locked: str
    unreadable: str
    without_desktop: str = ""


_SECRET_SERVICE = Hint(
    "keyring.backends.SecretService.",
    "Unlock the Secret Service: in the desktop's password manager (Passwords and\n"
    f"  Keys, KeePassXC), or with 'gnome-keyring-daemon --unlock', {_AGAIN}",
    f"Check the Secret Service (gnome-keyring, KeePassXC; it needs D-Bus),\n  {_OTHER}",
    "Unlock the Secret Service: run 'gnome-keyring-daemon --unlock' in this D-Bus\n"
    f"  session and type the keyring's password, {_AGAIN}",
)
_ENCRYPTED = "Try again, with the passphrase of the file of {backend}."
_FILE = f"Check the file of {{backend}},\n  its folder and the room on the disk, {_OTHER}"

HINTS = (
    _SECRET_SERVICE,
    _SECRET_SERVICE.replaced(backend="keyring.backends.libsecret."),
    Hint(
        "keyring.backends.kwallet.",
        f"Open the wallet in KWallet (KWalletManager shows it), {_AGAIN}",
        f"Check KWallet (kwalletd; it needs D-Bus), {_OTHER}",
        "Choose another backend with PYTHON_KEYRING_BACKEND: KWallet opens a wallet\n"
        "  only in a desktop, and there is none here.",
    ),
    Hint(
        "keyring.backends.macOS.",
        "Unlock the macOS keychain: run 'security unlock-keychain' and type its\n"
        f"  password, {_AGAIN}",
        f"Check the macOS keychain in Keychain Access, {_OTHER}",
    ),
    Hint(
        "keyring.backends.Windows.",
        "Use a session at the console or by Remote Desktop: the Windows Credential\n"
        f"  Manager is closed to others, such as ssh; {_AGAIN}",
        f"Check the Windows Credential Manager, {_OTHER}",
    ),
    Hint("keyrings.alt.file.EncryptedKeyring", _ENCRYPTED, _FILE),
    Hint("keyrings.cryptfile.", _ENCRYPTED, _FILE),
    Hint("keyrings.alt.", _FILE, _FILE),
    Hint(
        "keyring_pass.",
        "Unlock the gpg key of pass: 'export GPG_TTY=$(tty)', then 'pass show' of any\n"
        f"  entry has gpg ask for its passphrase; {_AGAIN}",
        f"Check that 'pass ls' works here, {_OTHER}",
    ),
    Hint(
        "sagecipher.",
        f"Add the ssh key of sagecipher to ssh-agent: run 'ssh-add', {_AGAIN}",
        f"Check that 'ssh-add -l' lists the key of sagecipher, {_OTHER}",
    ),
    Hint(
        "",
        f"Unlock {{backend}}, {_OTHER[:-1]}, {_AGAIN}",
        f"Check the service behind {{backend}}, {_OTHER}",
    ),
)


def hint(state: str, backend: str, *, desktop: bool) -> Visible:
    """Return what to do about a backend in the state "locked" or "unreadable"."""
    row = next(row for row in HINTS if backend.startswith(row.backend))
    if state != "locked":
        said = row.unreadable
    else:
        said = row.locked if desktop or not row.without_desktop else row.without_desktop
    return fill(said, backend=backend or "the backend")
