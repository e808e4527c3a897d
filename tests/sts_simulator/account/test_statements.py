"""Statements: principals, actions and resources.  Source: IAM user guide."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sts_simulator.account import permissions, trust, trust_form
from sts_simulator.account.conditions import CannotJudge
from sts_simulator.account.directory import DictDirectory, Policy
from sts_simulator.account.statements import MALFORMED, Question, statements

ME = "arn:aws:iam::123456789012:user/me"
ROOT = "arn:aws:iam::123456789012:root"
ASKED = Question("sts:AssumeRole", {}, principals={"AWS": {"123456789012", ROOT, ME}})


def only(asked: Question = ASKED, **content: Any) -> str:  # noqa: ANN401 - JSON
    """Return why a statement does not concern a request, "" when it does."""
    given = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": "*"} | content
    written = {key: value for key, value in given.items() if value is not None}
    policy = json.dumps({"Version": "2012-10-17", "Statement": written})
    return next(statements(policy)).why_not(asked)


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
        ({"Federated": "*"}, False),
        ({}, False),
    ],
)
def test_principals(principal: object, *, expected: bool) -> None:
    """A Principal names a caller by its ARN, by its account, or by * for everybody."""
    assert (only(Principal=principal) == "") is expected


def test_not_principal() -> None:
    """A Deny with NotPrincipal is about everybody else; an Allow with it cannot be judged (F19)."""
    deny: dict[str, Any] = {"Effect": "Deny", "Principal": None}
    assert only(**deny, NotPrincipal={"AWS": ME}) == "statement 1 does not name the caller"
    assert only(**deny, NotPrincipal={"AWS": ME + "2"}) == ""
    with pytest.raises(CannotJudge, match="NotPrincipal"):
        only(Principal=None, NotPrincipal={"AWS": ME + "2"})


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
    """An action is a pattern with * and ?, whatever its case; NotAction is the rest (F19)."""
    assert (only(Action=action) == "") is expected
    assert (only(Action=None, NotAction=action) == "") is not expected


@pytest.mark.parametrize(
    ("action", "expected"), [("*", True), ("s3:*", True), ("iam:*", False), ("s3:Get*", None)]
)
def test_an_action_that_is_not_known(action: str, *, expected: bool | None) -> None:
    """Of a request to S3 only the service is known: what names an action cannot be judged."""
    asked = Question("s3:", {})
    if expected is None:
        with pytest.raises(CannotJudge, match="which action of s3 this is"):
            only(asked, Action=action)
    else:
        assert (only(asked, Action=action) == "") is expected


def test_resources() -> None:
    """A Resource is a pattern of ARNs with variables; one that is not known matches only *."""
    asked = Question("sts:AssumeRole", {"aws:username": "me"}, "arn:aws:iam::1:role/me")
    assert only(asked, Resource="arn:aws:iam::*:role/${aws:username}") == ""
    assert "is not about arn:aws:iam::1:role/me" in only(asked, Resource="arn:aws:iam::1:role/you")
    assert only(asked, NotResource="arn:aws:iam::1:role/me") != ""
    unknown = Question("sts:AssumeRole", {})
    assert only(unknown, Resource="*") == ""
    with pytest.raises(CannotJudge, match="the resource of sts:AssumeRole"):
        only(unknown, Resource="arn:aws:iam::1:role/me")


def test_a_deny_that_cannot_be_judged_denies() -> None:
    """What AWS might refuse is never allowed, and the reason names the condition."""
    condition = {"BinaryEquals": {"aws:username": "x"}}
    content = {"Sid": "No", "Effect": "Deny", "Action": "*", "Condition": condition}
    statement = next(statements(json.dumps({"Statement": content})))
    assert statement.denial(Question("sts:AssumeRole", {})) == (
        "statement 1 (No) cannot be judged: operator BinaryEquals is not known here"
    )


@pytest.mark.parametrize(
    "policy",
    ["", "{}", "[]", "null", '{"Statement": "Allow"}', '{"Statement": [1]}', "[" * 100_000],
)
def test_malformed_policies(policy: str) -> None:
    """Each raises one of `MALFORMED`, which callers catch."""
    with pytest.raises(MALFORMED):
        [statement.denial(ASKED) for statement in statements(policy)]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
OPERATORS = st.sampled_from(
    ["Bool", "DateLessThan", "NumericEquals", "IpAddress", "ArnLike", "Null"]
)
STATEMENT = st.fixed_dictionaries(
    {"Effect": st.sampled_from(["Allow", "Deny"]) | JSON},
    optional={
        **dict.fromkeys(["NotAction", "Resource", "NotResource", "Sid"], JSON),
        **dict.fromkeys(["Action", "Principal", "NotPrincipal"], st.just("*") | JSON),
        "Condition": JSON
        | st.dictionaries(OPERATORS, st.dictionaries(st.just("aws:SourceIp"), JSON)),
    },
)


@given(st.builds(lambda content: {"Statement": content}, STATEMENT | st.lists(STATEMENT) | JSON))
@settings(max_examples=300)
def test_no_policy_breaks_the_evaluation(document: object) -> None:
    """Whatever the JSON is, there is an answer: allowed, denied with a reason, or malformed."""
    asked = Question("sts:AssumeRole", {"aws:sourceip": "127.0.0.1"}, "arn:x", ASKED.principals)
    text = json.dumps(document)
    assert isinstance(trust.refusal(text, asked), str)
    for action in ("sts:AssumeRole", "s3:"):
        denied = permissions.denial(
            [Policy("an identity-based policy", "p", text)],
            Question(action, asked.context),
        )
        assert denied is None or denied.reason
    trust_form.refusal(text, {"123456789012": DictDirectory()})
