"""The keyring in memory: a backend of the keyring library, working or in trouble."""

from __future__ import annotations

from typing import TYPE_CHECKING

import keyring
import pytest
from keyring.errors import PasswordDeleteError, PasswordSetError
from keyring.testing.backend import BackendBasicTests

from authkit.adapters.keyring import Keychain
from authkit.core.ports import KeyringTrouble
from fakes.world import keyring as states
from fakes.world.keyring import MemoryKeyring, use_backend
from sts_simulator.account.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

ENTRY = ("authkit", "dev-admin")


class TestMemoryKeyring(BackendBasicTests):
    """The keyring library's own test suite for backends."""

    def init_keyring(self) -> MemoryKeyring:
        """Return the backend to test."""
        return MemoryKeyring()


@pytest.mark.parametrize(
    ("state", "trouble"),
    [
        (states.LOCKED, "locked"),
        (states.FAILING, "unreadable"),
        (states.ABSENT, "no-backend"),
    ],
)
def test_a_state_is_translated_by_authkits_adapter(state: str, trouble: str) -> None:
    """Every operation raises the KeyringTrouble that stands for the state."""
    backend = MemoryKeyring()
    backend.state = state
    operations: tuple[Callable[[Keychain], object], ...] = (
        lambda keychain: keychain.get_password(*ENTRY),
        lambda keychain: keychain.set_password(*ENTRY, "secret"),
        lambda keychain: keychain.delete_password(*ENTRY),
    )
    with use_backend(backend):
        for operation in operations:
            with pytest.raises(KeyringTrouble) as raised:
                operation(Keychain())
            assert raised.value.state == trouble
    assert not backend.entries


def test_a_forgetful_keyring_accepts_entries_and_does_not_keep_them() -> None:
    """Writing succeeds, and reading returns the old entry."""
    backend = MemoryKeyring()
    backend.entries[ENTRY] = "before"
    backend.state = states.FORGETFUL
    with use_backend(backend):
        Keychain().set_password(*ENTRY, "after")
        assert Keychain().get_password(*ENTRY) == "before"


def test_a_keyring_in_the_clear_is_reported() -> None:
    """The adapter reports that the backend is unencrypted, only in this state."""
    backend = MemoryKeyring()
    with use_backend(backend):
        assert not Keychain().in_the_clear
        backend.state = states.IN_THE_CLEAR
    with use_backend(backend):
        assert Keychain().in_the_clear


def test_a_fault_is_for_one_operation_and_counted() -> None:
    """The second get fails; set and the third get succeed."""
    backend = MemoryKeyring()
    backend.faults.add(Fault("keyring.get", "locked", after=1))
    with use_backend(backend):
        keychain = Keychain()
        keychain.set_password(*ENTRY, "secret")
        assert keychain.get_password(*ENTRY) == "secret"
        with pytest.raises(KeyringTrouble, match="locked"):
            keychain.get_password(*ENTRY)
        assert keychain.get_password(*ENTRY) == "secret"


def test_a_failing_backend_raises_the_librarys_errors() -> None:
    """PasswordSetError for set, PasswordDeleteError for delete."""
    backend = MemoryKeyring()
    backend.state = states.FAILING
    with pytest.raises(PasswordSetError):
        backend.set_password(*ENTRY, "secret")
    with pytest.raises(PasswordDeleteError):
        backend.delete_password(*ENTRY)


def test_a_failed_deletion_leaves_the_entry() -> None:
    """The adapter reports a failure to delete; deleting a missing entry is fine."""
    backend = MemoryKeyring()
    backend.entries[ENTRY] = "secret"
    backend.faults.add(Fault("keyring.delete", "failing", message="disk full"))
    with use_backend(backend):
        with pytest.raises(KeyringTrouble, match="disk full"):
            Keychain().delete_password(*ENTRY)
        assert backend.entries
        Keychain().delete_password(*ENTRY)
        Keychain().delete_password(*ENTRY)
    assert not backend.entries


def test_the_librarys_backend_is_restored() -> None:
    """After the context the library chooses its backend as before."""
    before = keyring.get_keyring
    with use_backend(MemoryKeyring()):
        assert keyring.get_keyring is not before
    assert keyring.get_keyring is before
