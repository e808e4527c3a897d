"""The order in which STS checks a request, and what a fault leaves of it."""

from __future__ import annotations

import pytest

from sts_simulator.account.calls import Request
from sts_simulator.account.faults import Fault
from tests.support.account_world import World, a_key, code

MISTAKES = ("version", "key", "account", "parameters", "policy", "device")


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        ("version", "InvalidAction"),
        ("key", "InvalidClientTokenId"),
        ("account", "OptInRequired"),
        ("parameters", "ValidationError"),
        ("policy", "AccessDenied"),
        ("device", "AccessDenied"),
    ],
)
def test_the_first_mistake_is_answered(world: World, first: str, expected: str) -> None:
    """Operation, signature, the account's state, parameters, policies, then the operation."""
    made = MISTAKES[MISTAKES.index(first) :]
    world.account.suspended = "account" in made
    if "policy" in made:
        world.account.policies.deny("dev-admin", "GetSessionToken", "a permissions boundary")
    answer = world.ask(
        "NoSuchOperation" if "version" in made else "GetSessionToken",
        who=a_key("AKIANOBODYNOBODYNOBO") if "key" in made else None,
        DurationSeconds=1 if "parameters" in made else 900,
        SerialNumber="arn:aws:iam::123456789012:mfa/nobody",
        TokenCode="123456",
    )
    assert code(answer) == expected
    assert ("boundary" in getattr(answer, "message", "")) is (first == "policy")


@pytest.mark.parametrize(("answer", "used"), [("timeout", True), ("reset", False)])
def test_a_fault_that_keeps_the_effect_uses_the_code(
    world: World, answer: str, *, used: bool
) -> None:
    """What STS has done stays done when its answer is lost."""
    device = {"SerialNumber": "arn:aws:iam::123456789012:mfa/user", "TokenCode": "123456"}
    world.account.faults.add(Fault("*", answer))
    world.account.call(request_of(world, device))
    assert (code(world.ask("GetSessionToken", **device)) == "AccessDenied") is used


def request_of(world: World, parameters: dict[str, str]) -> Request:
    """Return a signed request for a session."""
    return Request("GetSessionToken", parameters, world.signature())
