"""B-K03, B-L24: many processes at once, each for another role of one user with an MFA device."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pexpect.popen_spawn import PopenSpawn

from tests.support.pty_tools import LIMIT, spawn
from tests.support.simulator import BIN, MFA, WORLD, Home, Simulator
from tests.terminal.test_parallel import FIELDS, PROMPT, WAITS, granted, ran

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES = [f"role-{number}" for number in range(6)]
ROLE = """
[identities.{name}]
kind = "aws/assume-role"
source = "dev-admin"
role_arn = "arn:aws:iam::123456789012:role/{name}"
"""


@pytest.fixture
def roles(online: Home, simulator: Simulator) -> Home:
    """Return a home with keys, an MFA device and many roles, and no session."""
    simulator.control("world", {**WORLD, "roles": {name: {} for name in NAMES}})
    online.put_in_keyring({"version": 1, **FIELDS, "mfa_arn": MFA})
    online.config("[identities.dev-admin]\n" + "".join(ROLE.format(name=name) for name in NAMES))
    return online


def command(role: str) -> list[str]:
    """Return the command that says which session it found."""
    child = ["sh", "-c", "echo ran with $AWS_ACCESS_KEY_ID."]
    return [str(BIN / "authkit"), "exec", role, "--", *child]


@pytest.fixture
def others(roles: Home) -> Iterator[list[PopenSpawn[str]]]:
    """Gather processes without a terminal, all of them gone in the end."""
    assert roles.path
    gathered: list[PopenSpawn[str]] = []
    yield gathered
    for process in gathered:
        process.proc.kill()
        process.read()  # to the end: then nothing reads any more
        process.proc.communicate()


def test_one_code_for_all_roles(
    roles: Home, others: list[PopenSpawn[str]], simulator: Simulator
) -> None:
    """B-K03, B-L24: one prompt, one session of the user's, and one of each role's."""
    terminal = spawn(command(NAMES[0]), roles.environ)
    terminal.expect_exact(PROMPT)
    for name in NAMES[1:]:
        started = PopenSpawn(command(name), env=roles.environ, timeout=LIMIT, encoding="utf-8")
        others.append(started)
    for other in others:
        other.expect_exact(WAITS)
    terminal.sendline("123456")
    found = {ran(terminal), *map(ran, others)}
    assert len(found) == len(NAMES), "each has its own"
    assert granted(simulator) == [None]
    assert simulator.calls().count(("AssumeRole", None)) == len(NAMES)
    assert roles.keyring() == {"version": 1, **FIELDS, "mfa_arn": MFA}
