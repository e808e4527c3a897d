"""A person at a real terminal: starts a program there, answers what it asks, reads the screen."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import termios
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

import pexpect
from pexpect.fdpexpect import fdspawn

from authkit.core.model import Question
from fakes.world.prompter import END_OF_INPUT, INTERRUPT, Person, Unscripted
from scenarios.replay.story.transcript import TITLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import Any

LIMIT = 60  # seconds until nothing happening is taken for a failure
SIZE = (24, 500)  # no line wraps

_KEYS = {INTERRUPT: "\x03", END_OF_INPUT: "\x04"}
# A whole label, and not the part of one that came first: "(optional, default: " is none.
_LABEL = rf"(?:{'|'.join(map(re.escape, TITLES))})(?: \([^)\r\n]*\))?(?: \[[^\r\n]*\])?: "
_ASKING = re.compile(rf"(?:\A|\n)(?P<question>{_LABEL})\Z")


class Program(NamedTuple):
    """What is started, and where; `stdin` None: the terminal, else what is piped in."""

    command: Sequence[str]
    environ: Mapping[str, str]
    folder: Path
    stdin: str | None = None


class Sitting:
    """One program's time at a terminal.  `screen` is all that was to be seen so far."""

    def __init__(self) -> None:
        self._terminal, self._theirs = os.openpty()
        self._over = threading.Event()
        self.screen = ""
        termios.tcsetwinsize(self._theirs, SIZE)

    def play(self, program: Program, person: Person) -> int:
        """Start the program, and answer until it ends; return its exit status.

        Raises Unscripted when something is asked that is not in the person's
        script, or when nothing happens any more.
        """
        seen: Any = fdspawn(self._terminal, encoding="utf-8", codec_errors="replace", timeout=LIMIT)
        seen.delaybeforesend = None
        process = _started(program, self._theirs)
        os.close(self._theirs)  # the program's end is then the end of what can be read
        try:
            while seen.expect([_ASKING, pexpect.EOF]) == 0:
                self._read(seen.before + seen.after)
                seen.send(_typed(person, seen.match["question"]))
            self._read(seen.before)
            return process.wait(LIMIT)
        except (pexpect.TIMEOUT, subprocess.TimeoutExpired):
            self._read(seen.before)
            raise Unscripted(f"nothing has happened for {LIMIT} s") from None
        finally:
            self._end(process)

    def interrupt(self) -> None:
        """Press Ctrl-C, and wait for the program's end: it has nothing more to do here."""
        os.write(self._terminal, _KEYS[INTERRUPT].encode())
        self._over.wait(LIMIT)

    def _read(self, text: str) -> None:
        self.screen += text.replace("\r\n", "\n")

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self._over.set()
        os.close(self._terminal)


def _started(program: Program, terminal: int) -> subprocess.Popen[bytes]:
    """Start it in a session of its own, both its output streams on the terminal."""
    with _stdin(program, terminal) as stdin:
        return subprocess.Popen(  # noqa: S603 - the stories' own
            [*program.command],
            env={**program.environ},
            cwd=program.folder,
            stdin=stdin,
            stdout=terminal,
            stderr=terminal,
            start_new_session=True,
        )


@contextmanager
def _stdin(program: Program, terminal: int) -> Iterator[int]:
    """Yield what the program is to read from; what is piped in fits into a pipe."""
    if program.stdin is None:
        yield terminal
        return
    ours, theirs = os.pipe()
    os.write(theirs, program.stdin.encode())
    os.close(theirs)
    yield ours
    os.close(ours)


def _typed(person: Person, question: str) -> str:
    """Return the keys pressed.  Raises Unscripted."""
    answer = person(Question(question))
    return _KEYS.get(answer, f"{answer}\n")
