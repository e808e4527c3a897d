"""A role's session: whom the trust policy allows it, what it inherits, how it is issued.

What AssumeRole, AssumeRoleWithSAML and AssumeRoleWithWebIdentity have in common.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from sts_simulator.account import context, errors, session_tags, trust
from sts_simulator.account.answers import Granted
from sts_simulator.account.directory import account_in
from sts_simulator.account.statements import Question

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from sts_simulator.account.answers import Answer
    from sts_simulator.account.context import Context, Parameters
    from sts_simulator.account.directory import Role
    from sts_simulator.account.errors import AwsError
    from sts_simulator.account.session_tags import Passed

    Keys = Mapping[str, str | Sequence[str]]

LONGEST_OF_CHAIN = timedelta(hours=1)  # C: a role that was assumed with a role's session


@dataclass(frozen=True)
class Asker:
    """Who asks for a role by `operation`, as a trust policy sees it.

    `principals` are the names in a Principal, by kind; `keys` the condition keys of the
    caller and of the time, in lower case.  `refused` returns the error of an action that the
    trust policy does not allow.  `vouched` is as in ``answers.Granted``.  The session has
    the condition keys `lasting`, and lasts no longer than `longest`.  `is_chained`: the caller
    is a role's session.
    """

    operation: str
    principals: Mapping[str, Collection[str]]
    keys: Keys
    refused: Callable[[str], AwsError]
    vouched: Mapping[str, str] = field(default_factory=dict)
    lasting: Keys = field(default_factory=dict)
    is_chained: bool = False
    longest: timedelta = timedelta.max


def grant(account: Context, who: Asker, asked: Parameters, passed: Passed) -> Answer:
    """Issue a session of the role that is asked for, if its trust policy allows it."""
    role = account.accounts.role(asked["RoleArn"])
    if role is None:
        return who.refused(f"sts:{who.operation}").because("there is no such role")
    span = context.duration(None, who.operation, asked)
    if refused := _trust_refusal(role, who, asked, passed) or _limit_refusal(role, who, span):
        return refused
    name = asked["RoleSessionName"]
    arn = f"arn:{account.partition}:sts::{account_in(role.arn)}:assumed-role/{role.name}/{name}"
    user_id = f"{role.user_id}:{name}"
    # C: a role's session counts as made without MFA, even when MFA was needed to get it.
    session = account.sessions.issue(
        account.now,
        min(span, who.longest),
        operation=who.operation,
        issuer=role,
        arn=arn,
        user_id=user_id,
        passed=passed,
        least=context.least_size(asked),
        keys=who.lasting,
    )
    packed = session.utilization if passed.policies or passed.tags else None
    return Granted(session, arn, user_id, packed, passed.source_identity, who.vouched)


def _trust_refusal(role: Role, who: Asker, asked: Parameters, passed: Passed) -> AwsError | None:
    """Return the error of the first action that the role's trust policy does not allow.

    B: transitive tags that are inherited need sts:TagSession too.
    """
    actions = [f"sts:{who.operation}"]
    actions += ["sts:TagSession"] if passed.tags else []
    actions += ["sts:SetSourceIdentity"] if passed.source_identity else []
    keys = {**who.keys, **_condition_keys(asked, role, passed)}
    for action in actions:
        question = Question(action, keys, role.arn, who.principals)
        if reason := trust.refusal(role.trust, question):
            return who.refused(action).because(reason)
    return None


def _limit_refusal(role: Role, who: Asker, span: timedelta) -> AwsError | None:
    longest = role.max_session_duration
    if span > longest:  # B: before the limit of chains
        return errors.OVER_ROLES_LIMIT.because(f"the role's maximum is {longest}")
    if who.is_chained and span > LONGEST_OF_CHAIN:
        return errors.OVER_CHAINS_LIMIT.because("the caller is a role's session")
    return None


def _condition_keys(
    asked: Parameters, role: Role, passed: Passed
) -> dict[str, str | Sequence[str]]:
    """Return the condition keys of a request for a role, in lower case."""
    keys: dict[str, str | Sequence[str]] = {"sts:rolesessionname": asked["RoleSessionName"]}
    if "ExternalId" in asked:
        keys["sts:externalid"] = asked["ExternalId"]
    if passed.source_identity:
        keys["sts:sourceidentity"] = passed.source_identity
    tags = session_tags.requested(asked)
    if tags:
        keys["aws:tagkeys"] = list(tags)
    if transitive := session_tags.transitive_keys(asked):
        keys["sts:transitivetagkeys"] = transitive
    keys |= {f"aws:requesttag/{name.lower()}": value for name, value in tags.items()}
    for name, value in role.tags.items():
        keys |= {f"{service}:resourcetag/{name.lower()}": value for service in ("aws", "iam")}
    return keys
