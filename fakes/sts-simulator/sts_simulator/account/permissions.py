"""Explicit denials by identity policies, permissions boundaries and session policies.

What ``serve --enforce`` adds.  Only a statement with the Effect Deny refuses here: what no
policy allows is not refused, so that a test needs no policies to begin with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sts_simulator.account.statements import MALFORMED, statements

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sts_simulator.account.statements import Question

# C, IAM user guide: these authenticate, so no policy controls them.
NEVER_DENIED = frozenset({"sts:GetCallerIdentity", "sts:GetSessionToken"})


class Policy(NamedTuple):
    """A policy that applies to a caller.

    `kind` is as AWS's messages name it: one of ``policies.KINDS``, or "a session policy".
    """

    kind: str
    name: str
    document: str


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
