"""What an operation of STS is given, and the checks that several operations make."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sts_simulator.account import errors, session_policy, session_tags
from sts_simulator.account.calls import GLOBAL_REGION
from sts_simulator.account.directory import Role
from sts_simulator.account.parameters import members

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from datetime import datetime

    from sts_simulator.account.accounts import Accounts
    from sts_simulator.account.answers import Answer
    from sts_simulator.account.authentication import Principal
    from sts_simulator.account.directory import Directory
    from sts_simulator.account.errors import AwsError
    from sts_simulator.account.mfa import UsedCodes
    from sts_simulator.account.sessions import Sessions

    Parameters = Mapping[str, str]
    Operation = Callable[["Context", Principal, Parameters], Answer]
    UnsignedOperation = Callable[["Context", Parameters], Answer]

_ARN = re.compile(r"arn:[^:]+:[^:]+:[^:]*:[^:]*:.+", re.DOTALL)
LONGEST_OF_ROOT = timedelta(hours=1)  # C: sessions of root are capped, without an error
# C: the operations that make a role's session grant 1 h, the others 12 h.
ASSUME_ROLE = ("AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity")

# C, IAM user guide, "Compare AWS STS credentials": the operations that a session may call, by the
# operation that issued it.
_MAY_CALL = {
    "GetSessionToken": {"GetCallerIdentity", "AssumeRole"},
    **{name: {"GetCallerIdentity", "AssumeRole", "GetAccessKeyInfo"} for name in ASSUME_ROLE},
    "GetFederationToken": {"GetCallerIdentity"},
}


@dataclass(frozen=True)
class Context:
    """What an operation knows of its account at the time `now`.

    It issues sessions through `sessions`, and takes MFA codes through
    `used_codes`; the rest it only reads.  `accounts` are all accounts of the world.
    """

    now: datetime
    account_id: str
    partition: str
    disabled_regions: Collection[str]
    directory: Directory
    accounts: Accounts
    used_codes: UsedCodes
    source_ip: str = "127.0.0.1"
    region: str = GLOBAL_REGION

    @property
    def sessions(self) -> Sessions:
        """The sessions that STS issued, of all accounts."""
        return self.accounts.sessions

    def arn(self, service: str, resource: str) -> str:
        """Return the ARN of a resource of the account."""
        return f"arn:{self.partition}:{service}::{self.account_id}:{resource}"


def duration(who: Principal | None, operation: str, asked: Parameters) -> timedelta:
    """Return how long the session lasts that the caller asks for."""
    default = timedelta(hours=1 if operation in ASSUME_ROLE else 12)
    given = asked.get("DurationSeconds")
    span = default if given is None else timedelta(seconds=int(given))
    return min(span, LONGEST_OF_ROOT) if who and who.is_root else span


def least_size(asked: Parameters) -> int:
    """Return how many characters the session token must have at least."""
    return int(asked.get("MinimumSessionTokenSize", 0))


def disabled_refusal(context: Context) -> AwsError | None:
    """Return the error of a region in which the account has switched STS off."""
    if context.region not in context.disabled_regions:
        return None
    return errors.REGION_DISABLED.fill(account=context.account_id).because(
        f"STS is switched off in {context.region}"
    )


def session_refusal(who: Principal, operation: str) -> AwsError | None:
    """Return the error of an operation that the caller's kind of session may not call."""
    if who.issued is None or operation in _MAY_CALL[who.issued.operation]:
        return None
    return errors.SESSION_CALLS.fill(operation=operation).because(
        f"the caller is a session of {who.issued.operation}"
    )


def mfa_refusal(context: Context, who: Principal, asked: Parameters) -> AwsError | None:
    """Return the error of a device or a code, None when they are right or not given.

    The code is used from then on.
    """
    serial, code = asked.get("SerialNumber"), asked.get("TokenCode")
    if serial is None and code is None:
        return None
    if serial is None or code is None:
        return errors.HALF_MFA.because(
            f"{'SerialNumber' if serial is None else 'TokenCode'} is not in the request"
        )
    device = context.directory.device(serial)
    if device is None:
        return errors.WRONG_DEVICE.because(f"there is no enabled device {serial}")
    if isinstance(who.owner, Role) or device.user != who.owner.name:
        return errors.WRONG_DEVICE.because(f"the device is {device.user}'s")
    wrong = context.used_codes.take(device, code, context.now)
    return errors.WRONG_CODE.because(wrong) if wrong else None


def role_refusal(asked: Parameters) -> AwsError | None:
    """Return the error of a RoleArn that is no ARN."""
    arn = asked["RoleArn"]
    return None if _ARN.fullmatch(arn) else errors.NO_ARN.fill(arn=arn)


def policy_refusal(asked: Parameters) -> AwsError | None:
    """Return the error of the session policy in a request."""
    policy = asked.get("Policy")
    return None if policy is None else session_policy.refusal(policy)


def session_policies(directory: Directory, asked: Parameters) -> list[str]:
    """Return the session policies of a request in JSON; "" for an ARN that names none.

    `directory` is that of the account of the new session.
    """
    arns = [policy["arn"] for policy in members(asked, "PolicyArns") if "arn" in policy]
    inline = [asked["Policy"]] if "Policy" in asked else []
    return inline + [directory.managed_policy(arn) or "" for arn in arns]


def token_refusal(passed: session_tags.Passed) -> AwsError | None:
    """Return the error of a session whose token would be too large."""
    size = session_tags.token_size(passed)
    if size <= session_tags.LARGEST:
        return None
    return errors.TOKEN_TOO_LARGE.because(
        f"the session token would have {size} bytes of {session_tags.LARGEST}"
    )
