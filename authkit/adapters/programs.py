"""Programs that print one line: a passphrase (B-S09), an MFA code (`mfa_process`).

A program is run without a shell and has nothing to read.  It is in a process group of
its own, which is killed at the end, so that nothing that it has started is left.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys
import time

from authkit.adapters.asking import GPG_TTY, gpg_terminal
from authkit.core.failures import CannotRun
from authkit.core.model import Secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import timedelta
    from subprocess import Popen
    from typing import IO

NOT_RUN, NOT_EXECUTABLE, NOT_FOUND = 125, 126, 127  # as a shell says it (`CannotRun`)
LINGERING = 1  # second for a program to end once it has printed a line, before it is ended
LONGEST = 4096  # bytes of the line
_POLL = 0.05  # seconds between two looks whether the program has ended, while it may print
_END_POLL = 0.005  # the same, once it has printed
_WINDOWS = sys.platform == "win32"
_OF_THE_TERMINAL = ("SIGTTIN", "SIGTTOU")  # what stops a background process that uses it


class Programs:
    """The port Programs.  `somebody` tells whether there is somebody to ask."""

    def __init__(self, somebody: Callable[[], bool]) -> None:
        self._somebody = somebody

    def line(self, command: Sequence[str], environ: Mapping[str, str], within: timedelta) -> Secret:
        """Return the one line that the program prints.  Raises CannotRun."""
        environ = for_gpg(environ, somebody=self._somebody())
        return line_of(command, environ, within.total_seconds())


def for_gpg(environ: Mapping[str, str], *, somebody: bool) -> dict[str, str]:
    """Return the environment of a program that may start gpg (B-K07)."""
    kept = {name: value for name, value in environ.items() if name != GPG_TTY}
    return kept | gpg_terminal(environ, somebody=somebody)


def line_of(command: Sequence[str], environ: Mapping[str, str], seconds: float) -> Secret:
    """Run the program; return the one line that it prints.

    Raises CannotRun; its reason is a clause about the program, and has nothing of the
    command's words or of what was printed.
    """
    process = None
    try:
        with _interrupt_held_back():
            process = _started(command, environ)
        return one_line(_printed(process, seconds))
    finally:
        if process:
            _end(process)


def _started(command: Sequence[str], environ: Mapping[str, str]) -> Popen[bytes]:
    """Start the program.  Raises CannotRun."""
    import subprocess

    try:
        return subprocess.Popen(  # noqa: S603 - the person's own
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            env=environ,
            process_group=None if _WINDOWS else 0,
        )
    except FileNotFoundError:
        from shutil import which

        if which(command[0], path=environ.get("PATH")):
            reason = "cannot be run (its interpreter cannot be found)"
            raise CannotRun(NOT_EXECUTABLE, reason) from None
        raise CannotRun(NOT_FOUND, "was not found") from None
    except (OSError, ValueError) as error:  # its text may name the words
        why = error.strerror if isinstance(error, OSError) else "it cannot be a command"
        raise CannotRun(NOT_EXECUTABLE, f"cannot be run ({why})") from None


@contextlib.contextmanager
def _interrupt_held_back() -> Iterator[None]:
    """Raise KeyboardInterrupt at the end for a Ctrl-C within.

    A program that runs already, but is not in our hands yet, could not be ended.
    """
    handler = signal.getsignal(signal.SIGINT)
    if handler is not signal.default_int_handler:  # it is ignored, and is to be for the program too
        yield
        return
    held: list[int] = []
    signal.signal(signal.SIGINT, lambda number, _: held.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
        if held:  # also where the program could not be started
            raise KeyboardInterrupt


def one_line(printed: bytes) -> Secret:
    """Return the line that is all of what was printed, without its end.  Raises CannotRun."""
    lines = _bounded(printed).decode("utf-8", "surrogateescape").split("\n")
    if len(lines) > 1 and not lines[-1]:
        lines.pop()  # the end of the last line
    if len(lines) > 1:
        raise _failed("printed more than one line")
    line = lines[0].removesuffix("\r")
    if not line:
        raise _failed("printed no line")
    return Secret(line)


def ended_badly(status: int) -> CannotRun:
    """Return what a program's exit status means, -N for death by signal N."""
    how = f"failed with exit status {status}" if status > 0 else f"died of signal {-status}"
    return _failed(how)


def too_slow(seconds: float) -> CannotRun:
    """Return what is wrong with a program that has not ended in time."""
    return _failed(f"took longer than {seconds:.0f} s")


def _end(process: Popen[bytes]) -> None:
    """Kill what is left of the program, and the processes that it has started."""
    if _WINDOWS:  # pragma: no cover - not tried; its processes are in no group
        process.kill()
    else:
        with contextlib.suppress(OSError):  # nothing is left
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdout:
        process.stdout.close()


def _printed(process: Popen[bytes], seconds: float) -> bytes:
    """Return what the program prints: its first line, and more if it ends at once.

    What it has started may go on and hold its output open.  Raises CannotRun.
    """
    end = time.monotonic() + seconds
    pipe: IO[bytes] = process.stdout  # type: ignore[assignment]  # it was asked for
    if _WINDOWS:  # pragma: no cover - not tried; there is no poll, and select takes no pipes
        import subprocess

        try:
            return _ended_well(process, process.communicate(timeout=seconds)[0])
        except subprocess.TimeoutExpired:
            raise too_slow(seconds) from None
    with pipe:
        printed = _until_line(process, pipe.fileno(), end, seconds)
        has_line = b"\n" in printed
        if not _ends(process, min(end, time.monotonic() + LINGERING) if has_line else end):
            if not has_line:
                raise too_slow(seconds)
            return printed
        while part := _part(pipe.fileno(), 0):
            printed = _bounded(printed + part)
    return _ended_well(process, printed)


def _ends(process: Popen[bytes], end: float) -> bool:
    """Wait for the program's end; return False where it has not come by then."""
    pause = select.poll()
    while process.poll() is None:
        left = end - time.monotonic()
        if left <= 0:
            return False
        pause.poll(min(left, _END_POLL) * 1000)
    return True


def _until_line(process: Popen[bytes], pipe: int, end: float, seconds: float) -> bytes:
    """Return what is printed until a line, the output or the program ends.

    Raises CannotRun.
    """
    printed = b""
    while b"\n" not in printed:
        left = end - time.monotonic()
        if left <= 0:
            raise too_slow(seconds)
        ended = process.poll() is not None  # before the look: nothing comes later
        if not ended and _waits_for_terminal(process.pid):
            raise _failed("was stopped, since it wanted to use the terminal")
        part = _part(pipe, min(left, _POLL))
        if not part and (ended or part is not None):
            break
        printed = _bounded(printed + (part or b""))
    return printed


def _waits_for_terminal(pid: int) -> bool:
    """Tell whether the system has stopped a child because it uses the terminal unasked."""
    if not hasattr(os, "waitid"):  # macOS before Python 3.13: it is too slow then
        return False
    try:
        stopped = os.waitid(os.P_PID, pid, os.WSTOPPED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:  # it has ended, where SIGCHLD is ignored: none of it is left
        return False
    return stopped is not None and signal.Signals(stopped.si_status).name in _OF_THE_TERMINAL


def _part(pipe: int, seconds: float) -> bytes | None:
    """Return the next bytes, b"" at the end of the output, None when none come in time."""
    waiting = select.poll()
    waiting.register(pipe, select.POLLIN)
    return os.read(pipe, LONGEST) if waiting.poll(seconds * 1000) else None


def _bounded(printed: bytes) -> bytes:
    if len(printed) > LONGEST:
        raise _failed(f"printed more than {LONGEST} bytes")
    return printed


def _ended_well(process: Popen[bytes], printed: bytes) -> bytes:
    if process.returncode:
        raise ended_badly(process.returncode)
    return _bounded(printed)


def _failed(reason: str) -> CannotRun:
    return CannotRun(NOT_RUN, reason)
