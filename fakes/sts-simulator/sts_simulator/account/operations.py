"""What each operation of STS does once the caller is known and the parameters are in order.

A function an operation, and two tables: `OPERATIONS`, and what the holders of
sessions may call.  Each is run while its account is locked.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from authkit.core.model import Caller
from sts_simulator.account import errors, session_policy, trust
from sts_simulator.account.calls import Granted, KeyOwner
from sts_simulator.account.directory import Role, User

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from authkit.core.model import Session
    from sts_simulator.account.account import Account
    from sts_simulator.account.authentication import Principal
    from sts_simulator.account.calls import Answer
    from sts_simulator.account.errors import AwsError

    Parameters = Mapping[str, str]

LONGEST_OF_ROOT = timedelta(hours=1)  # C: sessions of root are capped, without an error
LONGEST_OF_CHAIN = timedelta(hours=1)  # C: a role assumed by a role's session
_DEFAULT_DURATION = {"AssumeRole": timedelta(hours=1)}  # C: the others grant 12 h

# C, IAM user guide, "Compare AWS STS credentials": what a session may call of STS, by the
# operation that granted it.
_MAY_CALL = {
    "GetSessionToken": {"GetCallerIdentity", "AssumeRole"},
    "AssumeRole": {"GetCallerIdentity", "AssumeRole", "GetAccessKeyInfo"},
    "GetFederationToken": {"GetCallerIdentity"},
}


def get_caller_identity(account: Account, who: Principal, _asked: Parameters) -> Answer:
    """No permission is needed, and no region is too disabled (B)."""
    return Caller(account.account_id, who.arn, who.user_id)


def get_access_key_info(account: Account, who: Principal, _asked: Parameters) -> Answer:
    """AWS reads the account off the key's id; here every id is taken for this account's."""
    return _not_for_session(who, "GetAccessKeyInfo") or KeyOwner(account.account_id)


def get_session_token(account: Account, who: Principal, asked: Parameters) -> Answer:
    """Grant a session in the user's own name."""
    operation = "GetSessionToken"
    refused = _disabled(account, who) or _not_for_session(who, operation)
    refused = refused or _mfa_refusal(account, who, asked)
    if refused:
        return refused
    mfa_at = account.now() if "TokenCode" in asked else None
    return account.issue(who, _duration(who, operation, asked), by=operation, mfa_at=mfa_at)


def get_federation_token(account: Account, who: Principal, asked: Parameters) -> Answer:
    """Grant a session to a name of the caller's choosing."""
    operation, policy = "GetFederationToken", asked.get("Policy")
    refused = _disabled(account, who) or _not_for_session(who, operation)
    refused = refused or (policy is not None and session_policy.refusal(policy)) or None
    if refused:
        return refused
    name = asked["Name"]
    arn = f"arn:{account.partition}:sts::{account.account_id}:federated-user/{name}"
    user_id = f"{account.account_id}:{name}"
    duration = _duration(who, operation, asked)
    session = account.issue(who, duration, by=operation, mfa_at=None, arn=arn, user_id=user_id)
    return _granted(session, arn, user_id, asked)


def assume_role(account: Account, who: Principal, asked: Parameters) -> Answer:
    """Grant a session of a role, if its trust policy lets the caller have one."""
    refused = (
        _disabled(account, who)
        or _not_for_session(who, "AssumeRole")
        or _role_refusal(account, who, asked)
    )
    if refused:
        return refused
    role = account.directory.role(asked["RoleArn"])
    mfa_at = who.issued.mfa_at if who.issued else None
    if "TokenCode" in asked:
        mfa_at = account.now()
    duration = _duration(who, "AssumeRole", asked)
    if role is None or not trust.allows(
        role.trust, _principals(account, who), _context(account, who, asked, mfa_at)
    ):
        return errors.NOT_ASSUMABLE.fill(arn=who.arn, role=asked["RoleArn"])
    if too_long := _limit_refusal(who, role, duration):
        return too_long
    name = asked["RoleSessionName"]
    arn = f"arn:{account.partition}:sts::{account.account_id}:assumed-role/{role.name}/{name}"
    user_id = f"{role.user_id}:{name}"
    session = account.issue(
        who,
        duration,
        by="AssumeRole",
        # C: a role's session counts as made without MFA, whatever it took to get it.
        mfa_at=None,
        issuer=role,
        arn=arn,
        user_id=user_id,
    )
    return _granted(session, arn, user_id, asked)


def _role_refusal(account: Account, who: Principal, asked: Parameters) -> AwsError | None:
    """Return the refusal of what is asked for, whoever the role trusts."""
    if not asked["RoleArn"].startswith("arn:"):
        return errors.NO_ARN.fill(arn=asked["RoleArn"])
    if isinstance(who.owner, User) and who.owner.is_root:
        return errors.ROOT_ASSUMES
    policy = asked.get("Policy")
    refused = session_policy.refusal(policy) if policy is not None else None
    return refused or _mfa_refusal(account, who, asked)


def _limit_refusal(who: Principal, role: Role, duration: timedelta) -> AwsError | None:
    if isinstance(who.owner, Role) and duration > LONGEST_OF_CHAIN:
        return errors.OVER_CHAINS_LIMIT
    return errors.OVER_ROLES_LIMIT if duration > role.max_session_duration else None


def _principals(account: Account, who: Principal) -> set[str]:
    """Return every name that a trust policy may mean the caller by."""
    arn = f"arn:{account.partition}:iam::{account.account_id}:root"
    return {account.account_id, arn, who.arn, who.user_id, who.owner.arn, who.owner.user_id}


def _context(
    account: Account, who: Principal, asked: Parameters, mfa_at: datetime | None
) -> dict[str, str]:
    """Return the condition keys.  C: those of MFA are not there for long-lived keys without it."""
    context = {
        "aws:principalarn": who.owner.arn,
        "aws:userid": who.user_id,
        "sts:rolesessionname": asked["RoleSessionName"],
    }
    if isinstance(who.owner, User):
        context["aws:username"] = who.owner.name
    if "ExternalId" in asked:
        context["sts:externalid"] = asked["ExternalId"]
    if "SourceIdentity" in asked:
        context["sts:sourceidentity"] = asked["SourceIdentity"]
    if who.issued or mfa_at:
        context["aws:multifactorauthpresent"] = "true" if mfa_at else "false"
    if mfa_at:
        context["aws:multifactorauthage"] = str(int((account.now() - mfa_at).total_seconds()))
    return context


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


def _disabled(account: Account, who: Principal) -> AwsError | None:
    if who.signature.region not in account.disabled_regions:
        return None
    return errors.REGION_DISABLED.fill(account=account.account_id)


def _not_for_session(who: Principal, operation: str) -> AwsError | None:
    if who.issued is None or operation in _MAY_CALL[who.issued.by]:
        return None
    return errors.SESSION_CALLS.fill(operation=operation)


def _mfa_refusal(account: Account, who: Principal, asked: Parameters) -> AwsError | None:
    serial, code = asked.get("SerialNumber"), asked.get("TokenCode")
    if serial is None and code is None:
        return None
    if serial is None or code is None:
        return errors.HALF_MFA
    device = account.directory.device(serial)
    if device is None or isinstance(who.owner, Role) or device.user != who.owner.name:
        return errors.WRONG_DEVICE
    return None if account.used_codes.take(device, code, account.now()) else errors.WRONG_CODE


OPERATIONS: dict[str, Callable[[Account, Principal, Parameters], Answer]] = {
    "AssumeRole": assume_role,
    "GetAccessKeyInfo": get_access_key_info,
    "GetCallerIdentity": get_caller_identity,
    "GetFederationToken": get_federation_token,
    "GetSessionToken": get_session_token,
}
