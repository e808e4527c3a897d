"""Explicit denials by identity policies, permissions boundaries and session policies.

What ``serve --enforce`` adds.  Only a statement with the Effect Deny refuses here: what no
policy allows is not refused, so that a test needs no policies to begin with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sts_simulator.account import errors
from sts_simulator.account.directory import Policy
from sts_simulator.account.statements import MALFORMED, statements

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sts_simulator.account.authentication import Principal
    from sts_simulator.account.calls import Request
    from sts_simulator.account.errors import AwsError
    from sts_simulator.account.statements import Question

SESSION = "a session policy"  # as AWS's messages name it
# C, IAM user guide: these authenticate, so no policy controls them.
NEVER_DENIED = frozenset({"sts:GetCallerIdentity", "sts:GetSessionToken"})


class Denial(NamedTuple):
    """The kind of policy that denies a request, and why."""

    kind: str
    reason: str


def denial(applying: Iterable[Policy], asked: Question) -> Denial | None:
    """Return the first explicit denial of a request, None when no policy denies it."""
    if asked.action in NEVER_DENIED:
        return None
    for policy in applying:
        try:
            reasons = [statement.denial(asked) for statement in statements(policy.document)]
        except MALFORMED:
            reasons = ["the policy is malformed"]
        for reason in filter(None, reasons):
            return Denial(policy.kind, f"{policy.kind} ({policy.name}), {reason}")
    return None


def refusal(applying: Iterable[Policy], who: Principal, asked: Question) -> AwsError | None:
    """Return the error of a request that a policy denies, with the reason; else None."""
    found = denial(applying, asked)
    unnamed = asked.action.endswith(":")
    action = f"{asked.action}*" if unnamed else asked.action
    return found and worded(found, who, action, asked.resource or "")


def worded(found: Denial, who: Principal, action: str, resource: str) -> AwsError:
    """Return a denial in AWS's words, with the reason; `resource` is "" where none is named."""
    error = errors.DENIED_BY_POLICY.fill(
        arn=who.arn,
        action=action,
        resource=f" on resource: {resource}" if resource else "",
        kind=found.kind,
    )
    return error.because(found.reason)


def of_session(who: Principal) -> list[Policy]:
    """Return the session policies of the caller's session."""
    named = enumerate(who.passed.policies, 1)
    return [Policy(SESSION, f"number {number}", document) for number, document in named]


def resource(arn: str, request: Request) -> str:
    """Return the ARN that the Resource of a policy must match for a call of STS.

    `arn` is the prefix of the account's ARNs: ``arn:aws:iam::123456789012:``.
    """
    if request.operation == "GetFederationToken":
        prefix = arn.replace(":iam:", ":sts:")
        return f"{prefix}federated-user/{request.parameters.get('Name', '')}"
    return request.parameters.get("RoleArn", "*")
