"""One program at a pseudo-terminal, with a scripted person who answers its questions."""

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
from scenarios.replay.stages.forked import Forked
from scenarios.replay.story.transcript import TITLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import Any

LIMIT = 180  # seconds without output or an end, after which the program is ended
SIZE = (24, 500)  # wide enough that no line wraps
# What `nohup`, a shell's `&` and Python make a process ignore, and its children with it.
_IGNORED_AROUND = (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP, signal.SIGPIPE)

_KEYS = {INTERRUPT: "\x03", END_OF_INPUT: "\x04"}
# The output arrives in parts: "MFA ARN (optional, default: " must not be taken for a whole label.
_LABEL = rf"(?:{'|'.join(map(re.escape, TITLES))})(?: \([^)\r\n]*\))?(?: \[[^\r\n]*\])?: "
_ASKING = re.compile(rf"(?:\A|\n)(?P<question>{_LABEL})\Z")


class Program(NamedTuple):
    """A command line, its environment and working directory.

    `stdin` is the text to pipe into it, None when it reads the terminal.  `launched` are the
    arguments of ``fakes.world.launcher`` for a program that may be forked, in place of
    `command`; None for one that may not.
    """

    command: Sequence[str]
    environ: Mapping[str, str]
    folder: Path
    stdin: str | None = None
    launched: Sequence[str] | None = None


class PtySession:
    """A pseudo-terminal for one run of one program.

    `screen` is the output so far, and `process` the program's process id, 0 until it is started.
    """

    def __init__(self) -> None:
        self._terminal, self._theirs = os.openpty()
        self._over = threading.Event()
        self.screen = ""
        self.process = 0
        termios.tcsetwinsize(self._theirs, SIZE)

    def play(self, program: Program, person: Person) -> int:
        """Start the program, answer its questions until it ends; return its exit status.

        Raises Unscripted when the person has no answer to a question, and when
        nothing happens for `LIMIT` seconds.
        """
        seen: Any = fdspawn(self._terminal, encoding="utf-8", codec_errors="replace", timeout=LIMIT)
        seen.delaybeforesend = None
        process = _started(program, self._theirs)
        self.process = process.pid
        os.close(self._theirs)  # reading then ends when the program ends
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
        """Press Ctrl-C, and wait until the program has ended."""
        os.write(self._terminal, _KEYS[INTERRUPT].encode())
        self._over.wait(LIMIT)

    def _read(self, text: str) -> None:
        self.screen += text.replace("\r\n", "\n")

    def _end(self, process: subprocess.Popen[bytes] | Forked) -> None:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self._over.set()
        os.close(self._terminal)


def _started(program: Program, terminal: int) -> subprocess.Popen[bytes] | Forked:
    """Start the program in a session of its own, with both output streams on the terminal."""
    with _stdin(program, terminal) as stdin:
        if program.launched is not None:
            streams = (stdin, terminal, terminal)
            return Forked(program.launched, program.environ, program.folder, streams)
        return subprocess.Popen(  # noqa: S603 - the stories' own
            [*program.command],
            env={**program.environ},
            cwd=program.folder,
            stdin=stdin,
            stdout=terminal,
            stderr=terminal,
            start_new_session=True,
            preexec_fn=default_signals,  # noqa: PLW1509 - it takes no lock of another thread
        )


def default_signals() -> None:
    """Let the signals of a terminal end this process, as they do in one that a shell starts.

    A new process calls it before it becomes the program.  A disposition to ignore is
    inherited: without this call Ctrl-C would do nothing where the tests themselves
    run in the background.
    """
    for signum in _IGNORED_AROUND:
        signal.signal(signum, signal.SIG_DFL)


@contextmanager
def _stdin(program: Program, terminal: int) -> Iterator[int]:
    """Yield the descriptor of the program's standard input: the terminal, or a filled pipe."""
    if program.stdin is None:
        yield terminal
        return
    ours, theirs = os.pipe()
    os.write(theirs, program.stdin.encode())  # a story's text fits into a pipe
    os.close(theirs)
    yield ours
    os.close(ours)


def _typed(person: Person, question: str) -> str:
    """Return the keys that the person presses.  Raises Unscripted."""
    answer = person(Question(question))
    return _KEYS.get(answer, f"{answer}\n")
