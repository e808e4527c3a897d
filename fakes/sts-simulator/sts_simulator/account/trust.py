"""Evaluation of a role's trust policy for a caller.  Pure functions.

Source: IAM user guide (C), "Policy evaluation logic".  A matching Deny wins over any
Allow; without a matching Allow the answer is no.  Identity policies are not evaluated,
so a policy that allows the account allows every user in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sts_simulator.account.conditions import CannotJudge
from sts_simulator.account.statements import MALFORMED, statements

if TYPE_CHECKING:
    from sts_simulator.account.statements import Question, Statement


def refusal(policy: str, asked: Question) -> str:
    """Return why the trust policy, in JSON, does not allow what is asked; "" when it does.

    A malformed policy allows nothing.
    """
    try:
        found = list(statements(policy))
        denials = [denial for statement in found if (denial := statement.denial(asked))]
        refusals = [_not_allowed(statement, asked) for statement in found if statement.allows]
    except MALFORMED:
        return "the trust policy is malformed"
    if denials:
        return f"trust policy, {denials[0]}"
    if "" in refusals:
        return ""
    return f"trust policy, {'; '.join(refusals) or 'no statement allows anything'}"


def _not_allowed(statement: Statement, asked: Question) -> str:
    try:
        return statement.why_not(asked)
    except CannotJudge as unknown:
        return f"{statement.label} cannot be judged: {unknown}"
