"""Trust policies: whom a role allows to assume it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sts_simulator.account import trust
from sts_simulator.account.statements import Question

ME = "arn:aws:iam::123456789012:user/me"
ASKED = Question("sts:AssumeRole", {}, principals={"AWS": {"123456789012", ME}})


def refusal(*contents: dict[str, Any]) -> str:
    """Return why a policy of these statements does not allow AssumeRole."""
    full = [{"Effect": "Allow", "Principal": "*", "Action": "sts:*"} | one for one in contents]
    return trust.refusal(json.dumps({"Statement": full}), ASKED)


def test_a_deny_wins() -> None:
    """One matching Deny wins over any Allow, and is the reason."""
    assert refusal({}) == ""
    assert refusal({}, {"Effect": "Deny", "Principal": {"AWS": ME}}) == (
        "trust policy, statement 2 denies it"
    )
    assert refusal({}, {"Effect": "Deny", "Principal": {"AWS": ME + "2"}}) == ""


def test_why_nothing_allows() -> None:
    """Every Allow says why it does not concern the caller."""
    told = refusal({"Action": "sts:TagSession"}, {"Sid": "B", "Principal": {"AWS": ME + "2"}})
    assert told == (
        "trust policy, statement 1 is not about sts:AssumeRole; "
        "statement 2 (B) does not name the caller"
    )
    assert "no statement allows anything" in refusal({"Effect": "Deny", "Action": "iam:*"})


def test_what_cannot_be_judged_does_not_allow() -> None:
    """An unknown condition allows nothing, and is named; another statement may still allow."""
    unknown = {"Condition": {"BinaryEquals": {"aws:username": "bWU="}}}
    assert refusal(unknown).endswith("operator BinaryEquals is not known here")
    assert refusal(unknown, {}) == ""
    assert "cannot be judged" in refusal({}, unknown | {"Effect": "Deny"})


@pytest.mark.parametrize(
    "policy",
    ["", "{}", "[]", "null", '{"Statement": "Allow"}', '{"Statement": [1]}', "[" * 100_000],
)
def test_what_is_no_policy_allows_nothing(policy: str) -> None:
    """A malformed trust policy allows nobody."""
    assert trust.refusal(policy, ASKED)
