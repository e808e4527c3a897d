"""IAM's ListMFADevices as the account answers it: whose devices, to whom, and its faults."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sts_simulator.account.account import Account
from sts_simulator.account.answers import Devices
from sts_simulator.account.calls import Request
from sts_simulator.account.clock import Clock
from sts_simulator.account.errors import AwsError
from sts_simulator.account.faults import Fault
from sts_simulator.account.list_mfa_devices import FAULT, OPERATION
from tests.support.account_world import DIRECTORIES, ID, SECRET, SERIAL, START, World, a_key

KEY_FOB = "arn:aws:iam::123456789012:u2f/user/dev-admin/blue-EXAMPLE"
ROLE = "arn:aws:iam::123456789012:role/anybody"
DENIES = {"Statement": {"Effect": "Deny", "Action": FAULT, "Resource": "*"}}
TABLE: dict[str, Any] = {
    "keys": {
        "new": {"id": ID, "secret": SECRET},
        "root": {"id": "AKIAROOTROOTROOTROOT", "secret": "root-secret", "root": True},
        "none": {"id": "AKIANONENONENONENONE", "secret": "none-secret", "user": "none"},
    },
    "mfa": [
        {"arn": "GAHT12345678", "secret": "JBSWY3DPEHPK3PXPJBSWY3DP"},
        {"arn": SERIAL, "codes": ["123456"]},
        {"arn": KEY_FOB, "codes": ["000000"]},
        {"arn": f"{SERIAL}-of-root", "codes": ["111111"], "root": True},
    ],
    "roles": {"anybody": {}},
}


@pytest.fixture(params=DIRECTORIES)
def world(request: pytest.FixtureRequest) -> World:
    """The table's account, with each kind of directory."""
    directory, clock = request.param(), Clock(START)
    getattr(directory, "clear", lambda: None)()
    return World(Account.from_table(TABLE, clock.now, directory=directory), clock)


def listed(world: World, who: object = None, **asked: str) -> list[str] | AwsError:
    """Return the serial numbers in the answer, or its error."""
    signature = replace(world.signature(who), service="iam")
    answer = world.account.call(Request(OPERATION, asked, signature, service="iam")).answer
    assert isinstance(answer, (Devices, AwsError))
    if isinstance(answer, AwsError):
        return answer
    return [device.serial_number for device in answer.devices]


def code(answer: list[str] | AwsError) -> str:
    """Return the code of an error."""
    assert isinstance(answer, AwsError)
    return answer.code


def test_whose_devices(world: World) -> None:
    """Those of the caller, of every kind; of root; of a user who has none; of another by name."""
    assert listed(world) == ["GAHT12345678", SERIAL, KEY_FOB]
    assert listed(world, a_key("AKIAROOTROOTROOTROOT", "root-secret")) == [f"{SERIAL}-of-root"]
    nobody = a_key("AKIANONENONENONENONE", "none-secret")
    assert listed(world, nobody) == []
    assert listed(world, nobody, UserName="dev-admin") == ["GAHT12345678", SERIAL, KEY_FOB]
    world.account.administrator.remove_device(SERIAL)
    assert listed(world) == ["GAHT12345678", KEY_FOB]


def test_who_is_refused(world: World) -> None:
    """Unknown keys, a wrong secret, nobody's name, a role without a name, no signature."""
    assert code(listed(world, a_key("AKIANOBODYNOBODYNOBO"))) == "InvalidClientTokenId"
    assert code(listed(world, a_key(ID, "wrong"))) == "SignatureDoesNotMatch"
    assert code(listed(world, UserName="x")) == "NoSuchEntity"
    answer = world.ask("AssumeRole", RoleArn=ROLE, RoleSessionName="me")
    assert code(listed(world, answer.session)) == "ValidationError"  # type: ignore[union-attr]  # a role's session is granted
    unsigned = world.account.call(Request(OPERATION, {}, None, service="iam")).answer
    assert isinstance(unsigned, AwsError)
    assert unsigned.code == "MissingAuthenticationToken"


def test_a_policy_denies_it() -> None:
    """With `enforce` an explicit denial refuses, in IAM's words."""
    clock = Clock(START)
    table = {**TABLE, "enforce": True, "policies": {"dev-admin": DENIES}}
    answer = listed(World(Account.from_table(table, clock.now), clock))
    assert code(answer) == "AccessDenied"
    assert "not authorized to perform: iam:ListMFADevices" in str(getattr(answer, "message", ""))


def test_faults(world: World) -> None:
    """One on it takes no call of STS, and one on every call of STS does not take it."""
    world.account.faults.add(Fault(FAULT, "AccessDenied"), Fault("*", "Throttling"))
    denied = listed(world)
    assert code(denied) == "AccessDenied"
    assert "to perform: iam:ListMFADevices" in str(getattr(denied, "message", ""))
    assert listed(world) == ["GAHT12345678", SERIAL, KEY_FOB]
    assert code(world.ask()) == "Throttling"  # type: ignore[arg-type]  # the fault's error


def test_it_is_no_call_of_sts(world: World) -> None:
    """The record of STS's calls does not have it; that it was refused is noted."""
    listed(world)
    assert world.account.calls == []
    listed(world, a_key(ID, "wrong"))
    assert world.account.last_refusal is not None
    assert world.account.last_refusal.service == "iam"
