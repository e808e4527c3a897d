"""The fake keyring in a file: a backend that several processes share."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from keyring.errors import KeyringError, PasswordSetError
from keyring.testing.backend import BackendBasicTests

from authkit.adapters.keyring import Keychain
from fakes.world import file_keyring, keyring
from fakes.world.file_keyring import FileKeyring, KeyringFile
from sts_simulator.account.faults import Fault
from tests.support.pty_tools import ENVIRON, finished


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> KeyringFile:
    """Return a keyring file for this test."""
    monkeypatch.setenv(file_keyring.FILE, str(tmp_path / "keyring.json"))
    return KeyringFile(tmp_path / "keyring.json")


class TestFileKeyring(BackendBasicTests):
    """The keyring library's own test suite for backends."""

    def init_keyring(self) -> FileKeyring:
        """Return an empty keyring."""
        return FileKeyring()


def test_another_process_finds_what_was_saved(file: KeyringFile) -> None:
    """The keyring library of another process loads the backend and finds the entry."""
    FileKeyring().set_password("authkit", "dev-admin", "an entry")
    environ = ENVIRON | {
        "PYTHON_KEYRING_BACKEND": file_keyring.BACKEND,
        file_keyring.FILE: str(file.path),
    }
    script = "import keyring; print(keyring.get_password('authkit', 'dev-admin'))"
    assert finished([sys.executable, "-c", script], environ).stdout == "an entry\n"
    assert file.entries("authkit") == {"dev-admin": "an entry"}


def test_a_new_state_applies_to_a_backend_in_use(file: KeyringFile) -> None:
    """Another process may change the state at any time."""
    backend = FileKeyring()
    file.put("authkit", {"dev-admin": "an entry"})
    assert backend.get_password("authkit", "dev-admin") == "an entry"
    file.state = keyring.FAILING
    with pytest.raises(KeyringError):
        backend.get_password("authkit", "dev-admin")
    file.state = keyring.FORGETFUL
    backend.set_password("authkit", "dev-admin", "another")
    assert file.entries("authkit") == {"dev-admin": "an entry"}


def test_a_keyring_in_the_clear_is_reported(
    file: KeyringFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """B-S05: the adapter reports an unencrypted backend, only in this state."""
    monkeypatch.setattr("keyring.get_keyring", FileKeyring)
    assert not Keychain().in_the_clear
    file.state = keyring.IN_THE_CLEAR
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", file_keyring.BACKEND)
    assert Keychain().in_the_clear


def test_a_fault_happens_once_for_all_processes(file: KeyringFile) -> None:
    """The operation fails once; a later backend does not find the fault again."""
    file.faults = [
        Fault.parse({"on": "keyring.set", "answer": "failing", "message": "disk full"}),
        Fault.parse({"on": "keyring.delete", "answer": "locked"}),
    ]
    with pytest.raises(PasswordSetError, match="disk full"):
        FileKeyring().set_password("authkit", "dev-admin", "an entry")
    assert [fault.on for fault in file.faults] == ["keyring.delete"]
    FileKeyring().set_password("authkit", "dev-admin", "an entry")


def test_the_file_is_replaced_atomically(
    file: KeyringFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """B-S02: a failure while writing leaves the old file; a reader never sees half of the new."""
    FileKeyring().set_password("authkit", "dev-admin", "old")
    before = file.path.read_bytes()

    def written(draft: Path, _target: Path) -> None:
        assert json.loads(draft.read_text(encoding="utf-8"))["entries"]["authkit"] == {
            "dev-admin": "new"
        }
        assert file.path.read_bytes() == before
        raise OSError("no space left")

    monkeypatch.setattr(Path, "replace", written)
    with pytest.raises(OSError, match="no space"):
        FileKeyring().set_password("authkit", "dev-admin", "new")
    assert file.path.read_bytes() == before
