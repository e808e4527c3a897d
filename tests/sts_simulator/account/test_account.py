"""The account: what it grants, and what an administrator does to it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pyotp
import pytest

from sts_simulator.account.account import Account
from sts_simulator.account.answers import CallerIdentity, Session
from sts_simulator.account.calls import Request
from sts_simulator.account.directory import ROOT
from sts_simulator.account.errors import AwsError
from sts_simulator.account.faults import Fault
from tests.support.account_world import (
    DIRECTORIES,
    ID,
    SERIAL,
    START,
    World,
    a_key,
    a_world,
    key,
    lasts,
    sign,
)


@pytest.fixture(params=DIRECTORIES)
def world(request: pytest.FixtureRequest) -> World:
    """The table's account, in a dict and in moto's IAM."""
    return a_world(request.param)


def test_caller_identity(world: World) -> None:
    """Keys and their session are the same principal, and root is root."""
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
    """A session lives as long as was asked for, 12 h by default, in whole seconds."""
    session = world.session(**({"DurationSeconds": asked} if asked else {}))
    assert lasts(world, session) == timedelta(seconds=granted)


def test_root_is_capped_without_an_error(world: World) -> None:
    """Root's keys get one hour, whatever they ask for (B-L22)."""
    session = world.ask("GetSessionToken", who=key("root"), DurationSeconds="129600")
    assert isinstance(session, Session)
    assert lasts(world, session) == timedelta(hours=1)


def test_sessions_look_like_aws_and_differ(world: World) -> None:
    """Ids have AWS's shape, no two sessions are alike, and no secret shows."""
    one, two = world.session(), world.session()
    assert (one.access_key_id[:4], len(one.access_key_id)) == ("ASIA", 20)
    assert len(one.secret_access_key) == 40
    assert one.access_key_id != two.access_key_id
    assert one.session_token != two.session_token
    assert one.secret_access_key not in repr(world.account.calls) + repr(one)


def test_codes_work_once_each(world: World) -> None:
    """Every listed code makes one session, in any order."""
    for code in ("234567", "123456"):
        assert world.session(SerialNumber=SERIAL, TokenCode=code)


def test_totp_takes_one_step_either_way_and_each_once(world: World) -> None:
    """The code of now, of the step before and of the next are good, once; others are not."""
    totp = pyotp.TOTP("JBSWY3DPEHPK3PXPJBSWY3DP")

    def good(steps: int) -> bool:
        code = totp.at(START + timedelta(seconds=30 * steps))
        answer = world.ask("GetSessionToken", SerialNumber="GAHT12345678", TokenCode=code)
        return isinstance(answer, Session)

    assert [good(steps) for steps in (-2, -1, 0, 0, 1, 2)] == [
        False,
        True,
        True,
        False,
        True,
        False,
    ]


def test_a_key_spreads_in_time_or_after_calls(world: World) -> None:
    """A new key is refused for so long, or so many calls, from its first use (B-L08)."""

    def good(name: str) -> bool:
        return isinstance(world.ask(who=key(name)), CallerIdentity)

    assert not good("late")
    world.clock.sleep(timedelta(seconds=4.9))
    assert not good("late")
    world.clock.sleep(timedelta(seconds=0.1))
    assert good("late")
    assert [good("third") for _ in range(3)] == [False, False, True]


def test_sessions_outlive_their_key(world: World) -> None:
    """Deactivating or deleting a key ends nothing but the key."""
    session = world.session()
    world.account.administrator.deactivate(ID)
    assert isinstance(world.ask(), AwsError)
    assert isinstance(world.ask(who=session), CallerIdentity)
    world.account.administrator.activate(ID)
    assert isinstance(world.ask(), CallerIdentity)
    world.account.administrator.delete_key(ID)
    assert isinstance(world.ask(), AwsError)
    assert isinstance(world.ask(who=session), CallerIdentity)


def test_rotation(world: World) -> None:
    """After a rotation the old keys are refused and the new one is good, made up or given."""
    made = world.account.administrator.rotate("dev-admin")
    assert isinstance(world.ask(), AwsError)
    assert isinstance(world.ask(who=made), CallerIdentity)
    given = world.account.administrator.rotate("dev-admin", "AKIAGIVENGIVENGIVENG", "given")
    assert isinstance(world.ask(who=a_key(given.access_key_id, "given")), CallerIdentity)
    assert [k.access_key_id for k in world.account.directory.keys("dev-admin")] == [
        given.access_key_id
    ]


def test_an_empty_table_has_a_user() -> None:
    """There is always somebody to make a key for."""
    account = Account.from_table({}, lambda: START)
    assert account.administrator.rotate("dev-admin").access_key_id.startswith("AKIA")


def test_events_on_what_is_not_there(world: World) -> None:
    """An administrator who names nobody is told so."""
    administrator = world.account.administrator
    for event in (
        lambda: administrator.rotate("nobody"),
        lambda: administrator.activate("AKIANOBODYNOBODYNOBO"),
        lambda: administrator.delete_key("AKIANOBODYNOBODYNOBO"),
        lambda: administrator.delete_user("nobody"),
    ):
        with pytest.raises(LookupError):
            event()


def test_root_can_have_a_device(world: World) -> None:
    """Root's device is root's."""
    world.account.administrator.add_device(ROOT, "root-device-1", ("999999",))
    answer = world.ask(
        "GetSessionToken", who=key("root"), SerialNumber="root-device-1", TokenCode="999999"
    )
    assert isinstance(answer, Session)


def test_calls_are_remembered_without_code_or_token(world: World) -> None:
    """A call is kept with what it asked, but for the code, and with what came of it."""
    world.session(SerialNumber=SERIAL, TokenCode="123456", DurationSeconds="900")
    world.account.faults.add(Fault.parse({"on": "*", "answer": "timeout"}))
    world.account.call(Request("GetCallerIdentity", {}, sign(key("new"), START)))
    first, second = world.account.calls
    assert first.parameters == {"SerialNumber": SERIAL, "DurationSeconds": "900"}
    assert (first.operation, first.access_key_id, first.at) == ("GetSessionToken", ID, START)
    assert (first.status, first.code) == (200, None)
    assert (second.status, second.code) == (None, "timeout")


@pytest.mark.parametrize(
    ("table", "trouble"),
    [
        ({"foo": 1}, "account: Additional properties are not allowed ('foo' was unexpected)"),
        ({"latency": "3"}, "account.latency: a length of time is written like 400ms, 20m, 36h"),
        ({"keys": {"x": {"sate": 1}}}, "account.keys.x: Additional properties are not allowed"),
        ({"keys": {"x": {"state": "lost"}}}, "account.keys.x.state: 'lost' is not one of"),
        ({"keys": {"x": {"spreads_after": True}}}, "account.keys.x.spreads_after: a key spreads"),
        ({"mfa": [{"arn": "x"}]}, "account.mfa[0]: a device has codes or a secret"),
        ({"mfa": {"arn": "x", "codes": [123456]}}, "account.mfa.codes[0]: 123456 is not of type"),
        ({"regions": {"disabled": "eu-west-3"}}, "account.regions.disabled: 'eu-west-3' is not of"),
        ({"id": "42"}, "account.id: an account id is twelve digits"),
    ],
)
def test_a_wrong_table_says_where_and_why(table: dict[str, Any], trouble: str) -> None:
    """What an [account] table may not hold is named with its place."""
    with pytest.raises(ValueError, match="account") as caught:
        Account.from_table(table, lambda: START)
    assert str(caught.value).startswith(trouble)
