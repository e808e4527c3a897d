"""Checks a story's table against the schema, and words the first error for the file's author."""

from __future__ import annotations

from datetime import date, datetime, time
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from scenarios.replay.story.schema import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jsonschema import ValidationError

    from scenarios.replay.story.toml_places import Path

_SAY_LITTLE = ("pattern", "anyOf", "oneOf")
_TYPES = {
    "string": "a text",
    "integer": "a number",
    "boolean": "true or false",
    "object": "a table",
    "array": "a list",
}


def first_error(table: dict[str, Any]) -> tuple[Path, str] | None:
    """Return the keys that lead to an error and a sentence about it, None for a valid table."""
    errors = [leaf for error in _validator().iter_errors(plain(table)) for leaf in _leaves(error)]
    if not errors:
        return None
    error = max(errors, key=lambda error: len(error.absolute_path))
    return _worded(error)


def plain(value: object) -> object:
    """Return a TOML value as JSON writes it: instants as texts."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, datetime | date | time) else value


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(SCHEMA)


def _leaves(error: ValidationError) -> Iterator[ValidationError]:
    """Yield the error, or the errors of the alternative that comes closest to the value."""
    branches: dict[int, list[ValidationError]] = {}
    for inner in error.context:
        branches.setdefault(inner.schema_path[0], []).append(inner)
    closest = min(branches.values(), key=_is_of_another_sort, default=[])
    if not closest or (_comment(error) and _is_of_another_sort(closest)):
        yield error
        return
    for inner in closest:
        yield from _leaves(inner)


def _is_of_another_sort(branch: list[ValidationError]) -> bool:
    """Tell whether an alternative is for another type of value than the one in the file."""
    return any(inner.validator in ("type", "const") and not inner.relative_path for inner in branch)


def _worded(error: ValidationError) -> tuple[Path, str]:
    path: Path = tuple(error.absolute_path)
    name = ".".join(str(part) for part in path if isinstance(part, str))
    match error.validator:
        case "additionalProperties":
            known = list(error.schema["properties"])
            unknown = next(key for key in error.instance if key not in known)
            near = get_close_matches(unknown, known, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(known)}"
            return (*path, unknown), f"there is no key {unknown!r} here; {hint}"
        case "required":
            missing = [key for key in error.validator_value if key not in error.instance]
            return path, f"{missing[0]!r} is missing"
        case "type":
            return path, f"{name} must be {_TYPES[error.validator_value]}"
        case "enum":
            choice = ", ".join(map(repr, error.validator_value))
            return path, f"{name} cannot be {error.instance!r}; it is one of {choice}"
        case _:
            return path, f"{name}: {_comment(error) or error.message}"


def _comment(error: ValidationError) -> str | None:
    """Return the schema's own message for keywords whose standard message says little."""
    comment: str | None = error.schema.get("$comment") if error.validator in _SAY_LITTLE else None
    return comment
