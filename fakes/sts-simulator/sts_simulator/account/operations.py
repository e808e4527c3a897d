"""What each operation of STS does, once the caller and the parameters have passed their checks.

One function for each operation, and the table `OPERATIONS`.  An operation is
given a `Context`: the part of the account that it may read and change.  It runs
while the account is locked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sts_simulator.account import errors, session_policy, trust
from sts_simulator.account.answers import CallerIdentity, Granted, KeyOwner, Session
from sts_simulator.account.directory import Role, User

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from datetime import datetime

    from sts_simulator.account.answers import Answer
    from sts_simulator.account.authentication import Principal
    from sts_simulator.account.directory import Directory
    from sts_simulator.account.errors import AwsError
    from sts_simulator.account.mfa import UsedCodes
    from sts_simulator.account.sessions import Sessions

    Parameters = Mapping[str, str]

LONGEST_OF_ROOT = timedelta(hours=1)  # C: sessions of root are capped, without an error
LONGEST_OF_CHAIN = timedelta(hours=1)  # C: a role that was assumed with a role's session
_DEFAULT_DURATION = {"AssumeRole": timedelta(hours=1)}  # C: the other operations grant 12 h

# C, IAM user guide, "Compare AWS STS credentials": the operations that a session may call, by the
# operation that issued it.
_MAY_CALL = {
    "GetSessionToken": {"GetCallerIdentity", "AssumeRole"},
    "AssumeRole": {"GetCallerIdentity", "AssumeRole", "GetAccessKeyInfo"},
    "GetFederationToken": {"GetCallerIdentity"},
}


@dataclass(frozen=True)
class Context:
    """What an operation knows of its account at the time `now`.

    It issues sessions through `sessions`, and takes MFA codes through
    `used_codes`; the rest it only reads.
    """

    now: datetime
    account_id: str
    partition: str
    disabled_regions: Collection[str]
    directory: Directory
    sessions: Sessions
    used_codes: UsedCodes

    def arn(self, service: str, resource: str) -> str:
        """Return the ARN of a resource of the account."""
        return f"arn:{self.partition}:{service}::{self.account_id}:{resource}"


def get_caller_identity(context: Context, who: Principal, _asked: Parameters) -> Answer:
    """Return the caller's identity.  No permission is needed; disabled regions answer too (B)."""
    return CallerIdentity(context.account_id, who.arn, who.user_id)


def get_access_key_info(context: Context, who: Principal, _asked: Parameters) -> Answer:
    """Return this account for every key id.  AWS reads the account from the id."""
    return _not_for_session(who, "GetAccessKeyInfo") or KeyOwner(context.account_id)


def get_session_token(context: Context, who: Principal, asked: Parameters) -> Answer:
    """Issue a session with the user's own identity."""
    operation = "GetSessionToken"
    refused = _disabled(context, who) or _not_for_session(who, operation)
    refused = refused or _mfa_refusal(context, who, asked)
    if refused:
        return refused
    return context.sessions.issue(
        context.now,
        _duration(who, operation, asked),
        operation=operation,
        issuer=who.owner,
        arn=who.arn,
        user_id=who.user_id,
        mfa_at=context.now if "TokenCode" in asked else None,
    )


def get_federation_token(context: Context, who: Principal, asked: Parameters) -> Answer:
    """Issue a session of a federated user, whose name the caller chooses."""
    operation = "GetFederationToken"
    refused = _disabled(context, who) or _not_for_session(who, operation)
    refused = refused or _policy_refusal(asked)
    if refused:
        return refused
    name = asked["Name"]
    arn, user_id = context.arn("sts", f"federated-user/{name}"), f"{context.account_id}:{name}"
    duration = _duration(who, operation, asked)
    session = context.sessions.issue(
        context.now, duration, operation=operation, issuer=who.owner, arn=arn, user_id=user_id
    )
    return _granted(session, arn, user_id, asked)


def assume_role(context: Context, who: Principal, asked: Parameters) -> Answer:
    """Issue a session of a role, if the role's trust policy allows it to the caller."""
    operation = "AssumeRole"
    refused = (
        _disabled(context, who)
        or _not_for_session(who, operation)
        or _role_refusal(context, who, asked)
    )
    if refused:
        return refused
    role = context.directory.role(asked["RoleArn"])
    if role is None or not _trusts(role, context, who, asked):
        return errors.NOT_ASSUMABLE.fill(arn=who.arn, role=asked["RoleArn"])
    duration = _duration(who, operation, asked)
    if too_long := _limit_refusal(who, role, duration):
        return too_long
    name = asked["RoleSessionName"]
    arn, user_id = context.arn("sts", f"assumed-role/{role.name}/{name}"), f"{role.user_id}:{name}"
    # C: a role's session counts as made without MFA, even when MFA was needed to get it.
    session = context.sessions.issue(
        context.now, duration, operation=operation, issuer=role, arn=arn, user_id=user_id
    )
    return _granted(session, arn, user_id, asked)


def _role_refusal(context: Context, who: Principal, asked: Parameters) -> AwsError | None:
    """Return the error of a request for a role that does not depend on the trust policy."""
    if not asked["RoleArn"].startswith("arn:"):
        return errors.NO_ARN.fill(arn=asked["RoleArn"])
    if isinstance(who.owner, User) and who.owner.is_root:
        return errors.ROOT_ASSUMES
    return _policy_refusal(asked) or _mfa_refusal(context, who, asked)


def _policy_refusal(asked: Parameters) -> AwsError | None:
    policy = asked.get("Policy")
    return None if policy is None else session_policy.refusal(policy)


def _limit_refusal(who: Principal, role: Role, duration: timedelta) -> AwsError | None:
    if isinstance(who.owner, Role) and duration > LONGEST_OF_CHAIN:
        return errors.OVER_CHAINS_LIMIT
    return errors.OVER_ROLES_LIMIT if duration > role.max_session_duration else None


def _trusts(role: Role, context: Context, who: Principal, asked: Parameters) -> bool:
    """Return whether the role's trust policy allows AssumeRole to the caller."""
    principals = {  # every name that a trust policy may mean the caller by
        *(context.account_id, context.arn("iam", "root")),
        *(who.arn, who.user_id, who.owner.arn, who.owner.user_id),
    }
    return trust.allows(role.trust, principals, _condition_keys(context, who, asked))


def _condition_keys(context: Context, who: Principal, asked: Parameters) -> dict[str, str]:
    """Return the condition keys of a request for a role, in lower case.

    C: those of MFA are absent for a long-lived key without an MFA code.
    """
    mfa_at = who.issued.mfa_at if who.issued else None
    if "TokenCode" in asked:
        mfa_at = context.now
    keys = {
        "aws:principalarn": who.owner.arn,
        "aws:userid": who.user_id,
        "sts:rolesessionname": asked["RoleSessionName"],
    }
    if isinstance(who.owner, User):
        keys["aws:username"] = who.owner.name
    if "ExternalId" in asked:
        keys["sts:externalid"] = asked["ExternalId"]
    if "SourceIdentity" in asked:
        keys["sts:sourceidentity"] = asked["SourceIdentity"]
    if who.issued or mfa_at:
        keys["aws:multifactorauthpresent"] = "true" if mfa_at else "false"
    if mfa_at:
        keys["aws:multifactorauthage"] = str(int((context.now - mfa_at).total_seconds()))
    return keys


def _granted(session: Session, arn: str, user_id: str, asked: Parameters) -> Granted:
    policy = asked.get("Policy")
    packed = None if policy is None else session_policy.packed_size(policy)
    return Granted(session, arn, user_id, packed, asked.get("SourceIdentity"))


def _duration(who: Principal, operation: str, asked: Parameters) -> timedelta:
    default = _DEFAULT_DURATION.get(operation, timedelta(hours=12))
    given = asked.get("DurationSeconds")
    duration = default if given is None else timedelta(seconds=int(given))
    is_root = isinstance(who.owner, User) and who.owner.is_root
    return min(duration, LONGEST_OF_ROOT) if is_root else duration


def _disabled(context: Context, who: Principal) -> AwsError | None:
    if who.signature.region not in context.disabled_regions:
        return None
    return errors.REGION_DISABLED.fill(account=context.account_id)


def _not_for_session(who: Principal, operation: str) -> AwsError | None:
    if who.issued is None or operation in _MAY_CALL[who.issued.operation]:
        return None
    return errors.SESSION_CALLS.fill(operation=operation)


def _mfa_refusal(context: Context, who: Principal, asked: Parameters) -> AwsError | None:
    serial, code = asked.get("SerialNumber"), asked.get("TokenCode")
    if serial is None and code is None:
        return None
    if serial is None or code is None:
        return errors.HALF_MFA
    device = context.directory.device(serial)
    if device is None or isinstance(who.owner, Role) or device.user != who.owner.name:
        return errors.WRONG_DEVICE
    return None if context.used_codes.take(device, code, context.now) else errors.WRONG_CODE


OPERATIONS: dict[str, Callable[[Context, Principal, Parameters], Answer]] = {
    "AssumeRole": assume_role,
    "GetAccessKeyInfo": get_access_key_info,
    "GetCallerIdentity": get_caller_identity,
    "GetFederationToken": get_federation_token,
    "GetSessionToken": get_session_token,
}
