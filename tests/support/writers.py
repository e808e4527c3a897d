"""Processes that write to one keyring, alone or many at the same instants."""

from __future__ import annotations

import subprocess
from contextlib import ExitStack
from typing import TYPE_CHECKING

from tests.support.pty_tools import finished, program

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Self


class Writer:
    """One process that writes what it is told to (tests/programs/keyring_writer.py)."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - the tests' own
            program("keyring_writer"),
            env={**environ},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.pid = self._process.pid

    def __enter__(self) -> Self:
        """Wait until it has what opens the keyring."""
        self.said()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def write(self, name: str, text: str) -> None:
        """Have it write an entry; `said` returns what came of it."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{name}\t{text}\n")
        self._process.stdin.flush()

    def said(self) -> str:
        """Return "kept" or what went wrong, "" when it has died."""
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


def write_at_once(environ: Mapping[str, str], writers: int, rounds: int) -> dict[str, str]:
    """Let that many processes write an entry each, round by round, each round at once.

    Returns what was said of each entry, by its name: "kept", or what went wrong.
    """
    said: dict[str, str] = {}
    with ExitStack() as stack:
        started = [stack.enter_context(Writer(environ)) for _ in range(writers)]
        for number in range(rounds):
            names = [f"writer-{place}-{number}" for place in range(writers)]
            for name, writer in zip(names, started, strict=True):
                writer.write(name, name)
            said |= {n: writer.said() for n, writer in zip(names, started, strict=True)}
    return said


def entries_left(environ: Mapping[str, str], names: Iterable[str]) -> list[str]:
    """Return what another process reads for each of these names."""
    return finished(program("keyring_writer", *names), environ).stdout.splitlines()
