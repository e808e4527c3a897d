"""The form that all policy documents of IAM have, as a JSON Schema (C, IAM user guide)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

# One text, or several.
TEXTS: Mapping[str, Any] = {
    "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]
}


def document(statement: Mapping[str, Any], *, least: int = 0) -> dict[str, Any]:
    """Return the schema of a policy with statements of this schema; a list has `least` or more."""
    several = {"type": "array", "minItems": least, "items": statement}
    return {
        "type": "object",
        "properties": {
            "Version": {"enum": ["2012-10-17", "2008-10-17"]},
            "Id": {"type": "string"},
            "Statement": {"anyOf": [statement, several]},
        },
        "required": ["Statement"],
        "additionalProperties": False,
    }
