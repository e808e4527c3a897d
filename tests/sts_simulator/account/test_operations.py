"""The operations: roles, federated users, key owners, and what a session may not call."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from sts_simulator.account.answers import Answer, CallerIdentity, Granted, KeyOwner
from sts_simulator.account.errors import AwsError
from sts_simulator.account.moto_directory import MotoDirectory
from tests.support.account_world import (
    DIRECTORIES,
    ID,
    SECRET,
    SERIAL,
    World,
    a_world,
    code,
    key,
    lasts,
)

if TYPE_CHECKING:
    from collections.abc import Callable

ROLE = "arn:aws:iam::123456789012:role/"
TABLE: dict[str, Any] = {
    "keys": {
        "new": {"id": ID, "secret": SECRET},
        "root": {"id": "AKIAROOTROOTROOTROOT", "secret": "root-secret", "root": True},
    },
    "mfa": {"arn": SERIAL, "codes": ["123456", "234567"]},
    "roles": {
        "anybody": {"max_session_duration": "12h"},
        "short": {"trusts": ["dev-admin"]},
        "others": {"trusts": ["somebody-else"]},
        "chained": {"trusts": ["anybody"], "max_session_duration": "12h"},
        "with-mfa": {"mfa": True},
        "with-id": {"external_id": "ticket-42"},
    },
    "regions": {"disabled": ["eu-west-3"]},
}
POLICY = (
    '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}'
)


@pytest.fixture(params=DIRECTORIES)
def world(request: pytest.FixtureRequest) -> World:
    """The table's account, with each kind of directory."""
    return a_world(request.param, TABLE)


def assume(world: World, role: str = "anybody", **changes: object) -> Answer:
    """Return AssumeRole's answer for a role of the table."""
    return world.ask("AssumeRole", **{"RoleArn": ROLE + role, "RoleSessionName": "me", **changes})


def granted(answer: Answer) -> Granted:
    """Return the answer, asserting that it is a granted session."""
    assert isinstance(answer, Granted), answer
    return answer


def test_a_role_is_somebody_else(world: World) -> None:
    """A role's session has the role's identity, lasts an hour, and outlives the caller's user."""
    session = granted(assume(world)).session
    caller = world.ask(who=session)
    assert isinstance(caller, CallerIdentity)
    assert caller.arn == "arn:aws:sts::123456789012:assumed-role/anybody/me"
    assert (caller.user_id[:4], caller.user_id[21:]) == ("AROA", ":me")
    assert lasts(world, session) == timedelta(hours=1)
    world.account.administrator.delete_user("dev-admin")
    assert world.ask(who=session) == caller
    world.clock.sleep(timedelta(hours=1))
    assert code(world.ask(who=session)) == "ExpiredToken"


def test_a_role_made_anew_is_another(world: World) -> None:
    """A role's session is invalid once the role is deleted, even if one of that name follows."""
    if not isinstance(world.account.directory, MotoDirectory):
        pytest.skip("roles are deleted by IAM alone")
    session = granted(assume(world)).session
    iam = world.account.directory._iam  # noqa: SLF001 - as an IAM call would
    iam.delete_role("anybody")
    assert code(world.ask(who=session)) == "InvalidClientTokenId"
    iam.create_role("anybody", "{}", "/", None, "", [], "3600")
    assert code(world.ask(who=session)) == "InvalidClientTokenId"


def test_federated_users(world: World) -> None:
    """A federated user has the name that the caller chooses, and twelve hours by default."""
    answer = granted(world.ask("GetFederationToken", Name="guest", Policy=POLICY))
    assert answer.arn == "arn:aws:sts::123456789012:federated-user/guest"
    assert answer.packed_policy_size == answer.session.utilization > 0
    # simulator-gaps F12: B, LocalStack's snapshot (2024)
    assert granted(world.ask("GetFederationToken", Name="guest")).packed_policy_size is not None
    assert lasts(world, answer.session) == timedelta(hours=12)
    assert world.ask(who=answer.session) == CallerIdentity(
        "123456789012", answer.arn, answer.user_id
    )
    capped = granted(world.ask("GetFederationToken", who=key("root"), Name="guest")).session
    assert lasts(world, capped) == timedelta(hours=1)


def test_a_federated_user_has_no_transitive_tags(world: World) -> None:
    """TransitiveTagKeys are AssumeRole's: another operation ignores them, as any unknown name."""
    asked = {"Name": "guest", "TransitiveTagKeys.member.1": "a"}
    assert granted(world.ask("GetFederationToken", **asked)).session


def test_a_keys_owner(world: World) -> None:
    """GetAccessKeyInfo names the account."""
    assert world.ask("GetAccessKeyInfo", AccessKeyId=ID) == KeyOwner("123456789012")


def test_mfa_reaches_a_role_by_session_or_by_code(world: World) -> None:
    """A role that requires MFA accepts a session made with MFA, or an MFA code in the call."""
    assert code(assume(world, "with-mfa")) == "AccessDenied"
    assert code(assume(world, "with-mfa", who=world.session())) == "AccessDenied"
    session = world.session(SerialNumber=SERIAL, TokenCode="123456")
    assert granted(assume(world, "with-mfa", who=session))
    mfa = {"SerialNumber": SERIAL, "TokenCode": "234567"}
    role = granted(assume(world, "with-mfa", **mfa)).session
    assert "invalid MFA" in str(assume(world, "with-mfa", **mfa))
    assert "unable to validate" in str(assume(world, "anybody", who=role, **mfa))


def test_mfa_is_false_for_a_session_and_absent_for_a_key(world: World) -> None:
    """``BoolIfExists`` on MFA allows long-lived keys, and denies a session without MFA (C)."""
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "sts:AssumeRole",
        "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}},
    }
    world.account.administrator.add_role("if-exists", json.dumps({"Statement": statement}))
    assert granted(assume(world, "if-exists"))
    assert code(assume(world, "if-exists", who=world.session())) == "AccessDenied"


def not_allowed(role: str, arn: str = "arn:aws:iam::123456789012:user/dev-admin") -> AwsError:
    """Return STS's error for a role that does not trust the caller or does not exist."""
    message = f"User: {arn} is not authorized to perform: sts:AssumeRole on resource: {ROLE}{role}"
    return AwsError("AccessDenied", message, 403)


def _by_role(world: World, operation: str = "AssumeRole", /, **changes: object) -> Answer:
    role = granted(assume(world)).session
    defaults = {"RoleArn": ROLE + "chained", "RoleSessionName": "you"}
    return world.ask(operation, who=role, **{**defaults, **changes})


def _federated(world: World, operation: str, **changes: object) -> Answer:
    guest = granted(world.ask("GetFederationToken", Name="guest")).session
    return world.ask(operation, who=guest, **changes)


SESSION_CALLS = "Cannot call {} with session credentials"
INVALID = "failed to satisfy constraint: Member must"

# A cause, and the error that it must give.
REFUSALS: dict[str, tuple[Callable[[World], Answer], AwsError]] = {
    "a role that trusts others": (lambda w: assume(w, "others"), not_allowed("others")),
    "a role that is not there": (lambda w: assume(w, "nobody"), not_allowed("nobody")),
    "another external id": (
        lambda w: assume(w, "with-id", ExternalId="x1"),
        not_allowed("with-id"),
    ),
    "no external id": (lambda w: assume(w, "with-id"), not_allowed("with-id")),
    "a role that does not trust roles": (
        lambda w: _by_role(w, RoleArn=ROLE + "short"),
        not_allowed("short", "arn:aws:sts::123456789012:assumed-role/anybody/me"),
    ),
    "root": (
        lambda w: assume(w, who=key("root")),
        AwsError("AccessDenied", "Roles may not be assumed by root accounts.", 403),
    ),
    "no ARN": (
        lambda w: assume(w, RoleArn="role/anybody-at-all-here"),
        AwsError("ValidationError", "role/anybody-at-all-here is invalid"),
    ),
    "no role": (
        lambda w: w.ask("AssumeRole", RoleSessionName="me"),
        AwsError(
            "ValidationError",
            f"1 validation error detected: Value null at 'roleArn' {INVALID} not be null",
        ),
    ),
    "longer than the role allows": (
        lambda w: assume(w, "short", DurationSeconds="3601"),
        AwsError(
            "ValidationError",
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
        ),
    ),
    "longer than any role allows": (
        lambda w: assume(w, DurationSeconds="43201"),
        AwsError(
            "ValidationError",
            f"1 validation error detected: Value '43201' at 'durationSeconds' {INVALID} have value "
            "less than or equal to 43200",
        ),
    ),
    "longer than a chain allows": (
        lambda w: _by_role(w, DurationSeconds="3601"),
        AwsError(
            "ValidationError",
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by "
            "role chaining.",
        ),
    ),
    "a disabled region": (
        lambda w: assume(w, region="eu-west-3"),
        AwsError(
            "RegionDisabledException",
            "STS is not activated in this region for account:123456789012. Your account "
            "administrator can activate STS in this region using the IAM Console.",
            403,
        ),
    ),
    "a policy that is no JSON": (
        lambda w: w.ask("GetFederationToken", Name="guest", Policy="arn:aws:iam::aws:policy/X"),
        AwsError("MalformedPolicyDocument", "The policy is not in the valid JSON format."),
    ),
    "a policy that is no policy": (
        lambda w: assume(w, Policy='{"Statement": {"Effect": "Perhaps"}}'),
        AwsError("MalformedPolicyDocument", "Syntax errors in policy."),
    ),
    "a policy that is too large": (
        lambda w: assume(w, Policy=POLICY + " " * 2048),
        AwsError(
            "PackedPolicyTooLarge",
            "Packed policy consumes 105% of allotted space, please use smaller policy.",
        ),
    ),
    "a role asking for a session": (
        lambda w: _by_role(w, "GetSessionToken"),
        AwsError("AccessDenied", SESSION_CALLS.format("GetSessionToken"), 403),
    ),
    "a session asking for a federated user's": (
        lambda w: w.ask("GetFederationToken", who=w.session(), Name="guest"),
        AwsError("AccessDenied", SESSION_CALLS.format("GetFederationToken"), 403),
    ),
    "a session asking for a key's owner": (
        lambda w: w.ask("GetAccessKeyInfo", who=w.session(), AccessKeyId=ID),
        AwsError("AccessDenied", SESSION_CALLS.format("GetAccessKeyInfo"), 403),
    ),
    "a federated user asking for a role": (
        lambda w: _federated(w, "AssumeRole", RoleArn=ROLE + "anybody", RoleSessionName="me"),
        AwsError("AccessDenied", SESSION_CALLS.format("AssumeRole"), 403),
    ),
}


@pytest.mark.parametrize("cause", REFUSALS)
def test_refusal(world: World, cause: str) -> None:
    """The cause gives exactly the error."""
    does, expected = REFUSALS[cause]
    assert does(world) == expected


@pytest.mark.parametrize(
    ("role", "changes"),
    [
        ("short", {"DurationSeconds": "3600"}),
        ("anybody", {"DurationSeconds": "43200", "Policy": POLICY}),
        ("with-id", {"ExternalId": "ticket-42"}),
    ],
)
def test_what_a_role_allows(world: World, role: str, changes: dict[str, str]) -> None:
    """A role is granted up to its limit, with its external id, and with a valid policy."""
    assert granted(assume(world, role, **changes))


def test_chains(world: World) -> None:
    """A role's session may assume a role that trusts the role, for an hour at most."""
    answer = granted(_by_role(world, DurationSeconds="3600"))
    assert answer.arn == "arn:aws:sts::123456789012:assumed-role/chained/you"


def test_federated_users_may_not_use_iam(world: World) -> None:
    """IAM refuses a federated user's credentials, and accepts a role's."""
    for session, good in (
        (granted(world.ask("GetFederationToken", Name="guest")).session, False),
        (granted(assume(world)).session, True),
    ):
        signature = world.signature(session, service="iam")
        assert isinstance(world.account.authenticate(signature, "iam"), AwsError) is not good
