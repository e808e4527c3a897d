"""Checks JSON values against a JSON Schema: what is wrong, where, and in which words.

The schema is the only statement of what a table of a scenario or of the control
interface may contain: code that reads a checked table does not check names and
types again.  Where a keyword's own message says little (a pattern, a choice),
the message is the ``$comment`` beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jsonschema import ValidationError  # type: ignore[import-untyped]

_SAY_LITTLE = ("pattern", "anyOf", "oneOf")


class Problem(NamedTuple):
    """One way in which a value breaks its schema.

    `path` leads to the part that is wrong, `given`.  `keyword` is the keyword
    of `schema` that it breaks, and `wanted` the keyword's value there.
    """

    path: tuple[str | int, ...]
    keyword: str
    wanted: Any
    given: Any
    schema: Mapping[str, Any]
    message: str


def check(table: object, schema: Mapping[str, Any], name: str) -> None:
    """Raise ValueError that says where in `table` (called `name`) it breaks `schema`, and how."""
    if problem := find_problem(table, schema):
        where = "".join(
            f"[{step}]" if isinstance(step, int) else f".{step}" for step in problem.path
        )
        raise ValueError(f"{name}{where}: {problem.message}")


def find_problem(table: object, schema: Mapping[str, Any]) -> Problem | None:
    """Return the most telling of the problems of a table, None when it has none.

    A value that fits none of several alternatives (``anyOf``, ``oneOf``) is one
    problem, unless one alternative is clearly the closest.
    """
    from jsonschema import Draft202012Validator, exceptions  # noqa: PLC0415 - slow to import

    errors = list(Draft202012Validator(schema).iter_errors(table))
    telling = [error for error in errors if error.validator not in _SAY_LITTLE]
    best = exceptions.best_match(telling or errors)
    return None if best is None else _problem(best)


def find_problems(table: object, schema: Mapping[str, Any]) -> list[Problem]:
    """Return all problems of a table; of several alternatives, those of the closest one."""
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - slow to import

    errors = Draft202012Validator(schema).iter_errors(table)
    return [_problem(leaf) for error in errors for leaf in _leaves(error)]


def _problem(error: ValidationError) -> Problem:
    return Problem(
        tuple(error.absolute_path),
        error.validator,
        error.validator_value,
        error.instance,
        error.schema,
        _comment(error) or error.message,
    )


def _comment(error: ValidationError) -> str | None:
    comment: str | None = error.schema.get("$comment") if error.validator in _SAY_LITTLE else None
    return comment


def _leaves(error: ValidationError) -> Iterator[ValidationError]:
    """Yield the errors that make up an error: of a choice, those of the closest alternative."""
    alternatives: dict[int, list[ValidationError]] = {}
    for inner in error.context:
        alternatives.setdefault(inner.schema_path[0], []).append(inner)
    closest = min(alternatives.values(), key=_is_of_another_type, default=[])
    only_missing = {inner.validator for inner in error.context} == {"required"}
    if not closest or (_comment(error) and (only_missing or _is_of_another_type(closest))):
        yield error
        return
    for inner in closest:
        yield from _leaves(inner)


def _is_of_another_type(alternative: list[ValidationError]) -> bool:
    """Return whether an alternative is for another type of value than the one given."""
    return any(
        inner.validator in ("type", "const") and not inner.relative_path for inner in alternative
    )
