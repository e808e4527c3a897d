"""What backends raise, as KeyringTrouble: the state, safe words, and what unlocks the backend."""

from __future__ import annotations

import json
import subprocess

import pytest
from keyring import errors

from authkit.adapters.keyring_errors import trouble, words
from authkit.core.model import hide

SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
ENTRY = json.dumps({"version": 1, "secret_access_key": SECRET})

ALT = "keyrings.alt.file.EncryptedKeyring"
CRYPTFILE = "keyrings.cryptfile.cryptfile.CryptFileKeyring"
PASS = "keyring_pass.PasswordStoreBackend"
SECRET_SERVICE = "keyring.backends.SecretService.Keyring"
UNDECRYPTED = "it was not decrypted: the passphrase is wrong, or the entry damaged"


class LockedException(Exception):
    """An exception of the name that secretstorage uses."""


class PromptDismissedException(LookupError):
    """An exception of the name that secretstorage uses."""


class PromptDismissedMore(PromptDismissedException):
    """A subclass of such an exception."""


class SshAgentKeyError(Exception):
    """An exception of the name that sagecipher uses."""


class error(Exception):  # noqa: N801 - pywin32's own name
    """An exception of the name that pywin32 uses."""


class TextlessError(errors.KeyringLocked):
    """An exception that fails when it is asked for its text."""

    def __str__(self) -> str:
        raise RuntimeError


@pytest.mark.parametrize(
    ("raised", "state", "reason"),
    [
        (TextlessError(), "locked", "it was not unlocked"),
        (errors.KeyringLocked("Failed to unlock!"), "locked", "Failed to unlock"),
        (errors.InitError("Failed: Prompt dismissed.."), "locked", "Failed: Prompt dismissed"),
        (errors.PasswordSetError("Cancelled by user"), "locked", "Cancelled by user"),
        (errors.KeyringError("Can't: (-25308, 'Unknown')"), "locked", "Can't: (-25308, 'Unknown')"),
        (errors.KeyringError("Can't: (-25293, 'Auth')"), "locked", "Can't: (-25293, 'Auth')"),
        (errors.PasswordDeleteError("(-128, 'x')"), "locked", "(-128, 'x')"),
        (error(1312, "CredRead", "no session"), "locked", "(1312, 'CredRead', 'no session')"),
        (LockedException(), "locked", "it was not unlocked"),
        (PromptDismissedMore("gone"), "locked", "gone"),
        (SshAgentKeyError(), "locked", "ssh-agent does not hold its key"),
        (ValueError("Incorrect Password"), "locked", "Incorrect Password"),
        (RuntimeError("wrong passphrase"), "locked", "wrong passphrase"),
        (EOFError(), "locked", "its backend asked for a password, and got none"),
        (errors.NoKeyringError("none\nat all"), "no-backend", "none at all"),
        (errors.InitError("Failed to open"), "unreadable", "Failed to open"),
        (errors.KeyringError(), "unreadable", "KeyringError"),
        (PermissionError(13, "Permission denied"), "unreadable", "[Errno 13] Permission denied"),
        (KeyError("base64 of a secret"), "unreadable", "some.Backend raised KeyError"),
        (AssertionError(), "unreadable", "some.Backend raised AssertionError"),
        (SystemExit("giving up"), "unreadable", "some.Backend raised SystemExit"),
        (GeneratorExit(), "unreadable", "some.Backend raised GeneratorExit"),
        (errors.KeyringError("no " * 1_000), "unreadable", ("no " * 1_000)[:500]),
    ],
)
def test_errors(raised: BaseException, state: str, reason: str) -> None:
    """B-S04, B-S05: locked, unreadable and missing are told apart, whatever is raised."""
    found = trouble(raised, "some.Backend")
    assert (found.state, found.reason) == (state, reason)


@pytest.mark.parametrize(
    ("raised", "backend"),
    [
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"), ALT),
        (json.JSONDecodeError("Expecting value", "?", 0), ALT),
        (ValueError("Incorrect padding"), CRYPTFILE),
        (subprocess.CalledProcessError(2, ["pass", "show", "x"]), PASS),
    ],
)
def test_what_comes_of_a_wrong_passphrase(raised: Exception, backend: str) -> None:
    """B-S04: a wrong passphrase is "locked", also where a backend only fails to decrypt.

    Of the same error of another backend that is not said.
    """
    found = trouble(raised, backend)
    assert (found.state, found.reason) == ("locked", UNDECRYPTED)
    other = trouble(raised, "some.Backend")
    assert (other.state, other.reason) == (
        "unreadable",
        f"some.Backend raised {type(raised).__name__}",
    )


def test_pass_without_a_store() -> None:
    """B-S04: another end of pass than gpg's is no lock."""
    assert trouble(subprocess.CalledProcessError(1, ["pass"]), PASS).state == "unreadable"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (f"cannot write\n{ENTRY}", "KeyringError"),
        ("cannot write {", "KeyringError"),
        (f"cannot write {SECRET}!", "cannot write ********"),
        ("cannot write AKIAIOSFODNN7EXAMPLE at all.", "cannot write ******** at all"),
        ("cannot write 1234567890123456789", "cannot write 1234567890123456789"),
        ("cannot write my-known-secret", "cannot write ********"),
        ("", "KeyringError"),
    ],
)
def test_no_secret_is_shown(said: str, shown: str) -> None:
    """B-S05: known values and long runs are masked; of what may be an entry only the name."""
    hide("my-known-secret")
    assert words(errors.KeyringError(said)) == shown


@pytest.mark.parametrize("display", ["DISPLAY", "WAYLAND_DISPLAY", ""])
def test_the_hint_is_for_this_machine(monkeypatch: pytest.MonkeyPatch, display: str) -> None:
    """B-S05: on a machine without a desktop the hint does not lead to one."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    if display:
        monkeypatch.setenv(display, ":0")
    said = trouble(errors.KeyringLocked("no"), SECRET_SERVICE).hint
    assert ("desktop" in said) is bool(display)
    assert "gnome-keyring-daemon --unlock" in said


def test_some_systems_always_have_a_desktop(monkeypatch: pytest.MonkeyPatch) -> None:
    """B-S05: macOS and Windows need no variable for it."""
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.setattr("sys.platform", "darwin")
    kwallet = "keyring.backends.kwallet.DBusKeyring"
    assert "KWalletManager" in trouble(errors.KeyringLocked("no"), kwallet).hint
