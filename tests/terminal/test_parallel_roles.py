"""B-K03, B-L24: many processes at once, each for another role of one user with an MFA device."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.processes import PROMPT, WAITS, processes, session_found
from tests.support.simulator import KEYS, MFA, WORLD

if TYPE_CHECKING:
    from tests.support.simulator import Home, Simulator

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
    online.put_in_keyring({"version": 1, **KEYS, "mfa_arn": MFA})
    online.config("[identities.dev-admin]\n" + "".join(ROLE.format(name=name) for name in NAMES))
    return online


def test_one_code_for_all_roles(roles: Home, simulator: Simulator) -> None:
    """B-K03, B-L24: one prompt, one session of the user, and one session of each role."""
    with processes(roles) as started:
        terminal = started.on_a_terminal(NAMES[0])
        terminal.expect_exact(PROMPT)
        others = started.without_terminal(*NAMES[1:])
        for other in others:
            other.expect_exact(WAITS)
        terminal.sendline("123456")
        found = {session_found(process) for process in (terminal, *others)}
    assert len(found) == len(NAMES), "each role has its own session"
    calls = simulator.calls()
    assert calls.count(("GetSessionToken", None)) == 1
    assert calls.count(("AssumeRole", None)) == len(NAMES)
    assert {code for _, code in calls} == {None}
    assert roles.keyring() == {"version": 1, **KEYS, "mfa_arn": MFA}


def test_a_role_that_is_another_in_the_config_meanwhile(roles: Home) -> None:
    """B-S03: a session of the role that was read is not handed out as one of the role that is."""
    with processes(roles) as started:
        terminal = started.on_a_terminal(NAMES[0])
        terminal.expect_exact(PROMPT)
        other = ROLE.format(name=NAMES[0]).replace("role/role-0", "role/role-1")
        roles.config("[identities.dev-admin]\n" + other)
        terminal.sendline("123456")
        session_found(terminal)
    ended = roles.authkit("env", NAMES[0])
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "belongs to other settings than the config" in ended.stderr
