"""B-L24, B-E05: many authkit processes at once, for one identity whose session has expired."""

from __future__ import annotations

import json
import signal
from datetime import UTC, datetime, timedelta
from itertools import cycle
from typing import TYPE_CHECKING

import pexpect
import pytest

from authkit.core.identity import fingerprint
from authkit.core.sessions import VERSION
from fakes.world.cached_session import NAME, cached_session, session, write_session
from tests.support.processes import PROMPT, RAN, WAITS, Processes, processes, session_found
from tests.support.simulator import KEYS, MFA, Home, Simulator

if TYPE_CHECKING:
    from collections.abc import Iterator

NEEDS_A_PERSON = "dev-admin needs an MFA code, and there is nobody to ask here"


@pytest.fixture
def expired(online: Home) -> Home:
    """Return a home with keys, an MFA device and an expired session of theirs."""
    fill(online, {"mfa_arn": MFA})
    return online


def fill(home: Home, settings: dict[str, str]) -> None:
    """Put keys and settings into the keyring, and an expired session into the cache."""
    home.put_in_keyring({"version": 1, **KEYS, **settings})
    then = datetime.now(UTC).replace(microsecond=0) - timedelta(days=2)
    ended = session(then, timedelta(hours=12), access_key_id="ASIAOLD")
    keys = fingerprint(*KEYS.values())
    cached = cached_session(ended, keys=keys, mfa_arn=settings.get("mfa_arn", ""))
    write_session(home.path / "state", cached)


@pytest.fixture
def started(expired: Home) -> Iterator[Processes]:
    """Start processes in that home."""
    with processes(expired) as running:
        yield running


def granted(simulator: Simulator) -> list[str | None]:
    """Return the error codes of the calls of GetSessionToken, None for success."""
    return [code for operation, code in simulator.calls() if operation == "GetSessionToken"]


def test_twenty_at_once(started: Processes, simulator: Simulator) -> None:
    """B-L24: twenty execs, one of them on a terminal: one prompt, one session, all run."""
    terminal = started.on_a_terminal()
    terminal.expect_exact(PROMPT)
    others = started.without_terminal(*[NAME] * 19)
    for other in others:
        other.expect_exact(WAITS)
    terminal.sendline("123456")
    found = {session_found(process) for process in (terminal, *others)}
    (late,) = started.without_terminal(NAME)
    assert found == {session_found(late)}
    assert granted(simulator) == [None]


def test_the_holder_is_killed(started: Processes, simulator: Simulator) -> None:
    """B-L24, B-E05: another one on a terminal takes over; the others run or say why not."""
    holder = started.on_a_terminal()
    holder.expect_exact(PROMPT)
    terminals = [started.on_a_terminal(), started.on_a_terminal()]
    others = started.without_terminal(*[NAME] * 5)
    for waiting in (*terminals, *others):
        waiting.expect_exact(WAITS)
    holder.kill(signal.SIGKILL)
    heir = next(t for t in cycle(terminals) if t.expect_exact([PROMPT, pexpect.TIMEOUT], 0.2) == 0)
    heir.sendline("123456")
    (second,) = (terminal for terminal in terminals if terminal is not heir)
    assert session_found(heir) == session_found(second), "one prompt for both"
    for other in others:
        outcome = other.expect([RAN, NEEDS_A_PERSON])
        other.expect(pexpect.EOF)
        assert other.wait() == (0, 125)[outcome]
    assert granted(simulator) == [None]


def test_ctrl_c_ends_a_wait(started: Processes, simulator: Simulator) -> None:
    """B-L24: Ctrl-C ends a process that waits, and does not disturb the others."""
    holder = started.on_a_terminal()
    holder.expect_exact(PROMPT)
    waiting = started.on_a_terminal()
    waiting.expect_exact(WAITS)
    waiting.sendintr()
    waiting.expect_exact("Cancelled.")
    waiting.expect(pexpect.EOF)
    assert waiting.wait() == 130
    holder.sendline("123456")
    session_found(holder)
    assert granted(simulator) == [None]


def test_nobody_has_a_terminal(started: Processes, simulator: Simulator) -> None:
    """B-E05: a code is needed and no login is in progress: each says so and runs nothing."""
    for process in started.without_terminal(*[NAME] * 6):
        process.expect_exact(NEEDS_A_PERSON)
        process.expect(pexpect.EOF)
        assert process.wait() == 125
    assert granted(simulator) == []


def test_no_question_is_needed(started: Processes, expired: Home, simulator: Simulator) -> None:
    """B-E05, B-L24: without MFA the first one logs in without a terminal, and all of them run."""
    fill(expired, {})
    assert len({*map(session_found, started.without_terminal(*[NAME] * 8))}) == 1
    assert granted(simulator) == [None]


def test_nothing_is_left_over(started: Processes, expired: Home) -> None:
    """B-S02: afterwards the folder of sessions holds one complete file and no draft."""
    fill(expired, {})
    for process in started.without_terminal(*[NAME] * 6):
        session_found(process)
    folder = expired.path / "state" / "sessions"
    assert [file.name for file in folder.iterdir()] == ["dev-admin.json"]
    assert json.loads((folder / "dev-admin.json").read_text())["version"] == VERSION
