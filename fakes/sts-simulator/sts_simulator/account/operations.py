"""What each operation of STS does, once the caller and the parameters have passed their checks.

One function for each operation, and the table `OPERATIONS`.  An operation is given a
``context.Context``: the part of the account that it may read and change.  It runs
while the account is locked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sts_simulator.account import context, session_tags
from sts_simulator.account.answers import CallerIdentity, Granted, KeyOwner
from sts_simulator.account.assume_role import assume_role
from sts_simulator.account.assume_role_with_saml import assume_role_with_saml
from sts_simulator.account.assume_role_with_web_identity import assume_role_with_web_identity
from sts_simulator.account.refusing_operations import REFUSING

if TYPE_CHECKING:
    from sts_simulator.account.answers import Answer
    from sts_simulator.account.authentication import Principal
    from sts_simulator.account.context import Context, Operation, Parameters, UnsignedOperation


def get_caller_identity(account: Context, who: Principal, _asked: Parameters) -> Answer:
    """Return the caller's identity.  No permission is needed; disabled regions answer too (B)."""
    return CallerIdentity(account.account_id, who.arn, who.user_id)


def get_access_key_info(account: Context, who: Principal, asked: Parameters) -> Answer:
    """Return the account of a key id; the caller's for an unknown one.

    AWS reads the account from the id.
    """
    found = account.accounts.owner(asked["AccessKeyId"]) or account.account_id
    return context.session_refusal(who, "GetAccessKeyInfo") or KeyOwner(found)


def get_session_token(account: Context, who: Principal, asked: Parameters) -> Answer:
    """Issue a session with the user's own identity."""
    operation = "GetSessionToken"
    refused = context.disabled_refusal(account) or context.session_refusal(who, operation)
    refused = refused or context.mfa_refusal(account, who, asked)
    if refused:
        return refused
    return account.sessions.issue(
        account.now,
        context.duration(who, operation, asked),
        operation=operation,
        issuer=who.owner,
        arn=who.arn,
        user_id=who.user_id,
        mfa_at=account.now if "TokenCode" in asked else None,
        least=context.least_size(asked),
    )


def get_federation_token(account: Context, who: Principal, asked: Parameters) -> Answer:
    """Issue a session of a federated user, whose name the caller chooses."""
    # Parameters of other operations are ignored (A), and these are AssumeRole's.
    asked = {name: text for name, text in asked.items() if not name.startswith("TransitiveTagKeys")}
    operation = "GetFederationToken"
    passed = session_tags.passed(
        asked, who.passed, context.session_policies(account.directory, asked)
    )
    refused = (
        context.disabled_refusal(account)
        or context.session_refusal(who, operation)
        or context.policy_refusal(asked)
        or session_tags.refusal(asked, who.passed)
        or context.token_refusal(passed)
    )
    if refused:
        return refused
    name = asked["Name"]
    arn, user_id = account.arn("sts", f"federated-user/{name}"), f"{account.account_id}:{name}"
    session = account.sessions.issue(
        account.now,
        context.duration(who, operation, asked),
        operation=operation,
        issuer=who.owner,
        arn=arn,
        user_id=user_id,
        passed=passed,
        least=context.least_size(asked),
    )
    return Granted(session, arn, user_id, session.utilization)


# The operations that need no signature, and those that need one.
UNSIGNED: dict[str, UnsignedOperation] = {
    "AssumeRoleWithSAML": assume_role_with_saml,
    "AssumeRoleWithWebIdentity": assume_role_with_web_identity,
}
OPERATIONS: dict[str, Operation] = {
    **REFUSING,
    "AssumeRole": assume_role,
    "GetAccessKeyInfo": get_access_key_info,
    "GetCallerIdentity": get_caller_identity,
    "GetFederationToken": get_federation_token,
    "GetSessionToken": get_session_token,
}
# Every operation of the service model of 2026-09.  A fault may be on any of them.
MODELLED = tuple(sorted({*UNSIGNED, *OPERATIONS}))
