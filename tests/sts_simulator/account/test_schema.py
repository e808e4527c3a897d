"""Checking a table against its JSON Schema."""

from __future__ import annotations

from typing import Any

import pytest

from sts_simulator.account import schema

LENGTH = {"type": "string", "pattern": "^[0-9]+h$", "$comment": "a length is written like 3h"}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "length": LENGTH,
        "either": {"anyOf": [{"type": "integer"}, LENGTH], "$comment": "a length or a number"},
        "list": {"type": "array", "items": {"type": "object", "required": ["id", "name"]}},
    },
    "anyOf": [{"required": ["length"]}, {"required": ["list"]}],
    "$comment": "a length or a list is needed",
    "additionalProperties": False,
}


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"length": "3h"}, None),
        ({"length": "x"}, "it.length: a length is written like 3h"),
        ({"length": 3}, "it.length: 3 is not of type 'string'"),
        ({"length": "3h", "either": []}, "it.either: a length or a number"),
        ({"length": "x", "list": [{"id": 1}]}, "it.list[0]: 'name' is a required property"),
        ({"list": [{"id": 1, "name": 2}, {"id": 1}]}, "it.list[1]: 'name' is a required property"),
        ({}, "it: a length or a list is needed"),
        ({"length": "3h", "lenght": 1}, "it: Additional properties are not allowed"),
        ("text", "it: 'text' is not of type 'object'"),
    ],
)
def test_a_check_says_where_and_why(table: object, said: str | None) -> None:
    """The error has the path from the table's name, and the schema's comment if there is one."""
    if said is None:
        schema.check(table, SCHEMA, "it")
        return
    with pytest.raises(ValueError, match="it") as caught:
        schema.check(table, SCHEMA, "it")
    assert str(caught.value).startswith(said)


def test_a_problem_is_data_for_other_wordings() -> None:
    """A problem has its path, the keyword, the schema's value and the given one."""
    problem = schema.find_problem({"list": [{"id": 1}]}, SCHEMA)
    assert problem is not None
    assert problem.path == ("list", 0)
    assert (problem.keyword, problem.wanted, problem.given) == (
        "required",
        ["id", "name"],
        {"id": 1},
    )
    assert problem.schema == SCHEMA["properties"]["list"]["items"]
    assert schema.find_problem({"length": "3h"}, SCHEMA) is None


@pytest.mark.parametrize(
    ("table", "found"),
    [
        ({}, [((), "anyOf")]),
        ({"length": "3h", "either": "x"}, [(("either",), "pattern")]),
        ({"length": "3h", "either": []}, [(("either",), "anyOf")]),
        (
            {"lenght": "3h", "list": [{}]},
            [((), "additionalProperties"), (("list", 0), "required"), (("list", 0), "required")],
        ),
    ],
)
def test_all_problems_of_a_table(table: object, found: list[object]) -> None:
    """Of a choice they are the closest alternative's."""
    problems = schema.find_problems(table, SCHEMA)
    assert sorted((one.path, one.keyword) for one in problems) == found
