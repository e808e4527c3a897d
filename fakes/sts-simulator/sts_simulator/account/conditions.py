"""Conditions of IAM policies: the operators, the keys and the policy variables.

Source: IAM user guide (C), "Condition operators", "Policy variables", "Condition keys
with multiple values" and "AWS global condition context keys".  A condition that cannot
be evaluated here raises `CannotJudge`; it never counts as met.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network
from typing import Any

from sts_simulator.account.saml import condition_keys

# Condition keys in lower case, each with its value; several values for a key like aws:TagKeys.
Context = Mapping[str, str | Sequence[str]]

# Keys that no request to the simulator has: no VPC, no organization, no other service between.
# That a key is absent is an answer; a key that is neither here nor in the context is unknown.
_ABSENT = {
    *("aws:calledvia", "aws:calledviafirst", "aws:calledvialast", "aws:ec2instancesourcevpc"),
    *("aws:federatedprovider", "aws:multifactorauthage", "aws:multifactorauthpresent"),
    *("aws:principalaccount", "aws:principalarn", "aws:principaltype", "aws:userid"),
    *("aws:principalorgid", "aws:principalorgpaths", "aws:principalservicename"),
    *("aws:principalservicenameslist", "aws:referer", "aws:sourceaccount", "aws:sourcearn"),
    *("aws:sourceidentity", "aws:sourceorgid", "aws:sourceorgpaths", "aws:sourcevpc"),
    *("aws:sourcevpce", "aws:tagkeys", "aws:tokenissuetime", "aws:username"),
    *("aws:vpcsourceip", "sts:awsservicename", "sts:externalid", "sts:rolesessionname"),
    *("sts:sourceidentity", "sts:transitivetagkeys", "sts:requestcontextproviders"),
    *("aws:ec2instancesourceprivateipv4", "aws:resourceorgid", "aws:resourceorgpaths"),
    *("aws:sourcevpcarn", "ec2:sourceinstancearn", "lambda:sourcefunctionarn"),
    *condition_keys.ALL,
}
_ABSENT_FAMILIES = (
    "aws:principaltag/",
    "aws:requesttag/",
    "aws:resourcetag/",
    "iam:resourcetag/",
    "sts:requestcontext/",
)
# A key of an OpenID Connect provider is its URL and a claim: ``token.example.com/path:sub``.
_OF_PROVIDER = re.compile(r"[^:]*[./][^:]*:.+|[^:]+:[0-9]+[^:]*:.+")
_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_SPECIAL = ("*", "?", "$")  # ${*} is the character itself
_ARN_PARTS = 6


class CannotJudge(ValueError):
    """Raised for a condition or a statement that the simulator does not know how to evaluate."""


def unmet(block: Mapping[str, Mapping[str, Any]], context: Context, *, variables: bool) -> str:
    """Return why a Condition block does not hold, "" when it does.

    `variables`: whether the policy's Version has policy variables.  Raises CannotJudge.
    """
    for operator, keys in block.items():
        for key, written in keys.items():
            wanted = [as_text(value) for value in listed(written)]
            if not _holds(operator, key, wanted, context, variables=variables):
                return f"condition {_seen(key, context)} ({operator} wants {' or '.join(wanted)})"
    return ""


def met(block: Mapping[str, Mapping[str, Any]], context: Context) -> str:
    """Return the values that a Condition block which holds was evaluated with."""
    return ", ".join(_seen(key, context) for keys in block.values() for key in keys)


def listed(one_or_more: Any) -> list[Any]:  # noqa: ANN401 - JSON
    """Return the list that JSON may write as a single value."""
    return list(one_or_more) if isinstance(one_or_more, list | tuple) else [one_or_more]


def as_text(value: object) -> str:
    """Return a value of JSON as the text that conditions compare."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def like(given: str, pattern: str, context: Context | None = None) -> bool:
    """Return whether a text matches a pattern: * is any text, ? any character.

    With a `context` the variables in the pattern stand for its values, literally.
    """
    parts = _filled(pattern, context)
    if parts is None:
        return False
    return re.fullmatch("".join(map(_expression, parts)), given, re.DOTALL) is not None


def _seen(key: str, context: Context) -> str:
    value = context.get(key.lower())
    if value is None:
        return f"{key} is not in the request"
    return f"{key} is {value if isinstance(value, str) else ' and '.join(value)}"


def _holds(written: str, key: str, wanted: list[str], context: Context, *, variables: bool) -> bool:
    scope, _, rest = written.rpartition(":")
    name = rest.removesuffix("IfExists")
    given = _values(key, context)
    if name == "Null":
        return any((given is None) is (text.lower() == "true") for text in wanted)
    if name not in _OPERATORS or scope not in ("", "ForAllValues", "ForAnyValue"):
        raise CannotJudge(f"operator {written} is not known here")
    negated, compare = _OPERATORS[name]
    known = context if variables else None

    def matches(value: str) -> bool:
        return any(compare(value, text, known) for text in wanted) is not negated

    if given is None:
        return scope == "ForAllValues" or name != rest or (negated and not scope)
    if scope == "ForAllValues":
        return all(map(matches, given))
    if scope == "ForAnyValue":
        return any(map(matches, given))
    if len(given) != 1:
        raise CannotJudge(f"{key} has several values: it needs ForAllValues or ForAnyValue")
    return matches(given[0])


def _values(key: str, context: Context) -> list[str] | None:
    """Return the values of a key, None when the request has none.  Raises CannotJudge."""
    name = key.lower()
    if name in context:
        return listed(context[name])
    if name in _ABSENT or name.startswith(_ABSENT_FAMILIES) or _OF_PROVIDER.fullmatch(name):
        return None
    raise CannotJudge(f"condition key {key} is not known here")


def _filled(text: str, context: Context | None) -> list[tuple[bool, str]] | None:
    """Return the parts of a text, each with whether it is literal; None for a missing value."""
    if context is None:
        return [(False, text)]
    parts: list[tuple[bool, str]] = []
    for index, piece in enumerate(_VARIABLE.split(text)):
        if index % 2 == 0:
            parts.append((False, piece))
        elif piece in _SPECIAL:
            parts.append((True, piece))
        elif (value := _variable(piece, context)) is None:
            return None
        else:
            parts.append((True, value))
    return parts


def _variable(written: str, context: Context) -> str | None:
    name, comma, default = written.partition(",")
    values = _values(name.strip(), context)
    if values is None:
        return default.strip().strip("'") if comma else None
    return values[0] if len(values) == 1 else None


def _expression(part: tuple[bool, str]) -> str:
    literal, text = part
    escaped = re.escape(text)
    return escaped if literal else escaped.replace(r"\*", ".*").replace(r"\?", ".")


def _literally(wanted: str, context: Context | None) -> str | None:
    parts = _filled(wanted, context)
    return None if parts is None else "".join(text for _, text in parts)


def _same(given: str, wanted: str, context: Context | None) -> bool:
    return given == _literally(wanted, context)


def _same_whatever_case(given: str, wanted: str, context: Context | None) -> bool:
    text = _literally(wanted, context)
    return text is not None and given.lower() == text.lower()


def _like_arn(given: str, wanted: str, context: Context | None) -> bool:
    """Return whether each of an ARN's six parts matches; a * does not reach over a colon."""
    ours, theirs = given.split(":", _ARN_PARTS - 1), _split_arn(wanted)
    pairs = zip(ours, theirs, strict=False)
    return len(ours) == len(theirs) and all(like(one, other, context) for one, other in pairs)


def _split_arn(pattern: str) -> list[str]:
    """Split at the colons that are not inside a variable."""
    parts = re.split(r":(?![^{]*\})", pattern)
    return [*parts[: _ARN_PARTS - 1], ":".join(parts[_ARN_PARTS - 1 :])]


def _number(compare: Callable[[float, float], bool]) -> Callable[[str, str, Context | None], bool]:
    def compared(given: str, wanted: str, _context: Context | None) -> bool:
        try:
            return compare(float(given), float(wanted))
        except ValueError:
            raise CannotJudge(f"{wanted!r} is no number") from None

    return compared


def _date(compare: Callable[[float, float], bool]) -> Callable[[str, str, Context | None], bool]:
    return lambda given, wanted, _context: compare(_instant(given), _instant(wanted))


def _instant(text: str) -> float:
    """Return the seconds since 1970 of a date: ISO 8601, or those seconds."""
    try:
        return float(text)
    except ValueError:
        pass
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise CannotJudge(f"{text!r} is no date") from None
    return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).timestamp()


def _in_network(given: str, wanted: str, _context: Context | None) -> bool:
    try:
        return ip_address(given) in ip_network(wanted, strict=False)
    except ValueError:
        raise CannotJudge(f"{wanted!r} is no range of addresses") from None


_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "Equals": lambda given, wanted: given == wanted,
    "LessThan": lambda given, wanted: given < wanted,
    "LessThanEquals": lambda given, wanted: given <= wanted,
    "GreaterThan": lambda given, wanted: given > wanted,
    "GreaterThanEquals": lambda given, wanted: given >= wanted,
}
_Compare = Callable[[str, str, Context | None], bool]
# By operator: whether it is negated, and how it compares the request's value with the policy's.
_OPERATORS: dict[str, tuple[bool, _Compare]] = {
    "StringEquals": (False, _same),
    "StringNotEquals": (True, _same),
    "StringEqualsIgnoreCase": (False, _same_whatever_case),
    "StringNotEqualsIgnoreCase": (True, _same_whatever_case),
    "StringLike": (False, like),
    "StringNotLike": (True, like),
    "ArnEquals": (False, _like_arn),
    "ArnNotEquals": (True, _like_arn),
    "ArnLike": (False, _like_arn),
    "ArnNotLike": (True, _like_arn),
    "Bool": (False, _same_whatever_case),
    "IpAddress": (False, _in_network),
    "NotIpAddress": (True, _in_network),
    "NumericNotEquals": (True, _number(_COMPARISONS["Equals"])),
    "DateNotEquals": (True, _date(_COMPARISONS["Equals"])),
    **{f"Numeric{name}": (False, _number(compare)) for name, compare in _COMPARISONS.items()},
    **{f"Date{name}": (False, _date(compare)) for name, compare in _COMPARISONS.items()},
}
