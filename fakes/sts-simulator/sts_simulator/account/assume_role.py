"""AssumeRole: the caller's own request for a role."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sts_simulator.account import caller_context, context, errors, role_session, session_tags
from sts_simulator.account.directory import Role, account_in
from sts_simulator.account.role_session import Asker

if TYPE_CHECKING:
    from sts_simulator.account.answers import Answer
    from sts_simulator.account.authentication import Principal
    from sts_simulator.account.context import Context, Parameters
    from sts_simulator.account.errors import AwsError

OPERATION = "AssumeRole"


def assume_role(account: Context, who: Principal, asked: Parameters) -> Answer:
    """Issue a session of a role, if the role's trust policy allows it to the caller."""
    there = account.accounts.directory(asked["RoleArn"]) or account.directory
    policies = context.session_policies(there, asked)
    passed = session_tags.passed(asked, who.passed, policies)
    refused = (
        context.disabled_refusal(account)
        or context.session_refusal(who, OPERATION)
        or _request_refusal(account, who, asked)
        or context.token_refusal(passed)
    )
    if refused:
        return refused
    return role_session.grant(account, _asker(account, who, asked), asked, passed)


def _request_refusal(account: Context, who: Principal, asked: Parameters) -> AwsError | None:
    """Return the error of a request that does not depend on the trust policy."""
    if refused := context.role_refusal(asked):
        return refused
    if who.is_root:
        return errors.ROOT_ASSUMES
    if (ours := who.passed.source_identity) and asked.get("SourceIdentity", ours) != ours:
        return errors.SOURCE_IDENTITY_SET.because(f"the caller's source identity is {ours}")
    return (
        context.policy_refusal(asked)
        or session_tags.refusal(asked, who.passed)
        or context.mfa_refusal(account, who, asked)
    )


def _asker(account: Context, who: Principal, asked: Parameters) -> Asker:
    names = {  # every name that a trust policy may mean the caller by
        *(account.account_id, account.arn("iam", "root")),
        *(who.arn, who.user_id, who.owner.arn, who.owner.user_id),
    }
    keys = caller_context.of(who, account.now, account.source_ip)
    keys["aws:resourceaccount"] = account_in(asked["RoleArn"])
    if "TokenCode" in asked:
        keys |= caller_context.mfa(account.now, account.now, of_session=True)

    def refused(action: str) -> AwsError:
        return errors.NOT_ASSUMABLE.fill(arn=who.arn, action=action, role=asked["RoleArn"])

    return Asker(OPERATION, {"AWS": names}, keys, refused, is_chained=isinstance(who.owner, Role))
