"""account.policy_form: the form that all policy documents have."""

from __future__ import annotations

from typing import Any

import pytest

from sts_simulator.account import policy_form, schema

STATEMENT: dict[str, Any] = {"type": "object", "properties": {"Action": policy_form.TEXTS}}


@pytest.mark.parametrize(
    "statement", [{"Action": "sts:*"}, [{"Action": ["a:b", "c:d"]}, {}], []], ids=str
)
def test_one_statement_or_several(statement: object) -> None:
    """A document has one statement, or a list, which may be empty unless it is said."""
    schema.check(
        {"Version": "2012-10-17", "Statement": statement}, policy_form.document(STATEMENT), "policy"
    )


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"Statement": 1},
        {"Statement": {"Action": 1}},
        {"Version": "1", "Statement": []},
        {"X": 1},
    ],
    ids=str,
)
def test_other_documents(document: object) -> None:
    """Nothing else is a policy."""
    with pytest.raises(ValueError):  # noqa: PT011 - the message is the schema's
        schema.check(document, policy_form.document(STATEMENT), "policy")


def test_the_least() -> None:
    """A trust policy has a statement at least."""
    with pytest.raises(ValueError):  # noqa: PT011 - the message is the schema's
        schema.check({"Statement": []}, policy_form.document(STATEMENT, least=1), "policy")
