"""Trust policies: whom a role allows to assume it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sts_simulator.account.trust import allows

ME = "arn:aws:iam::123456789012:user/me"
ROOT = "arn:aws:iam::123456789012:root"
PRINCIPALS = {"123456789012", ROOT, ME}
CONTEXT = {
    "aws:username": "me",
    "sts:externalid": "ticket-42",
    "aws:multifactorauthpresent": "true",
    "aws:multifactorauthage": "600",
}


def statement(principal: Any, effect: str = "Allow", **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """Return a statement about sts:AssumeRole."""
    return {"Effect": effect, "Principal": principal, "Action": "sts:AssumeRole", **more}


def when(operator: str, key: str, wanted: object) -> str:
    """Return a policy that allows everybody to assume the role on one condition."""
    return json.dumps({"Statement": statement("*", Condition={operator: {key: wanted}})})


@pytest.mark.parametrize(
    ("principal", "expected"),
    [
        ("*", True),
        ({"AWS": "*"}, True),
        ({"AWS": ME}, True),
        ({"AWS": [ME + "2", "123456789012"]}, True),
        ({"AWS": ROOT}, True),
        ({"AWS": ME[:-1] + "*"}, False),  # C: no pattern in a principal
        ({"Service": "ec2.amazonaws.com"}, False),
        ({}, False),
    ],
)
def test_principals(principal: object, *, expected: bool) -> None:
    """A Principal names a caller by its ARN, by its account, or by * for everybody."""
    assert allows(json.dumps({"Statement": [statement(principal)]}), PRINCIPALS, {}) is expected


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("sts:AssumeRole", True),
        ("STS:assumerole", True),
        (["sts:TagSession", "sts:*"], True),
        ("sts:Assume????", True),
        ("sts:AssumeRoleWithSAML", False),
        ("sts:[A]ssumeRole", False),
    ],
)
def test_actions(action: object, *, expected: bool) -> None:
    """An action is a pattern with * and ?, and its case does not matter."""
    policy = {"Statement": {"Effect": "Allow", "Principal": "*", "Action": action}}
    assert allows(json.dumps(policy), PRINCIPALS, {}) is expected


@pytest.mark.parametrize(
    ("operator", "key", "wanted", "expected"),
    [
        ("StringEquals", "sts:ExternalId", "ticket-42", True),
        ("StringEquals", "sts:ExternalId", ["x", "ticket-42"], True),
        ("StringEquals", "sts:ExternalId", "TICKET-42", False),
        ("StringEqualsIgnoreCase", "sts:ExternalId", "TICKET-42", True),
        ("StringNotEquals", "sts:ExternalId", ["x", "ticket-42"], False),
        ("StringNotEquals", "sts:SourceIdentity", "x", True),
        ("StringEquals", "sts:SourceIdentity", "x", False),
        ("StringEqualsIfExists", "sts:SourceIdentity", "x", True),
        ("StringLike", "sts:ExternalId", "ticket-??", True),
        ("StringNotLike", "sts:ExternalId", "ticket-*", False),
        ("Bool", "aws:MultiFactorAuthPresent", "true", True),
        ("Bool", "aws:MultiFactorAuthPresent", True, True),
        ("Bool", "aws:MultiFactorAuthPresent", "false", False),
        ("BoolIfExists", "aws:SecureTransport", "true", True),
        ("NumericLessThan", "aws:MultiFactorAuthAge", "601", True),
        ("NumericLessThan", "aws:MultiFactorAuthAge", 600, False),
        ("NumericLessThanEquals", "aws:MultiFactorAuthAge", 600, True),
        ("NumericGreaterThan", "aws:MultiFactorAuthAge", 599, True),
        ("NumericGreaterThanEquals", "aws:MultiFactorAuthAge", 601, False),
        ("NumericEquals", "aws:MultiFactorAuthAge", "600", True),
        ("Null", "aws:MultiFactorAuthAge", "true", False),
        ("Null", "sts:SourceIdentity", "true", True),
        ("IpAddress", "aws:SourceIp", "127.0.0.1", False),
    ],
)
def test_conditions(operator: str, key: str, wanted: object, *, expected: bool) -> None:
    """Each operator works as IAM defines it; an unknown one allows nothing."""
    assert allows(when(operator, key, wanted), PRINCIPALS, CONTEXT) is expected


def test_all_conditions_must_hold() -> None:
    """All of several conditions must hold."""
    condition = {"Bool": {"aws:MultiFactorAuthPresent": "true"}, "StringEquals": {"a:b": "c"}}
    policy = json.dumps({"Statement": statement("*", Condition=condition)})
    assert not allows(policy, PRINCIPALS, CONTEXT)
    assert allows(policy, PRINCIPALS, CONTEXT | {"a:b": "c"})


def test_a_deny_wins() -> None:
    """One matching Deny wins over any Allow."""
    policy = {"Statement": [statement("*"), statement({"AWS": ME}, "Deny")]}
    assert not allows(json.dumps(policy), PRINCIPALS, CONTEXT)
    assert allows(json.dumps(policy), {"arn:aws:iam::123456789012:user/you"}, CONTEXT)


@pytest.mark.parametrize(
    "policy",
    ["", "{}", "[]", "null", '{"Statement": "Allow"}', '{"Statement": [1]}', "[" * 100_000],
)
def test_what_is_no_policy_allows_nothing(policy: str) -> None:
    """A malformed trust policy allows nobody."""
    assert not allows(policy, PRINCIPALS, CONTEXT)
