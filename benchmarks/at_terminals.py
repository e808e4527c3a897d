"""Runs a program as a person would: on a terminal, on two, in a pipe, or without a terminal.

Every wait has a limit.  What still runs at the end of it is ended, with its process group.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple, Self

import pexpect

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

LIMIT = 40.0  # seconds to wait for the next question or the end
QUIET = 5.0  # seconds without a question after which a second login is taken to be waiting
ENDS_WITHIN = 3.0  # seconds that a command has to end once the tool that ran it has ended

_ENTER = "\r"
_CODE = "mfa (?:code|token)"
COLOUR = r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[78]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"
_ASKS_CURSOR, _CURSOR = r"\x1b\[6n", "\x1b[1;1R"  # a terminal answers where its cursor is
ECHOED_CURSOR = "^[[1;1R"  # as a terminal in its usual mode shows that answer
READY = "READY"  # what a command prints, with its process id, once it runs


class Ran(NamedTuple):
    """What a program did.

    `exit` is None when a signal killed it (`killed_by`) or when it was still running at
    the limit (`hung`).  `asked` are its questions in lower case, `screen` is its output.
    `orphan` says whether the command that it ran was still running after it.  `first` is
    how the same program ended on another terminal, if it ran on two.
    """

    exit: int | None
    asked: Sequence[str]
    screen: str
    killed_by: int | None = None
    hung: bool = False
    orphan: bool = False
    first: str = ""

    @property
    def ending(self) -> str:
        """How it ended, in a word or two."""
        if self.hung:
            return f"runs after {LIMIT:g} s"
        return str(self.exit) if self.killed_by is None else f"signal {self.killed_by}"


class Person(NamedTuple):
    """What a person types: `answers` by question, in lower case, and the codes in order.

    At a question that nothing is left for, the person presses Ctrl-C.
    """

    answers: Mapping[str, str]
    codes: list[str]

    def answer(self, question: str) -> str | None:
        """Return what the person types; None for Ctrl-C."""
        if question in self.answers:
            return self.answers[question]
        return self.codes.pop(0) if self.codes else None


class Terminal:
    """A program on a terminal of its own.  A context manager, which ends what still runs."""

    def __init__(
        self, command: Sequence[str], environ: Mapping[str, str], folder: Path, person: Person
    ) -> None:
        """Start the program in `folder`."""
        self._person = person
        questions = "|".join([_CODE, *map(re.escape, person.answers)])
        self._question = rf"(?i)({questions})(?:[^\r\n]*:)? *(?:{COLOUR}| )*$"
        self._screen, self._asked = "", list[str]()
        self._child = pexpect.spawn(
            command[0],
            [*command[1:]],
            env={**environ},
            cwd=folder,
            encoding="utf-8",
            codec_errors="replace",
            timeout=LIMIT,
            dimensions=(24, 500),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._child.pid, signal.SIGKILL)
        self._child.close(force=True)

    def asks(self, limit: float | None = None) -> bool:
        """Wait for a question; return False when the program ends or the limit is reached.

        The limit is `LIMIT` by default.
        """
        limit = LIMIT if limit is None else limit
        patterns = [self._question, _ASKS_CURSOR, pexpect.EOF, pexpect.TIMEOUT]
        while (found := self._child.expect(patterns, timeout=limit)) == 1:
            self._screen += self._child.before
            self._child.send(_CURSOR)
        if found == 0:
            self._screen += self._child.before + self._child.after
            if re.search(_ASKS_CURSOR, self._child.after):
                self._child.send(_CURSOR)
            self._asked.append(self._child.match[1].lower())
        elif patterns[found] is pexpect.EOF:
            self._screen += self._child.before
        return bool(found == 0)

    def answer(self) -> None:
        """Type the answer to the question that was asked last."""
        answer = self._person.answer(self._asked[-1])
        if answer is None:
            self._child.sendintr()
        else:
            self._child.send(answer + _ENTER)

    def finish(self, *, asked: bool = False) -> Ran:
        """Answer every question until the program ends or the limit is reached.

        `asked` says that a question was found already.
        """
        while asked or self.asks():
            self.answer()
            asked = False
        hung = not self._child.flag_eof
        if hung:
            self._screen += self._child.before or ""
            self.__exit__()
        else:
            self._child.close()
        status, killed_by = self._child.exitstatus, self._child.signalstatus
        if hung:
            status = killed_by = None
        return Ran(status, self._asked, self._screen, killed_by, hung)


def on_terminal(
    command: Sequence[str], environ: Mapping[str, str], folder: Path, person: Person
) -> Ran:
    """Run a program on a terminal, and answer its questions."""
    with Terminal(command, environ, folder, person) as terminal:
        return terminal.finish()


def on_two_terminals(
    command: Sequence[str], environ: Mapping[str, str], folder: Path, person: Person
) -> Ran:
    """Start a program on one terminal; when it asks, start it on another; answer the first first.

    Return the run on the second one, with the questions of both.
    """
    with Terminal(command, environ, folder, person) as first:
        first_asks = first.asks()
        with Terminal(command, environ, folder, person) as second:
            second_asks = second.asks(QUIET)
            one = first.finish(asked=first_asks)
            two = second.finish(asked=second_asks)
    return two._replace(asked=[*one.asked, *two.asked], first=one.ending)


def in_pipe(
    command: Sequence[str], environ: Mapping[str, str], folder: Path, person: Person
) -> Ran:
    """Run a program on a terminal, with a pipe as its standard input that holds ``the data``."""
    line = ["sh", "-c", 'echo the data | "$@"', "sh", *command]
    return on_terminal(line, environ, folder, person)


def without_terminal(
    command: Sequence[str], environ: Mapping[str, str], folder: Path, person: Person
) -> Ran:
    """Run a program without a terminal, with an empty standard input."""
    del person  # nobody is there
    return _alone(command, environ, folder, None)


def terminated(
    command: Sequence[str], environ: Mapping[str, str], folder: Path, person: Person
) -> Ran:
    """Send SIGTERM to a program once the command that it runs has printed `READY`."""
    del person
    return _alone(command, environ, folder, signal.SIGTERM)


def _alone(
    command: Sequence[str], environ: Mapping[str, str], folder: Path, sent: int | None
) -> Ran:
    log = folder / "output"
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - a tool that is compared
            command,
            env={**environ},
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    ran_by_it = 0
    try:
        if sent is not None:
            ran_by_it = _ready(log, process)
            process.send_signal(sent)
        status: int | None = process.wait(LIMIT)
    except subprocess.TimeoutExpired:
        status = None
    orphan = ran_by_it != 0 and not gone(ran_by_it)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    screen = log.read_text(encoding="utf-8", errors="replace")
    if status is not None and status < 0:
        return Ran(None, [], screen, -status, orphan=orphan)
    return Ran(status, [], screen, hung=status is None, orphan=orphan)


def _ready(log: Path, process: subprocess.Popen[bytes]) -> int:
    """Wait until the command is ready; return its process id, or 0 when the tool has ended."""
    for _ in range(int(LIMIT / 0.05)):
        said = re.search(rf"{READY} (\d+)", log.read_text(encoding="utf-8", errors="replace"))
        if said:
            return int(said[1])
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.05)
            return 0
    return 0


def gone(pid: int) -> bool:
    """Wait a moment for a process to end; return whether it did.  A zombie has ended."""
    for _ in range(int(ENDS_WITHIN / 0.1)):
        state = subprocess.run(  # noqa: S603 - a number
            ["ps", "-o", "stat=", "-p", str(pid)],  # noqa: S607 - of the system
            capture_output=True,
            text=True,
            check=False,
        ).stdout.strip()
        if state.startswith("Z") or not state:
            return True
        time.sleep(0.1)
    return False
