"""Many processes that write to one keyring at the same instants."""

from __future__ import annotations

import subprocess
from contextlib import ExitStack
from typing import TYPE_CHECKING

from tests.support.pty_tools import program

if TYPE_CHECKING:
    from collections.abc import Mapping


def write_at_once(environ: Mapping[str, str], writers: int, rounds: int) -> dict[str, str]:
    """Let that many processes write an entry each, round by round, each round at once.

    Returns what was said of each entry, by its name: "kept", or what went wrong.
    """
    with ExitStack() as stack:
        started = [
            stack.enter_context(
                subprocess.Popen(  # noqa: S603 - the tests' own
                    program("keyring_writer"),
                    env={**environ},
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                )
            )
            for _ in range(writers)
        ]
        for writer in started:
            _said(writer)
        said: dict[str, str] = {}
        for number in range(rounds):
            names = [f"writer-{place}-{number}" for place in range(writers)]
            for name, writer in zip(names, started, strict=True):
                assert writer.stdin is not None
                writer.stdin.write(f"{name}\n")
                writer.stdin.flush()
            said |= {n: _said(writer) for n, writer in zip(names, started, strict=True)}
    return said


def _said(writer: subprocess.Popen[str]) -> str:
    assert writer.stdout is not None
    return writer.stdout.readline().strip()
