"""An administrator's changes to an account, as the account's answers show them."""

from __future__ import annotations

import pytest

from sts_simulator.account.account import Account
from sts_simulator.account.answers import CallerIdentity, Session
from sts_simulator.account.directory import ROOT
from sts_simulator.account.errors import AwsError
from tests.support.account_world import ID, SERIAL, START, World, a_key, key


def test_sessions_outlive_their_key(world: World) -> None:
    """Sessions stay valid when their key is deactivated or deleted."""
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
    """After a rotation the old keys are refused and the new one is accepted."""
    made = world.account.administrator.rotate("dev-admin")
    assert isinstance(world.ask(), AwsError)
    assert isinstance(world.ask(who=made), CallerIdentity)
    given = world.account.administrator.rotate("dev-admin", "AKIAGIVENGIVENGIVENG", "given")
    assert isinstance(world.ask(who=a_key(given.access_key_id, "given")), CallerIdentity)
    assert [k.access_key_id for k in world.account.directory.keys("dev-admin")] == [
        given.access_key_id
    ]


def test_an_empty_table_has_a_user() -> None:
    """An empty table creates the default user."""
    account = Account.from_table({}, lambda: START)
    assert account.administrator.rotate("dev-admin").access_key_id.startswith("AKIA")


def test_what_does_not_exist_cannot_be_changed(world: World) -> None:
    """Each change of what does not exist raises LookupError."""
    administrator = world.account.administrator
    for change in (
        lambda: administrator.rotate("nobody"),
        lambda: administrator.activate("AKIANOBODYNOBODYNOBO"),
        lambda: administrator.delete_key("AKIANOBODYNOBODYNOBO"),
        lambda: administrator.delete_user("nobody"),
    ):
        with pytest.raises(LookupError):
            change()


def test_root_can_have_a_device(world: World) -> None:
    """The root user can use its own device."""
    world.account.administrator.add_device(ROOT, "root-device-1", ("999999",))
    answer = world.ask(
        "GetSessionToken", who=key("root"), SerialNumber="root-device-1", TokenCode="999999"
    )
    assert isinstance(answer, Session)


def test_names_have_arns(world: World) -> None:
    """The ARN is that of the user of the name, or else of the role."""
    administrator = world.account.administrator
    assert administrator.arn_of("dev-admin") == "arn:aws:iam::123456789012:user/dev-admin"
    assert administrator.arn_of("deploy") == "arn:aws:iam::123456789012:role/deploy"
    assert administrator.arn_of(ROOT) == "arn:aws:iam::123456789012:root"


def test_a_user_is_created_once(world: World) -> None:
    """add_key creates a missing user; a user created after a deletion has another id."""
    administrator = world.account.administrator
    administrator.add_key("new-user", "AKIANEWUSERNEWUSERNE", "a-secret")
    before = administrator.add_user("new-user")
    assert administrator.add_user("new-user") == before
    administrator.delete_user("new-user")
    assert administrator.add_user("new-user").user_id != before.user_id
    assert world.account.directory.key("AKIANEWUSERNEWUSERNE") is None


def test_a_removed_device_validates_no_code(world: World) -> None:
    """Its codes are refused as those of a device that the user does not have."""
    world.account.administrator.remove_device(SERIAL)
    refused = world.ask("GetSessionToken", SerialNumber=SERIAL, TokenCode="123456")
    assert isinstance(refused, AwsError)
    assert "unable to validate MFA code" in str(refused.message)
    with pytest.raises(LookupError, match="there is no MFA device"):
        world.account.administrator.remove_device(SERIAL)
