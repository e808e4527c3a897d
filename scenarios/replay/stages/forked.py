"""Starts programs of ``fakes.world.launcher`` without the time that their imports take.

Python's fork server, a process that has imported the libraries (`preloaded`), forks for each
program.  What is forked then becomes what ``python -P -m fakes.world.launcher`` is at its start:
a process with an environment, a working directory, streams and signals of its own.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from functools import cache
from multiprocessing import context, forkserver, get_context, reduction
from pathlib import Path
from threading import Lock
from types import ModuleType
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from fakes.world import launcher

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_CHECKOUT = str(Path(__file__).parents[3])
# Python reads these before its first line: only a new interpreter can have them otherwise.
_AT_START = ("PYTHON", "LANG", "LC_")
_SURROUNDINGS = {"LANG": "C.UTF-8", "PYTHONPATH": _CHECKOUT, "PYTHONSAFEPATH": "1"}
_IGNORED_BY_PYTHON = (signal.SIGPIPE, signal.SIGXFSZ)
_hiding = Lock()


def can_be_forked(environ: Mapping[str, str]) -> bool:
    """Tell whether a program with these variables, beside usual ones, needs no new interpreter."""
    return not any(name.startswith(_AT_START) for name in environ)


class Forked:
    """A process, with those methods of `subprocess.Popen` that are needed here."""

    def __init__(
        self,
        arguments: Sequence[str],
        environ: Mapping[str, str],
        folder: Path,
        streams: Sequence[int],
    ) -> None:
        self._process = _server().Process(
            target=_become,
            args=(arguments, dict(environ), str(folder), [*map(_Stream, streams)], _path()),
            daemon=True,
        )
        with _without_main():
            self._process.start()
        self.pid = self._process.pid or 0

    def poll(self) -> int | None:
        """Return the exit status, None while the process runs."""
        return self._process.exitcode

    def wait(self, seconds: float | None = None) -> int:
        """Return the exit status at the end of the process.  Raises TimeoutExpired."""
        self._process.join(seconds)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired(launcher.__name__, seconds or 0)
        return self._process.exitcode


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
    with _hiding:
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
def _path() -> list[str]:
    """Return the folders from which a new interpreter imports."""
    command = [sys.executable, "-c", "import sys; print(*sys.path, sep='\\n')"]
    found = subprocess.check_output(command, env=_SURROUNDINGS, text=True)  # noqa: S603 - our own
    return found.splitlines()


def _become(
    arguments: Sequence[str],
    environ: Mapping[str, str],
    folder: str,
    streams: Sequence[_Stream],
    path: Sequence[str],
) -> None:
    """Be the program, in the process that was forked."""
    os.setsid()
    for number, stream in enumerate(streams):
        os.dup2(stream.descriptor, number)
    os.closerange(len(streams), os.sysconf("SC_OPEN_MAX"))
    for signum in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(signum, signal.SIG_IGN if signum in _IGNORED_BY_PYTHON else signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(environ)
    time.tzset()
    os.chdir(folder)
    sys.path[:] = path
    _open_streams()
    launcher.main(arguments)


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
