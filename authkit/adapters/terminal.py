"""The terminal: the ports Screen and Prompter over real streams.

It decides where blank lines stand (`gap`) and what a stream can show: marks,
colour, encoding.  This module is on the cached path; ``adapters.prompt``, which
reads a typed line, is imported when somebody is asked.
"""

from __future__ import annotations

import os
import sys

from authkit.core.failures import Failure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TextIO

    from authkit.adapters.prompt import Answers
    from authkit.core.model import Question

# What stands on a screen, for `gap`.  A CLOSE line belongs to what is above it.
PARAGRAPH, QUESTION, DATA, FOREIGN = "paragraph", "question", "data", "foreign"
CLOSE = ""

_ENOUGH = 10_000  # columns of a terminal that does not know them
_COLOURS = {"✓": 32, "✗": 31, "⚠": 33}  # ANSI colours of the marks
_PLAIN = {"✓": "[ok]", "✗": "[x]", "⚠": "[!]", "…": "..."}  # for streams that cannot encode them
_PASTED = ("\x1b[200~", "\x1b[201~")  # brackets around a paste, if a shell left them on
_TERMINAL = "the terminal"  # one screen, whichever stream it is reached by


def gap(previous: str, following: str) -> bool:
    """Tell whether a blank line stands between two things; "" is before the first."""
    return bool(previous) and following != CLOSE and (previous, following) != (QUESTION, QUESTION)


def showable(text: str, encoding: str, *, colour: bool) -> str:
    """Return `text` for a stream of this encoding, with the marks at line starts in colour."""
    if colour:
        text = "\n".join(_coloured(line) for line in text.split("\n"))
    try:
        "".join(_PLAIN).encode(encoding)
    except UnicodeEncodeError:
        for sign, plain in _PLAIN.items():
            text = text.replace(sign, plain)
    return text.encode(encoding, "backslashreplace").decode(encoding)


def _coloured(line: str) -> str:
    mark = line[:1]
    return f"\x1b[{_COLOURS[mark]}m{mark}\x1b[0m{line[1:]}" if mark in _COLOURS else line


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and not stream.closed and stream.isatty()


def _columns(stream: TextIO) -> int:
    """Return the columns of a terminal; one that does not know them has enough."""
    try:
        return os.get_terminal_size(stream.fileno()).columns or _ENOUGH
    except OSError:
        return _ENOUGH


def _longest(text: str) -> int:
    """Return the length of the longest line: one with a long path may be over 80."""
    return max(map(len, text.split("\n")))


def _screen(stream: TextIO) -> object:
    """Return the screen of a stream: two streams to one terminal or file share one."""
    if stream.isatty():
        return _TERMINAL
    try:
        status = os.fstat(stream.fileno())
    except OSError:  # it has no descriptor
        return id(stream)
    return status.st_dev, status.st_ino


class Terminal:
    """The ports Screen and Prompter.  A stream that was closed at the start is None."""

    def __init__(
        self, stdout: TextIO | None, stderr: TextIO | None, environ: Mapping[str, str]
    ) -> None:
        self._stdout = stdout
        self._stderr = stderr
        self._colour = not environ.get("NO_COLOR") and environ.get("TERM") != "dumb"
        self._before: dict[object, str] = {}  # screen -> what was written there last
        self._elsewhere: list[tuple[str, str]] = []  # said where the person does not see it
        self._answers: Answers | None = None
        self._empty = ""  # what was there before: nothing, or another program's text

    def say(self, text: str, *, close: bool = False) -> None:
        """Write to stderr, for the person.  An stderr that cannot be written is ignored."""
        thing = CLOSE if close else PARAGRAPH
        if not _is_terminal(self._stderr):
            self._elsewhere.append((thing, text))
        try:
            self._write(self._stderr, thing, text)
        except OSError:
            self._stderr = None

    def put(self, text: str) -> None:
        """Write data to stdout.  Raises Failure; BrokenPipeError when its reader has gone."""
        if self._stdout is None or self._stdout.closed:
            raise Failure("stdout-trouble", reason="it is closed")
        try:
            self._write(self._stdout, DATA, text)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise Failure("stdout-trouble", reason=error.strerror or error) from None

    def foreign(self) -> None:
        """Note that another program has written on the screens."""
        self._before.clear()
        self._empty = FOREIGN

    def ask(self, question: Question) -> str:
        """Return the line typed, without its end; what is not UTF-8 in it is U+FFFD.

        What was said since the last question and went elsewhere (``2>log``) is shown
        above it.  Raises Cancelled; NobodyToAsk when the terminal has become another
        job's.  TERM, HUP and QUIT end the process as they do without a question.
        """
        if sys.platform == "win32":
            return _ask_on_windows(question)
        from authkit.adapters.prompt import Answers

        encoding = (self._stderr and self._stderr.encoding) or "utf-8"
        above = "".join(
            f"{self._blank(_TERMINAL, thing)}{showable(text, encoding, colour=self._colour)}\n"
            for thing, text in self._elsewhere
        )
        self._elsewhere.clear()
        above += self._blank(_TERMINAL, QUESTION)
        label = showable(question.text, encoding, colour=False)
        self._answers = self._answers or Answers()
        line = self._answers.line(
            label.encode(encoding), above=above.encode(encoding), unseen=question.secret
        ).decode("utf-8", "replace")
        for bracket in _PASTED:
            line = line.replace(bracket, "")
        return line.rstrip("\r\n")

    def _write(self, stream: TextIO | None, thing: str, text: str) -> None:
        if stream is None or stream.closed:
            return
        blank = self._blank(_screen(stream), thing)
        terminal = stream.isatty()
        colour = self._colour and terminal
        of_rows = thing == DATA and text[:1] in _COLOURS  # of doctor and whoami, not of env
        breaks = terminal and (of_rows or thing != DATA)
        if breaks and _longest(text) > (columns := _columns(stream)):
            from authkit.adapters.narrow import narrowed

            text = narrowed(text, columns, of_rows=of_rows)
        text = showable(text, stream.encoding or "utf-8", colour=colour)
        stream.write(f"{blank}{text}\n")
        stream.flush()  # what follows may be written by another way

    def _blank(self, screen: object, thing: str) -> str:
        """Return the blank line that comes before this thing, "" for none."""
        before = self._before.get(screen, self._empty)
        self._before[screen] = thing or before
        return "\n" if gap(before, thing) else ""


def _ask_on_windows(question: Question) -> str:  # pragma: no cover - no such machine to try it on
    """Ask without termios and without job control.  Written from the manual: not tried."""
    import getpass

    from authkit.core.failures import Cancelled

    try:
        if question.secret:
            return getpass.getpass(question.text)
        sys.stderr.write(question.text)
        sys.stderr.flush()
        return input()
    except (EOFError, KeyboardInterrupt) as error:
        raise Cancelled("^D" if isinstance(error, EOFError) else "^C") from None
