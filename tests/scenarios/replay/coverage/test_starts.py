"""coverage.starts: how a call comes about."""

from __future__ import annotations

import pytest

from scenarios.replay.coverage import cells
from scenarios.replay.coverage.noted import Call
from scenarios.replay.coverage.starts import LINES, STARTS, start


def test_every_call_has_a_start() -> None:
    """The table has the calls of the matrix, and no other."""
    assert {Call(*key) for key in STARTS} == {*cells.CALLS}


def test_the_first_command_that_makes_the_call() -> None:
    """Without a command it is login; with a session, a login that has one."""
    assert start("GetCallerIdentity", "").command.run == "authkit login dev-admin"
    assert not start("GetCallerIdentity", "").before
    assert start("GetCallerIdentity", "", session=True).before == ("authkit login dev-admin",)
    assert start("AssumeRole", "exec").role


def test_a_fault_point_has_the_line_of_its_command() -> None:
    """Unless something has to come before; a note of codes is kept where there is a device."""
    assert start("keyring.get", "whoami").command.run == LINES["whoami"]
    assert start("keyring.set", "exec").before == (LINES["logout"],)
    assert start("codes.read", "login").mfa


def test_a_call_that_no_command_makes() -> None:
    """The message names those that there are."""
    with pytest.raises(LookupError, match=r"whoami never calls AssumeRole.*AssumeRole of login"):
        start("AssumeRole", "whoami")
