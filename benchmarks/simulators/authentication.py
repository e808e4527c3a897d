"""Checks of authentication: who the caller is, and which signatures are refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from benchmarks.raw_client import Credentials
from benchmarks.simulators.account import another_secret
from benchmarks.simulators.checks import (
    IAM_GUIDE,
    SNAPSHOTS,
    STS_REFERENCE,
    Seen,
    facts,
    refusal,
    success,
)

if TYPE_CHECKING:
    from benchmarks.simulators.account import Account, Answer
    from benchmarks.simulators.checks import Check

AUTHENTICATION: list[Check] = []
UNKNOWN = Credentials("AKIAUNKNOWNUNKNOWN00", "the-secret")
COMMON_ERRORS = f"{STS_REFERENCE}, Common Errors"


@success(
    AUTHENTICATION,
    "a user's identity",
    f"{SNAPSHOTS} 2026-02-09; {IAM_GUIDE}, IAM identifiers",
    text=r"^(arn:aws:iam::\d{12}:user/\S+) \1 AIDA\w+ \d{12}$",
)
def identity(account: Account) -> Answer | Seen:
    """The ARN is that of CreateUser."""
    user = account.user()
    answer = account.call(user.keys, "GetCallerIdentity")
    told = (answer.value(name) for name in ("Arn", "UserId", "Account"))
    return facts(answer, user.arn, *told)


@success(
    AUTHENTICATION, "GetCallerIdentity needs no permission", STS_REFERENCE, text=r":user/user-\d+$"
)
def identity_without_permission(account: Account) -> Answer | Seen:
    """The user has no policy at all."""
    answer = account.call(account.user(policy=None).keys, "GetCallerIdentity")
    return facts(answer, answer.value("Arn"))


@refusal(
    AUTHENTICATION, "an unknown access key", 403, "InvalidClientTokenId", "B: broamski/aws-mfa#56"
)
def unknown_key(account: Account) -> Answer:
    """No user has it."""
    return account.call(UNKNOWN, "GetCallerIdentity")


@refusal(AUTHENTICATION, "a deleted access key", 403, "InvalidClientTokenId", COMMON_ERRORS)
def deleted_key(account: Account) -> Answer:
    """It worked before it was deleted."""
    user = account.user()
    account.iam("DeleteAccessKey", UserName=user.name, AccessKeyId=user.keys.access_key_id)
    return account.call(user.keys, "GetCallerIdentity")


@refusal(
    AUTHENTICATION,
    "an inactive access key",
    403,
    "InvalidClientTokenId",
    f"{IAM_GUIDE}, access keys; D for the code: faiscadev/fakecloud#1576",
)
def inactive_key(account: Account) -> Answer:
    """It was deactivated by UpdateAccessKey."""
    user = account.user()
    key = {"UserName": user.name, "AccessKeyId": user.keys.access_key_id}
    account.iam("UpdateAccessKey", **key, Status="Inactive")
    return account.call(user.keys, "GetCallerIdentity")


@success(
    AUTHENTICATION,
    "a key that is active again",
    f"{IAM_GUIDE}, access keys",
    text=r":user/user-\d+$",
)
def active_again(account: Account) -> Answer | Seen:
    """It was deactivated, and activated again."""
    user = account.user()
    key = {"UserName": user.name, "AccessKeyId": user.keys.access_key_id}
    for status in ("Inactive", "Active"):
        account.iam("UpdateAccessKey", **key, Status=status)
    answer = account.call(user.keys, "GetCallerIdentity")
    return facts(answer, answer.value("Arn"))


@refusal(
    AUTHENTICATION,
    "a wrong secret access key",
    403,
    "SignatureDoesNotMatch",
    f"{IAM_GUIDE}, Troubleshoot Signature Version 4",
    text="signature we calculated does not match",
)
def wrong_secret(account: Account) -> Answer:
    """The access key id is right."""
    return account.call(another_secret(account.user().keys), "GetCallerIdentity")


@refusal(
    AUTHENTICATION,
    "the caller's clock is 20 minutes behind",
    403,
    "SignatureDoesNotMatch",
    "B: aws/aws-cli#6676",
    text=r"Signature expired: \d{8}T\d{6}Z is now earlier than",
)
def clock_behind(account: Account) -> Answer:
    """The signature itself is right."""
    return account.signed_at(account.user().keys, timedelta(minutes=-20))


@refusal(
    AUTHENTICATION,
    "the caller's clock is 20 minutes ahead",
    403,
    "SignatureDoesNotMatch",
    "B: aws-amplify/aws-sdk-android#88",
    text=r"Signature not yet current: \d{8}T\d{6}Z is still later than",
)
def clock_ahead(account: Account) -> Answer:
    """The signature itself is right."""
    return account.signed_at(account.user().keys, timedelta(minutes=20))


@refusal(
    AUTHENTICATION,
    "a signature for a region that does not exist",
    403,
    "SignatureDoesNotMatch",
    "B: namecheap/node-vault-client#25",
    text="Credential should be scoped to a valid region",
)
def wrong_region(account: Account) -> Answer:
    """The signature itself is right."""
    return account.scoped(account.user().keys, "nowhere-1")


@refusal(
    AUTHENTICATION,
    "a request without a signature",
    403,
    "MissingAuthenticationToken",
    COMMON_ERRORS,
)
def unsigned(account: Account) -> Answer:
    """It is a form with Action and Version."""
    return account.posted("Action=GetCallerIdentity&Version=2011-06-15", {})


@refusal(
    AUTHENTICATION,
    "a blank in the credential scope",
    400,
    "IncompleteSignature",
    "B: boto/boto3#2280",
)
def mangled_header(account: Account) -> Answer:
    """It comes of a blank before the access key id in a configuration file."""
    date = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    scope = f"{UNKNOWN.access_key_id}/{date[:8]}/us-east-1/sts/aws4_request"
    signed = f"AWS4-HMAC-SHA256 Credential= {scope}, SignedHeaders=host, Signature={'a' * 64}"
    headers = {"authorization": signed, "x-amz-date": date}
    return account.posted("Action=GetCallerIdentity&Version=2011-06-15", headers)


@refusal(AUTHENTICATION, "an unknown operation", 400, "InvalidAction", COMMON_ERRORS)
def unknown_operation(account: Account) -> Answer:
    """STS has no such operation."""
    return account.call(account.user().keys, "GetNothing")


@refusal(
    AUTHENTICATION,
    "a long-term key with a session token",
    403,
    "InvalidClientTokenId",
    "D: pulumi/docs#19250",
)
def stray_token(account: Account) -> Answer:
    """The token is another session's."""
    user = account.user()
    token = account.session(user.keys).session_token
    return account.call(replace(user.keys, session_token=token), "GetCallerIdentity")


@refusal(
    AUTHENTICATION,
    "a refusal is XML in STS's namespace, with a request id",
    403,
    "InvalidClientTokenId",
    "B: namecheap/node-vault-client#25",
    text="^Sender, with a request id$",
)
def form_of_a_refusal(account: Account) -> Seen:
    """SDKs find code, message and request id in it."""
    answer = account.call(UNKNOWN, "GetCallerIdentity")
    begins = '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">'
    if not answer.body.lstrip().startswith(begins):
        return Seen(answer.status, answer.code, "another form")
    told = "a" if answer.value("RequestId") else "no"
    return Seen(answer.status, answer.code, f"{answer.value('Type')}, with {told} request id")


@success(
    AUTHENTICATION,
    "IAM tells when a key was last used",
    f"{IAM_GUIDE}, access keys",
    text=r"^sts us-east-1$",
)
def last_used(account: Account) -> Answer | Seen:
    """After a call of STS."""
    user = account.user()
    account.call(user.keys, "GetCallerIdentity")
    answer = account.iam("GetAccessKeyLastUsed", AccessKeyId=user.keys.access_key_id)
    return facts(answer, answer.value("ServiceName"), answer.value("Region"))
