"""Starts programs of this Python environment without the time that their imports take.

Python's fork server, a process that has imported the libraries (`preloaded`), forks for each
program.  What is forked then becomes what ``python SCRIPT`` or ``python -P -m
fakes.world.launcher`` is at its start: a process with an environment, a working directory,
streams, a terminal and signals of its own.  Its umask and its limits are those of the process that
started the server.
"""

from __future__ import annotations

import fcntl
import os
import runpy
import signal
import subprocess
import sys
import termios
import time
from contextlib import contextmanager
from functools import cache
from multiprocessing import connection, context, forkserver, get_context, reduction
from pathlib import Path
from threading import Lock
from types import ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple
from unittest.mock import patch

from fakes.world import launcher

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

_CHECKOUT = str(Path(__file__).parents[3])
# Python and coverage read these before a program's first line: only a new interpreter can have
# them otherwise.  Two of these names are of others, which read them later.
_AT_START = ("PYTHON", "LANG", "LC_", "COVERAGE_")
_LATER = {"LANGUAGE", "PYTHON_KEYRING_BACKEND"}
_USUAL = {"LANG": "C.UTF-8", "PYTHONPATH": _CHECKOUT}
_SURROUNDINGS = {**_USUAL, "PYTHONSAFEPATH": "1"}
_IGNORED_BY_PYTHON = (signal.SIGPIPE, signal.SIGXFSZ)
# multiprocessing asks how all processes ended when it starts one, and an end can be read once.
_one_at_a_time = Lock()


def can_be_forked(environ: Mapping[str, str]) -> bool:
    """Tell whether a program with these variables, beside usual ones, needs no new interpreter."""
    at_start = {name for name in environ if name.startswith(_AT_START)} - _LATER
    return all(environ[name] == _USUAL.get(name) for name in at_start)


def script(words: Sequence[str]) -> None:
    """Be ``python SCRIPT ARGUMENT...``."""
    sys.argv = [*words]
    sys.path.insert(0, str(Path(words[0]).resolve().parent))
    runpy.run_path(words[0], run_name="__main__")


def prepare() -> None:
    """Start the fork server, before any thread that reads the environment: it changes meanwhile."""
    with _one_at_a_time:
        _server()


class Forked:
    """A process, with those methods of `subprocess.Popen` that are needed here.

    `program` is called there with the arguments: the launcher, or `script`.  With
    `own_terminal` its standard input is its controlling terminal.
    """

    def __init__(  # noqa: PLR0913 - what a process has at its start
        self,
        arguments: Sequence[str],
        environ: Mapping[str, str],
        folder: Path,
        streams: Sequence[int],
        program: Callable[[Sequence[str]], None] = launcher.main,
        *,
        own_terminal: bool = False,
    ) -> None:
        found = _Found(
            dict(environ),
            str(folder),
            [*map(_Stream, streams)],
            _path(environ.get("PYTHONPATH")),
            own_terminal,
        )
        with _one_at_a_time, _without_main():
            self._process = _server().Process(
                target=_become, args=(program, arguments, found), daemon=True
            )
            self._process.start()
        self.pid = self._process.pid or 0

    def poll(self) -> int | None:
        """Return the exit status, None while the process runs."""
        with _one_at_a_time:
            return self._process.exitcode

    def wait(self, seconds: float | None = None) -> int:
        """Return the exit status at the end of the process.  Raises TimeoutExpired."""
        connection.wait([self._process.sentinel], seconds)
        status = self.poll()
        if status is None:
            raise subprocess.TimeoutExpired(self._process.name, seconds or 0)
        return status


class _Found(NamedTuple):
    """What a program finds at its start."""

    environ: Mapping[str, str]
    folder: str
    streams: Sequence[_Stream]
    path: Sequence[str]
    own_terminal: bool


class _Stream:
    """A descriptor that is handed to the process with its arguments."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor

    def __reduce__(self) -> tuple[Any, ...]:
        return _received, (reduction.DupFd(self.descriptor),)


def _received(handed: Any) -> _Stream:  # noqa: ANN401 - multiprocessing's own
    return _Stream(handed.detach())


@contextmanager
def _without_main() -> Iterator[None]:
    """Hide the module that Python runs: multiprocessing would have each process import it too."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


@cache
def _server() -> context.ForkServerContext:
    """Return the context of the fork server.  It is started, in surroundings of its own."""
    server = get_context("forkserver")
    server.set_forkserver_preload(["scenarios.replay.stages.preloaded", __name__])
    with patch.dict(os.environ, _SURROUNDINGS, clear=True):
        forkserver.ensure_running()
    return server


@cache
def _path(first: str | None) -> list[str]:
    """Return the folders from which a new interpreter imports, `first` being PYTHONPATH."""
    environ = _SURROUNDINGS | {"PYTHONPATH": first or ""}
    command = [sys.executable, "-c", "import sys; print(*sys.path, sep='\\n')"]
    found = subprocess.check_output(command, env=environ, text=True)  # noqa: S603 - our own
    return found.splitlines()


def _become(
    program: Callable[[Sequence[str]], None], arguments: Sequence[str], found: _Found
) -> None:
    """Be the program, in the process that was forked."""
    os.setsid()
    for number, stream in enumerate(found.streams):
        os.dup2(stream.descriptor, number)
    os.closerange(len(found.streams), os.sysconf("SC_OPEN_MAX"))
    if found.own_terminal:
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    for signum in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(signum, signal.SIG_IGN if signum in _IGNORED_BY_PYTHON else signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(found.environ)
    time.tzset()
    os.chdir(found.folder)
    sys.path[:] = found.path
    _open_streams()
    program(arguments)


def _open_streams() -> None:
    """Open Python's streams on the descriptors 0 to 2, as Python itself does at its start."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        started = getattr(sys, f"__{name}__")
        stream = open(  # noqa: SIM115 - to the end of the process
            number,
            "w" if number else "r",
            encoding="utf-8",
            errors=started.errors,
            newline="\n",
            closefd=False,
        )
        if number == 2:
            stream.reconfigure(line_buffering=True)
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
