"""One line from the person at the controlling terminal, seen or unseen while it is typed.

The terminal stays in its line mode (erasing, ^C, ^D and ^Z are its own
business); only its echo is switched.  While a question stands, no signal
interrupts anything: signals come in by a pipe and are read like the typed line.
So there is one way out of here, and the terminal is put back on it.
"""

from __future__ import annotations

import errno
import os
import select
import signal
import termios

from authkit.model import MASK
from authkit.ports import Cancelled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_ENDING = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT}
_HEARD = (*_ENDING, signal.SIGTSTP, signal.SIGCONT)
_LONGEST = 4096  # bytes: no terminal's line is longer
_IN, _LOCAL = 0, 3  # where termios keeps the input flags and the local flags


def read_line(label: bytes, *, blank: bytes = b"", unseen: bool = False) -> bytes:
    """Write `blank`, then `label` (again after every stop); return the bytes typed, Enter's included.

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
                _set_mode(tty, before)
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
    typed, shown = b"", False
    while True:
        if not shown:
            _set_mode(tty, mode)  # a process in the background is stopped here until `fg`
        sources = [signals.pipe, tty] if shown else [signals.pipe]
        ready, _, _ = select.select(sources, [], [], None if shown else 0)
        if signals.pipe in ready:
            _act_on(signals, tty, before)
            shown = False
        elif not shown:
            os.write(tty, label)
            typed, shown = b"", True
        else:
            part = os.read(tty, _LONGEST)  # one line at most: the next stays for the next question
            typed += part
            if not part or part.endswith(b"\n"):  # Enter, or ^D where nothing is pending
                _end_line(tty, mode, typed, unseen=unseen)
                return typed


def _act_on(signals: _Signals, tty: int, before: list[Any]) -> None:
    noted = signals.noted()
    if noted & _ENDING:
        os.write(tty, b"\n")
        noted.discard(signal.SIGINT)  # that is what Cancelled says; the others are sent on
        raise Cancelled
    if signal.SIGTSTP in noted:
        _set_mode(tty, before)
        # A shell may have stopped and continued us at that very call: once is enough.
        if signal.SIGCONT not in signals.noted():
            signals.stop()
    noted.clear()


def _end_line(tty: int, mode: list[Any], typed: bytes, *, unseen: bool) -> None:
    """Write what the terminal did not: the mask, and the line's end.  Raises Cancelled for ^D."""
    if unseen and typed.rstrip(b"\n"):
        os.write(tty, MASK.encode())
    if not typed.endswith(b"\n") or not mode[_LOCAL] & termios.ECHO:
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
    """Set it now, without TCSAFLUSH's throwing away of what was typed ahead."""
    while True:
        try:
            return termios.tcsetattr(tty, termios.TCSANOW, mode)
        except termios.error as error:
            if error.args[0] != errno.EINTR:  # stopped in the background, and continued
                raise


class _Signals:
    """While a question stands, signals are noted; what still has to happen comes at the end."""

    def __enter__(self) -> _Signals:
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
        for signum in noted:
            os.kill(os.getpid(), signum)

    def noted(self) -> set[int]:
        """Return the signals that have come in: the set itself, to strike out what is dealt with."""
        try:
            self._noted.update(os.read(self.pipe, _LONGEST))
        except BlockingIOError:
            pass
        return self._noted

    def stop(self) -> None:
        """Stop this process as ^Z does; return when it is continued."""
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGTSTP)
        signal.signal(signal.SIGTSTP, _to_the_pipe)


def _to_the_pipe(_signum: int, _frame: object) -> None:
    """Do nothing: that there is a handler makes Python write the number to the pipe."""
