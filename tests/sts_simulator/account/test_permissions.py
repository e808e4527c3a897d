"""Explicit denials, as ``serve --enforce`` evaluates them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sts_simulator.account.directory import Policy
from sts_simulator.account.permissions import Denial, denial
from sts_simulator.account.statements import Question

# AWS's own example, "Allows MFA-authenticated IAM users to manage their own credentials".
NEEDED_FOR_MFA = ["iam:ListMFADevices", "iam:GetUser", "sts:GetSessionToken"]
FORCE_MFA: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": {
        "Sid": "DenyAllExceptListedIfNoMFA",
        "Effect": "Deny",
        "NotAction": NEEDED_FOR_MFA,
        "Resource": "*",
        "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}},
    },
}


def denied(action: str, context: dict[str, str], document: object = FORCE_MFA) -> Denial | None:
    """Return the denial of an action by one identity policy."""
    policy = Policy("an identity-based policy", "force-mfa", json.dumps(document))
    return denial([policy], Question(action, context))


@pytest.mark.parametrize(
    ("action", "present", "expected"),
    [
        ("s3:", None, True),
        ("s3:", "false", True),
        ("s3:", "true", False),
        ("iam:CreateUser", None, True),
        ("iam:GetUser", None, False),
        ("sts:AssumeRole", None, True),
        ("sts:GetSessionToken", None, False),
        ("sts:GetCallerIdentity", "false", False),
    ],
)
def test_deny_everything_without_mfa(action: str, present: str | None, *, expected: bool) -> None:
    """The commonest policy denies all but what setting up MFA needs (simulator-gaps F20)."""
    context = {"aws:multifactorauthpresent": present} if present else {}
    assert (denied(action, context) is not None) is expected


def test_why() -> None:
    """The reason names the policy, the statement and what the condition saw."""
    found = denied("s3:", {"aws:multifactorauthpresent": "false"})
    assert found == Denial(
        "an identity-based policy",
        "an identity-based policy (force-mfa), statement 1 (DenyAllExceptListedIfNoMFA) denies it: "
        "aws:MultiFactorAuthPresent is false",
    )


@pytest.mark.parametrize(
    ("condition", "age", "expected"),
    [
        ({"NumericGreaterThan": {"aws:MultiFactorAuthAge": "3600"}}, "3601", True),
        ({"NumericGreaterThan": {"aws:MultiFactorAuthAge": "3600"}}, "3600", False),
        ({"Null": {"aws:MultiFactorAuthAge": "true"}}, None, True),
        ({"Null": {"aws:MultiFactorAuthAge": "true"}}, "1", False),
        ({"BinaryEquals": {"aws:MultiFactorAuthAge": "x"}}, "1", True),
    ],
)
def test_the_age_of_mfa(condition: object, age: str | None, *, expected: bool) -> None:
    """A Deny by the age of MFA works; one that cannot be judged denies."""
    statement = {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": condition}
    context = {"aws:multifactorauthage": age} if age else {}
    found = denied("s3:", context, {"Statement": [statement]})
    assert (found is not None) is expected


def test_only_a_deny_refuses() -> None:
    """What no policy allows is not refused; a malformed policy refuses."""
    allow = {"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}
    assert denied("iam:CreateUser", {}, allow) is None
    assert denied("iam:CreateUser", {}, {})
    assert denial([], Question("iam:CreateUser", {})) is None
