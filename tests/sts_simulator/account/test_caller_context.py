"""The condition keys that a caller gives.  Source: IAM user guide, global condition keys."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sts_simulator.account import caller_context
from sts_simulator.account.authentication import Principal
from tests.support.account_world import SERIAL, World, key


def keys(world: World, who: object = None) -> dict[str, Any]:
    """Return the condition keys of a request by this key or session."""
    found = world.account.authenticate(world.signature(who))
    assert isinstance(found, Principal)
    return caller_context.of(found, world.account.now(), "10.0.0.1")


def test_a_user(world: World) -> None:
    """A long-lived key has no key of MFA, and no time at which a token was issued."""
    found = keys(world)
    assert found["aws:principalarn"] == "arn:aws:iam::123456789012:user/dev-admin"
    assert (found["aws:principaltype"], found["aws:username"]) == ("User", "dev-admin")
    assert (found["aws:principalaccount"], found["aws:sourceip"]) == ("123456789012", "10.0.0.1")
    assert (found["aws:requestedregion"], found["aws:currenttime"]) == (
        *("us-east-1", "2024-12-22T23:58:00Z"),
    )
    assert not {"aws:multifactorauthpresent", "aws:tokenissuetime"} & set(found)
    assert keys(world, key("root"))["aws:principaltype"] == "Account"


def test_a_session(world: World) -> None:
    """A session has MFA or not, its age, and its time of issue; the user is the same."""
    with_mfa = world.session(SerialNumber=SERIAL, TokenCode="123456")
    without = world.session()
    world.clock.sleep(timedelta(minutes=10))
    found = keys(world, with_mfa)
    assert (found["aws:multifactorauthpresent"], found["aws:multifactorauthage"]) == ("true", "600")
    assert (found["aws:tokenissuetime"], found["aws:username"]) == (
        *("2024-12-22T23:58:00Z", "dev-admin"),
    )
    assert keys(world, without)["aws:multifactorauthpresent"] == "false"
    assert "aws:multifactorauthage" not in keys(world, without)


def test_a_request_of_nobody() -> None:
    """A request without a signature has the keys of place and time, and none of a caller."""
    now = datetime(2024, 12, 22, 23, 58, tzinfo=UTC)
    found = caller_context.of_request("123456789012", now, "10.0.0.1", "eu-west-1")
    assert (found["aws:requestedregion"], found["aws:sourceip"]) == ("eu-west-1", "10.0.0.1")
    assert found["aws:resourceaccount"] == "123456789012"
    assert not {name for name in found if "principala" in name and "service" not in name}
    assert not {"aws:userid", "aws:username", "aws:principaltype"} & set(found)
