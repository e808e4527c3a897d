"""Evaluation of a role's trust policy for a caller.  Pure functions.

Implements the part of IAM's policy language that trust policies use.  Source:
IAM user guide (C), "Policy evaluation logic" and "Condition operators".  A
matching Deny wins over any Allow; without a matching Allow the answer is no.  A
missing condition key fails a condition, unless the operator is negated or ends
in IfExists.  Identity policies are not evaluated, so a policy that allows the
account allows every user in it.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

_ACTION = "sts:assumerole"


def allows(policy: str, principals: Collection[str], context: Mapping[str, str]) -> bool:
    """Return whether the policy, in JSON, allows a caller to assume the role.

    `principals` are the caller's names in a Principal (ARNs, the account id);
    `context` has the condition keys, in lower case.  A malformed policy allows
    nothing.
    """
    try:
        statements = _listed(json.loads(policy)["Statement"])
        effects = [s["Effect"] for s in statements if _matches(s, principals, context)]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return False
    return "Allow" in effects and "Deny" not in effects


def _matches(
    statement: Mapping[str, Any], principals: Collection[str], context: Mapping[str, str]
) -> bool:
    actions = [action.lower() for action in _listed(statement.get("Action", ()))]
    return (
        any(_like(_ACTION, action) for action in actions)
        and _names(statement.get("Principal", {}), principals)
        and all(
            _holds(operator, key.lower(), _listed(wanted), context)
            for operator, keys in statement.get("Condition", {}).items()
            for key, wanted in keys.items()
        )
    )


def _names(written: str | Mapping[str, Any], principals: Collection[str]) -> bool:
    listed = _listed(written.get("AWS", ())) if not isinstance(written, str) else [written]
    return any(name == "*" or name in principals for name in listed)


def _holds(operator: str, key: str, wanted: list[Any], context: Mapping[str, str]) -> bool:
    """Return whether a condition holds.  Raises KeyError for an unknown operator."""
    name = operator.removesuffix("IfExists")
    texts = [str(text).lower() if isinstance(text, bool) else str(text) for text in wanted]
    if name == "Null":
        return any((key not in context) is (text.lower() == "true") for text in texts)
    negated, compare = _OPERATORS[name]
    if key not in context:
        return negated or name != operator
    return any(compare(context[key], text) for text in texts) is not negated


def _same(given: str, wanted: str) -> bool:
    return given == wanted


def _same_whatever_case(given: str, wanted: str) -> bool:
    return given.lower() == wanted.lower()


def _like(given: str, wanted: str) -> bool:
    """Return whether a text matches a pattern: * is any text, ? any character."""
    pattern = re.escape(wanted).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(pattern, given, re.DOTALL) is not None


# By operator: whether it is negated, and how it compares the caller's value with the policy's.
_OPERATORS: dict[str, tuple[bool, Callable[[str, str], bool]]] = {
    "StringEquals": (False, _same),
    "StringNotEquals": (True, _same),
    "StringEqualsIgnoreCase": (False, _same_whatever_case),
    "StringNotEqualsIgnoreCase": (True, _same_whatever_case),
    "StringLike": (False, _like),
    "StringNotLike": (True, _like),
    "ArnEquals": (False, _like),
    "ArnNotEquals": (True, _like),
    "ArnLike": (False, _like),
    "ArnNotLike": (True, _like),
    "Bool": (False, _same_whatever_case),
    "NumericEquals": (False, lambda given, wanted: float(given) == float(wanted)),
    "NumericLessThan": (False, lambda given, wanted: float(given) < float(wanted)),
    "NumericLessThanEquals": (False, lambda given, wanted: float(given) <= float(wanted)),
    "NumericGreaterThan": (False, lambda given, wanted: float(given) > float(wanted)),
    "NumericGreaterThanEquals": (False, lambda given, wanted: float(given) >= float(wanted)),
}


def _listed(one_or_more: Any) -> list[Any]:  # noqa: ANN401 - JSON
    return list(one_or_more) if isinstance(one_or_more, list | tuple) else [one_or_more]
