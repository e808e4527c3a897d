"""One line from the person at the controlling terminal, seen or unseen while it is typed.

The terminal stays in its line mode (erasing, ^C, ^D and ^Z are its own
business); only its echo is switched.  While a question stands, no signal
interrupts anything: signals come in by a pipe and are read like the typed line.
So there is one way out of here, and the terminal is put back on it.
"""

from __future__ import annotations

import contextlib
import errno
import os
import select
import signal
import termios

from authkit.core.failures import Cancelled
from authkit.core.model import MASK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Self

_ENDING = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT}
_HEARD = (*_ENDING, signal.SIGTSTP, signal.SIGCONT)
_LONGEST = 4096  # bytes: no terminal's line is longer
_IN, _LOCAL = 0, 3  # where termios keeps the input flags and the local flags
_MODE, _LABEL, _TYPING = range(3)  # the stages of a question; a signal leads back to the first


def read_line(label: bytes, *, blank: bytes = b"", unseen: bool = False) -> bytes:
    """Write `blank` and `label` (again after every stop); return the bytes typed, Enter's too.

    Raises Cancelled: ^C, ^D on an empty line, or the terminal has gone.
    """
    tty = _controlling_terminal()
    try:
        before = termios.tcgetattr(tty)
        with _Signals() as signals:
            try:
                os.write(tty, blank)
                return _converse(tty, signals, label, before, unseen=unseen)
            finally:
                _put_back(tty, before)
    except (OSError, termios.error):
        raise Cancelled from None  # the terminal has gone, and the person with it
    finally:
        os.close(tty)


def _controlling_terminal() -> int:
    try:
        return os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY)
    except OSError:
        return os.dup(0)  # a session without one: the terminal that is stdin


def _converse(
    tty: int, signals: _Signals, label: bytes, before: list[Any], *, unseen: bool
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
            _set_mode(tty, mode)  # a process in the background is stopped here until `fg`
            stage = _LABEL
        elif stage == _LABEL:
            os.write(tty, label)
            typed, stage = b"", _TYPING
            echoed = mode[_LOCAL] & termios.ECHO and tty not in ready  # ahead: above the label
        else:
            part = os.read(tty, _LONGEST)  # one line at most: the next is for the next question
            typed += part
            if not part or part.endswith(b"\n"):  # ^D where nothing is pending, or Enter
                _end_line(tty, typed, unseen=unseen, echoed=bool(echoed))
                return typed


def _ready(sources: list[int], wait: float | None) -> list[int]:
    """Return which can be read, waiting for so many seconds, or (None) for ever."""
    poll = select.poll()  # select itself knows no descriptor over 1,023
    for source in sources:
        poll.register(source, select.POLLIN)
    return [source for source, _ in poll.poll(None if wait is None else wait * 1000)]


def _act_on(signals: _Signals, tty: int, before: list[Any]) -> None:
    noted = signals.noted()
    if noted & _ENDING:
        os.write(tty, b"\n")
        noted.discard(signal.SIGINT)  # that is what Cancelled says; the others are sent on
        raise Cancelled
    if signal.SIGTSTP in noted:  # pragma: no cover - killed, often, before it can tell
        _put_back(tty, before)
        signals.stop()
    noted.clear()


def _end_line(tty: int, typed: bytes, *, unseen: bool, echoed: bool) -> None:
    """Write what the terminal did not: the mask, and the line's end.  Raises Cancelled for ^D."""
    if unseen and typed.rstrip(b"\n"):
        os.write(tty, MASK.encode())
    if not (echoed and typed.endswith(b"\n")):
        os.write(tty, b"\n")
    if not typed:
        raise Cancelled


def _asking_mode(before: list[Any], *, unseen: bool) -> list[Any]:
    """Return the mode to ask in: line by line, whatever a crashed program has left behind."""
    mode = [*before]
    mode[_IN] |= termios.ICRNL
    mode[_LOCAL] |= termios.ICANON | termios.ISIG
    if unseen:
        mode[_LOCAL] &= ~(termios.ECHO | termios.ECHONL)
    return mode


def _set_mode(tty: int, mode: list[Any]) -> None:
    """Set it, and keep what was typed ahead."""
    try:
        termios.tcsetattr(tty, termios.TCSANOW, mode)
    except termios.error as error:  # pragma: no cover - the process is killed before it can tell
        if error.args[0] != errno.EINTR:  # a signal came first: acted on, it leads back here
            raise


def _put_back(tty: int, before: list[Any]) -> None:
    """Leave the terminal as it was; in the background it is in other hands already."""
    with contextlib.suppress(OSError):  # it is not our controlling terminal: nobody else's either
        if os.tcgetpgrp(tty) != os.getpgrp():
            return  # pragma: no cover - the process is killed before it can tell
    _set_mode(tty, before)


class _Signals:
    """While a question stands, signals are noted; what still has to happen comes at the end."""

    def __enter__(self) -> Self:
        self.pipe, self._write = os.pipe()
        os.set_blocking(self.pipe, False)
        os.set_blocking(self._write, False)
        self._noted: set[int] = set()
        self._fd = signal.set_wakeup_fd(self._write)
        handlers = {signum: signal.getsignal(signum) for signum in _HEARD}
        # What authkit was started to ignore (nohup) stays ignored.
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
        """Return the set of signals that came in, to strike out what is dealt with."""
        with contextlib.suppress(BlockingIOError):
            self._noted.update(os.read(self.pipe, _LONGEST))
        return self._noted

    def stop(self) -> None:  # pragma: no cover - the same
        """Stop this process as ^Z does; return when it is continued."""
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGTSTP)
        signal.signal(signal.SIGTSTP, _to_the_pipe)


def _to_the_pipe(_signum: int, _frame: object) -> None:
    """Do nothing: that there is a handler makes Python write the number to the pipe."""
