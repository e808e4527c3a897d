"""authkit's processes in tests: most of them are forked, and these lines say which.

What is forked is a real process: it has a process id, a session, a terminal or pipes, an
environment and signals of its own, and runs the script ``authkit`` from its first line.  It only
has not to import the libraries again (`scenarios.replay.stages.forked`).
``tests/terminal/test_forked_processes.py`` holds such processes against started ones.

A new interpreter is started

- by whatever is not a test: a shell, the AWS CLI, setpriv, strace, another program;
- where a variable is read before authkit's first line: PYTHONUTF8, LC_ALL, a PYTHONPATH that is
  not the checkout (a planted defect has one), those of coverage;
- in tests of the start itself, of what the system tells of a process (its command line), and of
  libraries that were replaced: they use the fixture `anew`.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import termios
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pexpect
from pexpect.fdpexpect import fdspawn
from pexpect.pty_spawn import ptyprocess

from fakes.world import launcher
from scenarios.replay.stages.forked import Forked, can_be_forked, script

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

AUTHKIT = str(Path(sys.executable).with_name("authkit"))  # where pip put it
LAUNCHER = (sys.executable, "-P", "-m", launcher.__name__)  # runs authkit at another instant


class Forking:
    """Whether processes are forked: the fixture `anew` changes it for a test."""

    wanted = True


def is_forked(command: Sequence[str], environ: Mapping[str, str]) -> bool:
    """Tell whether this command is forked."""
    named = command[0] == AUTHKIT or _is_launched(command)
    return Forking.wanted and named and can_be_forked(environ)


def _is_launched(command: Sequence[str]) -> bool:
    return (*command[: len(LAUNCHER)],) == LAUNCHER


class Terminal(pexpect.spawn):  # type: ignore[misc] # it ships no types
    """authkit on a new pseudo-terminal, which is its controlling terminal."""

    def _spawnpty(self, args: Sequence[bytes], **options: Any) -> _Pty:  # noqa: ANN401 - pexpect's
        ours, theirs = os.openpty()
        termios.tcsetwinsize(theirs, options["dimensions"])
        process = _start([*map(os.fsdecode, args)], options["env"], [theirs] * 3, terminal=True)
        os.close(theirs)  # reading then ends when the process ends
        return _Pty(process, ours)


class Piped(fdspawn):  # type: ignore[misc] # the same
    """authkit between pipes: both streams of what it prints are expected, nothing is written."""

    def __init__(self, command: Sequence[str], environ: Mapping[str, str], seconds: float) -> None:
        ours, theirs = os.pipe()
        stdin, self._nothing = os.pipe()
        self._process = started(command, environ, [stdin, theirs, theirs])
        os.close(stdin)
        os.close(theirs)
        super().__init__(ours, timeout=seconds, encoding="utf-8")

    def wait(self) -> int:
        """Return the exit status at its end."""
        return self._process.wait()

    def kill(self) -> None:
        """Kill it and what it has started, if it still runs."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        os.close(self._nothing)
        self.close()


class _Pty(ptyprocess.PtyProcess):  # type: ignore[misc] # the same
    """A process on a pseudo-terminal that is no child of this one."""

    exitstatus: int | None
    signalstatus: int | None

    def __init__(self, process: Forked, terminal: int) -> None:
        super().__init__(process.pid, terminal)
        self._process = process

    def wait(self) -> int | None:
        """Wait for the end; return the exit status, None where a signal was the end."""
        self._ended(self._process.wait())
        return self.exitstatus

    def isalive(self) -> bool:
        """Tell whether it still runs.  At the end of its output it soon does not."""
        status = self._process.wait() if self.flag_eof else self._process.poll()
        if status is not None:
            self._ended(status)
        return status is None

    def _ended(self, status: int) -> None:
        self.terminated = True
        self.exitstatus, self.signalstatus = (None, -status) if status < 0 else (status, None)


def started(
    command: Sequence[str], environ: Mapping[str, str], streams: Sequence[int]
) -> Forked | subprocess.Popen[bytes]:
    """Start authkit on these streams, in a session of its own."""
    if is_forked(command, environ):
        return _start(command, environ, streams)
    stdin, stdout, stderr = streams
    return subprocess.Popen(  # noqa: S603 - the tests' own
        command, env=environ, stdin=stdin, stdout=stdout, stderr=stderr, start_new_session=True
    )


def finished(
    command: Sequence[str], environ: Mapping[str, str], given: str | None, seconds: float
) -> subprocess.CompletedProcess[str]:
    """Run authkit without a terminal, as `subprocess.run` does; None is given as /dev/null.

    Raises TimeoutExpired when it has not ended after `seconds`, and kills it.
    """
    pipes = [os.pipe() for _ in range(3)]
    (stdin, to), (out, stdout), (err, stderr) = pipes
    null = os.open(os.devnull, os.O_RDONLY)
    process = _start(command, environ, [null if given is None else stdin, stdout, stderr])
    for each in (null, stdin, stdout, stderr):
        os.close(each)
    with ThreadPoolExecutor(3) as pool:
        writing = pool.submit(_write, to, given or "")
        said = [pool.submit(_read, each) for each in (out, err)]
        try:
            status = process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise
        writing.result()
        return subprocess.CompletedProcess(command, status, *(each.result() for each in said))


def _start(
    command: Sequence[str],
    environ: Mapping[str, str],
    streams: Sequence[int],
    *,
    terminal: bool = False,
) -> Forked:
    launched = _is_launched(command)
    return Forked(
        command[len(LAUNCHER) :] if launched else command,
        environ,
        Path.cwd(),
        streams,
        launcher.main if launched else script,
        own_terminal=terminal,
    )


def _write(pipe: int, text: str) -> None:
    with suppress(BrokenPipeError), open(pipe, "w", encoding="utf-8") as file:
        file.write(text)


def _read(pipe: int) -> str:
    with open(pipe, encoding="utf-8") as file:
        return file.read()
