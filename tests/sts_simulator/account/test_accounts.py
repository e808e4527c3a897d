"""Several accounts in one world: whose a key is, and what one account sees of another."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sts_simulator.account.account import Account
from sts_simulator.account.answers import CallerIdentity, Granted, KeyOwner, Session
from sts_simulator.account.faults import Fault
from tests.support.account_world import DIRECTORIES, START, World, a_key, a_world, code

FIRST, OTHER = "123456789012", "210987654321"
OURS = a_key("AKIAOURSOURSOURSOURS", "ours")
THEIRS = a_key("AKIATHEIRSTHEIRSTHEI", "theirs")
DEVICE = f"arn:aws:iam::{OTHER}:mfa/dev-admin"
TRUSTING = f"arn:aws:iam::{OTHER}:role/deploy"
TABLE: dict[str, Any] = {
    "keys": {"ours": {"id": OURS.access_key_id, "secret": "ours"}},
    "mfa": {"arn": "arn:aws:iam::123456789012:mfa/me", "codes": ["123456"]},
    "roles": {"hub": {}},
    "accounts": {
        OTHER: {
            "keys": {"theirs": {"id": THEIRS.access_key_id, "secret": "theirs"}},
            "mfa": {"arn": DEVICE, "codes": ["234567"]},
            "roles": {
                "deploy": {"trusts": [FIRST]},
                "own": {},
                "with-mfa": {"trusts": [FIRST], "mfa": True},
                "ticket": {"trusts": [FIRST], "external_id": "ticket-42"},
            },
        },
    },
}


@pytest.fixture(params=DIRECTORIES)
def world(request: pytest.FixtureRequest) -> World:
    """Two accounts with each kind of directory."""
    return a_world(request.param, TABLE)


def assume(world: World, role: str, who: object = OURS, **more: object) -> Any:  # noqa: ANN401 - an Answer
    """Return the answer to AssumeRole of a role of the other account, or of a whole ARN."""
    arn = role if role.startswith("arn:") else f"arn:aws:iam::{OTHER}:role/{role}"
    return world.ask("AssumeRole", who=who, RoleArn=arn, RoleSessionName="me", **more)


def test_a_key_and_a_session_are_their_accounts(world: World) -> None:
    """Two users of the same name in two accounts are two users."""
    ours, theirs = world.ask(who=OURS), world.ask(who=THEIRS)
    assert isinstance(ours, CallerIdentity)
    assert isinstance(theirs, CallerIdentity)
    assert (ours.account, theirs.account) == (FIRST, OTHER)
    assert theirs.arn == f"arn:aws:iam::{OTHER}:user/dev-admin"
    assert ours.user_id != theirs.user_id
    session = world.ask("GetSessionToken", who=THEIRS)
    assert world.ask(who=session) == theirs


def test_the_account_of_a_key_id(world: World) -> None:
    """GetAccessKeyInfo tells it of keys and sessions; of an unknown key it names the caller's."""
    granted = assume(world, "deploy")
    ids = [THEIRS.access_key_id, granted.session.access_key_id, "AKIANOBODYNOBODYNOBO"]
    told = [world.ask("GetAccessKeyInfo", who=OURS, AccessKeyId=id_) for id_ in ids]
    assert told == [KeyOwner(OTHER), KeyOwner(OTHER), KeyOwner(FIRST)]


def test_a_role_of_another_account(world: World) -> None:
    """Its session is of the role's account, whatever the caller's is."""
    granted = assume(world, "deploy")
    assert isinstance(granted, Granted)
    assert granted.arn == f"arn:aws:sts::{OTHER}:assumed-role/deploy/me"
    caller = world.ask(who=granted.session)
    assert isinstance(caller, CallerIdentity)
    assert (caller.account, caller.arn) == (OTHER, granted.arn)
    refused = assume(world, "own")
    assert code(refused) == "AccessDenied"
    assert refused.reason == "trust policy, statement 1 does not name the caller"
    assert assume(world, f"arn:aws:iam::{OTHER}:role/nobody").reason == "there is no such role"
    assert assume(world, "arn:aws:iam::999999999999:role/x").reason == "there is no such role"


def test_mfa_and_external_id(world: World) -> None:
    """They are asked for across accounts as within one; the device is one of the caller's."""
    assert code(assume(world, "with-mfa")) == "AccessDenied"
    own = {"SerialNumber": "arn:aws:iam::123456789012:mfa/me", "TokenCode": "123456"}
    assert isinstance(assume(world, "with-mfa", **own), Granted)
    theirs = assume(world, "with-mfa", SerialNumber=DEVICE, TokenCode="234567")
    assert theirs.reason == f"there is no enabled device {DEVICE}"
    assert code(assume(world, "ticket")) == "AccessDenied"
    assert isinstance(assume(world, "ticket", ExternalId="ticket-42"), Granted)


@pytest.mark.parametrize(
    ("principal", "trusted"),
    [
        (FIRST, True),
        (f"arn:aws:iam::{FIRST}:root", True),
        (f"arn:aws:iam::{FIRST}:user/dev-admin", True),
        (f"arn:aws:iam::{FIRST}:role/hub", False),
        (f"arn:aws:iam::{OTHER}:user/dev-admin", False),
        (OTHER, False),
    ],
)
def test_how_a_trust_policy_names_a_user_of_another_account(
    world: World, principal: str, *, trusted: bool
) -> None:
    """By the account's id, its root ARN, or the user's ARN; a namesake is somebody else."""
    trust(world, principal)
    assert (code(assume(world, "new")) == "") is trusted


@pytest.mark.parametrize(
    ("principal", "trusted"),
    [
        (f"arn:aws:iam::{FIRST}:role/hub", True),
        (f"arn:aws:sts::{FIRST}:assumed-role/hub/me", True),
        (f"arn:aws:sts::{FIRST}:assumed-role/hub/else", False),
        (f"arn:aws:iam::{FIRST}:user/dev-admin", False),
    ],
)
def test_a_chain_across_accounts(world: World, principal: str, *, trusted: bool) -> None:
    """A trust policy names the role, or its session; of the caller's tags it gets the chain's."""
    trust(world, principal)
    hub = assume(world, f"arn:aws:iam::{FIRST}:role/hub")
    granted = assume(world, "new", hub.session)
    assert (code(granted) == "") is trusted
    if trusted:
        assert granted.arn == f"arn:aws:sts::{OTHER}:assumed-role/new/me"
        back = assume(world, f"arn:aws:iam::{FIRST}:role/hub", granted.session)
        assert code(back) == "AccessDenied"  # hub trusts its own account alone


def test_tags_and_source_identity_along_a_chain(world: World) -> None:
    """Transitive tags and the source identity reach the role of the other account."""
    actions = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]
    source = f"arn:aws:iam::{FIRST}:role/new"
    trust(world, FIRST, actions, account=FIRST)
    keys = {"aws:PrincipalTag/team": "red", "sts:SourceIdentity": "ann"}
    trust(world, source, actions, condition={"StringEquals": keys})
    asked = {"Tags.member.1.Key": "team", "Tags.member.1.Value": "red", "SourceIdentity": "ann"}
    first = assume(world, source, **asked, **{"TransitiveTagKeys.member.1": "team"})
    granted = assume(world, "new", first.session)
    assert granted.source_identity == "ann"
    assert code(assume(world, "new", assume(world, source).session)) == "AccessDenied"


@pytest.mark.parametrize(
    ("key", "value", "met"),
    [
        ("aws:PrincipalAccount", FIRST, True),
        ("aws:PrincipalAccount", OTHER, False),
        ("aws:ResourceAccount", OTHER, True),
        ("aws:ResourceAccount", FIRST, False),
    ],
)
def test_condition_keys_of_the_accounts(world: World, key: str, value: str, *, met: bool) -> None:
    """The principal's account is the caller's, the resource's that of the role."""
    trust(world, FIRST, condition={"StringEquals": {key: value}})
    assert (code(assume(world, "new")) == "") is met


def test_an_explicit_deny_of_the_caller(world: World) -> None:
    """With enforce the caller's own account refuses; the other account's policies do not count."""
    deny = '{"Statement": {"Effect": "Deny", "Action": "sts:AssumeRole", "Resource": "%s"}}'
    there = world.account.world[OTHER]
    there.administrator.add_policy("dev-admin", "none", deny % "*")
    world.account.enforce = there.enforce = True
    assert isinstance(assume(world, "deploy"), Granted)
    world.account.administrator.add_policy("dev-admin", "none", deny % TRUSTING)
    refused = assume(world, "deploy")
    assert str(refused.message).endswith(
        f"on resource: {TRUSTING} with an explicit deny in an identity-based policy"
    )
    assert isinstance(assume(world, "ticket", ExternalId="ticket-42"), Granted)


def test_users_roles_and_devices_are_not_seen_from_elsewhere(world: World) -> None:
    """A device of another account is no device, a user of it no user."""
    asked = {"SerialNumber": DEVICE, "TokenCode": "234567"}
    assert code(world.ask("GetSessionToken", who=OURS, **asked)) == "AccessDenied"
    assert isinstance(world.ask("GetSessionToken", who=THEIRS, **asked), Session)
    there = world.account.world[OTHER]
    there.administrator.delete_user("dev-admin")
    assert code(world.ask(who=THEIRS)) == "InvalidClientTokenId"
    assert isinstance(world.ask(who=OURS), CallerIdentity)


def test_what_is_done_to_one_account(world: World) -> None:
    """Suspension, revoked sessions, rotated keys and regions are those of one account."""
    there = world.account.world[OTHER]
    world.ask("GetSessionToken", who=OURS)
    with pytest.raises(LookupError, match="dev-admin has no session"):
        there.revoke_sessions("dev-admin")
    ours, theirs = (world.ask("GetSessionToken", who=who) for who in (OURS, THEIRS))
    there.revoke_sessions("dev-admin")
    answers = [
        assume(world, f"arn:aws:iam::{a}:role/{r}", who)
        for a, r, who in ((FIRST, "hub", ours), (OTHER, "own", theirs))
    ]
    assert list(map(code, answers)) == ["", "AccessDenied"]
    there.suspended = True
    assert [code(world.ask(who=who)) for who in (OURS, THEIRS)] == ["", "OptInRequired"]
    there.suspended = False
    there.administrator.rotate("dev-admin")
    assert [code(world.ask(who=who)) for who in (OURS, THEIRS)] == ["", "InvalidClientTokenId"]


def test_calls_name_the_account_of_the_caller(world: World) -> None:
    """None for a caller who is not known."""
    for who in (OURS, THEIRS, a_key("AKIANOBODYNOBODYNOBO")):
        world.ask(who=who)
    assert [call.account for call in world.account.calls] == [FIRST, OTHER, None]


@pytest.mark.parametrize(
    ("fault", "hit"),
    [
        ({}, [True, True]),
        ({"user": "dev-admin"}, [True, False]),
        ({"user": "dev-admin", "account": OTHER}, [False, True]),
        ({"account": OTHER}, [False, True]),
        ({"account": FIRST}, [True, False]),
    ],
)
def test_faults_of_one_account(world: World, fault: dict[str, str], hit: list[bool]) -> None:
    """A fault's user is one of the first account unless it says which."""
    world.account.faults.add(Fault("*", "Throttling", times=0, **fault))  # type: ignore[arg-type]  # user, account
    assert [code(world.ask(who=who)) == "Throttling" for who in (OURS, THEIRS)] == hit


def test_ids_are_unique_over_all_accounts_and_follow_from_the_seed() -> None:
    """Users and roles of the same name have other ids in each account; every run has the same."""
    made = [Account.from_table(TABLE, lambda: START) for _ in range(2)]
    ids = [[a.directory.user("dev-admin") for a in one.world.values()] for one in made]
    assert ids[0] == ids[1]
    roles = {one.named(OTHER).administrator.add_role("hub", "{}").user_id for one in made}
    assert len(roles) == 1
    hub = made[0].accounts.role(f"arn:aws:iam::{FIRST}:role/hub")
    assert hub is not None
    assert hub.user_id not in roles


def test_an_account_that_is_not_there() -> None:
    """It is named; without a name the first one is meant."""
    account = Account.from_table(TABLE, lambda: START)
    assert account.named(None) is account.named(FIRST) is account
    assert account.named(OTHER).first is account
    with pytest.raises(LookupError, match="there is no account 999999999999"):
        account.named("999999999999")


def trust(
    world: World,
    principal: str,
    actions: list[str] | None = None,
    *,
    account: str = OTHER,
    condition: object = None,
) -> None:
    """Make the role `new` of an account, which trusts a principal."""
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": principal},
        "Action": actions or "sts:AssumeRole",
        "Condition": condition or {},
    }
    administrator = world.account.world[account].administrator
    administrator.add_role("new", json.dumps({"Statement": [statement]}))
