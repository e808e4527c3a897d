"""authkit on a PTY, answered question by question, for tests that only look at how it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pexpect

from tests.support.forked import AUTHKIT, LAUNCHER
from tests.support.pty_tools import REPO, planted_too, spawn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.support.simulator import Home


class Ended(NamedTuple):
    """How it ended: exit status, how many questions were asked, and the screen."""

    status: int
    asked: int
    screen: str


def at_a_terminal(home: Home, *arguments: str, answers: Sequence[str] = (), at: str = "") -> Ended:
    """Run authkit on a terminal; a question after the last answer is cancelled with ^C.

    With `at` its clock starts at that instant, and waiting takes no time
    (``fakes.world.launcher``).
    """
    return ended(started(home, *arguments, at=at), answers)


def started(home: Home, *arguments: str, at: str = "") -> pexpect.spawn[str]:
    """Start authkit on a terminal, as `at_a_terminal` does."""
    launcher = [*LAUNCHER, "--at", at] if at else []
    program = "authkit" if at else AUTHKIT
    environ = home.environ | ({"PYTHONPATH": str(REPO)} if at else {}) | planted_too()
    return spawn([*launcher, program, *arguments], environ)


def ended(child: pexpect.spawn[str], answers: Sequence[str] = ()) -> Ended:
    """Answer until authkit ends; return how it did."""
    screen, asked, left = "", 0, list(answers)
    while child.expect([r": \Z", pexpect.EOF]) == 0:
        screen += f"{child.before}{child.after}"
        asked += 1
        if left:
            child.sendline(left.pop(0))
        else:
            child.sendintr()
    child.wait()
    status = child.exitstatus if child.exitstatus is not None else 128 + child.signalstatus
    return Ended(status, asked, f"{screen}{child.before}".replace("\r\n", "\n"))
