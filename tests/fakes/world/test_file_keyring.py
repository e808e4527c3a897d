"""The fake keyring in a file: a real backend, shared by processes, replaced whole."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from keyring.errors import KeyringError, PasswordSetError
from keyring.testing.backend import BackendBasicTests

from authkit.adapters.keyring import LibraryKeyring
from fakes.world import file_keyring, keyring
from fakes.world.file_keyring import FileKeyring, KeyringFile
from sts_simulator.account.faults import Fault
from tests.support.pty_tools import ENVIRON, finished


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> KeyringFile:
    """Return the file of a keyring of this test's own."""
    monkeypatch.setenv(file_keyring.FILE, str(tmp_path / "keyring.json"))
    return KeyringFile(tmp_path / "keyring.json")


class TestFileKeyring(BackendBasicTests):
    """The keyring library's own suite for backends, on ours."""

    def init_keyring(self) -> FileKeyring:
        """Return an empty one."""
        return FileKeyring()


def test_another_process_finds_what_was_saved(file: KeyringFile) -> None:
    """Through the library, as PYTHON_KEYRING_BACKEND chooses it."""
    FileKeyring().set_password("authkit", "dev-admin", "an entry")
    environ = ENVIRON | {
        "PYTHON_KEYRING_BACKEND": file_keyring.BACKEND,
        file_keyring.FILE: str(file.path),
    }
    script = "import keyring; print(keyring.get_password('authkit', 'dev-admin'))"
    assert finished([sys.executable, "-c", script], environ).stdout == "an entry\n"
    assert file.entries("authkit") == {"dev-admin": "an entry"}


def test_a_state_reaches_a_backend_that_is_there(file: KeyringFile) -> None:
    """It may change at any time, from outside."""
    backend = FileKeyring()
    file.put("authkit", {"dev-admin": "an entry"})
    assert backend.get_password("authkit", "dev-admin") == "an entry"
    file.state = keyring.FAILING
    with pytest.raises(KeyringError):
        backend.get_password("authkit", "dev-admin")
    file.state = keyring.FORGETFUL
    backend.set_password("authkit", "dev-admin", "another")
    assert file.entries("authkit") == {"dev-admin": "an entry"}


def test_in_the_clear_is_what_authkit_takes_it_for(
    file: KeyringFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """B-S05: and only then."""
    monkeypatch.setattr("keyring.get_keyring", FileKeyring)
    assert not LibraryKeyring().in_the_clear
    file.state = keyring.IN_THE_CLEAR
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", file_keyring.BACKEND)
    assert LibraryKeyring().in_the_clear


def test_a_fault_is_used_up_for_every_process(file: KeyringFile) -> None:
    """The operation that it was for fails once; who comes later finds none."""
    file.faults = [
        Fault.parse({"on": "keyring.set", "answer": "failing", "message": "disk full"}),
        Fault.parse({"on": "keyring.delete", "answer": "locked"}),
    ]
    with pytest.raises(PasswordSetError, match="disk full"):
        FileKeyring().set_password("authkit", "dev-admin", "an entry")
    assert [fault.on for fault in file.faults] == ["keyring.delete"]
    FileKeyring().set_password("authkit", "dev-admin", "an entry")


def test_the_file_is_replaced_whole(file: KeyringFile, monkeypatch: pytest.MonkeyPatch) -> None:
    """B-S02: what fails while it is written leaves the old one; a reader never sees half."""
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
