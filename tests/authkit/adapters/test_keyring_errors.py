"""What backends raise, as KeyringTrouble: the state, safe words, and what unlocks the backend."""

from __future__ import annotations

import base64
import json
import subprocess
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

import pytest
from keyring import errors

from authkit.adapters.keyring_errors import trouble, words
from authkit.core.model import hide

if TYPE_CHECKING:
    from collections.abc import Callable

SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
ENTRY = json.dumps({"version": 1, "secret_access_key": SECRET})
TELLING = 10  # characters in a row of what is quoted

ALT = "keyrings.alt.file.EncryptedKeyring"
CRYPTFILE = "keyrings.cryptfile.cryptfile.CryptFileKeyring"
PASS = "keyring_pass.PasswordStoreBackend"
SECRET_SERVICE = "keyring.backends.SecretService.Keyring"
UNDECRYPTED = "it was not decrypted: the passphrase is wrong, or the entry damaged"


def _in_hex(text: str, separator: str = "") -> str:
    return text.encode().hex(separator) if separator else text.encode().hex()


# How backends, and what they are made of, write a text inside another.
ENCODED: dict[str, Callable[[str], str]] = {
    "an address": quote,
    "an address, all of it": lambda text: "".join(f"%{byte:02x}" for byte in text.encode()),
    "an address in an address": lambda text: quote(quote(text)),
    "a form": quote_plus,
    "HTML": lambda text: "".join(f"&#{ord(letter)};" for letter in text),
    "HTML, in hexadecimal": lambda text: "".join(f"&#x{ord(letter):x};" for letter in text),
    "repr": repr,
    "repr of repr": lambda text: repr(repr(text)),
    "repr's escapes": lambda text: "".join(f"\\x{ord(letter):02x}" for letter in text),
    "JSON's escapes": lambda text: "".join(f"\\u{ord(letter):04x}" for letter in text),
    "octal escapes": lambda text: "".join(f"\\{ord(letter):03o}" for letter in text),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 in lines": lambda text: base64.encodebytes(text.encode()).decode().strip(),
    "base64 of URLs": lambda text: base64.urlsafe_b64encode(
        b"\xfb\xef\xbe" + text.encode()
    ).decode(),
    "base32": lambda text: base64.b32encode(text.encode()).decode(),
    "hexadecimal": _in_hex,
    "hexadecimal with blanks": lambda text: _in_hex(text, " "),
    "hexadecimal with colons": lambda text: _in_hex(text, ":"),
    "numbers": lambda text: str(list(text.encode())),
    "a mail": lambda text: "".join(f"={ord(letter):02X}" for letter in text),
}


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
        ("cannot write =7B", "KeyringError"),  # as mails are written
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


@pytest.mark.parametrize("part", [ENTRY, SECRET, SECRET[:16], json.dumps({"a": "short+secret"})])
@pytest.mark.parametrize("encoded", ENCODED)
def test_no_secret_is_shown_however_it_is_written(encoded: str, part: str) -> None:
    """B-S05: an entry, a secret or a known part of one, in whatever form a backend quotes it."""
    hide(SECRET[:16])
    quoted = " ".join(ENCODED[encoded](part).split())
    said = words(errors.KeyringError(f"cannot write {ENCODED[encoded](part)} at all"))
    parts = {quoted[at : at + TELLING] for at in range(len(quoted) - TELLING + 1)}
    assert not [part for part in parts if part in said], said


@pytest.mark.parametrize(
    "said",
    [
        "Can't store password on keychain: (-25308, 'Unknown Error')",
        "Failed to create the collection: Prompt dismissed..",
        "[Errno 13] Permission denied: '/home/ann/.local/keyring_pass.cfg'",
        "org.freedesktop.DBus.Error.ServiceUnknown: The name org.kde.kwalletd5 was not provided",
        "C:\\new\\table\\users: 100% full; see https://example.com/a%20b?c=d&e=f",
        "No recommended backend was available. Install a recommended 3rd party package",
        "cannot reach 10.0.0.1:8080 at 12:30:45 on 2024-12-22",
    ],
)
def test_what_tells_nothing_is_shown(said: str) -> None:
    """B-S05: what backends say without a secret in it stands as it is."""
    assert words(errors.KeyringError(said)) == said.rstrip(".")


def test_a_long_text() -> None:
    """B-S05: the work grows with the length of the text, not with its square."""
    for text in ("aB3-" * 250_000, "%25" * 300_000, "7b " * 300_000, "\\" * 500_000):
        assert len(words(errors.KeyringError(text))) <= 500


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


@pytest.mark.parametrize(
    ("name", "state", "reason"),
    [
        ("KeyringLocked", "locked", "it was not unlocked"),
        ("LockedException", "locked", "it was not unlocked"),
        ("PromptDismissedException", "locked", "the question for its password was dismissed"),
        ("EOFError", "locked", "its backend asked for a password, and got none"),
        ("SshAgentKeyError", "locked", "ssh-agent does not hold its key"),
        ("KeychainDenied", "locked", "access to the keychain was denied"),
        ("NoKeyringError", "no-backend", "none was found"),
        ("SecretServiceNotAvailableException", "no-backend", "there is no Secret Service"),
    ],
)
def test_an_error_without_a_text(name: str, state: str, reason: str) -> None:
    """B-S05: what backends and their libraries raise is told by its name where it says nothing."""
    found = trouble(type(name, (Exception,), {})(), SECRET_SERVICE)
    assert (found.state, found.reason) == (state, reason)
