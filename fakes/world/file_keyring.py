"""The fake keyring for several processes: entries, state and faults in one file.

``PYTHON_KEYRING_BACKEND=fakes.world.file_keyring.FileKeyring`` selects it, and
``FAKES_KEYRING`` names the file.  The file is replaced atomically.
"""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fakes.world.keyring import WORKING, MemoryKeyring
from sts_simulator.account.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

BACKEND = "fakes.world.file_keyring.FileKeyring"
FILE = "FAKES_KEYRING"


class KeyringFile:
    """The file of a `FileKeyring`.  Readers see its old or its new content, never a mixture."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def change(self) -> Iterator[dict[str, Any]]:
        """Yield the content, to be changed in place, under a lock; write it if it was changed."""
        with self._beside("lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            before, held = self.read(), self.read()
            try:
                yield held
            finally:  # an operation that fails has consumed its fault: that is written too
                if held != before:
                    self._replace(held)

    def read(self) -> dict[str, Any]:
        """Return the content: `state`, `faults`, and `entries` by service and user name."""
        try:
            held: dict[str, Any] = json.loads(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {"state": WORKING, "faults": [], "entries": {}}
        return held

    def entries(self, service: str) -> dict[str, str]:
        """Return the entries of a service by user name."""
        return dict(self.read()["entries"].get(service, {}))

    def put(self, service: str, entries: Mapping[str, str]) -> None:
        """Add or replace entries, whatever the state."""
        with self.change() as held:
            held["entries"].setdefault(service, {}).update(entries)

    @property
    def state(self) -> str:
        """The state, for every process."""
        return str(self.read()["state"])

    @state.setter
    def state(self, state: str) -> None:
        with self.change() as held:
            held["state"] = state

    @property
    def faults(self) -> list[Fault]:
        """The faults that have not happened yet."""
        return [Fault(**fault, source=fault) for fault in self.read()["faults"]]

    @faults.setter
    def faults(self, faults: Sequence[Fault]) -> None:
        with self.change() as held:
            held["faults"] = [dict(fault.source) for fault in faults]

    def _replace(self, held: Mapping[str, Any]) -> None:
        draft = self._beside("draft")
        draft.write_text(json.dumps(held, indent=1), encoding="utf-8")
        draft.replace(self.path)

    def _beside(self, suffix: str) -> Path:
        return self.path.with_name(f".{self.path.name}.{suffix}")


class FileKeyring(MemoryKeyring):
    """The backend: each operation loads the file, works in memory, and writes the file."""

    # A message names it as the keyring in memory: a story has the same words at every level.
    __module__, __qualname__ = MemoryKeyring.__module__, MemoryKeyring.__qualname__

    def __init__(self) -> None:
        super().__init__()
        self._file = KeyringFile(Path(os.environ[FILE]))
        self.faults.add(*self._file.faults)  # this process counts its own operations

    def get_password(self, service: str, username: str) -> str | None:
        """Return the entry.  Raises KeyringError."""
        with self._shared():
            return super().get_password(service, username)

    def set_password(self, service: str, username: str, password: str) -> None:
        """Replace the entry, unless the state is FORGETFUL.  Raises KeyringError."""
        with self._shared():
            super().set_password(service, username, password)

    def delete_password(self, service: str, username: str) -> None:
        """Delete the entry.  Raises KeyringError, PasswordDeleteError when there is none."""
        with self._shared():
            super().delete_password(service, username)

    @property
    def scheme(self) -> str:
        """How entries are encrypted, in the words of keyrings.alt."""
        self.state = self._file.state
        return super().scheme

    @contextmanager
    def _shared(self) -> Iterator[None]:
        with self._file.change() as held:
            self.state, self.entries = held["state"], _flat(held["entries"])
            try:
                yield
            finally:
                held["faults"] = [dict(fault.source) for fault in self.faults.pending()]
                held["entries"] = _nested(self.entries)


def _flat(entries: Mapping[str, Mapping[str, str]]) -> dict[tuple[str, str], str]:
    return {(service, name): text for service in entries for name, text in entries[service].items()}


def _nested(entries: Mapping[tuple[str, str], str]) -> dict[str, dict[str, str]]:
    nested: dict[str, dict[str, str]] = {}
    for (service, name), text in entries.items():
        nested.setdefault(service, {})[name] = text
    return nested
