"""A faithful keyring in memory, with everything that can be wrong with one.

A backend of the keyring library, so that the library's own suite judges it and
``authkit.adapters.keyring`` translates its errors as it does any backend's.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import keyring
from keyring.backend import KeyringBackend
from keyring.backends import fail
from keyring.errors import KeyringError, KeyringLocked, PasswordDeleteError, PasswordSetError

from sts_simulator.account.faults import Faults

if TYPE_CHECKING:
    from collections.abc import Iterator

WORKING = "working"
LOCKED = "locked"
FAILING = "failing"  # every operation raises
FORGETFUL = "forgetful"  # loses what it is given
IN_THE_CLEAR = "in-the-clear"  # works, unencrypted, and was chosen by the person
ABSENT = "absent"  # the library finds no backend
STATES = (WORKING, LOCKED, FAILING, FORGETFUL, IN_THE_CLEAR, ABSENT)

# What is raised in a state; set and delete have errors of their own for a failure.
_FAILURES = {"keyring.set": PasswordSetError, "keyring.delete": PasswordDeleteError}
_WORDS = {
    LOCKED: "the collection is locked",
    FAILING: "the backend does not answer",
}


class MemoryKeyring(KeyringBackend):
    """Entries in a dict.  `state` may change at any time; `faults` trouble single operations.

    A fault is on ``keyring.get``, ``keyring.set`` or ``keyring.delete``, and
    its answer is a state, for that one operation.
    """

    priority = -1  # viable, for the library's own suite, but never chosen by itself

    def __init__(self) -> None:
        # Not the library's own: it takes settings from this machine's environment.
        self.entries: dict[tuple[str, str], str] = {}
        self.state = WORKING
        self.faults = Faults()

    @property
    def scheme(self) -> str:
        """How entries are written, in keyrings.alt's words."""
        return "no encryption" if self.state == IN_THE_CLEAR else "memory"

    def get_password(self, service: str, username: str) -> str | None:
        """Return the entry.  Raises KeyringError."""
        self._state("keyring.get")
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        """Replace the entry, unless forgetful.  Raises KeyringError."""
        if self._state("keyring.set") != FORGETFUL:
            self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        """Delete the entry.  Raises KeyringError, PasswordDeleteError when there is none."""
        self._state("keyring.delete")
        if self.entries.pop((service, username), None) is None:
            raise PasswordDeleteError("there is no such entry")

    def _state(self, operation: str) -> str:
        """Return the state in which an operation finds the keyring.  Raises KeyringError."""
        fault = self.faults.take(operation, None)
        state = fault.answer if fault else self.state
        words = (fault and fault.message) or _WORDS.get(state, "")
        if state == LOCKED:
            raise KeyringLocked(words)
        if state == FAILING:
            raise _FAILURES.get(operation, KeyringError)(words)
        return state


@contextmanager
def installed(backend: MemoryKeyring) -> Iterator[None]:
    """Make it the keyring library's backend for a while; absent, the library finds none."""
    found: Any = backend if backend.state != ABSENT else fail.Keyring()  # type: ignore[no-untyped-call]  # the same
    chosen = backend if backend.state == IN_THE_CLEAR else None
    with (
        patch.object(keyring, "get_keyring", lambda: found),
        patch.object(keyring.core, "load_config", lambda: chosen),  # not this machine's settings
    ):
        yield
