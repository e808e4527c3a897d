"""AssumeRole: whom a role trusts, what its session inherits, and how long it lasts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sts_simulator.account import caller_context, context, errors, session_tags, trust
from sts_simulator.account.answers import Granted
from sts_simulator.account.directory import Role, User, account_in
from sts_simulator.account.statements import Question

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

    from sts_simulator.account.answers import Answer
    from sts_simulator.account.authentication import Principal
    from sts_simulator.account.context import Context, Parameters
    from sts_simulator.account.errors import AwsError
    from sts_simulator.account.session_tags import Passed

OPERATION = "AssumeRole"
LONGEST_OF_CHAIN = 3600  # seconds; C: a role that was assumed with a role's session
_ARN = re.compile(r"arn:[^:]+:[^:]+:[^:]*:[^:]*:.+", re.DOTALL)


def assume_role(account: Context, who: Principal, asked: Parameters) -> Answer:
    """Issue a session of a role, if the role's trust policy allows it to the caller."""
    there = account.accounts.directory(asked["RoleArn"]) or account.directory
    policies = context.session_policies(there, asked)
    passed = session_tags.passed(asked, who.passed, policies)
    refused = (
        context.disabled_refusal(account, who)
        or context.session_refusal(who, OPERATION)
        or _request_refusal(account, who, asked)
        or context.token_refusal(passed)
    )
    if refused:
        return refused
    role = account.accounts.role(asked["RoleArn"])
    if role is None:
        return _not_assumable(who, asked, "sts:AssumeRole", "there is no such role")
    span = context.duration(who, OPERATION, asked)
    if refusal := _trust_refusal(account, who, asked, role, passed) or _limit(who, role, span):
        return refusal
    name = asked["RoleSessionName"]
    arn = f"arn:{account.partition}:sts::{account_in(role.arn)}:assumed-role/{role.name}/{name}"
    user_id = f"{role.user_id}:{name}"
    # C: a role's session counts as made without MFA, even when MFA was needed to get it.
    session = account.sessions.issue(
        account.now,
        span,
        operation=OPERATION,
        issuer=role,
        arn=arn,
        user_id=user_id,
        passed=passed,
        least=context.least_size(asked),
    )
    packed = session.utilization if passed.policies or passed.tags else None
    return Granted(session, arn, user_id, packed, passed.source_identity)


def _request_refusal(account: Context, who: Principal, asked: Parameters) -> AwsError | None:
    """Return the error of a request that does not depend on the trust policy."""
    if not _ARN.fullmatch(asked["RoleArn"]):
        return errors.NO_ARN.fill(arn=asked["RoleArn"])
    if isinstance(who.owner, User) and who.owner.is_root:
        return errors.ROOT_ASSUMES
    if (ours := who.passed.source_identity) and asked.get("SourceIdentity", ours) != ours:
        return errors.SOURCE_IDENTITY_SET.because(f"the caller's source identity is {ours}")
    return (
        context.policy_refusal(asked)
        or session_tags.refusal(asked, who.passed)
        or context.mfa_refusal(account, who, asked)
    )


def _limit(who: Principal, role: Role, span: timedelta) -> AwsError | None:
    longest = role.max_session_duration
    if span > longest:  # B: before the limit of chains
        return errors.OVER_ROLES_LIMIT.because(f"the role's maximum is {longest}")
    if isinstance(who.owner, Role) and span.total_seconds() > LONGEST_OF_CHAIN:
        return errors.OVER_CHAINS_LIMIT.because("the caller is a role's session")
    return None


def _trust_refusal(
    account: Context, who: Principal, asked: Parameters, role: Role, passed: Passed
) -> AwsError | None:
    """Return the error of the first action that the role's trust policy does not allow.

    B: transitive tags that are inherited need sts:TagSession too.
    """
    actions = ["sts:AssumeRole"]
    actions += ["sts:TagSession"] if passed.tags else []
    actions += ["sts:SetSourceIdentity"] if passed.source_identity else []
    names = {  # every name that a trust policy may mean the caller by
        *(account.account_id, account.arn("iam", "root")),
        *(who.arn, who.user_id, who.owner.arn, who.owner.user_id),
    }
    keys = _condition_keys(account, who, asked, role, passed)
    for action in actions:
        question = Question(action, keys, role.arn, {"AWS": names})
        if reason := trust.refusal(role.trust, question):
            return _not_assumable(who, asked, action, reason)
    return None


def _condition_keys(
    account: Context, who: Principal, asked: Parameters, role: Role, passed: Passed
) -> dict[str, str | Sequence[str]]:
    """Return the condition keys of a request for a role, in lower case."""
    keys = caller_context.of(who, account.now, account.source_ip)
    keys["aws:resourceaccount"] = account_in(role.arn)
    if "TokenCode" in asked:
        keys |= caller_context.mfa(account.now, account.now, of_session=True)
    keys["sts:rolesessionname"] = asked["RoleSessionName"]
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


def _not_assumable(who: Principal, asked: Parameters, action: str, reason: str) -> AwsError:
    error = errors.NOT_ASSUMABLE.fill(arn=who.arn, action=action, role=asked["RoleArn"])
    return error.because(reason)
