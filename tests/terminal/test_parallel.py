"""B-L24, B-E05: many authkit processes at once, for one identity whose session has run out."""

from __future__ import annotations

import json
import signal
from datetime import UTC, datetime, timedelta
from itertools import cycle
from typing import TYPE_CHECKING

import pexpect
import pytest
from pexpect.popen_spawn import PopenSpawn

from authkit.adapters.state_folder import StateFolder
from authkit.core.identity import fingerprint
from authkit.core.model import CachedSession, Secret, Session
from authkit.core.sessions import VERSION, encode
from tests.support.pty_tools import LIMIT, spawn
from tests.support.simulator import BIN, MFA, WORLD, Home, Simulator

if TYPE_CHECKING:
    from collections.abc import Iterator

KEYS = WORLD["keys"]["new"]  # type: ignore[index]  # a table of a scenario
FIELDS = {"access_key_id": KEYS["id"], "secret_access_key": KEYS["secret"]}
COMMAND = [str(BIN / "authkit"), "exec", "dev-admin", "--"]
COMMAND += ["sh", "-c", "echo ran with $AWS_ACCESS_KEY_ID."]
RAN, PROMPT = r"ran with (ASIA\w+)\.", "Enter MFA Token: "
WAITS = "Waiting for another login for dev-admin"
REFUSES = "dev-admin needs an MFA code, and there is nobody to ask here."


@pytest.fixture
def expired(online: Home) -> Home:
    """Return a home with keys, an MFA device and a session of theirs that has run out."""
    fill(online, {"mfa_arn": MFA})
    return online


def fill(home: Home, settings: dict[str, str]) -> None:
    """Put keys and settings into the keyring, and an expired session of theirs beside them."""
    home.put_in_keyring({"version": 1, **FIELDS, **settings})
    then = datetime.now(UTC).replace(microsecond=0) - timedelta(days=2)
    cached = CachedSession(
        session=Session("ASIAOLD", Secret("old"), Secret("old"), then + timedelta(hours=12), then),
        kind="aws/user",
        region="us-east-1",
        account="123456789012",
        principal="arn:aws:iam::123456789012:user/dev-admin",
        keys=fingerprint(*FIELDS.values()),
        mfa_arn=settings.get("mfa_arn", ""),
        duration=timedelta(hours=12),
    )
    StateFolder(str(home.path / "state")).replace("dev-admin", encode(cached))


class Crowd:
    """Processes of one home, all of them gone in the end."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._all: list[pexpect.spawn[str] | PopenSpawn[str]] = []

    def terminal(self) -> pexpect.spawn[str]:
        """Start the command on a terminal of its own."""
        self._all.append(started := spawn(COMMAND, self._home.environ))
        return started

    def without_terminal(self, count: int) -> list[PopenSpawn[str]]:
        """Start the command without a terminal, so many times."""
        many = [
            PopenSpawn(COMMAND, env=self._home.environ, timeout=LIMIT, encoding="utf-8")
            for _ in range(count)
        ]
        self._all += many
        return many

    def end(self) -> None:
        """Kill what still runs."""
        for process in self._all:
            if isinstance(process, PopenSpawn):
                process.proc.kill()
                process.read()  # to the end: then nothing reads any more
                process.proc.communicate()
            else:
                process.close(force=True)


@pytest.fixture
def crowd(expired: Home) -> Iterator[Crowd]:
    """Processes in that home."""
    gathered = Crowd(expired)
    yield gathered
    gathered.end()


def ran(process: pexpect.spawn[str] | PopenSpawn[str]) -> str:
    """Wait until the child has run; return the id of the session that it found."""
    process.expect(RAN)
    assert process.match
    found = str(process.match[1])
    assert process.wait() == 0
    return found


def granted(simulator: Simulator) -> list[str | None]:
    """Return how the calls of GetSessionToken ended."""
    return [code for operation, code in simulator.calls() if operation == "GetSessionToken"]


def test_twenty_at_once(crowd: Crowd, simulator: Simulator) -> None:
    """B-L24: twenty execs, one of them with a terminal: one prompt, one session, twenty run."""
    terminal = crowd.terminal()
    terminal.expect_exact(PROMPT)
    others = crowd.without_terminal(19)
    for other in others:
        other.expect_exact(WAITS)
    terminal.sendline("123456")
    assert {ran(terminal), *map(ran, others)} == {ran_with(crowd)}
    assert granted(simulator) == [None]


def ran_with(crowd: Crowd) -> str:
    """Return the session that one more exec finds, without a question."""
    (late,) = crowd.without_terminal(1)
    return ran(late)


def test_the_holder_is_killed(crowd: Crowd, simulator: Simulator) -> None:
    """B-L24, B-E05: one of those with a terminal takes over; the others run, or say why not."""
    holder = crowd.terminal()
    holder.expect_exact(PROMPT)
    terminals, others = [crowd.terminal(), crowd.terminal()], crowd.without_terminal(5)
    for waiting in (*terminals, *others):
        waiting.expect_exact(WAITS)
    holder.kill(signal.SIGKILL)
    heir = next(t for t in cycle(terminals) if t.expect_exact([PROMPT, pexpect.TIMEOUT], 0.2) == 0)
    heir.sendline("123456")
    (second,) = (terminal for terminal in terminals if terminal is not heir)
    assert ran(heir) == ran(second), "one prompt for both"
    for other in others:
        outcome = other.expect([RAN, REFUSES])
        other.expect(pexpect.EOF)
        assert other.wait() == (0, 125)[outcome]
    assert granted(simulator) == [None]


def test_ctrl_c_ends_a_wait(crowd: Crowd, simulator: Simulator) -> None:
    """B-L24: Ctrl-C ends the waiting of one, and nothing of the others'."""
    holder, waiting = crowd.terminal(), None
    holder.expect_exact(PROMPT)
    waiting = crowd.terminal()
    waiting.expect_exact(WAITS)
    waiting.sendintr()
    waiting.expect_exact("Cancelled.")
    waiting.expect(pexpect.EOF)
    assert waiting.wait() == 130
    holder.sendline("123456")
    ran(holder)
    assert granted(simulator) == [None]


def test_nobody_has_a_terminal(crowd: Crowd, simulator: Simulator) -> None:
    """B-E05: a code is needed and no login under way: every one says so, and runs nothing."""
    for process in crowd.without_terminal(6):
        process.expect_exact(REFUSES)
        process.expect(pexpect.EOF)
        assert process.wait() == 125
    assert granted(simulator) == []


def test_nothing_has_to_be_asked(crowd: Crowd, expired: Home, simulator: Simulator) -> None:
    """B-E05, B-L24: without MFA the first one logs in, terminal or not, and all of them run."""
    fill(expired, {})
    assert len({*map(ran, crowd.without_terminal(8))}) == 1
    assert granted(simulator) == [None]


def test_nothing_is_left_over(crowd: Crowd, expired: Home) -> None:
    """B-S02: after a crowd the state folder holds whole files, and no draft."""
    fill(expired, {})
    for process in crowd.without_terminal(6):
        ran(process)
    folder = expired.path / "state" / "sessions"
    assert [file.name for file in folder.iterdir()] == ["dev-admin.json"]
    assert json.loads((folder / "dev-admin.json").read_text())["version"] == VERSION
