"""Condition operators, keys and policy variables.  Source: IAM user guide."""

from __future__ import annotations

from typing import Any

import pytest

from sts_simulator.account.conditions import CannotJudge, like, met, unmet

CONTEXT = {
    "aws:username": "me",
    "sts:externalid": "ticket-42",
    "sts:rolesessionname": "me",
    "aws:multifactorauthpresent": "true",
    "aws:multifactorauthage": "600",
    "aws:principalarn": "arn:aws:iam::123456789012:user/team/me",
    "aws:sourceip": "127.0.0.1",
    "aws:currenttime": "2024-12-22T23:58:00Z",
    "aws:epochtime": "1734911880",
    "aws:tagkeys": ["team", "cost"],
    "aws:requesttag/team": "red*",
}


def holds(operator: str, key: str, wanted: Any, *, variables: bool = True) -> bool:  # noqa: ANN401 - JSON
    """Return whether one condition holds."""
    return not unmet({operator: {key: wanted}}, CONTEXT, variables=variables)


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
        ("NumericLessThan", "aws:MultiFactorAuthAge", "601", True),
        ("NumericLessThan", "aws:MultiFactorAuthAge", 600, False),
        ("NumericLessThanEquals", "aws:MultiFactorAuthAge", 600, True),
        ("NumericGreaterThan", "aws:MultiFactorAuthAge", 599, True),
        ("NumericGreaterThanEquals", "aws:MultiFactorAuthAge", 601, False),
        ("NumericEquals", "aws:MultiFactorAuthAge", "600", True),
        ("NumericNotEquals", "aws:MultiFactorAuthAge", "600", False),
        ("Null", "aws:MultiFactorAuthAge", "true", False),
        ("Null", "sts:SourceIdentity", "true", True),
        ("Null", "token.actions.githubusercontent.com:sub", "true", True),
        ("Null", "127.0.0.1:43210/github:sub", "true", True),
        ("Null", "localhost:43210:aud", "true", True),
        ("StringEquals", "oidc.example.com/id/1:sub", "x", False),
        ("Null", "aws:PrincipalType", "true", True),
        ("IpAddress", "aws:SourceIp", ["10.0.0.0/8", "127.0.0.1"], True),
        ("NotIpAddress", "aws:SourceIp", "127.0.0.0/8", False),
        ("DateLessThan", "aws:CurrentTime", "2024-12-22T23:58:00Z", False),
        ("DateLessThanEquals", "aws:CurrentTime", "2024-12-22T16:58:00-07:00", True),
        ("DateGreaterThan", "aws:CurrentTime", "2024-12-22", True),
        ("DateNotEquals", "aws:CurrentTime", 1734911880, False),
        ("NumericGreaterThan", "aws:EpochTime", 1734911879, True),
        ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:user/team/*", True),
        ("ArnEquals", "aws:PrincipalArn", "arn:aws:iam::123456789012:user/*", True),
        ("ArnLike", "aws:PrincipalArn", "arn:*:user/team/me", False),
        ("ArnNotLike", "aws:PrincipalArn", "arn:aws:iam::123456789012:role/*", True),
        ("ForAllValues:StringEquals", "aws:TagKeys", ["team", "cost", "x"], True),
        ("ForAllValues:StringEquals", "aws:TagKeys", ["team"], False),
        ("ForAllValues:StringEquals", "sts:TransitiveTagKeys", ["team"], True),
        ("ForAnyValue:StringEquals", "aws:TagKeys", ["team"], True),
        ("ForAnyValue:StringEquals", "sts:TransitiveTagKeys", ["team"], False),
        ("ForAnyValue:StringNotEquals", "sts:TransitiveTagKeys", ["team"], False),
        ("ForAnyValue:StringLike", "aws:TagKeys", "c*", True),
        ("StringLike", "sts:RoleSessionName", "${aws:username}", True),
        ("StringEquals", "sts:RoleSessionName", "${aws:SourceIdentity, 'me'}", True),
        ("StringEquals", "sts:RoleSessionName", "${aws:SourceIdentity}", False),
        ("StringLike", "sts:RoleSessionName", "${aws:SourceIdentity}*", False),
        ("StringLike", "aws:RequestTag/team", "red${*}", True),
        ("StringLike", "sts:ExternalId", "ticket${*}", False),
        ("StringLike", "sts:ExternalId", "${aws:RequestTag/team}", False),
        ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:user/team/${aws:username}", True),
    ],
)
def test_operators(operator: str, key: str, wanted: object, *, expected: bool) -> None:
    """Each operator works as IAM defines it, with policy variables (simulator-gaps F18)."""
    assert holds(operator, key, wanted) is expected


def test_an_old_policy_has_no_variables() -> None:
    """In a policy of Version 2008-10-17, or without one, a variable is plain text."""
    assert not holds("StringEquals", "sts:RoleSessionName", "${aws:username}", variables=False)


@pytest.mark.parametrize(
    ("operator", "key", "wanted", "reason"),
    [
        ("BinaryEquals", "aws:username", "bWU=", "operator BinaryEquals is not known here"),
        ("Forever:StringEquals", "aws:username", "me", "operator Forever:StringEquals is not"),
        ("StringEquals", "aws:UserAgent", "x", "condition key aws:UserAgent is not known here"),
        ("StringNotEquals", "ec2:Vpc", "x", "condition key ec2:Vpc is not known here"),
        ("Null", "ec2:Vpc", "true", "condition key ec2:Vpc is not known here"),
        ("StringEquals", "aws:username", "${ec2:Vpc}", "condition key ec2:Vpc is not known here"),
        ("StringEquals", "aws:TagKeys", "team", "aws:TagKeys has several values"),
        ("NumericLessThan", "aws:MultiFactorAuthAge", "soon", "'soon' is no number"),
        ("DateLessThan", "aws:CurrentTime", "soon", "'soon' is no date"),
        ("IpAddress", "aws:SourceIp", "here", "'here' is no range of addresses"),
    ],
)
def test_what_cannot_be_judged(operator: str, key: str, wanted: object, reason: str) -> None:
    """An operator or key that is not known is never met and never unmet (issue 17, item 3)."""
    with pytest.raises(CannotJudge, match=reason):
        holds(operator, key, wanted)


def test_the_first_unmet_condition_is_told() -> None:
    """The reason has the operator, the value of the request and the value that was wanted."""
    block = {
        "StringEquals": {"aws:username": "me"},
        "Bool": {"aws:MultiFactorAuthPresent": "false"},
    }
    reason = "condition aws:MultiFactorAuthPresent is true (Bool wants false)"
    assert unmet(block, CONTEXT, variables=True) == reason
    assert met(block, CONTEXT) == "aws:username is me, aws:MultiFactorAuthPresent is true"
    assert met({"Null": {"sts:SourceIdentity": True}}, CONTEXT) == (
        "sts:SourceIdentity is not in the request"
    )


def test_patterns() -> None:
    """* is any text with line ends, ? one character; everything else is literal."""
    assert like("sts:Assume\nRole", "sts:*Role")
    assert not like("sts:AssumeRole", "sts:[A]ssumeRole")
