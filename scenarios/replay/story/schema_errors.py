"""Checks a story's table against the schema, and words each error for the file's author."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from scenarios.replay.story.nearest import did_you_mean, nearest
from scenarios.replay.story.schema import SCHEMA
from sts_simulator.account.schema import find_problems

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scenarios.replay.story.toml_places import Path
    from sts_simulator.account.schema import Problem

_TYPES = {
    "string": "a text",
    "integer": "a number",
    "boolean": "true or false",
    "object": "a table",
    "array": "a list",
}
_OF_A_STORY = SCHEMA["properties"]
_OF_A_STEP = _OF_A_STORY["step"]["items"]["properties"]


def errors(table: dict[str, Any]) -> list[tuple[Path, str]]:
    """Return the keys that lead to each error and a sentence about it, [] for a valid table.

    What follows from another error is left out: a key that is missing because it is misspelt.
    """
    problems = find_problems(plain(table), SCHEMA)
    found = {at: said for problem in problems for at, said in _worded(problem, problems)}
    return list(found.items())


def plain(value: object) -> object:
    """Return a TOML value as JSON writes it: instants as texts."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, datetime | date | time) else value


def _worded(problem: Problem, others: Sequence[Problem]) -> Iterator[tuple[Path, str]]:
    path = problem.path
    name = ".".join(str(part) for part in path if isinstance(part, str))
    match problem.keyword:
        case "additionalProperties":
            for key in _unknown(problem):
                yield (*path, key), f"there is no key {key!r} here; {_instead(path, key, problem)}"
        case "required":
            unknown = [key for other in others if other.path == path for key in _unknown(other)]
            for key in problem.wanted:
                if key not in problem.given and not nearest(key, unknown):
                    yield (*path, key), f"{key!r} is missing{_behind(path, key)}"
        case "type" | "anyOf" if len(path) > 3 and path[0] == "step" and path[-1] in _OF_A_STEP:
            yield path, f"{path[-1]!r} is no text here; {_above(path[:-1])}"
        case "type":
            yield path, f"{name} must be {_TYPES[problem.wanted]}{_brackets(name, problem)}"
        case "enum":
            near = did_you_mean(problem.given, problem.wanted, or_list=False)
            choice = near or f"it is one of {', '.join(map(repr, problem.wanted))}"
            yield path, f"{name} cannot be {problem.given!r}; {choice}"
        case _:
            yield path, f"{name}: {problem.message}"


def _unknown(problem: Problem) -> list[str]:
    """Return the keys that a table may not have."""
    if problem.keyword != "additionalProperties":
        return []
    return [key for key in problem.given if key not in problem.schema.get("properties", {})]


def _instead(path: Path, key: str, problem: Problem) -> str:
    """Return what would be right in place of an unknown key."""
    known = problem.schema["properties"]
    missing = [name for name in problem.schema.get("required", ()) if name not in problem.given]
    if near := nearest(key, missing):
        return f"did you mean {near!r}?"
    if not path and key in _OF_A_STEP:
        header = f"[[step.{key}]]" if _OF_A_STEP[key].get("type") == "array" else "[[step]]"
        header = "[[step]]" if key in {"does", "events"} else header
        return f"it belongs to a step: write it below {header}"
    if path[:1] == ("step",) and len(path) == 2 and key in _OF_A_STORY:
        return "it belongs to the story: write it above the first [[step]]"
    if path[:1] == ("step",) and len(path) > 2 and key in _OF_A_STEP:
        return _above(path)
    return did_you_mean(key, known)


def _above(path: Path) -> str:
    """Return where a key of a step is written that stands in a table of the step."""
    inner = ".".join(str(part) for part in path if isinstance(part, str))
    return f"it belongs to the step: write it above the header of {inner}"


def _behind(path: Path, key: str) -> str:
    """Return where a missing key is written, if that is not seen from its line."""
    return ": a story has a [[step]] or more" if (path, key) == ((), "step") else ""


def _brackets(name: str, problem: Problem) -> str:
    """Return how a list of tables is written, for a table in place of one."""
    is_table = problem.wanted == "array" and isinstance(problem.given, dict)
    return f": its header has two brackets, [[{name}]]" if is_table else ""
