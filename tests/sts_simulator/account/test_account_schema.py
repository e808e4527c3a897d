"""The schema of the ``[account]`` table."""

from __future__ import annotations

from typing import Any

import pytest

from sts_simulator.account.account_schema import ACCOUNT_SCHEMA
from sts_simulator.account.schema import find_problem

OTHER = "210987654321"


@pytest.mark.parametrize(
    ("table", "keyword"),
    [
        ({}, None),
        ({"accounts": {OTHER: {}}}, None),
        ({"accounts": {OTHER: {"roles": {"r": {"trusts": ["123456789012"]}}}}}, None),
        ({"accounts": {"2109": {}}}, "pattern"),
        ({"accounts": {OTHER: {"accounts": {}}}}, "additionalProperties"),
        ({"accounts": {OTHER: {"id": OTHER}}}, "additionalProperties"),
        ({"accounts": {OTHER: {"mfa": {"arn": "GAHT12345678"}}}}, "oneOf"),
    ],
)
def test_accounts(table: dict[str, Any], keyword: str | None) -> None:
    """Another account has the fields of the first, but those that hold for all accounts."""
    problem = find_problem(table, ACCOUNT_SCHEMA)
    assert (problem and problem.keyword) == keyword


def test_every_field_of_another_account_is_one_of_the_first() -> None:
    """What is added to the table is added to both."""
    first = ACCOUNT_SCHEMA["properties"]
    other = first["accounts"]["additionalProperties"]["properties"]
    assert {*first} - {*other} == {
        *("id", "partition", "latency", "skew", "session_ids", "accounts"),
    }
