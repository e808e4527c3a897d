"""The condition keys of a request, as its caller and its time give them.

Source: IAM user guide (C), "AWS global condition context keys".  All keys are in lower
case.  The simulator's HTTP stands for AWS's TLS, so aws:SecureTransport is true.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sts_simulator.account.directory import Role, account_in

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sts_simulator.account.authentication import Principal


def of_request(
    account_id: str, now: datetime, source_ip: str, region: str
) -> dict[str, str | Sequence[str]]:
    """Return the condition keys that a request has whoever makes it."""
    return {
        "aws:resourceaccount": account_id,  # AssumeRole has the role's account instead
        "aws:principalisawsservice": "false",
        "aws:viaawsservice": "false",
        "aws:securetransport": "true",
        "aws:requestedregion": region,
        "aws:sourceip": source_ip,
        "aws:currenttime": f"{now:%Y-%m-%dT%H:%M:%SZ}",
        "aws:epochtime": str(int(now.timestamp())),
    }


def of(who: Principal, now: datetime, source_ip: str) -> dict[str, str | Sequence[str]]:
    """Return the condition keys of a request that this caller makes now."""
    owner, passed = who.owner, who.passed
    account_id = account_in(owner.arn)
    keys: dict[str, str | Sequence[str]] = {
        **of_request(account_id, now, source_ip, who.signature.region),
        "aws:principalarn": owner.arn,
        "aws:principalaccount": account_id,
        "aws:principaltype": _kind(who),
        "aws:userid": who.user_id,
        **{
            f"aws:principaltag/{name.lower()}": v
            for name, v in {**owner.tags, **passed.tags}.items()
        },
    }
    if _kind(who) == "User":
        keys["aws:username"] = owner.name
    if passed.source_identity:
        keys["aws:sourceidentity"] = passed.source_identity
    if who.issued:
        keys |= who.issued.keys
    if who.issued and who.issued.issued_at:
        keys["aws:tokenissuetime"] = f"{who.issued.issued_at:%Y-%m-%dT%H:%M:%SZ}"
    return keys | mfa(who.issued.mfa_at if who.issued else None, now, of_session=bool(who.issued))


def mfa(mfa_at: datetime | None, now: datetime, *, of_session: bool) -> dict[str, str]:
    """Return the keys of MFA.  C: they are absent for a long-lived key without an MFA code."""
    if mfa_at:
        age = str(int((now - mfa_at).total_seconds()))
        return {"aws:multifactorauthpresent": "true", "aws:multifactorauthage": age}
    return {"aws:multifactorauthpresent": "false"} if of_session else {}


def _kind(who: Principal) -> str:
    if who.is_root:
        return "Account"
    if isinstance(who.owner, Role):
        return "AssumedRole"
    federated = who.issued and who.issued.operation == "GetFederationToken"
    return "FederatedUser" if federated else "User"
