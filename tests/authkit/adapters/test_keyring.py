"""The keyring port over the real library: its backends, and backends that fail in every way."""

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
    """A backend that works, for as long as the process lives."""

    priority = -1  # never chosen by itself

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        """Return what was kept."""
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep it."""
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        """Forget it, loudly if there is nothing to forget."""
        if self.kept.pop((service, username), None) is None:
            raise errors.PasswordDeleteError("Password not found")


class Failing(Memory):
    """A backend whose every method raises."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def get_password(self, *_: str) -> str | None:
        """Fail."""
        raise self.error

    def set_password(self, *_: str) -> None:
        """Fail."""
        raise self.error

    def delete_password(self, *_: str) -> None:
        """Fail."""
        raise self.error


class Obstinate(Memory):
    """A backend that does not delete what it has, and says so as others say "absent"."""

    def delete_password(self, *_: str) -> None:
        """Refuse."""
        raise errors.PasswordDeleteError("Cancelled by user")


class LockedException(Exception):
    """As secretstorage names it."""


class PromptDismissedException(LookupError):
    """As secretstorage names it."""


class PromptDismissedMore(PromptDismissedException):
    """A kind of it."""


def use(monkeypatch: pytest.MonkeyPatch, backend: KeyringBackend | None) -> LibraryKeyring:
    """Return a LibraryKeyring over this backend, or over what the settings choose."""
    monkeypatch.setattr(keyring.core, "_keyring_backend", backend)
    return LibraryKeyring()


def trouble(keychain: LibraryKeyring) -> list[tuple[str, str]]:
    """Return the state and the reason that each method raises."""
    calls: tuple[Callable[[], object], ...] = (
        lambda: keychain.get_password(*ASKED),
        lambda: keychain.set_password(*ASKED, ENTRY),
        lambda: keychain.delete_password(*ASKED),
    )
    said = []
    for call in calls:
        with pytest.raises(KeyringTrouble) as raised:
            call()
        said.append((raised.value.state, raised.value.reason))
    return said


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of the machine's reaches a test, and no test's reaches the next."""
    monkeypatch.delenv("PYTHON_KEYRING_BACKEND", raising=False)
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "HOME"):
        monkeypatch.setenv(name, str(tmp_path))


def round_trip(keychain: LibraryKeyring) -> None:
    """Write, read and delete an entry, and delete it again."""
    assert keychain.get_password(*ASKED) is None
    keychain.set_password(*ASKED, "first")
    keychain.set_password(*ASKED, ENTRY)
    assert keychain.get_password(*ASKED) == ENTRY
    assert keychain.get_password("authkit", "another") is None
    keychain.delete_password(*ASKED)
    assert keychain.get_password(*ASKED) is None
    keychain.delete_password(*ASKED)


def test_a_backend_that_works(monkeypatch: pytest.MonkeyPatch) -> None:
    """B-S04: a missing entry is None, and deleting it is fine."""
    keychain = use(monkeypatch, Memory())
    round_trip(keychain)
    assert keychain.backend == f"{__name__}.Memory"
    assert not keychain.in_the_clear


def test_in_the_clear(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """B-S05: a backend that keeps things in the clear works where the person chose it."""
    name = "keyrings.alt.file.PlaintextKeyring"
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", name)
    keychain = use(monkeypatch, None)
    round_trip(keychain)
    assert (keychain.backend, keychain.in_the_clear) == (name, True)
    assert list(tmp_path.rglob("keyring_pass.cfg"))


def test_in_the_clear_by_config(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """B-S05: keyring's own config is a choice as well."""
    folder = tmp_path / "python_keyring"
    folder.mkdir()
    (folder / "keyringrc.cfg").write_text(
        "[backend]\ndefault-keyring=keyrings.alt.file.PlaintextKeyring\n"
    )
    assert use(monkeypatch, None).in_the_clear


def test_in_the_clear_unchosen(monkeypatch: pytest.MonkeyPatch) -> None:
    """B-S05: such a backend is not used because it happens to be the only one installed."""
    name = "keyrings.alt.file.PlaintextKeyring"
    reason = f"{name} keeps passwords in the clear, and was not chosen"
    assert trouble(use(monkeypatch, made(PlaintextKeyring))) == [("no-backend", reason)] * 3


def chain(*links: KeyringBackend) -> KeyringBackend:
    """Return keyring's chainer over these."""
    kind = type("Chain", (chainer.ChainerBackend,), {"priority": -1, "backends": links})
    return made(kind)


def made(kind: Callable[[], KeyringBackend]) -> KeyringBackend:
    """Make one; what it is made of has no types."""
    return kind()


def test_chains(monkeypatch: pytest.MonkeyPatch) -> None:
    """B-S05: a chain keeps things as its first link does."""
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
    """B-S05: what would not be kept is not written, and not looked for."""
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
    """B-S05: a PYTHON_KEYRING_BACKEND that cannot be had is told from a failing backend."""
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
    """B-S04: locked, unreadable and no backend are told apart, whatever is raised."""
    assert trouble(use(monkeypatch, Failing(error))) == [(state, reason)] * 3


def test_no_secret_in_reasons(monkeypatch: pytest.MonkeyPatch) -> None:
    """B-S01: an error that quotes what it was given is not quoted in its turn."""
    keychain = use(monkeypatch, Failing(errors.PasswordSetError(f"cannot write\n{ENTRY}")))
    with pytest.raises(KeyringTrouble) as raised:
        keychain.set_password(*ASKED, ENTRY)
    assert raised.value.reason == "cannot write ********"


def test_not_deleted_is_not_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    """B-S04: an entry that could not be deleted is not taken for one that is not there."""
    backend = Obstinate()
    keychain = use(monkeypatch, backend)
    keychain.delete_password(*ASKED)
    backend.set_password(*ASKED, ENTRY)
    with pytest.raises(KeyringTrouble) as raised:
        keychain.delete_password(*ASKED)
    assert (raised.value.state, raised.value.reason) == ("locked", "Cancelled by user")


def test_the_library_stays_silent() -> None:
    """B-A02: a plugin of keyring's that does not load puts no traceback on the screen."""
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
    """B-E01: the library is imported when it is needed, not before."""
    assert (
        imported("authkit.adapters.keyring", among="keyring logging typing importlib.metadata")
        == set()
    )
