"""Checking a table of a scenario or of the control interface against its JSON Schema.

The schema is the one statement of what such a table may hold: what has passed
`check` needs no further checks of names and types.  A ``$comment`` beside a
keyword whose failure says little (a pattern, a choice) is the message instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_SAY_LITTLE = ("pattern", "anyOf", "oneOf")


def check(table: object, schema: Mapping[str, Any], name: str) -> None:
    """Raise ValueError saying where in `table` (called `name`) it breaks `schema`, and how."""
    from jsonschema import Draft202012Validator, exceptions  # type: ignore[import-untyped]  # noqa: PLC0415 - slow

    troubles = list(Draft202012Validator(schema).iter_errors(table))
    plain = [trouble for trouble in troubles if trouble.validator not in _SAY_LITTLE]
    trouble = exceptions.best_match(plain or troubles)
    if trouble is not None:
        where = "".join(
            f"[{step}]" if isinstance(step, int) else f".{step}" for step in trouble.absolute_path
        )
        comment = trouble.schema.get("$comment") if trouble.validator in _SAY_LITTLE else None
        raise ValueError(f"{name}{where}: {comment or trouble.message}")
