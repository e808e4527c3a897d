"""Programs and shells on a PTY.  Tests wait for what they print, not for time to pass."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pexpect

from scenarios.replay.stages.pty_session import default_signals
from tests.support import forked

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

REPO = Path(__file__).parents[2]
PROGRAMS = Path(__file__).parents[1] / "programs"
LIMIT = 180  # seconds to wait for what must come: it fails tests, it times nothing
LONGEST = 10 * LIMIT  # for a program that runs without a terminal
NOWHERE = f"{os.devnull}/home"  # nobody can make this folder, not even root


def planted_too() -> dict[str, str]:
    """Return what plants a defect in a process too, if one is planted here (``tests.planted``)."""
    if "PLANTED_DEFECT" not in os.environ:
        return {}
    path = f"{os.environ['PYTHONPATH']}{os.pathsep}{REPO}"
    return {"PYTHONPATH": path, "PLANTED_DEFECT": os.environ["PLANTED_DEFECT"]}


ENVIRON = {
    "PATH": os.environ["PATH"],
    "HOME": NOWHERE,
    "LANG": "C.UTF-8",
    "TERM": "xterm",
    "PYTHONPATH": str(REPO),
    "PYTHONDONTWRITEBYTECODE": "1",
    # coverage measures these processes too
    **{name: value for name, value in os.environ.items() if name.startswith("COVERAGE_")},
    **planted_too(),
}


def program(name: str, *arguments: str) -> list[str]:
    """Return the command that runs one of tests/programs."""
    return [sys.executable, str(PROGRAMS / f"{name}.py"), *arguments]


def finished(
    command: Sequence[str],
    environ: Mapping[str, str] = ENVIRON,
    *,
    check: bool = True,
    blocked: Collection[int] = (),
    cwd: Path | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run a command without a terminal, with some signals blocked, until it ends."""

    def prepare() -> None:
        default_signals()
        signal.pthread_sigmask(signal.SIG_BLOCK, blocked)

    return subprocess.run(  # noqa: S603 - the commands are the tests' own
        command,
        env={**environ},
        check=check,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        cwd=cwd,
        timeout=LONGEST,
        preexec_fn=prepare,
        start_new_session=True,
    )


def imported(module: str, among: str) -> set[str]:
    """Return which modules `among` (a list of words) are loaded by importing `module`."""
    script = f"import sys; sys.path.insert(0, {str(REPO)!r}); import {module}; print(*sys.modules)"
    return set(finished([sys.executable, "-IS", "-c", script]).stdout.split()) & set(among.split())


def spawn(command: Sequence[str], environ: Mapping[str, str] = ENVIRON) -> pexpect.spawn[str]:
    """Start a command on a new PTY, as the leader of its session."""
    start = forked.Terminal if forked.is_forked(command, environ) else pexpect.spawn
    child: pexpect.spawn[str] = start(
        command[0],
        [*command[1:]],
        env={**environ},
        encoding="utf-8",
        codec_errors="replace",
        timeout=LIMIT,
        dimensions=(24, 500),  # no line wraps
        preexec_fn=default_signals,
    )
    child.delaybeforesend = None
    return child


class Shell:
    """An interactive bash, with job control."""

    PROMPT = "bash ready> "

    def __init__(self) -> None:
        self.screen = spawn(
            ["bash", "--norc", "--noprofile", "-i"],
            ENVIRON | {"PS1": self.PROMPT, "TERM": "dumb", "INPUTRC": "/dev/null"},
        )
        self.screen.expect_exact(self.PROMPT)

    def type(self, line: str) -> None:
        """Type a command line, and wait until it has been echoed."""
        self.screen.sendline(line)
        self.screen.expect_exact("\r\n")

    def run(self, line: str) -> str:
        """Type a command line, wait for the prompt, and return what was printed."""
        self.type(line)
        self.screen.expect_exact(self.PROMPT)
        return str(self.screen.before)

    def start(self, command: Sequence[str], end: str = "") -> None:
        """Type a command, and do not wait for its end."""
        self.type(shlex.join(command) + end)

    def run_until_stopped(self, line: str) -> None:
        """Type a command line, and wait until bash lists a job as stopped."""
        self.run(f"{line}; until jobs | grep Stopped; do sleep 0.05; done")

    def run_until_gone(self, line: str, pid: int) -> str:
        """Type a command line, wait until the process is gone; return what was printed."""
        return self.run(f"{line}; while kill -0 {pid} 2>/dev/null; do sleep 0.05; done")

    def close(self) -> None:
        """End the shell and whatever still runs in it."""
        self.screen.close(force=True)


def numbers(screen: pexpect.spawn[str], words: str) -> list[int]:
    """Wait for a text in which ``#`` stands for a number; return the numbers."""
    screen.expect(r"(\d+)".join(map(re.escape, words.split("#"))))
    assert screen.match
    return [int(group) for group in screen.match.groups()]
