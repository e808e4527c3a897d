"""Runs a program as a person would: on a terminal, on two, or with a pipe before it.

Every wait has a limit.  What still runs at the end of it is ended, with its process group.
"""

from __future__ import annotations

import os
import re
import signal
import time
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple, Self

import pexpect

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

LIMIT = 40.0  # seconds to wait for the next question or the end
QUIET = 5.0  # seconds without a question after which a second login is taken to be waiting
READS = 1.0  # seconds that a person looks at a question before giving up at it

_ENTER = "\r"
_CODE = "mfa (?:code|token)"
COLOUR = r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[78]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"
_ASKS_CURSOR, _CURSOR = r"\x1b\[6n", "\x1b[1;1R"  # a terminal answers where its cursor is
ECHOED_CURSOR = "^[[1;1R"  # as a terminal in its usual mode shows that answer
_FORM_BEGINS, _FORM_ENDS = r"\x1b\[\?25l", r"\x1b\[\?25h"  # the cursor is hidden, and shown
_AT_FIELD = "┃"  # a form shows every field at once, and this beside the one being typed


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
        self._field = rf"(?i){_AT_FIELD}[^\r\n]*?({questions})"
        self._screen, self._asked = "", list[str]()
        self._fields: set[str] | None = None  # those of the present form that were answered
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
        while True:
            question = self._question if self._fields is None else self._field
            patterns = [question, _ASKS_CURSOR, _FORM_BEGINS, _FORM_ENDS, pexpect.EOF]
            found = self._child.expect([*patterns, pexpect.TIMEOUT], timeout=limit)
            if found == len(patterns):
                return False
            self._screen += self._child.before
            if patterns[found] is pexpect.EOF:
                return False
            self._screen += self._child.after
            if re.search(_ASKS_CURSOR, self._child.after):
                self._child.send(_CURSOR)
            if found == 0 and self._is_new(self._child.match[1].lower()):
                return True
            if found > 1:
                self._fields = set() if patterns[found] == _FORM_BEGINS else None

    def _is_new(self, question: str) -> bool:
        """Note a question; return False where a form has only painted it again."""
        if self._fields is not None:
            if question in self._fields:
                return False
            self._fields.add(question)
        self._asked.append(question)
        return True

    def answer(self) -> None:
        """Type the answer to the question that was asked last."""
        answer = self._person.answer(self._asked[-1])
        if answer is None:
            time.sleep(READS)  # a program that has just asked may not be reading yet
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
