"""AssumeRole: tags, source identity, chains, ARNs and conditions of trust.

Sources: [LS] LocalStack's snapshots recorded on AWS; [O] public records of observations
on AWS (gekko_08, multi-hop-propagation); [C] IAM user guide.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from sts_simulator.account.answers import Answer, Granted, Session
from sts_simulator.account.directory import Role
from sts_simulator.account.errors import AwsError
from sts_simulator.account.moto_directory import MotoDirectory
from tests.support import account_world
from tests.support.account_world import DIRECTORIES, ID, SECRET, World, a_world

ROLE = "arn:aws:iam::123456789012:role/"
USER = "arn:aws:iam::123456789012:user/dev-admin"


def trusting(*actions: str, **condition: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """Return a role of the table that trusts the account with these actions."""
    role = account_world.trusting({"AWS": "123456789012"}, *actions, **condition)
    return role | {"max_session_duration": "2h"}


def conditional(**condition: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """Return a role that trusts on a condition."""
    return trusting("sts:AssumeRole", "sts:TagSession", **condition)


EVERYTHING = ("sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity")
TABLE: dict[str, Any] = {
    "keys": {"new": {"id": ID, "secret": SECRET}},
    "roles": {
        "plain": trusting("sts:AssumeRole"),
        "full": trusting(*EVERYTHING),
        "next": trusting(*EVERYTHING),
        "hour": trusting(*EVERYTHING) | {"max_session_duration": "1h"},
        "by-name": conditional(StringEquals={"sts:RoleSessionName": "${aws:username}"}),
        "by-place": conditional(IpAddress={"aws:SourceIp": "127.0.0.0/8"}),
        "by-time": conditional(DateLessThan={"aws:CurrentTime": "2025-01-01T00:00:00Z"}),
        "by-keys": conditional(**{"ForAllValues:StringEquals": {"aws:TagKeys": ["a"]}}),
        "by-account": conditional(StringEquals={"aws:PrincipalAccount": "123456789012"}),
        "by-type": conditional(StringEquals={"aws:PrincipalType": "User"}),
        "by-region": conditional(StringEquals={"aws:RequestedRegion": "us-east-1"}),
        "by-tag": conditional(StringEquals={"aws:RequestTag/a": "1"}),
        "by-nothing": conditional(BinaryEquals={"aws:username": "ZGV2LWFkbWlu"}),
    },
}


@pytest.fixture(params=DIRECTORIES)
def world(request: pytest.FixtureRequest) -> World:
    """The table's account, with each kind of directory."""
    return a_world(request.param, TABLE)


def assume(world: World, role: str, *tags: str, who: object = None, **more: object) -> Answer:
    """Return AssumeRole's answer, with these tags of the value 1."""
    asked: dict[str, object] = {"RoleArn": ROLE + role, "RoleSessionName": "dev-admin"}
    for number, tag in enumerate(tags, 1):
        asked |= {f"Tags.member.{number}.Key": tag, f"Tags.member.{number}.Value": "1"}
    return world.ask("AssumeRole", who=who, **asked | more)


def session(answer: Answer) -> Session:
    """Return the session of a granted answer."""
    assert isinstance(answer, Granted), answer
    return answer.session


def denied(action: str, role: str, arn: str = USER) -> AwsError:
    """Return STS's error for an action that the trust policy does not allow."""
    message = f"User: {arn} is not authorized to perform: sts:{action} on resource: {ROLE}{role}"
    return AwsError("AccessDenied", message, 403)


def test_tags_need_their_own_permission(world: World) -> None:
    """F1: without sts:TagSession tags are refused (18F/identity-terraform#115)."""
    assert assume(world, "plain", "a") == denied("TagSession", "plain")
    assert session(assume(world, "plain"))
    assert session(assume(world, "full", "a"))
    assert world.account.calls[0].reason == (
        "trust policy, statement 1 is not about sts:TagSession"
    )


def test_a_source_identity_needs_its_own_permission(world: World) -> None:
    """F2: without sts:SetSourceIdentity it is refused (noqdev/iambic#357)."""
    assert assume(world, "plain", SourceIdentity="bob") == denied("SetSourceIdentity", "plain")


def test_a_source_identity_stays(world: World) -> None:
    """F3 [O]: it is inherited and shown, every target must grant it, and it cannot be changed."""
    first = session(assume(world, "full", SourceIdentity="bob"))
    answer = assume(world, "next", who=first)
    assert isinstance(answer, Granted)
    assert answer.source_identity == "bob"
    again = assume(world, "full", who=answer.session, SourceIdentity="bob")
    assert isinstance(again, Granted)
    assert assume(world, "next", who=first, SourceIdentity="eve") == AwsError(
        "ValidationError", "The source identity is already set for this assume role session"
    )
    arn = "arn:aws:sts::123456789012:assumed-role/full/dev-admin"
    assert assume(world, "plain", who=first) == denied("SetSourceIdentity", "plain", arn)


def test_transitive_tags_are_inherited(world: World) -> None:
    """F9 [LS], [O]: they need sts:TagSession at every target, and cannot be changed."""
    tag = {"TransitiveTagKeys.member.1": "Team"}
    first = session(assume(world, "full", "Team", "cost", **tag))
    second = session(assume(world, "next", who=first))
    for caller in (first, second):
        refused = assume(world, "full", "team", who=caller)
        assert isinstance(refused, AwsError)
        assert "conflicts with a transitive tag key" in str(refused.message)
        arn = f"arn:aws:sts::123456789012:assumed-role/{['full', 'next'][caller is second]}/"
        assert assume(world, "plain", who=caller) == denied(
            "TagSession", "plain", arn + "dev-admin"
        )
    assert session(assume(world, "full", "cost", who=second))
    untagged = session(assume(world, "full", "cost"))
    assert session(assume(world, "plain", who=untagged))


OVER_CHAINS_LIMIT = (
    "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role "
    "chaining."
)


def test_limits_of_a_chain(world: World) -> None:
    """F4, F5: the role's own maximum comes before the hour of a chain, which ends in a stop."""
    first = session(assume(world, "full"))
    told = [assume(world, role, who=first, DurationSeconds="3601") for role in ("hour", "next")]
    assert [answer.message for answer in told if isinstance(answer, AwsError)] == [
        "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
        OVER_CHAINS_LIMIT,
    ]


@pytest.mark.parametrize(
    "arn",
    [
        "nothing-valid-in-here",
        "arn::b:::something/test-role",
        "arn:a::::something/test-role",
        "arn:a:::something/test-role",
        "arn:a:a::aaaaaaaaaa:",
    ],
)
def test_what_is_no_arn(world: World, arn: str) -> None:
    """F6 [LS]: partition, service and resource must be there, and six parts."""
    answer = assume(world, "full", RoleArn=arn)
    assert answer == AwsError("ValidationError", f"{arn} is invalid")
    well_formed = "arn:aws:iam::123456789012:role/nobody"
    assert assume(world, "full", RoleArn=well_formed) == denied("AssumeRole", "nobody")


@pytest.mark.parametrize(
    ("tags", "key_", "message"),
    [
        (51, "", "at 'tags' failed to satisfy constraint: Member must have length less than"),
        (1, "k" * 129, "at 'tags.1.member.key' failed to satisfy constraint: Member must have len"),
        (1, "a;b", "at 'tags.1.member.key' failed to satisfy constraint: Member must satisfy reg"),
    ],
)
def test_constraints_of_tags(world: World, tags: int, key_: str, message: str) -> None:
    """F10 [service model]: fifty tags, keys of 128 letters, digits, spaces and a few marks."""
    answer = assume(world, "full", *(key_ or str(number) for number in range(tags)))
    assert isinstance(answer, AwsError)
    assert answer.code == "ValidationError"
    assert message in str(answer.message)
    assert session(assume(world, "full", "Größe der Abteilung"))


def test_large_tags(world: World) -> None:
    """F11: tags, and tags with a policy, must fit into a token (containers-roadmap#2413)."""
    asked = {f"Tags.member.{n}.Key": f"k{n}" for n in range(1, 51)}
    asked |= {f"Tags.member.{n}.Value": "v" * 256 for n in range(1, 51)}
    answer = assume(world, "full", **asked)
    assert isinstance(answer, AwsError)
    assert answer.code == "PackedPolicyTooLarge"
    assert "Packed size of session tags consumes" in str(answer.message)
    some = {name: text for name, text in asked.items() if int(name.split(".")[2]) <= 14}
    half = session(assume(world, "full", **some))
    assert half.utilization > 90
    policy = '{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}'.ljust(900)
    answer = assume(world, "full", **some, Policy=policy)
    assert isinstance(answer, AwsError)
    assert answer.message == "Serialized token too large for session"


CONDITIONS = [name for name in TABLE["roles"] if name.startswith("by-") and name != "by-nothing"]


@pytest.mark.parametrize("role", CONDITIONS)
def test_conditions_of_trust(world: World, role: str) -> None:
    """F18 [C]: the conditions that trust policies use are evaluated, both ways."""
    assert session(assume(world, role, "a"))
    elsewhere = {
        "by-name": {"RoleSessionName": "you"},
        "by-region": {"region": "eu-west-1"},
        "by-keys": {"Tags.member.1.Key": "b"},
        "by-tag": {"Tags.member.1.Value": "2"},
    }
    changes = elsewhere.get(role)
    if changes:
        assert assume(world, role, "a", **changes) == denied("AssumeRole", role)
        assert ": condition " in str(world.account.calls[-1].reason)


def test_a_condition_that_is_not_known_is_named(world: World) -> None:
    """It does not allow, and the reason says that it is not known (issue 17, item 3)."""
    assert assume(world, "by-nothing") == denied("AssumeRole", "by-nothing")
    assert world.account.calls[-1].reason == (
        "trust policy, statement 1 cannot be judged: operator BinaryEquals is not known here"
    )


def test_tags_of_the_role_and_transitive_keys(world: World) -> None:
    """[C] The role's own tags are aws:ResourceTag; sts:TransitiveTagKeys has the request's."""
    condition = {
        "StringEquals": {"aws:ResourceTag/env": "prod", "iam:ResourceTag/env": "prod"},
        "ForAllValues:StringEquals": {"sts:TransitiveTagKeys": ["a"]},
    }
    trust = json.dumps(conditional(**condition)["trust"])
    role = Role("tagged", "AROATAGGED", ROLE + "tagged", trust, tags={"env": "prod"})
    if isinstance(world.account.directory, MotoDirectory):
        pytest.skip("tags of a role are set by IAM there")
    world.account.directory.put_role(role)
    both = {"TransitiveTagKeys.member.1": "a", "TransitiveTagKeys.member.2": "b"}
    assert session(assume(world, "tagged", "a", **{"TransitiveTagKeys.member.1": "a"}))
    assert assume(world, "tagged", "a", "b", **both) == denied("AssumeRole", "tagged")
    world.account.directory.put_role(replace(role, tags={}))
    assert assume(world, "tagged", "a") == denied("AssumeRole", "tagged")
