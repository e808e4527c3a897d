"""Runs exec's child: starts it, forwards signals, waits for it (B-E03, B-E04).

The child is in authkit's own process group, so that the terminal and the shell
see one job.  While it runs, authkit forwards to it what a process sends to
authkit, stops when it stops, and continues it when authkit is continued.

Known limits.  A signal sent to the whole group (``kill -TERM -PGID``) reaches the
child twice, since a receiver cannot tell whether others received it too.  Python
ignores SIGPIPE and SIGXFSZ when it starts and keeps no record of their former
dispositions, so the child gets the defaults even where authkit was started with
them ignored; the same holds for SIGCHLD, which has to be handled for the child's
exit status.  In a process with threads, which authkit is not, another thread may
receive the signals.

Tried on Linux only.  macOS takes the path without ``sigwaitinfo``, Windows a
plain call; both are written from the manuals (docs/macos.md).
"""

from __future__ import annotations

import errno
import os
import signal
import sys

from authkit.core.failures import CannotRun

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


def _signals(*names: str) -> set[signal.Signals]:
    """Return those of the signals that this platform has: Windows has few."""
    return {signal.Signals[name] for name in names if hasattr(signal, name)}


_FROM_KEYS = _signals("SIGINT", "SIGQUIT", "SIGTSTP")  # what ^C, ^\\ and ^Z send to a group
_PASSED_ON = _FROM_KEYS | _signals("SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2")
_WAITED_FOR = _PASSED_ON | _signals("SIGCHLD")
_LOST = 1.0  # seconds: where a library has started threads, SIGCHLD may go to one of those
_PYTHON_IGNORES = _signals("SIGPIPE", "SIGXFSZ")

_NOT_FOUND = (errno.ENOENT, errno.ENOTDIR)
_STATUS = dict.fromkeys(_NOT_FOUND, 127) | {errno.EACCES: 126, errno.ENOEXEC: 126}


class Children:
    """The port Children: commands in this terminal, in authkit's own process group."""

    def run(self, command: Sequence[str], environ: Mapping[str, str]) -> int:
        """Return the exit status, 128+N for death by signal N.

        Raises CannotRun: 127 not found, 126 not executable, 125 anything else.
        """
        if sys.platform == "win32":
            return _run_on_windows(command, environ)
        # With a handler SIGCHLD can be waited for even where it is ignored, or is by default.
        handler = signal.signal(signal.SIGCHLD, lambda *_: None)
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, _WAITED_FOR)  # from here on none is lost
        try:
            return _wait(_start(command, environ, mask))
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
            signal.signal(signal.SIGCHLD, handler)


def _start(command: Sequence[str], environ: Mapping[str, str], mask: Iterable[int]) -> int:
    """Return the child's process id.  Looked for as a shell does, in the child's own PATH."""
    name = command[0]
    folders = os.get_exec_path(environ) if "/" not in name else [""]
    trouble = OSError(errno.ENOENT, "command not found")
    for path in (os.path.join(folder, name) for folder in folders if name):
        try:
            os.stat(path)  # a look at each folder of PATH is cheaper than a start in each
            return os.posix_spawn(
                path, [*command], environ, setsigmask=mask, setsigdef=_PYTHON_IGNORES
            )
        except OSError as error:
            if error.errno not in _NOT_FOUND:
                trouble = error
            elif os.path.exists(path):
                trouble = OSError(errno.ENOEXEC, "its interpreter cannot be found")
        except ValueError as error:  # a NUL, or a name with an equals sign
            trouble = OSError(errno.EINVAL, str(error))
    raise _cannot_run(trouble)


def _cannot_run(trouble: OSError) -> CannotRun:
    return CannotRun(_STATUS.get(trouble.errno or 0, 125), trouble.strerror or str(trouble))


def _wait(child: int) -> int:
    """Return the child's exit status; until then pass signals on, and stop when it stops."""
    while True:
        signum, from_a_process = _next_signal()
        if signum != signal.SIGCHLD:
            if from_a_process:  # the terminal's own have gone to the child as well
                os.kill(child, signum)
            continue
        changed, status = os.waitpid(child, os.WNOHANG | os.WUNTRACED)
        if not changed:  # continued, or continued again since it stopped
            continue
        if not os.WIFSTOPPED(status):
            code = os.waitstatus_to_exitcode(status)
            return code if code >= 0 else 128 - code
        _stop(os.WSTOPSIG(status))
        os.kill(child, signal.SIGCONT)


def _stop(signum: int) -> None:
    """Stop this process by the signal that stopped the child; return when it is continued."""
    # Sent while it is blocked it becomes one with the terminal's own ^Z, which may be pending.
    os.kill(os.getpid(), signum)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signum})
    signal.pthread_sigmask(signal.SIG_BLOCK, _WAITED_FOR & {signum})


def _next_signal() -> tuple[int, bool]:
    """Wait for a signal; return it, and whether a process sent it rather than the terminal."""
    if hasattr(signal, "sigtimedwait"):
        info = signal.sigtimedwait(_WAITED_FOR, _LOST)
        return (info.si_signo, info.si_code <= 0) if info else (signal.SIGCHLD, False)
    return _next_on_macos()  # pragma: no cover - the same


def _next_on_macos() -> tuple[int, bool]:  # pragma: no cover - no such machine to try it on
    signum = signal.sigwait(_WAITED_FOR)
    return signum, not (signum in _FROM_KEYS and _in_foreground())


def _in_foreground() -> bool:  # pragma: no cover - the same
    """Tell whether the keys of the terminal send their signals to this process group."""
    try:
        tty = os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY)
    except OSError:
        return False
    try:
        return os.tcgetpgrp(tty) == os.getpgrp()
    finally:
        os.close(tty)


def _run_on_windows(  # pragma: no cover - no such machine to try it on
    command: Sequence[str], environ: Mapping[str, str]
) -> int:
    import subprocess

    try:
        status = subprocess.call([*command], env={**environ})  # noqa: S603 - running it is the point
        return status if status < 2**31 else status - 2**32  # a crash, as os._exit takes it
    except OSError as error:
        raise _cannot_run(error) from None
