"""The form of a trust policy.  Sources: public issue threads (B), IAM user guide (C)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from sts_simulator.account.trust_form import refusal

if TYPE_CHECKING:
    from tests.support.account_world import World

ACCOUNT = "arn:aws:iam::123456789012:"


def told(world: World, **changes: Any) -> str | None:  # noqa: ANN401 - JSON
    """Return IAM's message for a policy of one statement; a change to None leaves it out."""
    statement = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
    full = {key: value for key, value in (statement | changes).items() if value is not None}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [full]})
    error = refusal(policy, {"123456789012": world.account.directory})
    return error.message if error else None


@pytest.mark.parametrize(
    "principal",
    [
        "*",
        {"AWS": "123456789012"},
        {"AWS": [ACCOUNT + "root", ACCOUNT + "user/dev-admin"]},
        {"AWS": ACCOUNT + "role/ours"},
        {"AWS": "arn:aws:sts::123456789012:assumed-role/ours/me"},
        {"AWS": "arn:aws:iam::999999999999:user/theirs"},
        {"Service": ["ec2.amazonaws.com", "lambda.amazonaws.com"]},
        {"Federated": "token.actions.githubusercontent.com"},
        {"Federated": [ACCOUNT + "oidc-provider/not/made", ACCOUNT + "saml-provider/not-made"]},
        {"Federated": "arn:aws-cn:iam::999999999999:oidc-provider/example.com:8080"},
    ],
)
def test_principals_that_are_there(world: World, principal: object) -> None:
    """F23: accounts, users, roles and sessions of roles; those of other accounts are accepted."""
    world.account.administrator.add_role("ours", "{}")
    assert told(world, Principal=principal) is None


@pytest.mark.parametrize(
    "name",
    [
        "https://token.actions.githubusercontent.com",
        "arn:aws:iam//123456789012:oidc-provider/example.com",
        ACCOUNT + "role/ours",
        ACCOUNT + "oidc-provider/",
        "company",
    ],
)
def test_federated_principals_that_are_neither_domains_nor_providers(
    world: World, name: str
) -> None:
    """B, terraform-aws-iam#202 and pulumi-eks#871: IAM's words for other texts."""
    said = "Federated principals must be valid domain names or SAML metadata ARNs"
    assert told(world, Principal={"Federated": name}) == said


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("AWS", ACCOUNT + "user/nobody"),
        ("AWS", ACCOUNT + "role/nothing"),
        ("AWS", ACCOUNT + "user/dev-*"),
        ("AWS", "arn:aws:sts::123456789012:assumed-role/nothing/me"),
        ("AWS", "1234"),
        ("AWS", "dev-admin"),
        ("Service", "ec2"),
        ("Human", "me"),
    ],
)
def test_principals_that_are_not_there(world: World, kind: str, name: str) -> None:
    """F23: a principal that does not exist is refused when the role is made."""
    expected = f'Invalid principal in policy: "{kind.upper()}":"{name}"'
    assert told(world, Principal={kind: name}) == expected
    beside = {"AWS": ACCOUNT + "root", kind: name} if kind != "AWS" else {kind: ["*", name]}
    assert told(world, Effect="Deny", Principal=beside) == expected


GITHUB = ACCOUNT + "oidc-provider/token.actions.githubusercontent.com"
SUB = "token.actions.githubusercontent.com:sub"


@pytest.mark.parametrize(
    ("principal", "condition", "key"),
    [
        (GITHUB, {}, SUB),
        ([ACCOUNT + "saml-provider/company", GITHUB], {}, SUB),
        (GITHUB, {"StringEquals": {"token.actions.githubusercontent.com:aud": "x"}}, SUB),
        (GITHUB, {"StringLike": {SUB: "*"}}, SUB),
        (GITHUB, {"StringEquals": {SUB: "repo:octo-org/octo-repo:*"}}, None),
        (GITHUB, {"ForAnyValue:StringLike": {SUB.title(): ["repo:octo-org/*"]}}, None),
        (ACCOUNT + "oidc-provider/oidc.vercel.com", {}, "oidc.vercel.com:aud"),
        (ACCOUNT + "oidc-provider/oidc.vercel.com/octo-org", {}, None),
        (ACCOUNT + "oidc-provider/gitlab.example.com", {}, None),
    ],
)
def test_shared_providers(
    world: World, principal: object, condition: dict[str, object], key: str | None
) -> None:
    """C: a policy that trusts a provider of many customers looks at the claim that tells them."""
    changes = {"Principal": {"Federated": principal}, "Action": "sts:AssumeRoleWithWebIdentity"}
    refused = told(world, **changes, Condition=condition)
    assert bool(refused) is bool(key)
    assert (key or "") in (refused or "")
    assert told(world, **changes, Condition=condition, Effect="Deny") is None


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"Principal": None}, "Missing required field Principal"),
        ({"Resource": "*"}, "Has prohibited field Resource"),
        ({"Principal": None, "NotPrincipal": {"AWS": "*"}}, "Has prohibited field NotPrincipal"),
        ({"Action": "s3:*"}, "AssumeRole policy may only specify STS AssumeRole actions."),
        ({"Action": None}, "Syntax errors in policy."),
        ({"Effect": "Perhaps"}, "Syntax errors in policy."),
        ({"Condition": {"Bool": "true"}}, "Syntax errors in policy."),
        ({"Sid": "x" * 2048}, "Cannot exceed quota for ACLSizePerRole: 2048"),
        ({"NotAction": "sts:TagSession", "Action": None}, None),
    ],
)
def test_statements(world: World, changes: dict[str, Any], message: str | None) -> None:
    """F19, F23: AWS's own words for what a trust policy may not have."""
    assert told(world, **changes) == message


@pytest.mark.parametrize(
    ("policy", "message"),
    [
        ("example", "This policy contains invalid Json"),
        ("[" * 1000, "This policy contains invalid Json"),
        ("{}", "Syntax errors in policy."),
        ("[]", "Syntax errors in policy."),
        ("null", "Syntax errors in policy."),
        ('{"Statement": []}', "Syntax errors in policy."),
        ('{"Statement": ["x"]}', "Syntax errors in policy."),
    ],
)
def test_what_is_no_policy(world: World, policy: str, message: str) -> None:
    """Text that is not JSON, and JSON that is not a policy."""
    error = refusal(policy, {"123456789012": world.account.directory})
    assert error is not None
    assert error.message == message


def test_a_policy_of_millions_of_characters(world: World) -> None:
    """IAM's own limit of the parameter is checked first, white space or not (C, service model)."""
    error = refusal(" " * 131_073, {"123456789012": world.account.directory})
    assert error is not None
    assert str(error.message).endswith("Member must have length less than or equal to 131072")
