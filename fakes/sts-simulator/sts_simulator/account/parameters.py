"""The constraints of each operation's parameters, which STS checks before permissions.

Bounds and patterns are those of the public service model; messages are AWS's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sts_simulator.account import errors

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

INT32 = range(-(2**31), 2**31)
# Characters of a text that are matched, and told in a message: with millions everybody would wait
# for one expression.  A longer text is refused for its length.
LONGEST_MATCHED = 2**16
_WHOLE = re.compile(r"[+-]?[0-9]{1,99}")


@dataclass(frozen=True)
class Number:
    """An integer from `least` to `most`."""

    least: int
    most: int
    required: bool = False

    def report(self, name: str, text: str) -> str | None:
        """Return botocore's report on a value below the minimum."""
        if int(text) >= self.least:
            return None
        return f"Invalid value for parameter {name}, value: {text}, valid min value: {self.least}"

    def problems(self, text: str) -> Iterator[str]:
        """Yield AWS's text for each constraint that the value breaks."""
        if int(text) < self.least:
            yield f"Member must have value greater than or equal to {self.least}"
        if int(text) > self.most:
            yield f"Member must have value less than or equal to {self.most}"


@dataclass(frozen=True)
class Text:
    """A text of `shortest` to `longest` characters that matches `pattern`.

    `expression` is the pattern in Python's syntax where that is another; it knows Unicode.
    The value of a `secret` is not shown in messages.
    """

    shortest: int
    longest: int
    pattern: str
    required: bool = False
    expression: str = ""
    secret: bool = False

    def report(self, name: str, text: str) -> str | None:
        """Return botocore's report on a text below the minimum length."""
        if len(text) >= self.shortest:
            return None
        return (
            f"Invalid length for parameter {name}, value: {len(text)}, "
            f"valid min length: {self.shortest}"
        )

    def problems(self, text: str) -> Iterator[str]:
        """Yield AWS's text for each constraint that the value breaks."""
        flags = re.UNICODE if self.expression else re.ASCII
        if not re.fullmatch(self.expression or self.pattern, text[:LONGEST_MATCHED], flags):
            yield f"Member must satisfy regular expression pattern: {self.pattern}"
        if len(text) < self.shortest:
            yield f"Member must have length greater than or equal to {self.shortest}"
        if len(text) > self.longest:
            yield f"Member must have length less than or equal to {self.longest}"


SERIAL_NUMBER = Text(9, 256, r"[\w+=/:,.@-]*")
TOKEN_CODE = Text(6, 6, r"[\d]*")
_NAME = r"[\w+=,.@-]*"
_PRINTABLE = r"[\u0009\u000A\u000D\u0020-\u007E\u0085\u00A0-\uD7FF\uE000-\uFFFD\u10000-\u10FFFF]+"
_LATIN = r"[\u0009\u000A\u000D\u0020-\u00FF]+"
_UNBOUNDED = 2**31
_ANY = r"(?s:.*)"
_TAG = r"[\p{L}\p{Z}\p{N}_.:/=+\-@]"
_TAG_EXPRESSION = r"[\w \u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000.:/=+\-@]"


@dataclass(frozen=True)
class Members:
    """A list of up to `most` structures.  A member that is no structure has the field ""."""

    most: int
    fields: Mapping[str, Text]


TAG_KEY = Text(1, 128, f"{_TAG}+", required=True, expression=f"{_TAG_EXPRESSION}+")
TAG_VALUE = Text(0, 256, f"{_TAG}*", required=True, expression=f"{_TAG_EXPRESSION}*")
TAGS = Members(50, {"Key": TAG_KEY, "Value": TAG_VALUE})
TAG_KEYS = Members(50, {"": TAG_KEY})
POLICY_ARNS = Members(10, {"arn": Text(20, 2048, _PRINTABLE)})  # C: ten managed policies
TOKEN_SIZE = Number(0, 4096)
_BY_NAME = {"PolicyArns": POLICY_ARNS, "Tags": TAGS, "TransitiveTagKeys": TAG_KEYS}
# By operation.  The members' own constraints are those of the service model.
LISTS: dict[str, dict[str, Members]] = {
    "AssumeRole": {"PolicyArns": POLICY_ARNS, "Tags": TAGS, "TransitiveTagKeys": TAG_KEYS},
    "AssumeRoleWithSAML": {"PolicyArns": POLICY_ARNS},
    "AssumeRoleWithWebIdentity": {"PolicyArns": POLICY_ARNS},
    "GetFederationToken": {"PolicyArns": POLICY_ARNS, "Tags": TAGS},
}

_FOR_A_ROLE: dict[str, Number | Text] = {
    "RoleArn": Text(20, 2048, _PRINTABLE, required=True),
    "DurationSeconds": Number(900, 43200),
    "MinimumSessionTokenSize": TOKEN_SIZE,
}
CONSTRAINTS: dict[str, dict[str, Number | Text]] = {
    "GetCallerIdentity": {},
    "GetSessionToken": {
        "DurationSeconds": Number(900, 129600),
        "SerialNumber": SERIAL_NUMBER,
        "TokenCode": TOKEN_CODE,
        "MinimumSessionTokenSize": TOKEN_SIZE,
    },
    "AssumeRole": {
        **_FOR_A_ROLE,
        "RoleSessionName": Text(2, 64, _NAME, required=True),
        "Policy": Text(1, _UNBOUNDED, _LATIN),
        "ExternalId": Text(2, 1224, r"[\w+=,.@:\/-]*"),
        "SerialNumber": SERIAL_NUMBER,
        "TokenCode": TOKEN_CODE,
        "SourceIdentity": Text(2, 256, _NAME),
    },
    "AssumeRoleWithSAML": {
        **_FOR_A_ROLE,
        "PrincipalArn": Text(20, 2048, _PRINTABLE, required=True),
        "SAMLAssertion": Text(4, 100_000, _ANY, required=True, secret=True),
        "Policy": Text(1, 2048, _LATIN),
    },
    "AssumeRoleWithWebIdentity": {
        **_FOR_A_ROLE,
        "RoleSessionName": Text(2, 64, _NAME, required=True),
        "WebIdentityToken": Text(4, 20_000, _ANY, required=True, secret=True),
        "ProviderId": Text(4, 2048, _ANY),
        "Policy": Text(1, 2048, _LATIN),
    },
    "GetFederationToken": {
        "Name": Text(2, 32, _NAME, required=True),
        "Policy": Text(1, 2048, _LATIN),
        "DurationSeconds": Number(900, 129600),
        "MinimumSessionTokenSize": TOKEN_SIZE,
    },
    "GetAccessKeyInfo": {"AccessKeyId": Text(16, 128, r"[\w]*", required=True)},
    "AssumeRoot": {
        "TargetPrincipal": Text(12, 2048, _ANY, required=True),
        "TaskPolicyArn.arn": Text(20, 2048, _PRINTABLE, required=True),
        "DurationSeconds": Number(0, 900),
        "MinimumSessionTokenSize": TOKEN_SIZE,
    },
    "DecodeAuthorizationMessage": {"EncodedMessage": Text(1, 10240, _ANY, required=True)},
    "GetDelegatedAccessToken": {
        "TradeInToken": Text(0, _UNBOUNDED, _ANY, required=True, secret=True)
    },
    "GetScopedCredentials": {
        "Policy": Text(1, 2048, _LATIN),
        "DurationSeconds": Number(1, 129600),
        "MinimumSessionTokenSize": TOKEN_SIZE,
    },
    "GetWebIdentityToken": {
        "Audience.member.1": Text(1, 1000, _ANY, required=True),
        "SigningAlgorithm": Text(5, 5, _ANY, required=True),
        "DurationSeconds": Number(60, 3600),
    },
}


def refusal(operation: str, parameters: Mapping[str, str]) -> errors.AwsError | None:
    """Return STS's error for these parameters, None when they are valid.  Ignores unknown names."""
    constraints = CONSTRAINTS[operation]
    given = {name: parameters[name] for name in constraints if name in parameters}
    numbers = [text for name, text in given.items() if isinstance(constraints[name], Number)]
    if refused := number_refusal(numbers):
        return refused
    missing = _missing(
        name
        for name, constraint in constraints.items()
        if constraint.required and name not in given
    )
    problems = missing + [
        f"{_value(constraints[name], text[:LONGEST_MATCHED])} at '{_member(name)}' "
        "failed to satisfy constraint: "
        f"{problem}"
        for name, text in given.items()
        for problem in constraints[name].problems(text)
    ]
    for name, constraint in LISTS.get(operation, {}).items():
        problems += _problems_of_list(name, constraint, parameters)
    return _validation(problems) if problems else None


def number_refusal(numbers: Collection[str]) -> errors.AwsError | None:
    """Return the error of values that are no 32-bit integers."""
    if "" in numbers:
        return errors.MISSING_NUMBER
    if not all(_WHOLE.fullmatch(text) and int(text) in INT32 for text in numbers):
        return errors.MALFORMED
    return None


def missing_refusal(names: Iterable[str]) -> errors.AwsError | None:
    """Return the error of required parameters that are not there, None without one."""
    problems = _missing(names)
    return _validation(problems) if problems else None


def _missing(names: Iterable[str]) -> list[str]:
    return [
        f"Value null at '{_member(name)}' failed to satisfy constraint: Member must not be null"
        for name in names
    ]


def members(parameters: Mapping[str, str], name: str) -> list[dict[str, str]]:
    """Return the members of a list parameter: those from 1 to the first number that is missing.

    The Query API writes ``Tags.member.1.Key``, and ``TransitiveTagKeys.member.1`` for a text,
    which is the field "" here.  At most one member more than the longest list has is looked
    up, as a form may have millions.
    """
    constraint = _BY_NAME[name]
    found: list[dict[str, str]] = []
    for number in range(1, constraint.most + 2):
        start = f"{name}.member.{number}"
        names = {field: f"{start}.{field}" if field else start for field in constraint.fields}
        given = {field: parameters[at] for field, at in names.items() if at in parameters}
        if not given:
            break
        found.append(given)
    return found


def _problems_of_list(
    name: str, constraint: Members, parameters: Mapping[str, str]
) -> Iterator[str]:
    """Yield AWS's text for each constraint that a list breaks.  I: how a list is printed."""
    listed = members(parameters, name)
    if len(listed) > constraint.most:
        shown = ", ".join(_written(fields, constraint) for fields in listed)
        yield (
            f"Value '[{shown}]' at '{_member(name)}' failed to satisfy constraint: "
            f"Member must have length less than or equal to {constraint.most}"
        )
        return
    for number, fields in enumerate(listed, 1):
        for field, text in constraint.fields.items():
            where = ".".join(filter(None, (_member(name), str(number), "member", _member(field))))
            if field in fields:
                given = f"'{fields[field][:LONGEST_MATCHED]}'"
                problems = list(text.problems(fields[field]))
            else:
                given, problems = "null", ["Member must not be null"] * text.required
            for problem in problems:
                yield f"Value {given} at '{where}' failed to satisfy constraint: {problem}"


def _value(constraint: Number | Text, text: str) -> str:
    """Return how a message shows a value.  B: AWS leaves a sensitive one out (Cognito's do)."""
    secret = isinstance(constraint, Text) and constraint.secret
    return "Value" if secret else f"Value '{text}'"


def _written(fields: Mapping[str, str], constraint: Members) -> str:
    pairs = [f"{name}={fields[name]}" for name in constraint.fields if name and name in fields]
    return f"{{{', '.join(pairs)}}}" if pairs else fields.get("", "{}")


def _member(name: str) -> str:
    return name[:1].lower() + name[1:]


def _validation(problems: list[str]) -> errors.AwsError:
    noun = "error" if len(problems) == 1 else "errors"
    return errors.VALIDATION.fill(
        problems=f"{len(problems)} validation {noun} detected: {'; '.join(problems)}"
    )


def below_minimum(operation: str, parameters: Mapping[str, str]) -> str:
    """Return botocore's report on values below a minimum, "" when there are none.

    botocore does not send such values.  It checks no maximums and no patterns.
    """
    reports = (
        constraint.report(name, parameters[name])
        for name, constraint in CONSTRAINTS[operation].items()
        if name in parameters
    )
    return " ".join(report for report in reports if report)
