"""Kills a writer of the encrypted keyring file at each of its system calls.

``python -m tests.terminal.keyring_crashes`` tries every call and prints one line for
each; `test_keyring_crashes` tries a sample.  It needs strace, and Linux.  A writer is
a forked child that has the key already and waits until strace is attached; then it
replaces one entry.  The first writer is only watched, which gives the list of calls.
strace kills each further one when it enters one of them.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import re
import subprocess
import sys
import tempfile
import warnings
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, NoReturn
from unittest.mock import patch

from authkit.adapters import sealed
from authkit.adapters.encrypted_file import EncryptedFileKeyring
from authkit.adapters.passphrase import Passphrases
from tests.support.stage import Paper

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

OLD, NEW = "the old entry", "the new entry"
ENTRY = ("authkit", "dev-admin")
OTHER = ("authkit", "another")
WAITS, ENDS = "readv", "exit_group"  # what a writer calls before and after its write
_ANYBODY_MAY_TRACE = (0x59616D61, ctypes.c_ulong(-1))  # prctl(PR_SET_PTRACER, ANY)


class Call(NamedTuple):
    """One system call of a write: its name, and the how many-th of that name it is."""

    name: str
    number: int


class NotAllowedError(Exception):
    """strace cannot attach here."""


def keyring(path: Path) -> EncryptedFileKeyring:
    """Return the backend over a file, with the passphrase from a setting."""
    environ = {"AUTHKIT_KEYRING_PASSPHRASE": "a passphrase"}
    return EncryptedFileKeyring(str(path), Passphrases(str(path), environ, Paper(), lambda: None))


class Trial:
    """Writers of one file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._keyring = keyring(path)
        self._keyring.set_password(*OTHER, "untouched")

    def calls(self) -> list[Call]:
        """Return the calls of a write, in order.  Raises NotAllowedError."""
        names, killed = self._write("trace=all")
        assert not killed
        assert self._entry() == NEW
        return [Call(name, names[: place + 1].count(name)) for place, name in enumerate(names)]

    def left_by(self, call: Call) -> str | None:
        """Return the entry that a writer leaves which is killed as it enters this call."""
        _, killed = self._write(f"inject={call.name}:signal=KILL:when={call.number}")
        assert killed, f"no such call: {call}"
        return self._entry()

    def _write(self, expression: str) -> tuple[list[str], bool]:
        """Let a traced writer run; return its calls, and whether it was killed."""
        self._keyring.set_password(*ENTRY, OLD)
        return traced_child(self._replace, expression)

    def _replace(self) -> NoReturn:
        self._keyring.set_password(*ENTRY, NEW)
        os._exit(0)

    def _entry(self) -> str | None:
        """Return the entry as another process finds it, whom nothing that is left may hinder."""
        other = keyring(self._path)
        assert other.get_password(*OTHER) == "untouched"
        entry = other.get_password(*ENTRY)
        other.set_password(*OTHER, "untouched")
        return entry


def traced_child(act: Callable[[], NoReturn], expression: str) -> tuple[list[str], bool]:
    """Let a forked child act, traced; return its calls, and whether it was killed.

    Raises NotAllowedError.
    """
    ready, go = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Python 3.12 on: of threads; the child uses none
        writer = os.fork()
    if not writer:  # pragma: no cover - it has no time to tell
        ctypes.CDLL(None).prctl(*_ANYBODY_MAY_TRACE)
        os.readv(ready, [bytearray(1)])  # a call that a write does not make
        act()
    try:
        names = _traced(writer, expression, go)
    finally:
        os.close(ready)
        os.close(go)
        _, status = os.waitpid(writer, 0)
    return names, os.WIFSIGNALED(status)


def _traced(writer: int, expression: str, go: int) -> list[str]:
    """Attach strace to the writer and let it go; return the names of its calls."""
    command = ["strace", "-p", str(writer), "-e", expression]
    with subprocess.Popen(  # noqa: S603
        command, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as strace:
        assert strace.stderr is not None
        lines = []
        for line in strace.stderr:
            lines.append(line)
            if line.endswith(" attached\n"):
                os.write(go, b"!")
    if strace.returncode == 1:
        os.write(go, b"!")
        raise NotAllowedError("".join(lines).strip())
    found = (re.match(r"(\w+)\(", line) for line in lines)
    names = [match[1] for match in found if match and match[1] != ENDS]
    # What is before the wait is the fork's, if strace was quick enough to see it.
    return names[names.index(WAITS) + 1 :] if WAITS in names else names


@contextmanager
def trial(path: Path) -> Iterator[Trial]:
    """Make a trial in which deriving a key costs next to nothing: that is not what is tried."""
    with patch.object(sealed, "COST", 16):
        yield Trial(path)


def main() -> int:
    """Try every point; return 1 if one of them lost something."""
    name = "python -m tests.terminal.keyring_crashes"
    argparse.ArgumentParser(prog=name, description=__doc__).parse_args()
    lost = 0
    with tempfile.TemporaryDirectory() as folder, trial(Path(folder) / "state/keyring") as writers:
        calls = writers.calls()
        for place, call in enumerate(calls, 1):
            entry = writers.left_by(call)
            lost += entry not in {OLD, NEW}
            print(f"{place:3} {call.name:12} {entry}")  # noqa: T201 - it is a command
    print(f"{len(calls)} points, {lost} lost")  # noqa: T201 - the same
    return bool(lost)


if __name__ == "__main__":
    sys.exit(main())
