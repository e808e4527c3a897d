"""AssumeRoleWithWebIdentity: trust, claims, session tags, source identity and the session.

Sources: simulator-gaps F26; [C] IAM user guide, as ``web_identity`` names it.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from sts_simulator.account.answers import Granted
from sts_simulator.account.assume_role_with_web_identity import SOURCE_IDENTITY, TAGS
from sts_simulator.account.errors import AwsError
from tests.support.account_world import DIRECTORIES, World, a_world
from tests.support.web_identity_world import (
    GITHUB,
    OPERATION,
    ROLE,
    TABLE,
    granted,
    refused,
    token,
)


@pytest.fixture(params=DIRECTORIES)
def world(request: pytest.FixtureRequest) -> World:
    """The table's account, with each kind of directory."""
    return a_world(request.param, TABLE)


def test_no_token_is_kept(world: World) -> None:
    """The record of a call has every parameter but the token, also of a refused one."""
    granted(world)
    refused(world, key="wrong")
    for call in world.account.calls:
        assert call.parameters == {"RoleArn": f"{ROLE}plain", "RoleSessionName": "me"}
        assert call.access_key_id is None
    assert "eyJ" not in repr(world.account.calls) + repr(world.account.last_refusal)


def test_a_signature_is_not_looked_at(world: World) -> None:
    """I: the operation needs no signature, and a wrong one does no harm."""
    asked = {"RoleArn": f"{ROLE}plain", "RoleSessionName": "me", "WebIdentityToken": token(world)}
    signature = {"access_key_id": "AKIANOBODYNOBODYNOBO"}
    assert isinstance(world.ask(OPERATION, **signature, **asked), Granted)


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("by-aud", {}),
        ("by-aud", {"audience": "other", "claims": {"azp": "sts.amazonaws.com"}}),
        ("by-oaud", {"audience": "first", "claims": {"azp": "other"}}),
        ("by-sub", {}),
        ("by-amr", {"claims": {"amr": ["pwd", "mfa"]}}),
        ("by-repository", {"claims": {"repository": "octo-org/octo-repo"}}),
        ("by-time", {}),
        ("by-region", {}),
        ("by-name", {}),
    ],
)
def test_conditions_of_trust_that_hold(world: World, name: str, asked: dict[str, Any]) -> None:
    """C: aud, oaud, sub, amr and GitHub's claims are condition keys, beside the request's."""
    granted(world, name, **asked)


@pytest.mark.parametrize(
    ("name", "asked", "reason"),
    [
        ("by-aud", {"audience": "other"}, f"{GITHUB}:aud is other"),
        ("by-oaud", {}, f"{GITHUB}:oaud is not in the request"),
        ("by-sub", {"subject": "repo:else/x"}, f"{GITHUB}:sub is repo:else/x"),
        ("by-amr", {"claims": {"amr": ["pwd"]}}, f"{GITHUB}:amr is pwd"),
        ("by-repository", {}, f"{GITHUB}:repository is not in the request"),
        ("by-run", {"claims": {"run_id": "1"}}, "AWS has no condition key for run_id"),
        ("by-caller", {}, "aws:PrincipalAccount is not in the request"),
        ("of-users", {}, f"statement 1 is not about sts:{OPERATION}"),
        ("nobody", {}, "there is no such role"),
    ],
)
def test_conditions_of_trust_that_do_not(
    world: World, name: str, asked: dict[str, Any], reason: str
) -> None:
    """B: one text for all; the reason names the condition, and a claim without a key."""
    answer = refused(world, name, **asked)
    assert (answer.code, answer.status) == ("AccessDenied", 403)
    assert answer.message == f"Not authorized to perform sts:{OPERATION}"
    assert reason in answer.reason


NESTED = {TAGS: {"principal_tags": {"Project": ["authkit"], "Team": ["a b"]},
                 "transitive_tag_keys": ["Project"]}}  # fmt: skip
FLAT = {
    f"{TAGS}/principal_tags/Project": ["authkit"],
    f"{TAGS}/principal_tags/Team": "a b",
    f"{TAGS}/transitive_tag_keys": ["Project"],
}


@pytest.mark.parametrize("claims", [NESTED, FLAT])
def test_session_tags(world: World, claims: dict[str, Any]) -> None:
    """C: tags come from the token, in either form; the transitive ones go along the chain."""
    answer = granted(world, "full", claims=claims)
    assert answer.packed_policy_size == answer.session.utilization
    granted(world, "by-tag", claims=claims)
    again = world.ask(
        "AssumeRole",
        who=answer.session,
        RoleArn=f"{ROLE}next",
        RoleSessionName="two",
        **{"Tags.member.1.Key": "project", "Tags.member.1.Value": "other"},
    )
    assert isinstance(again, AwsError)
    assert again.code == "InvalidParameterValue"


@pytest.mark.parametrize(
    ("claims", "action"), [(NESTED, "TagSession"), ({SOURCE_IDENTITY: "bob"}, "SetSourceIdentity")]
)
def test_tags_and_source_identity_need_permissions(
    world: World, claims: dict[str, Any], action: str
) -> None:
    """C: the trust policy must allow sts:TagSession and sts:SetSourceIdentity; the text is I."""
    answer = refused(world, claims=claims)
    assert answer.message == f"Not authorized to perform sts:{action}"


def test_source_identity(world: World) -> None:
    """C: it comes from the token, is in the answer, and goes along the chain."""
    answer = granted(world, "full", claims={SOURCE_IDENTITY: "bob"})
    assert answer.source_identity == "bob"
    again = world.ask(
        "AssumeRole", who=answer.session, RoleArn=f"{ROLE}next", RoleSessionName="two"
    )
    assert isinstance(again, Granted)
    assert again.source_identity == "bob"


@pytest.mark.parametrize(
    "claims",
    [
        {TAGS: []},
        {TAGS: {"principal_tags": ["a"]}},
        {TAGS: {"principal_tags": {"a": ["1", "2"]}}},
        {TAGS: {"principal_tags": {"a": 1}}},
        {TAGS: {"principal_tags": {"a": "1"}, "transitive_tag_keys": [{}]}},
        {f"{TAGS}/principal_tags/a": []},
        *({SOURCE_IDENTITY: 12}, {SOURCE_IDENTITY: True}, {SOURCE_IDENTITY: ["bob"]}),
    ],
)
def test_claims_of_another_form(world: World, claims: dict[str, Any]) -> None:
    """I: a claim of AWS's that has another form is refused as a bad token, in words."""
    answer = refused(world, "full", claims=claims)
    assert answer.code == "InvalidIdentityToken"
    assert "' object" not in answer.reason, "that would be Python's words"


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({TAGS: {"principal_tags": {"a": "1", "A": "1"}}}, "InvalidParameterValue"),
        ({TAGS: {"principal_tags": {"a" * 129: "1"}}}, "ValidationError"),
        ({TAGS: {"principal_tags": {f"k{n}": "v" for n in range(51)}}}, "ValidationError"),
        ({TAGS: {"transitive_tag_keys": ["a"]}}, "InvalidParameterValue"),
        ({SOURCE_IDENTITY: "b"}, "ValidationError"),
        ({SOURCE_IDENTITY: "a b"}, "ValidationError"),
    ],
)
def test_tags_keep_the_rules_of_assume_role(
    world: World, claims: dict[str, Any], code: str
) -> None:
    """The bounds of tags and of a source identity are those of AssumeRole's parameters."""
    assert refused(world, "full", claims=claims).code == code


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"DurationSeconds": 7200}, ""),
        ({"DurationSeconds": 7201}, "ValidationError"),
        ({"DurationSeconds": 899}, "ValidationError"),
        ({"Policy": "{}"}, "MalformedPolicyDocument"),
        ({"Policy": json.dumps({"Version": "2012-10-17", "Statement": []})}, ""),
        ({"ProviderId": "www.amazon.com"}, "InvalidIdentityToken"),
        ({"ProviderId": "graph.facebook.com"}, "InvalidIdentityToken"),
        ({"RoleArn": "arn:a:a::aaaaaaaaaa:x"}, "AccessDenied"),
        ({"RoleArn": "arn::b:::something/test-role"}, "ValidationError"),
        ({"WebIdentityToken": "x"}, "ValidationError"),
        ({"WebIdentityToken": "x" * 20_001}, "ValidationError"),
    ],
)
def test_parameters(world: World, parameters: dict[str, Any], code: str) -> None:
    """Duration, policy, provider and role have AWS's bounds."""
    asked = {"RoleArn": f"{ROLE}plain", "RoleSessionName": "me", "WebIdentityToken": token(world)}
    answer = world.ask_unsigned(OPERATION, **{**asked, **parameters})
    assert (answer.code if isinstance(answer, AwsError) else "") == code


def test_parameters_of_assume_role_do_not_count(world: World) -> None:
    """The caller gives no tags and no source identity: they are unknown parameters, ignored."""
    asked = {"Tags.member.1.Key": "a", "Tags.member.1.Value": "1", "SourceIdentity": "bob"}
    answer = granted(world, **asked)
    assert (answer.packed_policy_size, answer.source_identity) == (None, None)


def test_a_session_that_is_too_large(world: World) -> None:
    """Tags that fit alone may make the session's token too large."""
    claims = {TAGS: {"principal_tags": {f"k{n}": "v" * 250 for n in range(15)}}}
    assert refused(world, "full", claims=claims).code == "PackedPolicyTooLarge"


def test_a_suspended_account(world: World) -> None:
    """I: a suspended account refuses it as it refuses every call."""
    world.account.suspended = True
    assert refused(world).code == "OptInRequired"


def test_managed_session_policies(world: World) -> None:
    """PolicyArns count into the size of the session's token, as for AssumeRole."""
    arn = {"PolicyArns.member.1.arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}
    assert granted(world, **arn).packed_policy_size is not None
