"""Statements of IAM policies: whether one concerns a request, and in words why not.

Used by ``trust`` and ``permissions``.  Source: IAM user guide (C), "IAM JSON policy
elements reference" and "Policy evaluation logic".
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sts_simulator.account import conditions
from sts_simulator.account.conditions import CannotJudge, listed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from sts_simulator.account.conditions import Context

WITH_VARIABLES = "2012-10-17"  # C: in a policy of the older version a variable is plain text


@dataclass(frozen=True)
class Question:
    """The request that a policy is asked about.

    `action` is like ``sts:AssumeRole``; ``lambda:`` alone is an action of Lambda that is not
    known.  `resource` is an ARN, None when it is not known.  `principals` are the
    caller's names in a Principal, by kind: ``AWS``, ``Federated``.
    """

    action: str
    context: Context
    resource: str | None = None
    principals: Mapping[str, Collection[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Statement:
    """A statement of a policy.  `label` is how reasons name it."""

    label: str
    content: Mapping[str, Any]
    variables: bool

    @property
    def denies(self) -> bool:
        """Whether the statement's Effect is Deny."""
        return bool(self.content["Effect"] == "Deny")

    @property
    def allows(self) -> bool:
        """Whether the statement's Effect is Allow."""
        return bool(self.content["Effect"] == "Allow")

    def why_not(self, asked: Question) -> str:
        """Return why the statement does not concern the request, "" when it does.

        Raises CannotJudge.
        """
        if not self._is_about(asked):
            return f"{self.label} is not about {asked.action}"
        if not self._names(asked):
            return f"{self.label} does not name the caller"
        if not self._covers(asked):
            return f"{self.label} is not about {asked.resource}"
        block = self.content.get("Condition", {})
        unmet = conditions.unmet(block, asked.context, variables=self.variables)
        return unmet and f"{self.label}: {unmet}"

    def denial(self, asked: Question) -> str:
        """Return why the statement denies the request, "" when it does not.

        A Deny that cannot be judged denies: what AWS might refuse is never allowed.
        """
        if not self.denies:
            return ""
        try:
            if self.why_not(asked):
                return ""
        except CannotJudge as unknown:
            return f"{self.label} cannot be judged: {unknown}"
        met = conditions.met(self.content.get("Condition", {}), asked.context)
        return f"{self.label} denies it" + (f": {met}" if met else "")

    def _is_about(self, asked: Question) -> bool:
        if "NotAction" in self.content:
            return not _acts(listed(self.content["NotAction"]), asked.action)
        return _acts(listed(self.content.get("Action", ())), asked.action)

    def _names(self, asked: Question) -> bool:
        if "NotPrincipal" in self.content:
            if not self.denies:  # C: AWS forbids it, as it would let in nearly everybody
                raise CannotJudge("NotPrincipal in an Allow")
            return not _named(self.content["NotPrincipal"], asked.principals)
        return not asked.principals or _named(self.content.get("Principal", {}), asked.principals)

    def _covers(self, asked: Question) -> bool:
        for element in ("Resource", "NotResource"):
            if element in self.content:
                covered = self._matches_resource(listed(self.content[element]), asked)
                return covered is (element == "Resource")
        return True  # a trust policy has no Resource

    def _matches_resource(self, patterns: list[str], asked: Question) -> bool:
        if "*" in patterns:
            return True
        if asked.resource is None:
            raise CannotJudge(f"the resource of {asked.action} is not known here")
        known = asked.context if self.variables else None
        return any(conditions.like(asked.resource, pattern, known) for pattern in patterns)


def statements(policy: str) -> Iterator[Statement]:
    """Yield the statements of a policy in JSON, numbered from 1.

    Raises ValueError, LookupError, TypeError, AttributeError or RecursionError (`MALFORMED`).
    """
    document = json.loads(policy)
    variables = document.get("Version") == WITH_VARIABLES
    for number, content in enumerate(listed(document["Statement"]), 1):
        name = f" ({content['Sid']})" if "Sid" in content else ""
        yield Statement(f"statement {number}{name}", content, variables)


MALFORMED = (ValueError, LookupError, TypeError, AttributeError, RecursionError)


def _acts(patterns: list[str], action: str) -> bool:
    """Return whether one of the patterns matches the action, whatever the case."""
    service, _, operation = action.lower().partition(":")
    for pattern in map(str.lower, patterns):
        if operation:
            if conditions.like(f"{service}:{operation}", pattern):
                return True
        elif pattern in ("*", f"{service}:*"):
            return True
        elif conditions.like(service, pattern.partition(":")[0]):
            raise CannotJudge(f"which action of {service} this is: the policy has {pattern}")
    return False


def _named(written: str | Mapping[str, Any], principals: Mapping[str, Collection[str]]) -> bool:
    if isinstance(written, str):
        return written == "*"
    return any(
        name in principals.get(kind, ()) or (name == "*" and kind in principals)
        for kind, names in written.items()
        for name in listed(names)
    )
