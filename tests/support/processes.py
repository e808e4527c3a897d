"""Many authkit processes at once, with and without a terminal, killed when a test ends."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.support.forked import AUTHKIT, Piped
from tests.support.pty_tools import LIMIT, spawn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeAlias

    import pexpect

    from tests.support.simulator import Home

    Process: TypeAlias = pexpect.spawn[str] | Piped

PROMPT = "Enter MFA Token: "
WAITS = "Waiting for another login for dev-admin"
_FOUND = "found session"
RAN = rf"{_FOUND} (ASIA\w+)\."


class Processes:
    """The running ``authkit exec`` of one home.  Each child prints the session that it finds."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._all: list[Process] = []

    def on_a_terminal(self, identity: str = "dev-admin") -> pexpect.spawn[str]:
        """Start one on a terminal of its own."""
        self._all.append(started := spawn(_command(identity), self._home.environ))
        return started

    def without_terminal(self, *identities: str) -> list[Piped]:
        """Start one for each of these identities, without a terminal."""
        environ = self._home.environ
        started = [Piped(_command(name), environ, LIMIT) for name in identities]
        self._all += started
        return started

    def kill(self) -> None:
        """Kill those that still run."""
        for process in self._all:
            if isinstance(process, Piped):
                process.kill()
            else:
                process.close(force=True)


@contextmanager
def processes(home: Home) -> Iterator[Processes]:
    """Start processes within the context; all of them have ended after it."""
    started = Processes(home)
    try:
        yield started
    finally:
        started.kill()


def _command(identity: str) -> list[str]:
    child = ["sh", "-c", f"echo {_FOUND} $AWS_ACCESS_KEY_ID."]
    return [AUTHKIT, "exec", identity, "--", *child]


def session_found(process: Process) -> str:
    """Wait until the child has run and authkit has ended; return the session's access key id."""
    process.expect(RAN)
    assert process.match
    found = str(process.match[1])
    assert process.wait() == 0
    return found
