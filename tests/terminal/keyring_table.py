"""The keyring backends that `keyring_backends` tries: how each is chosen, unlocked and watched."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from importlib.util import find_spec

UNLOCK = "printf secret-word | gnome-keyring-daemon --unlock --components=secrets >&2"
GPG = """
%no-protection
Key-Type: eddsa
Key-Curve: ed25519
Subkey-Type: ecdh
Subkey-Curve: cv25519
Name-Real: authkit
%commit
"""


@dataclass(frozen=True)
class Backend:
    """One backend: how it is chosen and unlocked, what it needs, and where it writes."""

    name: str
    environ: dict[str, str]
    chosen: str
    attended: str
    unattended: str
    unlocked: dict[str, str] = field(default_factory=dict)  # what opens it in the trials
    needs: tuple[str, ...] = ()  # programs, and modules of Python with a dot before the name
    session: str = ""  # what is run first, on a D-Bus session of its own
    setup: str = ""  # what is run once
    asks: str = ""  # what a person is asked
    writes_in: str = "writer"  # the process that writes: the writer and its children, or a daemon
    files: str = ""  # the folder of its files, in the home

    @property
    def missing(self) -> list[str]:
        """What is not there."""
        there = (find_spec(n[1:]) if n[0] == "." else shutil.which(n) for n in self.needs)
        return [need for need, found in zip(self.needs, there, strict=True) if not found]


BACKENDS = [
    Backend(
        name="authkit's encrypted file",
        environ={"AUTHKIT_KEYRING": "file"},
        chosen="by itself where there is no other, or `AUTHKIT_KEYRING=file`",
        attended="asks for its passphrase once a command",
        unattended="`AUTHKIT_KEYRING_PASSPHRASE_COMMAND`, or `AUTHKIT_KEYRING_PASSPHRASE`",
        unlocked={"AUTHKIT_KEYRING_PASSPHRASE_COMMAND": "echo secret-word"},
        asks="Keyring passphrase: ",
        files="state",
    ),
    Backend(
        name="Secret Service (gnome-keyring)",
        environ={"PYTHON_KEYRING_BACKEND": "keyring.backends.SecretService.Keyring"},
        needs=("dbus-run-session", "gnome-keyring-daemon", ".secretstorage"),
        chosen="by itself on a desktop",
        attended="the desktop opens it at login, or asks in a window of its own (not tried here)",
        unattended="`gnome-keyring-daemon --unlock` under `dbus-run-session`, see below",
        session=UNLOCK,
        writes_in="gnome-keyring-d",
        files="data/keyrings",
    ),
    Backend(
        name="keyring-pass (pass and GnuPG)",
        environ={"PYTHON_KEYRING_BACKEND": "keyring_pass.PasswordStoreBackend"},
        needs=("pass", "gpg", ".keyring_pass"),
        chosen="`PYTHON_KEYRING_BACKEND=keyring_pass.PasswordStoreBackend`",
        attended="gpg-agent asks by pinentry, and keeps the passphrase (not tried here)",
        unattended="a GnuPG key without a passphrase, or an agent that has it already",
        setup=f"printf '%s' '{GPG}' | gpg --batch --gen-key && pass init authkit",
        files=".password-store",
    ),
    Backend(
        name="keyrings.alt EncryptedKeyring",
        environ={"PYTHON_KEYRING_BACKEND": "keyrings.alt.file.EncryptedKeyring"},
        needs=(".keyrings.alt", ".Cryptodome"),
        chosen="`PYTHON_KEYRING_BACKEND=keyrings.alt.file.EncryptedKeyring`; not advised",
        attended="asks at every command",
        unattended="cannot be",
        unlocked={"KEYRING_WRITER_KEY": "secret-word"},
        files="data/python_keyring",
    ),
    Backend(
        name="keyrings.alt PlaintextKeyring",
        environ={"PYTHON_KEYRING_BACKEND": "keyrings.alt.file.PlaintextKeyring"},
        needs=(".keyrings.alt",),
        chosen="`PYTHON_KEYRING_BACKEND=keyrings.alt.file.PlaintextKeyring`; not advised",
        attended="nothing to unlock: it is in the clear",
        unattended="the same",
        files="data/python_keyring",
    ),
    *(
        Backend(
            name=f"{name} (keyring)",
            environ={"PYTHON_KEYRING_BACKEND": f"keyring.backends.{name}.Keyring"},
            chosen=f"`PYTHON_KEYRING_BACKEND=keyring.backends.{name}.Keyring`",
            attended="-",
            unattended="-",
        )
        for name in ("null", "fail")
    ),
]
