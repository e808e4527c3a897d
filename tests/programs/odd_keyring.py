"""A backend of the keyring library that keeps entries in a file, and may do anything else.

``PYTHON_KEYRING_BACKEND=tests.programs.odd_keyring.Odd`` chooses it.  ODD names the row
of `RAISES` that it raises, and ODD_AT where: "get", "set", "delete", or "make" when it
is made.  With ODD_SAYS it prints that text whenever it is called.  With ODD_HELD_AT=N
the entry that is read for the Nth time is held back: there is a file `HELD` in the
folder of the entries then, until somebody removes it.
"""

from __future__ import annotations

import os
import time
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from keyring.errors import KeyringError

from tests.programs.chained import FOLDER, Upper

if TYPE_CHECKING:
    from collections.abc import Callable


HELD = "held"


class TextlessError(KeyringError):
    """An error that fails when it is asked for its text."""

    def __str__(self) -> str:
        raise RuntimeError


class OddError(BaseException):
    """An error of no library."""


def _escaped(letter: str) -> str:
    return f"\\x{ord(letter):02x}"


RAISES: dict[str, Callable[[str], BaseException]] = {
    "exit": lambda _: SystemExit(0),
    "interrupt": lambda _: KeyboardInterrupt(),
    "generator": lambda _: GeneratorExit(),
    "memory": lambda _: MemoryError(),
    "recursion": lambda _: RecursionError("too deep"),
    "textless": lambda _: TextlessError(),
    "odd": lambda _: OddError("no"),
    "quotes": lambda entry: KeyringError(f"cannot handle {entry}"),
    "quotes a part": lambda entry: KeyringError(f"cannot handle {entry[-60:]}"),
    "quotes in an address": lambda entry: KeyringError(f"cannot GET /put?value={quote(entry)}"),
    "quotes in escapes": lambda entry: KeyringError(f"no: {''.join(map(_escaped, entry))}"),
    "escapes": lambda _: KeyringError("a\x1b[2J\u009bb"),
    "long": lambda _: KeyringError("word " * 100_000),
}


class Odd(Upper):
    """The backend."""

    def __init__(self) -> None:
        super().__init__()
        self._reads = count(1)
        self._may_raise("make", "")

    def get_password(self, service: str, username: str) -> str | None:
        """Return the entry."""
        entry: str | None = super().get_password(service, username)
        self._may_raise("get", entry or "")
        if str(next(self._reads)) == os.environ.get("ODD_HELD_AT"):
            held = Path(os.environ[FOLDER], HELD)
            held.touch()
            while held.exists():
                time.sleep(0.01)
        return entry

    def set_password(self, service: str, username: str, password: str) -> None:
        """Replace the entry."""
        self._may_raise("set", password)
        super().set_password(service, username, password)

    def delete_password(self, service: str, username: str) -> None:
        """Delete the entry."""
        self._may_raise("delete", "")
        super().delete_password(service, username)

    def _may_raise(self, at: str, entry: str) -> None:
        if said := os.environ.get("ODD_SAYS"):
            print(said)  # noqa: T201 - that is the point
        if os.environ.get("ODD_AT") == at:
            raise RAISES[os.environ["ODD"]](entry)
