"""Checks of MFA: codes, devices, and policies that ask for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.simulators.checks import IAM_GUIDE, STS_REFERENCE, facts, refusal, success

if TYPE_CHECKING:
    from benchmarks.simulators.account import Account, Answer, User
    from benchmarks.simulators.checks import Check, Seen

MFA: list[Check] = []
NEEDS_MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
PROTECTED = f"{IAM_GUIDE}, MFA-protected access to API operations"
WRONG_CODE = "with invalid MFA one time pass code"
WRONG_DEVICE = "verify your MFA serial number is valid"


def login(account: Account, user: User, mfa: dict[str, str]) -> Answer:
    """Call GetSessionToken with these MFA parameters."""
    return account.call(user.keys, "GetSessionToken", **mfa)


@success(MFA, "the right code", f"{STS_REFERENCE}, GetSessionToken", text="^ASIA")
def right_code(account: Account) -> Answer | Seen:
    """It is a code that the device shows and that was not used."""
    user = account.user()
    answer = login(account, user, account.device(user).code())
    return facts(answer, answer.value("AccessKeyId"))


@refusal(MFA, "a wrong code", 403, "AccessDenied", "B: lonelyplanet/aws-mfa#21", text=WRONG_CODE)
def wrong_code(account: Account) -> Answer:
    """Six digits that the device does not show."""
    user = account.user()
    return login(account, user, account.device(user).wrong_code())


@refusal(MFA, "a code twice", 403, "AccessDenied", "B: 99designs/aws-vault#1110", text=WRONG_CODE)
def code_twice(account: Account) -> Answer:
    """The first time it is taken."""
    user = account.user()
    mfa = account.device(user).code()
    account.session(user.keys, **mfa)
    return login(account, user, mfa)


@refusal(
    MFA,
    "a device that does not exist",
    403,
    "AccessDenied",
    "B: broamski/aws-mfa#25",
    text=WRONG_DEVICE,
)
def unknown_device(account: Account) -> Answer:
    """Its ARN has `user` where `mfa` should be."""
    user = account.user()
    mfa = account.device(user).code()
    return login(account, user, {**mfa, "SerialNumber": user.arn})


@refusal(
    MFA,
    "another user's device",
    403,
    "AccessDenied",
    "B: aws/aws-cli#6325",
    text=WRONG_DEVICE,
)
def device_of_another(account: Account) -> Answer:
    """With the code that it shows."""
    return login(account, account.user(), account.device(account.user()).code())


@refusal(MFA, "a code of five digits", 400, "ValidationError", f"{STS_REFERENCE}, GetSessionToken")
def short_code(account: Account) -> Answer:
    """SDKs send it, but boto3."""
    user = account.user()
    return login(account, user, {**account.device(user).code(), "TokenCode": "12345"})


@refusal(MFA, "a code with a letter", 400, "ValidationError", f"{STS_REFERENCE}, GetSessionToken")
def code_with_letter(account: Account) -> Answer:
    """Codes are digits."""
    user = account.user()
    return login(account, user, {**account.device(user).code(), "TokenCode": "12345a"})


@success(
    MFA,
    "a session with MFA calls IAM",
    f"{STS_REFERENCE}, GetSessionToken",
    text=r"^user-\d+$",
)
def iam_with_mfa(account: Account) -> Answer | Seen:
    """GetUser without a name is the caller."""
    user = account.user()
    session = account.session(user.keys, **account.device(user).code())
    answer = account.iam_as(session, "GetUser")
    return facts(answer, answer.value("UserName"))


@refusal(MFA, "a role that asks for MFA, without it", 403, "AccessDenied", PROTECTED)
def role_without_mfa(account: Account) -> Answer:
    """The user's keys alone."""
    user = account.user()
    return account.assume(user.keys, account.role(user.arn, condition=NEEDS_MFA))


@refusal(MFA, "a role that asks for MFA, by a session without it", 403, "AccessDenied", PROTECTED)
def role_by_session_without_mfa(account: Account) -> Answer:
    """A session of GetSessionToken without a code."""
    user = account.user()
    role = account.role(user.arn, condition=NEEDS_MFA)
    return account.assume(account.session(user.keys), role)


@success(MFA, "a role that asks for MFA, by a session with it", PROTECTED, text=r":assumed-role/")
def role_by_session_with_mfa(account: Account) -> Answer | Seen:
    """A session of GetSessionToken with a code."""
    user = account.user()
    role = account.role(user.arn, condition=NEEDS_MFA)
    session = account.session(user.keys, **account.device(user).code())
    answer = account.assume(session, role)
    return facts(answer, answer.value("Arn"))


@success(MFA, "a role that asks for MFA, with a code", PROTECTED, text=r":assumed-role/")
def role_with_code(account: Account) -> Answer | Seen:
    """The code is AssumeRole's own parameter."""
    user = account.user()
    role = account.role(user.arn, condition=NEEDS_MFA)
    answer = account.assume(user.keys, role, **account.device(user).code())
    return facts(answer, answer.value("Arn"))


@refusal(
    MFA, "AssumeRole with a wrong code", 403, "AccessDenied", "B: aws/aws-cli#2279", text=WRONG_CODE
)
def role_with_wrong_code(account: Account) -> Answer:
    """The role does not ask for MFA."""
    user = account.user()
    wrong = account.device(user).wrong_code()
    return account.assume(user.keys, account.role(user.arn), **wrong)
