"""The account: what it grants, and the record of calls."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sts_simulator.account.answers import CallerIdentity, Session
from sts_simulator.account.calls import Request
from sts_simulator.account.faults import Fault
from tests.support.account_world import ID, SERIAL, START, World, key, lasts, sign


def test_caller_identity(world: World) -> None:
    """A key and its sessions have the same identity; root's is the account's root."""
    user = world.ask()
    assert isinstance(user, CallerIdentity)
    assert (user.account, user.arn) == ("123456789012", "arn:aws:iam::123456789012:user/dev-admin")
    assert (user.user_id[:4], len(user.user_id)) == ("AIDA", 21)
    assert world.ask(who=world.session()) == user
    root = world.ask(who=key("root"))
    assert root == CallerIdentity("123456789012", "arn:aws:iam::123456789012:root", "123456789012")


def test_caller_identity_works_where_sts_is_disabled(world: World) -> None:
    """A disabled region still answers GetCallerIdentity."""
    assert isinstance(world.ask(region="eu-west-3"), CallerIdentity)


@pytest.mark.parametrize(
    ("asked", "granted"),
    [("129600", 36 * 3600), (None, 12 * 3600), ("900", 900), ("+900", 900), ("0900", 900)],
)
def test_session_duration(world: World, asked: str | None, granted: int) -> None:
    """A session lasts as long as requested, 12 h by default."""
    session = world.session(**({"DurationSeconds": asked} if asked else {}))
    assert lasts(world, session) == timedelta(seconds=granted)


def test_root_is_capped_without_an_error(world: World) -> None:
    """A session of root lasts one hour, whatever was requested (B-L22)."""
    session = world.ask("GetSessionToken", who=key("root"), DurationSeconds="129600")
    assert isinstance(session, Session)
    assert lasts(world, session) == timedelta(hours=1)


def test_sessions_look_like_aws_and_differ(world: World) -> None:
    """Ids have AWS's form, sessions differ, and no repr shows a secret."""
    one, two = world.session(), world.session()
    assert (one.access_key_id[:4], len(one.access_key_id)) == ("ASIA", 20)
    assert len(one.secret_access_key) == 40
    assert one.access_key_id != two.access_key_id
    assert one.session_token != two.session_token
    assert one.secret_access_key not in repr(world.account.calls) + repr(one)


def test_codes_work_once_each(world: World) -> None:
    """Each listed code is valid for one session, in any order."""
    for code in ("234567", "123456"):
        assert world.session(SerialNumber=SERIAL, TokenCode=code)


def test_a_key_spreads_in_time_or_after_calls(world: World) -> None:
    """A new key is refused for a time, or for some calls, from its first use (B-L08)."""

    def good(name: str) -> bool:
        return isinstance(world.ask(who=key(name)), CallerIdentity)

    assert not good("late")
    world.clock.sleep(timedelta(seconds=4.9))
    assert not good("late")
    world.clock.sleep(timedelta(seconds=0.1))
    assert good("late")
    assert [good("third") for _ in range(3)] == [False, False, True]


def test_calls_are_remembered_without_code_or_token(world: World) -> None:
    """A call is recorded with its parameters, except the code, and its status and error code."""
    world.session(SerialNumber=SERIAL, TokenCode="123456", DurationSeconds="900")
    world.account.faults.add(Fault.parse({"on": "*", "answer": "timeout"}))
    world.account.call(Request("GetCallerIdentity", {}, sign(key("new"), START)))
    first, second = world.account.calls
    assert first.parameters == {"SerialNumber": SERIAL, "DurationSeconds": "900"}
    assert (first.operation, first.access_key_id, first.at) == ("GetSessionToken", ID, START)
    assert (first.status, first.code) == (200, None)
    assert (second.status, second.code) == (None, "timeout")
