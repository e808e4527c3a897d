"""Whether a policy denies a request, which kind of policy it is, and in which words.

The one place that decides it, for the policies that ``serve --enforce`` evaluates and for the
denials that a story asks for (``account.policies``).  Only a statement with the Effect Deny
refuses here: what no policy allows is not refused, so that a test needs no policies to
begin with.
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
# C: it needs no permission and works under an explicit deny.
NEVER_DENIED = frozenset({"sts:GetCallerIdentity"})
# C, IAM user guide, "Permissions for GetSessionToken": a policy may name it, without effect.
_WITHOUT_EFFECT = frozenset({"sts:GetSessionToken"})


class Denial(NamedTuple):
    """The kind of policy that denies a request, and why."""

    kind: str
    reason: str


def denial(
    applying: Iterable[Policy], asked: Question, *, asked_for: Iterable[Policy] = ()
) -> Denial | None:
    """Return the first explicit denial of a request, None when no policy denies it.

    Policies that a story has `asked_for` have an effect on GetSessionToken too.
    """
    if asked.action in NEVER_DENIED:
        return None
    for policy in [*asked_for, *(() if asked.action in _WITHOUT_EFFECT else applying)]:
        try:
            reasons = [statement.denial(asked) for statement in statements(policy.document)]
        except MALFORMED:
            reasons = ["the policy is malformed"]
        for reason in filter(None, reasons):
            return Denial(policy.kind, f"{policy.kind} ({policy.name}), {reason}")
    return None


def refusal(
    applying: Iterable[Policy],
    who: Principal,
    asked: Question,
    *,
    asked_for: Iterable[Policy] = (),
) -> AwsError | None:
    """Return the error, in AWS's words, of a request that a policy denies; else None."""
    found = denial(applying, asked, asked_for=asked_for)
    if found is None:
        return None
    unnamed = asked.action.endswith(":")
    return errors.DENIED_BY_POLICY.fill(
        arn=who.arn,
        action=f"{asked.action}*" if unnamed else asked.action,
        resource=_where(asked),
        kind=found.kind,
    ).because(found.reason)


def _where(asked: Question) -> str:
    """Return how a message names the resource.

    B: S3's has quotation marks (noobaa-core#10060), and none for the list of all buckets.
    """
    if not asked.action.startswith("s3:"):
        return f" on resource: {asked.resource}" if asked.resource else ""
    return f' on resource: "{asked.resource}"' if asked.resource not in (None, "*") else ""


def of_session(who: Principal) -> list[Policy]:
    """Return the session policies of the caller's session."""
    named = enumerate(who.passed.policies, 1)
    return [Policy(SESSION, f"number {number}", document) for number, document in named]


def resource(arn: str, request: Request) -> str:
    """Return the ARN that the Resource of a policy must match for a call of STS.

    `arn` is the prefix of the account's ARNs: ``arn:aws:iam::123456789012:``.
    I: AWS's text names none for GetSessionToken, as no genuine one was found.
    """
    if request.operation == "GetSessionToken":
        return ""
    if request.operation == "GetFederationToken":
        prefix = arn.replace(":iam:", ":sts:")
        return f"{prefix}federated-user/{request.parameters.get('Name', '')}"
    return request.parameters.get("RoleArn", "*")
