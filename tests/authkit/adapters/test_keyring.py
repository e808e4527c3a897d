"""The keyring port over the keyring library: working backends, and backends that fail."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import keyring
import pytest
from keyring import errors
from keyring.backend import KeyringBackend
from keyring.backends import chainer, fail, null
from keyrings.alt.file import PlaintextKeyring

from authkit.adapters.keyring import LibraryKeyring
from authkit.core.failures import KeyringTrouble
from tests.support.pty_tools import ENVIRON, finished, imported

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
ENTRY = json.dumps({"version": 1, "secret_access_key": SECRET})
ASKED = ("authkit", "dev-admin")


class Memory(KeyringBackend):
    """A backend that works, and keeps entries in memory."""

    priority = -1  # never chosen automatically

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        """Return the entry."""
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        """Store the entry."""
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        """Delete the entry.  Raises PasswordDeleteError if there is none."""
        if self.kept.pop((service, username), None) is None:
            raise errors.PasswordDeleteError("Password not found")


class Failing(Memory):
    """A backend whose methods all raise one error."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def get_password(self, *_: str) -> str | None:
        """Raise the error."""
        raise self.error

    def set_password(self, *_: str) -> None:
        """Raise the error."""
        raise self.error

    def delete_password(self, *_: str) -> None:
        """Raise the error."""
        raise self.error


class Obstinate(Memory):
    """A backend that refuses to delete, with the error that others raise for a missing entry."""

    def delete_password(self, *_: str) -> None:
        """Raise PasswordDeleteError."""
        raise errors.PasswordDeleteError("Cancelled by user")


class LockedException(Exception):
    """An exception of the name that secretstorage uses."""


class PromptDismissedException(LookupError):
    """An exception of the name that secretstorage uses."""


class PromptDismissedMore(PromptDismissedException):
    """A subclass of such an exception."""


def use(monkeypatch: pytest.MonkeyPatch, backend: KeyringBackend | None) -> LibraryKeyring:
    """Return a LibraryKeyring over a backend; None is the backend that the settings choose."""
    monkeypatch.setattr(keyring.core, "_keyring_backend", backend)
    return LibraryKeyring()


def trouble(port: LibraryKeyring) -> list[tuple[str, str]]:
    """Return the state and the reason of the KeyringTrouble that each method raises."""
    calls: tuple[Callable[[], object], ...] = (
        lambda: port.get_password(*ASKED),
        lambda: port.set_password(*ASKED, ENTRY),
        lambda: port.delete_password(*ASKED),
    )
    said = []
    for call in calls:
        with pytest.raises(KeyringTrouble) as raised:
            call()
        said.append((raised.value.state, raised.value.reason))
    return said


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Isolate each test from the settings of the machine and of other tests."""
    monkeypatch.delenv("PYTHON_KEYRING_BACKEND", raising=False)
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "HOME"):
        monkeypatch.setenv(name, str(tmp_path))


def round_trip(port: LibraryKeyring) -> None:
    """Write, read and delete an entry, and delete it again."""
    assert port.get_password(*ASKED) is None
    port.set_password(*ASKED, "first")
    port.set_password(*ASKED, ENTRY)
    assert port.get_password(*ASKED) == ENTRY
    assert port.get_password("authkit", "another") is None
    port.delete_password(*ASKED)
    assert port.get_password(*ASKED) is None
    port.delete_password(*ASKED)


def test_a_backend_that_works(monkeypatch: pytest.MonkeyPatch) -> None:
    """B-S04: a missing entry is None, and deleting it is no error."""
    port = use(monkeypatch, Memory())
    round_trip(port)
    assert port.backend == f"{__name__}.Memory"
    assert not port.in_the_clear


def test_in_the_clear(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """B-S05: an unencrypted backend is used if the person chose it."""
    name = "keyrings.alt.file.PlaintextKeyring"
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", name)
    port = use(monkeypatch, None)
    round_trip(port)
    assert (port.backend, port.in_the_clear) == (name, True)
    assert list(tmp_path.rglob("keyring_pass.cfg"))


def test_in_the_clear_by_config(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """B-S05: a choice in keyring's own config file counts too."""
    folder = tmp_path / "python_keyring"
    folder.mkdir()
    (folder / "keyringrc.cfg").write_text(
        "[backend]\ndefault-keyring=keyrings.alt.file.PlaintextKeyring\n"
    )
    assert use(monkeypatch, None).in_the_clear


def test_in_the_clear_unchosen(monkeypatch: pytest.MonkeyPatch) -> None:
    """B-S05: an unencrypted backend that was not chosen is not used."""
    name = "keyrings.alt.file.PlaintextKeyring"
    reason = f"{name} keeps passwords in the clear, and was not chosen"
    assert trouble(use(monkeypatch, made(PlaintextKeyring))) == [("no-backend", reason)] * 3


def chain(*links: KeyringBackend) -> KeyringBackend:
    """Return keyring's chainer over these backends."""
    kind = type("Chain", (chainer.ChainerBackend,), {"priority": -1, "backends": links})
    return made(kind)


def made(kind: Callable[[], KeyringBackend]) -> KeyringBackend:
    """Return an instance; the classes have no types."""
    return kind()


def test_chains(monkeypatch: pytest.MonkeyPatch) -> None:
    """B-S05: a chain is as safe as its first backend."""
    round_trip(use(monkeypatch, chain(Memory(), made(PlaintextKeyring))))
    assert not LibraryKeyring().in_the_clear
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "chosen")
    assert use(monkeypatch, chain(made(PlaintextKeyring), Memory())).in_the_clear


@pytest.mark.parametrize(
    "backend",
    [
        made(fail.Keyring),
        made(null.Keyring),
        chain(),
        chain(made(null.Keyring), made(fail.Keyring)),
    ],
)
def test_backends_that_keep_nothing(
    monkeypatch: pytest.MonkeyPatch, backend: KeyringBackend
) -> None:
    """B-S05: a backend that keeps nothing is neither written nor read."""
    ((state, reason),) = set(trouble(use(monkeypatch, backend)))
    assert state == "no-backend"
    assert reason.endswith("keeps nothing")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("no.such.Backend", "No module named 'no'"),
        ("keyring.backends.null.NoSuch", "has no attribute 'NoSuch'"),
        ("NoModule", "Empty module name"),
    ],
)
def test_a_choice_that_does_not_exist(
    monkeypatch: pytest.MonkeyPatch, name: str, reason: str
) -> None:
    """B-S05: a PYTHON_KEYRING_BACKEND that does not exist is reported as such."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", name)
    ((state, said),) = set(trouble(use(monkeypatch, None)))
    assert state == "no-backend"
    assert reason in said


@pytest.mark.parametrize(
    ("error", "state", "reason"),
    [
        (errors.KeyringLocked("Failed to unlock!"), "locked", "Failed to unlock"),
        (errors.InitError("Failed: Prompt dismissed.."), "locked", "Failed: Prompt dismissed"),
        (errors.PasswordSetError("Cancelled by user"), "locked", "Cancelled by user"),
        (errors.KeyringError("Can't: (-25308, 'Unknown')"), "locked", "Can't: (-25308, 'Unknown')"),
        (LockedException(), "locked", "it was not unlocked"),
        (PromptDismissedMore("gone"), "locked", "gone"),
        (ValueError("Incorrect Password"), "locked", "Incorrect Password"),
        (EOFError(), "locked", "its backend asked for a password, and got none"),
        (errors.NoKeyringError("none\nat all"), "no-backend", "none at all"),
        (errors.InitError("Failed to open"), "unreadable", "Failed to open"),
        (errors.KeyringError(), "unreadable", "KeyringError"),
        (PermissionError(13, "Permission denied"), "unreadable", "[Errno 13] Permission denied"),
        (KeyError("base64 of a secret"), "unreadable", f"{__name__}.Failing raised KeyError"),
        (AssertionError(), "unreadable", f"{__name__}.Failing raised AssertionError"),
    ],
)
def test_errors(monkeypatch: pytest.MonkeyPatch, error: Exception, state: str, reason: str) -> None:
    """B-S04: locked, unreadable and missing backends are distinguished by any exception."""
    assert trouble(use(monkeypatch, Failing(error))) == [(state, reason)] * 3


def test_no_secret_in_reasons(monkeypatch: pytest.MonkeyPatch) -> None:
    """B-S01: an exception that quotes the entry is shown masked."""
    port = use(monkeypatch, Failing(errors.PasswordSetError(f"cannot write\n{ENTRY}")))
    with pytest.raises(KeyringTrouble) as raised:
        port.set_password(*ASKED, ENTRY)
    assert raised.value.reason == "cannot write ********"


def test_not_deleted_is_not_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    """B-S04: an entry that could not be deleted is not reported as missing."""
    backend = Obstinate()
    port = use(monkeypatch, backend)
    port.delete_password(*ASKED)
    backend.set_password(*ASKED, ENTRY)
    with pytest.raises(KeyringTrouble) as raised:
        port.delete_password(*ASKED)
    assert (raised.value.state, raised.value.reason) == ("locked", "Cancelled by user")


def test_the_library_stays_silent() -> None:
    """B-A02: a plug-in of keyring that cannot be loaded shows no traceback."""
    script = """
import logging
from authkit.adapters.keyring import LibraryKeyring
from authkit.core.failures import KeyringTrouble
import keyring.backend
logging.getLogger("keyring").handlers.clear()
def plugins(group):
    class Broken:
        name = "broken"
        def load(self): raise RuntimeError("plugin")
    return [Broken()]
keyring.backend.metadata.entry_points = plugins
try: LibraryKeyring().get_password("authkit", "dev-admin")
except KeyringTrouble as trouble: print(trouble.state)
"""
    environ = ENVIRON | {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"}
    done = finished([sys.executable, "-c", script], environ)
    assert (done.stdout, done.stderr) == ("no-backend\n", "")


def test_start_up() -> None:
    """B-E01: importing the module does not import the keyring library."""
    assert (
        imported("authkit.adapters.keyring", among="keyring logging typing importlib.metadata")
        == set()
    )
