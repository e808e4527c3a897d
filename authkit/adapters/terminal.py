"""The screen and the person in front of it: the ports Screen and Prompter on real streams.

What stands apart from what (`gap`), and what a stream can show: marks, colour,
encoding.  How a line is typed is ``prompt.py``, imported when somebody is
asked: this module is on the cached path.
"""

from __future__ import annotations

import os
import sys

from authkit.core.failures import Failure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TextIO

    from authkit.core.model import Question

# What there is on a screen, for `gap`.  A line close to what it speaks of is a part of that.
PARAGRAPH, QUESTION, DATA, FOREIGN = "paragraph", "question", "data", "foreign"
CLOSE = ""

_COLOURS = {"✓": 32, "✗": 31, "⚠": 33}  # ANSI's, of the marks
_PLAIN = {"✓": "[ok]", "✗": "[x]", "⚠": "[!]", "…": "..."}  # where the stream lacks them
_PASTED = ("\x1b[200~", "\x1b[201~")  # a terminal's brackets around a paste, left on by a shell
_TERMINAL = "the terminal"  # one screen, whichever stream leads to it


def gap(previous: str, following: str) -> bool:
    """Tell whether a blank line stands between two things; nothing ("") is before the first."""
    return bool(previous) and following != CLOSE and (previous, following) != (QUESTION, QUESTION)


def interactive(environ: Mapping[str, str], *, no_input: bool) -> bool:
    """Tell whether a person can be asked: standard input is a terminal, and nothing forbids it."""
    return not no_input and not environ.get("CI") and os.isatty(0)


def showable(text: str, encoding: str, *, colour: bool) -> str:
    """Return `text` without what the encoding lacks; marks that begin a line may be coloured."""
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


def _screen(stream: TextIO) -> object:
    """Return what the stream ends in: two streams on one terminal or in one file share a screen."""
    if stream.isatty():
        return _TERMINAL
    try:
        status = os.fstat(stream.fileno())
    except OSError:  # it is no file
        return id(stream)
    return status.st_dev, status.st_ino


class Terminal:
    """Screen and Prompter.  A stream is None when it was closed before authkit started."""

    def __init__(
        self, stdout: TextIO | None, stderr: TextIO | None, environ: Mapping[str, str]
    ) -> None:
        self._stdout = stdout
        self._stderr = stderr
        self._colour = not environ.get("NO_COLOR") and environ.get("TERM") != "dumb"
        self._before: dict[object, str] = {}  # screen -> what was written there last
        self._empty = ""  # what stands before the first thing: nothing, or what somebody else wrote

    def say(self, text: str, *, close: bool = False) -> None:
        """Write for the person, on stderr.  A stderr that cannot be written to is nobody's loss."""
        try:
            self._write(self._stderr, CLOSE if close else PARAGRAPH, text)
        except OSError:
            self._stderr = None

    def put(self, text: str) -> None:
        """Write data, on stdout.  Raises Failure; BrokenPipeError when its reader has left."""
        if self._stdout is None or self._stdout.closed:
            raise Failure("stdout-trouble", reason="it is closed")
        try:
            self._write(self._stdout, DATA, text)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise Failure("stdout-trouble", reason=error.strerror or error) from None

    def foreign(self) -> None:
        """Note that somebody else has written, on whatever screen."""
        self._before.clear()
        self._empty = FOREIGN

    def ask(self, question: Question) -> str:
        """Return the line typed, without its end; what is not UTF-8 in it is U+FFFD.

        Raises Cancelled.  A process that is sent TERM, HUP or QUIT meanwhile
        dies of it, as without a question.
        """
        encoding = (self._stderr and self._stderr.encoding) or "utf-8"
        label = showable(question.text, encoding, colour=False).encode(encoding)
        blank = b"\n" if self._apart(_TERMINAL, QUESTION) else b""
        if sys.platform == "win32":
            return _ask_on_windows(question)
        from authkit.adapters.prompt import read_line

        line = read_line(label, blank=blank, unseen=question.secret).decode("utf-8", "replace")
        for bracket in _PASTED:
            line = line.replace(bracket, "")
        return line.rstrip("\r\n")

    def _write(self, stream: TextIO | None, thing: str, text: str) -> None:
        if stream is None or stream.closed:
            return
        blank = "\n" if self._apart(_screen(stream), thing) else ""
        colour = self._colour and stream.isatty()
        text = showable(text, stream.encoding or "utf-8", colour=colour)
        stream.write(f"{blank}{text}\n")
        stream.flush()  # at once: the next thing may come by another way

    def _apart(self, screen: object, thing: str) -> bool:
        before = self._before.get(screen, self._empty)
        self._before[screen] = thing or before
        return gap(before, thing)


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
    except (EOFError, KeyboardInterrupt):
        raise Cancelled from None
