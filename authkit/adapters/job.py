"""Runs exec's child: starts it, forwards signals, waits for it (B-E03, B-E04).

The child is in authkit's own process group, so that the terminal and the shell
see one job.  While it runs, authkit forwards to it what a process sends to
authkit, stops when it stops, and continues it when authkit is continued.  It waits
as long as the child lives, whatever happens to authkit in between.  Other children
are reaped too: process 1 of a container adopts every orphan.

Known limits.  A signal sent to the whole group (``kill -TERM -PGID``) reaches the
child twice, since a receiver cannot tell whether others received it too.  Python
ignores SIGPIPE and SIGXFSZ when it starts and keeps no record of their former
dispositions, so the child gets the defaults even where authkit was started with
them ignored; the same holds for SIGCHLD, which has to be handled for the child's
exit status.  A thread in which a call of STS still goes on has all signals blocked
(``adapters.sts``); one that a library has started may receive them.

Tried on Linux only.  macOS takes the path without ``sigwaitinfo``, Windows a
plain call; both are written from the manuals (docs/macos.md).
"""

from __future__ import annotations

import errno
import os
import sys
import time

from authkit.core.failures import CannotRun

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any
else:
    # `signal` has these functions and numbers, and makes enums of the numbers: to import `enum`
    # takes half as long as the interpreter's own start.
    import _signal as signal


def _signals(*names: str) -> set[int]:
    """Return the signals of these names that this platform has."""
    return {getattr(signal, name) for name in names if hasattr(signal, name)}


# What ^C, ^\\, ^Z, BSD's ^T and a new size of the window send to the foreground's group.
_TO_FOREGROUND = _signals("SIGINT", "SIGQUIT", "SIGTSTP", "SIGINFO", "SIGWINCH")
_OF_A_TERMINAL = _TO_FOREGROUND | _signals("SIGHUP")
_NEWS = _signals("SIGCHLD", "SIGCONT")  # the child may have changed
_PYTHON_IGNORES = _signals("SIGPIPE", "SIGXFSZ")
# What is not passed on: what authkit's own faults and limits raise; what cannot be waited for;
# and stops in the background, which are about who reads and writes the terminal.
_OWN = _signals("SIGABRT", "SIGBUS", "SIGFPE", "SIGILL", "SIGSEGV", "SIGSYS", "SIGTRAP", "SIGXCPU")
_OWN |= _PYTHON_IGNORES | _signals("SIGKILL", "SIGSTOP", "SIGTTIN", "SIGTTOU")
# Of the real-time signals, the first and the last have names.
_NAMED = _signals(*(name for name in dir(signal) if name.startswith("SIG") and name[3] != "_"))
_WAITED_FOR = _NAMED - _OWN
_FREQUENT = _OF_A_TERMINAL | _NEWS | _signals("SIGTERM", "SIGUSR1", "SIGUSR2")
_SENT = range(-6, 1)  # si_code of a signal that a process sent: SI_TKILL to SI_USER
_LOST = 1.0  # seconds between looks at the child: a thread of a library may receive SIGCHLD

_NOT_FOUND = (errno.ENOENT, errno.ENOTDIR)
_NOT_EXECUTABLE = (errno.EACCES, errno.ENOEXEC, errno.ELOOP, errno.ETXTBSY)
_STATUS = dict.fromkeys(_NOT_FOUND, 127) | dict.fromkeys(_NOT_EXECUTABLE, 126)
_REASONS = {errno.EAGAIN: "no more processes can be started (ulimit -u)"}
_SHELL = "/bin/sh"  # it runs a file without "#!", as in execvp of the C library


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
            child = _start(command, environ, mask)
            try:
                return _wait(child)
            except Exception:  # noqa: BLE001 - no memory, say: the child is never left behind
                return _exit_status(os.waitpid(child, 0)[1])
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
            signal.signal(signal.SIGCHLD, handler)


def _start(command: Sequence[str], environ: Mapping[str, str], mask: Iterable[int]) -> int:
    """Start the command, found as a shell finds it in the child's PATH; return its process id."""
    name = command[0]
    folders = environ.get("PATH", os.defpath).split(os.pathsep) if "/" not in name else [""]
    trouble = OSError(errno.ENOENT, "command not found")
    for path in (os.path.join(folder, name) for folder in folders if name):
        try:
            os.stat(path)  # a stat in each folder of PATH is cheaper than a start
            return _spawn(path, command, environ, mask)
        except OSError as error:
            if error.errno not in _NOT_FOUND:
                trouble = error
            elif os.path.exists(path):
                trouble = OSError(errno.ENOEXEC, "its interpreter cannot be found")
        except ValueError as error:  # a NUL, or a name with an equals sign
            trouble = OSError(errno.EINVAL, str(error))
    raise _cannot_run(trouble) from trouble


def _spawn(
    path: str, command: Sequence[str], environ: Mapping[str, str], mask: Iterable[int]
) -> int:
    """Start what is at the path; a file without a format that the kernel knows is a script."""
    signals: dict[str, Any] = {"setsigmask": mask, "setsigdef": _PYTHON_IGNORES}
    try:
        return os.posix_spawn(path, [*command], environ, **signals)
    except OSError as error:
        if error.errno != errno.ENOEXEC:
            raise
    script = f"./{path}" if path.startswith("-") else path  # else the shell takes it for an option
    return os.posix_spawn(_SHELL, [_SHELL, script, *command[1:]], environ, **signals)


def _cannot_run(trouble: OSError) -> CannotRun:
    reason = _REASONS.get(trouble.errno or 0) or trouble.strerror or str(trouble)
    return CannotRun(_STATUS.get(trouble.errno or 0, 125), reason)


def _wait(child: int) -> int:
    """Wait for the child, forward signals, stop when it stops; return its exit status."""
    stopped = False
    while True:
        signum, to_authkit_alone = _next_signal()
        if signum not in _NEWS:
            if to_authkit_alone:
                _send(child, signum)
            continue
        status = _changed(child)
        if status is not None and not (os.WIFSTOPPED(status) or os.WIFCONTINUED(status)):
            return _exit_status(status)
        if status is not None:
            stopped = os.WIFSTOPPED(status)
        if stopped and signum == signal.SIGCONT:  # to authkit alone
            _send(child, signal.SIGCONT)
        elif stopped and status is not None:
            _stop(os.WSTOPSIG(status))


def _changed(child: int) -> int | None:
    """Return the child's last change, None if there was none.  Reap all other children."""
    changed = None
    while True:
        # One SIGCHLD may stand for several changes, of several processes.
        pid, status = os.waitpid(-1, os.WNOHANG | os.WUNTRACED | os.WCONTINUED)
        if not pid:
            return changed
        if pid == child:
            changed = status
            if os.WIFEXITED(status) or os.WIFSIGNALED(status):
                return changed  # there may be no other child left to ask for


def _exit_status(status: int) -> int:
    """Return what a shell shows of a wait status: 128+N for death by signal N."""
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


def _send(child: int, signum: int) -> None:
    """Send the child a signal, unless it runs as another user, as a setuid program does."""
    try:
        os.kill(child, signum)
    except PermissionError:
        return


def _stop(signum: int) -> None:
    """Stop this process as the child was stopped, if anybody could continue it.

    SIGCONT is blocked, so that `_wait` finds out when it comes.  One that has come
    already was meant for both.  The system does not stop a process by SIGTSTP where
    no shell is there to continue it: in an orphaned process group, or as process 1.
    """
    if signal.SIGCONT in signal.sigpending():
        return
    signum = signal.SIGTSTP if signum == signal.SIGSTOP else signum
    # Sent while it is blocked, it merges with the ^Z of the terminal that may be pending.
    os.kill(os.getpid(), signum)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signum})
    signal.pthread_sigmask(signal.SIG_BLOCK, _WAITED_FOR & {signum})


def _next_signal() -> tuple[int, bool]:
    """Wait for a signal; return it, and whether the child did not get it from the terminal.

    When the time is up that is SIGCHLD.  If the time runs out while this process is
    stopped or frozen, CPython 3.11 to 3.13 return a structure that was never filled
    (Modules/signalmodule.c, signal_sigtimedwait_impl: EINTR after the deadline).  So a
    rare signal is believed only when it comes before that.
    """
    if hasattr(signal, "sigtimedwait"):
        begun = time.monotonic()
        info = signal.sigtimedwait(_WAITED_FOR, _LOST)
        known = _WAITED_FOR if time.monotonic() - begun < _LOST else _FREQUENT
        if info is None or info.si_signo not in known:
            return signal.SIGCHLD, False
        # A timer that was set before authkit was started is not the child's.
        return info.si_signo, info.si_code in _SENT or info.si_signo not in _OF_A_TERMINAL
    return _next_on_macos()  # pragma: no cover - the same


def _next_on_macos() -> tuple[int, bool]:  # pragma: no cover - no such machine to try it on
    signum = signal.sigwait(_WAITED_FOR)
    return signum, not (signum in _TO_FOREGROUND and _in_foreground())


def _in_foreground() -> bool:  # pragma: no cover - the same
    """Tell whether this process group is in the terminal's foreground."""
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
