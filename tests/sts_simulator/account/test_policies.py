"""What policies deny, and in which words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sts_simulator.account.answers import CallerIdentity, Session
from sts_simulator.account.authentication import Principal
from sts_simulator.account.errors import AwsError
from sts_simulator.account.policies import KINDS, Policies

if TYPE_CHECKING:
    from tests.support.account_world import World

USER = "dev-admin"
ROLE = "arn:aws:iam::123456789012:role/deploy"


@pytest.mark.parametrize("kind", KINDS)
def test_a_denied_operation_names_the_policy(world: World, kind: str) -> None:
    """AWS's text says who, what, on which role, and the kind of policy that denies it."""
    world.account.policies.deny(USER, "AssumeRole", kind)
    answer = world.ask("AssumeRole", RoleArn=ROLE, RoleSessionName="me")
    assert answer == AwsError(
        "AccessDenied",
        f"User: arn:aws:iam::123456789012:user/{USER} is not authorized to perform: "
        f"sts:AssumeRole on resource: {ROLE} with an explicit deny in {kind}",
        403,
    )


def test_a_denial_can_be_removed(world: World) -> None:
    """From then on the operation is answered; other operations always were."""
    world.account.policies.deny(USER, "GetSessionToken", KINDS[0])
    denied = world.ask("GetSessionToken")
    assert isinstance(denied, AwsError)
    assert "on resource" not in str(denied.message)
    assert isinstance(world.ask(), CallerIdentity)
    world.account.policies.allow(USER, "GetSessionToken")
    assert isinstance(world.ask("GetSessionToken"), Session)


def test_a_revoked_session_keeps_its_identity_alone(world: World) -> None:
    """A session made after the revocation is not concerned, and GetCallerIdentity never is."""
    world.account.administrator.add_role("deploy", '{"Statement": []}')
    asked = {"RoleArn": ROLE, "RoleSessionName": "me"}
    old = world.session()
    world.account.revoke_sessions(USER)
    new = world.session()
    denied, other = (world.ask("AssumeRole", who=who, **asked) for who in (old, new))
    assert isinstance(denied, AwsError)
    assert str(denied.message).endswith(f"on resource: {ROLE} with an explicit deny in {KINDS[0]}")
    assert denied != other
    assert isinstance(world.ask(who=old), CallerIdentity)


def test_both_ways_to_deny_have_the_same_words(world: World) -> None:
    """A policy that is evaluated and a denial that is asked for differ in the reason alone."""
    asked = {"RoleArn": ROLE, "RoleSessionName": "me"}
    world.account.policies.deny(USER, "AssumeRole", KINDS[0])
    one = world.ask("AssumeRole", **asked)
    world.account.policies.allow(USER, "AssumeRole")
    deny = '{"Statement": {"Effect": "Deny", "Action": "sts:AssumeRole", "Resource": "*"}}'
    world.account.administrator.add_policy(USER, "mine", deny)
    world.account.enforce = True
    other = world.ask("AssumeRole", **asked)
    assert isinstance(one, AwsError)
    assert isinstance(other, AwsError)
    assert one == other
    assert one.reason == f"{KINDS[0]} (asked for), statement 1 denies it"
    assert other.reason == f"{KINDS[0]} (mine), statement 1 denies it"


def test_a_policy_has_no_effect_on_get_session_token(world: World) -> None:
    """C: a policy may name it; only a denial that a story asks for denies it."""
    deny = '{"Statement": {"Effect": "Deny", "Action": "sts:*", "Resource": "*"}}'
    world.account.administrator.add_policy(USER, "none", deny)
    world.account.enforce = True
    assert isinstance(world.ask("GetSessionToken"), Session)
    world.account.policies.deny(USER, "GetSessionToken", KINDS[2])
    denied = world.ask("GetSessionToken")
    assert str(getattr(denied, "message", "")).endswith(
        f"is not authorized to perform: sts:GetSessionToken with an explicit deny in {KINDS[2]}"
    )


def test_a_revoked_session_is_refused_by_every_service(world: World) -> None:
    """What revokes it is a policy that denies every action (C, "Revoke IAM role temporary …")."""
    session = world.session()
    world.account.revoke_sessions(USER)
    old, key = (
        world.account.authenticate(world.signature(who, service="s3"), "s3")
        for who in (session, None)
    )
    assert isinstance(old, Principal)
    assert isinstance(key, Principal)
    refused = world.account.denied(old, "s3:", None)
    assert refused is not None
    assert refused.reason == f"{KINDS[0]} (AWSRevokeOlderSessions), statement 1 denies it"
    assert world.account.denied(key, "s3:", None) is None


def test_what_cannot_be_denied_or_allowed(world: World) -> None:
    """GetCallerIdentity needs no permission; what is not denied cannot be allowed again."""
    with pytest.raises(LookupError, match="no policy can deny GetCallerIdentity"):
        Policies().deny(USER, "GetCallerIdentity", KINDS[0])
    with pytest.raises(LookupError, match="nothing denies AssumeRole to dev-admin"):
        Policies().allow(USER, "AssumeRole")
    with pytest.raises(LookupError, match="dev-admin has no session"):
        world.account.revoke_sessions(USER)


def test_a_suspended_account_is_refused_whatever_it_asks(world: World) -> None:
    """An unknown key is still an unknown key."""
    world.account.suspended = True
    for operation in ("GetCallerIdentity", "GetSessionToken"):
        answer = world.ask(operation)
        assert isinstance(answer, AwsError)
        assert (answer.code, answer.status) == ("OptInRequired", 403)
    unknown = world.ask(who=None, access_key_id="AKIANOBODYNOBODYNOBO")
    assert isinstance(unknown, AwsError)
    assert unknown.code == "InvalidClientTokenId"
