"""A role's trust policy: does it let this caller take the role on?  Pure.

As much of IAM's policy language as trust policies use.  Source: IAM's user
guide (C), "Policy evaluation logic" and "Condition operators": a Deny that
matches wins; without an Allow that matches it is no; a key that is not there
fails a condition, unless its operator is negated or ends in IfExists.
Identity policies are not evaluated here, so an Allow for the whole account is
one for everybody in it.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

_ACTION = "sts:assumerole"


def allows(policy: str, principals: Collection[str], context: Mapping[str, str]) -> bool:
    """Tell whether the policy, in JSON, lets a caller assume the role.

    `principals` are the names the caller goes by (ARNs, the account id);
    `context` are the condition keys in lower case.  What is no policy allows
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
    """Raise KeyError for an operator that is not known: then the policy allows nothing."""
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
    """Tell whether it fits the pattern, in which * is any text and ? any character."""
    pattern = re.escape(wanted).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(pattern, given, re.DOTALL) is not None


# The operator, whether it is negated, and how it compares what is given with what is wanted.
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
