"""story.schema: the checked-in schema is current and valid, and knows every level."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from scenarios.replay.stages.levels import LEVELS
from scenarios.replay.story import model, schema

if TYPE_CHECKING:
    from typing import Any


def test_the_schema_is_written_as_it_is() -> None:
    """tests/project/test_docs.py compares the checked-in file."""
    assert json.loads(schema.written()) == schema.SCHEMA


def test_the_schema_is_one() -> None:
    """The checked-in file is a valid JSON Schema."""
    Draft202012Validator.check_schema(json.loads(schema.FILE.read_text(encoding="utf-8")))


def test_every_level_can_be_excepted() -> None:
    """The levels that a story may except are the levels at which stories are replayed."""
    excepted: dict[str, Any] = schema.SCHEMA["properties"]["except"]["properties"]
    assert tuple(excepted) == model.LEVELS == tuple(LEVELS)
