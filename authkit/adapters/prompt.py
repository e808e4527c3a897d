"""Reads one line at the controlling terminal, with or without echo.

The terminal stays in line mode, so that it handles erasing, ^C, ^D and ^Z
itself; only its echo is switched.  While a question stands, signals interrupt
nothing: they arrive through a pipe and are read like the typed line.  So
`Answers.line` has one exit, and restores the terminal there.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import select
import signal
import sys
import termios

from authkit.adapters import asking, standard_input
from authkit.core.failures import Cancelled, NobodyToAsk
from authkit.core.model import MASK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Self

_ENDING = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT}
_HEARD = (*_ENDING, signal.SIGTSTP, signal.SIGCONT)
_LONGEST = 4096  # bytes: the longest line of a terminal in line mode
_IN, _LOCAL = 0, 3  # where termios keeps the input flags and the local flags
_PASTE = 0.02  # seconds in which the rest of a pasted line end comes; no person is so quick
_INT = 4  # bytes of C's int
_MODE, _LABEL, _TYPING = range(3)  # the stages of a question; after a signal it starts anew


class Answers:
    """The answers of one run.

    A block that was pasted with CRLF line ends comes as lines with an empty one after
    each (B-K06).  It is known by the line after the first answer, which is empty and
    there already; any other empty line is an answer.
    """

    def __init__(self) -> None:
        self._given = 0
        self._crlf = False  # lines are pasted with these ends
        self._half_read = False  # the other half of the last answer's line end may be there

    def line(self, label: bytes, *, above: bytes = b"", unseen: bool = False) -> bytes:
        """Write `above` and `label` (this one again after every stop).

        Return the bytes typed, with the newline.  Raises Cancelled: ^C, ^D on an empty
        line, or the terminal has gone; NobodyToAsk.
        """
        tty = _controlling_terminal()
        try:
            before = termios.tcgetattr(tty)
            with _Signals() as signals:
                try:
                    os.write(tty, above)
                    return self._converse(tty, signals, label, before, unseen=unseen)
                finally:
                    _put_back(tty, before)
        except (OSError, termios.error):
            raise Cancelled from None  # the terminal has gone
        finally:
            os.close(tty)

    def _converse(
        self, tty: int, signals: _Signals, label: bytes, before: list[Any], *, unseen: bool
    ) -> bytes:
        mode = _asking_mode(before, unseen=unseen)
        stage = _MODE
        while True:
            wait = None if stage == _TYPING else 0
            ready = _ready([signals.pipe, tty], wait)
            if signals.pipe in ready:
                _act_on(signals, tty, before)
                stage = _MODE
            elif stage == _MODE:
                _set_mode(tty, mode)  # in the background, the process stops here until `fg`
                stage = _LABEL
            elif stage == _LABEL:
                os.write(tty, label)
                typed, stage = b"", _TYPING
                waiting = tty in ready
                echoed = mode[_LOCAL] & termios.ECHO and not waiting  # else above the label
            else:
                part = os.read(tty, _LONGEST)  # one line at most
                if waiting and self._half_read and part == b"\n":
                    self._crlf, self._half_read = True, False
                    continue
                typed += part
                if not part or part.endswith(b"\n"):  # ^D on an empty line, or Enter
                    self._drop_line_end(tty)
                    _end_line(tty, typed, unseen=unseen, echoed=bool(echoed))
                    return typed

    def _drop_line_end(self, tty: int) -> None:
        """Drop an empty line after the first answer, or a pasted one, that is all there is.

        What else is there may be for another program: the next question looks at it.
        """
        self._given += 1
        self._half_read = self._crlf or self._given == 1
        if self._half_read and _ready([tty], _PASTE):
            size = fcntl.ioctl(tty, termios.FIONREAD, bytes(_INT))
            if int.from_bytes(size, sys.byteorder) == 1:  # in line mode: a newline
                os.read(tty, 1)
                self._crlf, self._half_read = True, False


def _controlling_terminal() -> int:
    """Open the terminal to ask at.  Raises NobodyToAsk."""
    given = standard_input.descriptor()
    try:
        tty = os.open(asking.TERMINAL, os.O_RDWR | os.O_NOCTTY)
    except OSError:
        return os.dup(given)  # there is none: use the terminal that is stdin
    if not (os.isatty(given) or asking.in_foreground(tty)):
        os.close(tty)
        raise NobodyToAsk("question-unasked", why=asking.BACKGROUND)
    return tty


def _ready(sources: list[int], wait: float | None) -> list[int]:
    """Return the sources that can be read, after `wait` seconds at most; None waits for ever."""
    poll = select.poll()  # select() is limited to descriptors under 1,024
    for source in sources:
        poll.register(source, select.POLLIN)
    return [source for source, _ in poll.poll(None if wait is None else wait * 1000)]


def _act_on(signals: _Signals, tty: int, before: list[Any]) -> None:
    noted = signals.noted()
    if noted & _ENDING:
        os.write(tty, b"\n")
        key = "^C" if signal.SIGINT in noted else ""
        noted.discard(signal.SIGINT)  # Cancelled reports it; the others are sent again
        raise Cancelled(key)
    if signal.SIGTSTP in noted:  # pragma: no cover - killed, often, before it can tell
        _put_back(tty, before)
        signals.stop()
    noted.clear()


def _end_line(tty: int, typed: bytes, *, unseen: bool, echoed: bool) -> None:
    """Write the mask and the newline that were not echoed.  Raises Cancelled for ^D."""
    if unseen and typed.rstrip(b"\n"):
        os.write(tty, MASK.encode())
    if not (echoed and typed.endswith(b"\n")):
        os.write(tty, b"\n")
    if not typed:
        raise Cancelled("^D")


def _asking_mode(before: list[Any], *, unseen: bool) -> list[Any]:
    """Return the mode for asking: line mode, even if a crashed program left another."""
    mode = [*before]
    mode[_IN] |= termios.ICRNL
    mode[_LOCAL] |= termios.ICANON | termios.ISIG
    if unseen:
        mode[_LOCAL] &= ~(termios.ECHO | termios.ECHONL)
    return mode


def _set_mode(tty: int, mode: list[Any]) -> None:
    """Set the mode, and keep typed-ahead input."""
    try:
        termios.tcsetattr(tty, termios.TCSANOW, mode)
    except termios.error as error:  # pragma: no cover - the process is killed before it can tell
        if error.args[0] != errno.EINTR:  # after a signal was handled, the mode is set again
            raise


def _put_back(tty: int, before: list[Any]) -> None:
    """Restore the terminal, unless another process group has it now."""
    with contextlib.suppress(
        OSError
    ):  # it is not a controlling terminal: no other group can have it
        if os.tcgetpgrp(tty) != os.getpgrp():
            return  # pragma: no cover - the process is killed before it can tell
    _set_mode(tty, before)


class _Signals:
    """Notes signals while a question stands, and sends the ending ones again afterwards."""

    def __enter__(self) -> Self:
        self.pipe, self._write = os.pipe()
        os.set_blocking(self.pipe, False)
        os.set_blocking(self._write, False)
        self._noted: set[int] = set()
        self._fd = signal.set_wakeup_fd(self._write)
        handlers = {signum: signal.getsignal(signum) for signum in _HEARD}
        # Signals that were ignored at the start (nohup) stay ignored.
        self._handlers = {s: h for s, h in handlers.items() if h not in (signal.SIG_IGN, None)}
        for signum in self._handlers:
            signal.signal(signum, _to_the_pipe)
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        for signum, handler in self._handlers.items():
            signal.signal(signum, handler)
        signal.set_wakeup_fd(self._fd)
        noted = self.noted() & _ENDING
        os.close(self.pipe)
        os.close(self._write)
        for ending in noted:
            os.kill(os.getpid(), ending)  # pragma: no cover - it dies of this

    def noted(self) -> set[int]:
        """Return the set of signals that came in; the caller removes those it has handled."""
        with contextlib.suppress(BlockingIOError):
            self._noted.update(os.read(self.pipe, _LONGEST))
        return self._noted

    def stop(self) -> None:  # pragma: no cover - the same
        """Stop this process as ^Z does; return when it is continued."""
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGTSTP)
        signal.signal(signal.SIGTSTP, _to_the_pipe)


def _to_the_pipe(_signum: int, _frame: object) -> None:
    """Do nothing: with a handler, Python writes the number of the signal to the pipe."""
