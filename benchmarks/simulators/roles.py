"""Checks of AssumeRole: who may assume a role, under which name, and for how long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.simulators.account import policy
from benchmarks.simulators.checks import (
    IAM_GUIDE,
    SNAPSHOTS,
    STS_REFERENCE,
    facts,
    refusal,
    success,
)

if TYPE_CHECKING:
    from benchmarks.simulators.account import Account, Answer
    from benchmarks.simulators.checks import Check, Seen

ROLES: list[Check] = []
ASSUME_ROLE = f"{STS_REFERENCE}, AssumeRole"


@success(
    ROLES,
    "a role's session",
    f"{SNAPSHOTS} 2024-06-05",
    text=r"^arn:aws:sts::\d{12}:assumed-role/role-\d+/work AROA\w+:work ASIA 60 minutes$",
)
def assumed(account: Account) -> Answer | Seen:
    """For an hour, which is the default."""
    user = account.user()
    answer = account.assume(user.keys, account.role(user.arn))
    told = answer.value("Arn"), answer.value("AssumedRoleId"), answer.value("AccessKeyId")[:4]
    return facts(answer, *told, answer.minutes, "minutes")


@success(
    ROLES,
    "the identity of a role's session",
    f"{SNAPSHOTS} 2026-02-09",
    text=r"^arn:aws:sts::\d{12}:assumed-role/role-\d+/work AROA\w+:work$",
)
def identity_of_a_role(account: Account) -> Answer | Seen:
    """GetCallerIdentity with the role's credentials."""
    user = account.user()
    who = account.assumed(user.keys, account.role(user.arn))
    answer = account.call(who, "GetCallerIdentity")
    return facts(answer, answer.value("Arn"), answer.value("UserId"))


@refusal(
    ROLES,
    "a role that does not exist",
    403,
    "AccessDenied",
    "B: localstack/localstack#8730",
)
def no_role(account: Account) -> Answer:
    """The same words as for a role that does not trust the caller."""
    user = account.user()
    return account.assume(user.keys, user.arn.partition(":user/")[0] + ":role/nobody")


@refusal(
    ROLES,
    "a role that trusts another user",
    403,
    "AccessDenied",
    f"{IAM_GUIDE}, how IAM roles differ",
)
def trusts_another(account: Account) -> Answer:
    """The caller may do everything, and the role does not name it."""
    return account.assume(account.user().keys, account.role(account.user().arn))


@refusal(ROLES, "a Deny in the trust policy", 403, "AccessDenied", f"{IAM_GUIDE}, evaluation logic")
def trust_denies(account: Account) -> Answer:
    """Beside an Allow."""
    user = account.user()
    named = {"Principal": {"AWS": user.arn}, "Action": "sts:AssumeRole"}
    role = account.role_with([{"Effect": effect, **named} for effect in ("Allow", "Deny")])
    return account.assume(user.keys, role)


@refusal(ROLES, "a wrong external id", 403, "AccessDenied", f"{IAM_GUIDE}, external IDs")
def wrong_external_id(account: Account) -> Answer:
    """The trust policy wants another."""
    user = account.user()
    role = account.role(user.arn, condition={"StringEquals": {"sts:ExternalId": "ticket-42"}})
    return account.assume(user.keys, role, ExternalId="ticket-43")


@success(ROLES, "the right external id", f"{IAM_GUIDE}, external IDs", text=":assumed-role/")
def right_external_id(account: Account) -> Answer | Seen:
    """The trust policy wants it."""
    user = account.user()
    role = account.role(user.arn, condition={"StringEquals": {"sts:ExternalId": "ticket-42"}})
    answer = account.assume(user.keys, role, ExternalId="ticket-42")
    return facts(answer, answer.value("Arn"))


@refusal(
    ROLES,
    "a condition on the caller's address, not fulfilled",
    403,
    "AccessDenied",
    f"{IAM_GUIDE}, global condition keys",
)
def wrong_address(account: Account) -> Answer:
    """The request comes from the loopback interface."""
    user = account.user()
    role = account.role(user.arn, condition={"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}})
    return account.assume(user.keys, role)


@refusal(ROLES, "a colon in the session's name", 400, "ValidationError", f"{SNAPSHOTS} 2025-07-21")
def bad_session_name(account: Account) -> Answer:
    """The message has the pattern."""
    user = account.user()
    return account.assume(user.keys, account.role(user.arn), RoleSessionName="Session1:2")


@refusal(
    ROLES, "a session's name of 65 characters", 400, "ValidationError", f"{SNAPSHOTS} 2026-02-09"
)
def long_session_name(account: Account) -> Answer:
    """One too many."""
    user = account.user()
    return account.assume(user.keys, account.role(user.arn), RoleSessionName="s" * 65)


@refusal(
    ROLES,
    "a RoleArn without a service",
    400,
    "ValidationError",
    f"{SNAPSHOTS} 2025-07-21",
)
def bad_arn(account: Account) -> Answer:
    """It is as long as an ARN, and is none."""
    return account.assume(account.user().keys, "arn:a::::something/test-role")


@refusal(
    ROLES,
    "longer than the role's maximum",
    400,
    "ValidationError",
    "B: kreuzwerker/awsu#27",
)
def longer_than_role(account: Account) -> Answer:
    """The maximum is an hour by default."""
    user = account.user()
    return account.assume(user.keys, account.role(user.arn), DurationSeconds=3601)


@success(ROLES, "as long as the role's maximum", ASSUME_ROLE, text="^240 minutes$")
def as_long_as_role(account: Account) -> Answer | Seen:
    """The role's maximum is four hours."""
    user = account.user()
    role = account.role(user.arn, MaxSessionDuration=14400)
    answer = account.assume(user.keys, role, DurationSeconds=14400)
    return facts(answer, answer.minutes, "minutes")


@refusal(
    ROLES,
    "a role is made that trusts a role that does not exist",
    400,
    "MalformedPolicyDocument",
    "B: hashicorp/terraform-provider-aws#8905",
)
def unknown_principal(account: Account) -> Answer:
    """IAM refuses the trust policy."""
    where = account.user().arn.partition(":user/")[0]
    principal = {"AWS": f"{where}:role/nobody"}
    trust = policy({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal})
    asked = {"RoleName": "trusting", "AssumeRolePolicyDocument": trust}
    return account.iam_as(account.administrator, "CreateRole", **asked)
