"""Checks of roles and keys of another account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.simulators.checks import IAM_GUIDE, STS_REFERENCE, facts, refusal, success

if TYPE_CHECKING:
    from benchmarks.simulators.account import Account, Answer
    from benchmarks.simulators.checks import Check, Seen

ACCOUNTS: list[Check] = []
CROSS_ACCOUNT = f"{IAM_GUIDE}, Cross account resource access"


def account_id(arn: str) -> str:
    """Return the account in an ARN."""
    return arn.split(":")[4]


@success(
    ACCOUNTS,
    "a role of another account that trusts the caller's",
    CROSS_ACCOUNT,
    text="^another account: True, the role's: True$",
)
def another_accounts_role(account: Account) -> Answer | Seen:
    """GetCallerIdentity of the session names the role's account."""
    user = account.user()
    role = account.other().role(f"arn:aws:iam::{account_id(user.arn)}:root")
    answer = account.call(account.assumed(user.keys, role), "GetCallerIdentity")
    there = answer.value("Account")
    apart, same = there != account_id(user.arn), there == account_id(role)
    return facts(answer, f"another account: {apart}, the role's: {same}")


@refusal(
    ACCOUNTS,
    "a role of another account that trusts its own alone",
    403,
    "AccessDenied",
    CROSS_ACCOUNT,
)
def another_accounts_own_role(account: Account) -> Answer:
    """The caller may do everything in its own account."""
    user, other = account.user(), account.other()
    own = account_id(other.user().arn)
    return account.assume(user.keys, other.role(f"arn:aws:iam::{own}:root"))


@success(
    ACCOUNTS,
    "whose an access key of another account is",
    f"{STS_REFERENCE}, GetAccessKeyInfo",
    text="^the key's account: True$",
)
def another_accounts_key(account: Account) -> Answer | Seen:
    """Anybody may ask."""
    theirs = account.other().user()
    key = theirs.keys.access_key_id
    answer = account.call(account.user().keys, "GetAccessKeyInfo", AccessKeyId=key)
    return facts(answer, f"the key's account: {answer.value('Account') == account_id(theirs.arn)}")
