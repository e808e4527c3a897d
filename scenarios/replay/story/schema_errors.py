"""Checks a story's table against the schema, and words the first error for the file's author."""

from __future__ import annotations

from datetime import date, datetime, time
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from scenarios.replay.story.schema import SCHEMA
from sts_simulator.account.schema import find_problem

if TYPE_CHECKING:
    from scenarios.replay.story.toml_places import Path
    from sts_simulator.account.schema import Problem

_TYPES = {
    "string": "a text",
    "integer": "a number",
    "boolean": "true or false",
    "object": "a table",
    "array": "a list",
}


def first_error(table: dict[str, Any]) -> tuple[Path, str] | None:
    """Return the keys that lead to an error and a sentence about it, None for a valid table."""
    problem = find_problem(plain(table), SCHEMA, look_into_choices=True)
    return _worded(problem) if problem else None


def plain(value: object) -> object:
    """Return a TOML value as JSON writes it: instants as texts."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, datetime | date | time) else value


def _worded(problem: Problem) -> tuple[Path, str]:
    path = problem.path
    name = ".".join(str(part) for part in path if isinstance(part, str))
    match problem.keyword:
        case "additionalProperties":
            known = list(problem.schema["properties"])
            unknown = next(key for key in problem.given if key not in known)
            near = get_close_matches(unknown, known, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(known)}"
            return (*path, unknown), f"there is no key {unknown!r} here; {hint}"
        case "required":
            missing = [key for key in problem.wanted if key not in problem.given]
            return path, f"{missing[0]!r} is missing"
        case "type":
            return path, f"{name} must be {_TYPES[problem.wanted]}"
        case "enum":
            choice = ", ".join(map(repr, problem.wanted))
            return path, f"{name} cannot be {problem.given!r}; it is one of {choice}"
        case _:
            return path, f"{name}: {problem.message}"
