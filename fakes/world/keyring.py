"""A keyring in memory, with every trouble that a real one can have.

It is a backend of the keyring library, so it passes the library's own test
suite, and ``authkit.adapters.keyring`` translates its errors as any backend's.
"""

from __future__ import annotations

import getpass
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import keyring
from keyring.backend import KeyringBackend
from keyring.backends import fail
from keyring.backends.chainer import ChainerBackend
from keyring.errors import KeyringError, KeyringLocked, PasswordDeleteError, PasswordSetError

from authkit.adapters.keyring_choice import NAMED, SETTING
from fakes.world.prompter import Answer
from sts_simulator.account.faults import Faults

if TYPE_CHECKING:
    from collections.abc import Iterator

WORKING = "working"
LOCKED = "locked"
FAILING = "failing"  # every operation raises
FORGETFUL = "forgetful"  # accepts entries and does not keep them
READ_ONLY = "read-only"  # takes and deletes no entries, as the library's chains know it
EXITING = "exiting"  # every operation raises SystemExit
QUOTING = "quoting"  # every operation raises an error that quotes the entry
UNDECRYPTED = "undecrypted"  # every operation raises Python's error for a wrong passphrase
ASKING = "asking"  # every operation asks for a passphrase, as EncryptedKeyring does
IN_THE_CLEAR = "in-the-clear"  # works, unencrypted, and is the configured backend
ABSENT = "absent"  # the library finds no backend
# Of a fault alone: right before the operation another process writes what the fault's message
# says in the entry's place; without a message it deletes the entry.
ANOTHER_WRITER = "another writer"
STATES = (
    *(WORKING, LOCKED, FAILING, FORGETFUL, READ_ONLY, EXITING, QUOTING, UNDECRYPTED),
    *(ASKING, IN_THE_CLEAR, ABSENT),
)
PASSPHRASE = Answer("Passphrase of the keyring: ", "the-passphrase")  # asked for while ASKING

# The library's errors for a failed set or delete; a failed get raises KeyringError.
_FAILURES = {"keyring.set": PasswordSetError, "keyring.delete": PasswordDeleteError}
_WORDS = {
    LOCKED: "the collection is locked",
    FAILING: "the backend does not answer",
    EXITING: "the backend gives up",
    QUOTING: "cannot handle",
    UNDECRYPTED: "Incorrect Password",  # keyrings.alt's and keyrings.cryptfile's
}


class MemoryKeyring(KeyringBackend):
    """Entries in a dict.  `state` may change at any time.

    A fault in `faults` is on ``keyring.get``, ``keyring.set`` or
    ``keyring.delete``; its answer is the state in which that one operation runs, or
    ANOTHER_WRITER.
    """

    priority = -1  # usable, as the library's suite demands, but never chosen automatically

    def __init__(self) -> None:
        # super().__init__ is not called: it reads settings from this machine's environment.
        self.entries: dict[tuple[str, str], str] = {}
        self.state = WORKING
        self.faults = Faults()

    @property
    def scheme(self) -> str:
        """How entries are encrypted, in the words of keyrings.alt."""
        return "no encryption" if self.state == IN_THE_CLEAR else "memory"

    def get_password(self, service: str, username: str) -> str | None:
        """Return the entry.  Raises KeyringError."""
        self._state("keyring.get", (service, username))
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        """Replace the entry, unless the state is FORGETFUL.  Raises KeyringError."""
        if self._state("keyring.set", (service, username), password) != FORGETFUL:
            self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        """Delete the entry.  Raises KeyringError, PasswordDeleteError when there is none."""
        self._state("keyring.delete", (service, username))
        if self.entries.pop((service, username), None) is None:
            raise PasswordDeleteError("there is no such entry")

    def _state(self, operation: str, place: tuple[str, str], written: str = "") -> str:
        """Return the state in which an operation on this entry runs.  Raises what it stands for.

        `written` is the text that is to be written, if one is.
        """
        fault = self.faults.take(operation, None)
        state = fault.answer if fault else self.state
        if fault and state == ANOTHER_WRITER:
            state = self.state
            self.write_meanwhile(place, fault.message)
        entry = written or self.entries.get(place, "")
        words = (fault and fault.message) or _WORDS.get(state, "")
        failure = _FAILURES.get(operation, KeyringError)
        if state == READ_ONLY and operation != "keyring.get":
            raise NotImplementedError
        if state == LOCKED:
            raise KeyringLocked(words)
        if state == FAILING:
            raise failure(words)
        if state == QUOTING:
            raise failure(f"{words} {entry}")
        if state == EXITING:
            raise SystemExit(words)
        if state == ASKING and getpass.getpass(PASSPHRASE.title) != PASSPHRASE.typed:
            raise ValueError(_WORDS[UNDECRYPTED])
        if state == UNDECRYPTED:
            raise ValueError(words)
        return state

    def write_meanwhile(self, place: tuple[str, str], entry: str | None) -> None:
        """Do what another process does: replace the entry, or with None delete it."""
        if entry is None:
            self.entries.pop(place, None)
        else:
            self.entries[place] = entry


class Chain(ChainerBackend):
    """The library's own chain, over these backends in this order."""

    priority = -1  # never chosen automatically
    backends: tuple[KeyringBackend, ...] = ()

    def __init__(self, *links: KeyringBackend) -> None:
        # super().__init__ is not called: it reads settings from this machine's environment.
        self.backends = links


@contextmanager
def use_backend(backend: MemoryKeyring | Chain) -> Iterator[None]:
    """Make the keyring library use this backend within the context; ABSENT: none is found."""
    state = getattr(backend, "state", WORKING)
    found: Any = backend if state != ABSENT else fail.Keyring()  # type: ignore[no-untyped-call]  # KeyringBackend.__init__ has no types
    chosen = backend if state == IN_THE_CLEAR else None
    # Not the machine's settings.
    taken = {name: os.environ.pop(name) for name in (NAMED, SETTING) if name in os.environ}
    with (
        patch.object(keyring, "get_keyring", lambda: found),
        patch.object(keyring.core, "load_config", lambda: chosen),
    ):
        try:
            yield
        finally:
            os.environ |= taken
