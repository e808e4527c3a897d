"""Checks of the sessions that GetSessionToken and GetFederationToken issue."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from benchmarks.simulators.account import another_secret, policy
from benchmarks.simulators.checks import IAM_GUIDE, STS_REFERENCE, Seen, facts, refusal, success

if TYPE_CHECKING:
    from benchmarks.simulators.account import Account, Answer
    from benchmarks.simulators.checks import Check

SESSIONS: list[Check] = []
GET_SESSION_TOKEN = f"{STS_REFERENCE}, GetSessionToken"
COMPARED = f"{IAM_GUIDE}, comparing the operations of STS"


@success(
    SESSIONS,
    "GetSessionToken needs no permission",
    f"{IAM_GUIDE}, permissions for GetSessionToken",
    text="^ASIA",
)
def session_without_permission(account: Account) -> Answer | Seen:
    """The user has no policy at all."""
    answer = account.call(account.user(policy=None).keys, "GetSessionToken")
    return facts(answer, answer.value("AccessKeyId"))


@success(SESSIONS, "each session has keys of its own", GET_SESSION_TOKEN, text="^ASIA ASIA other$")
def own_keys(account: Account) -> Answer | Seen:
    """Two calls in a row."""
    user = account.user()
    one, two = account.session(user.keys), account.session(user.keys)
    told = "other" if one != two and one.session_token != two.session_token else "the same"
    return Seen(200, "", f"{one.access_key_id[:4]} {two.access_key_id[:4]} {told}")


@success(SESSIONS, "a session is its user", GET_SESSION_TOKEN, text=r"^(\S+:user/\S+) \1$")
def identity_of_a_session(account: Account) -> Answer | Seen:
    """GetCallerIdentity with the session's credentials."""
    user = account.user()
    answer = account.call(account.session(user.keys), "GetCallerIdentity")
    return facts(answer, user.arn, answer.value("Arn"))


@success(SESSIONS, "12 hours by default", GET_SESSION_TOKEN, text=r"^720 minutes, .*\d\dZ$")
def default_duration(account: Account) -> Answer | Seen:
    """Expiration has whole seconds."""
    answer = account.call(account.user().keys, "GetSessionToken")
    return facts(answer, answer.minutes, "minutes,", answer.value("Expiration"))


@success(SESSIONS, "36 hours when asked for", GET_SESSION_TOKEN, text="^2160 minutes$")
def longest_duration(account: Account) -> Answer | Seen:
    """The longest that is granted."""
    answer = account.call(account.user().keys, "GetSessionToken", DurationSeconds=129600)
    return facts(answer, answer.minutes, "minutes")


@refusal(SESSIONS, "a second less than 15 minutes", 400, "ValidationError", GET_SESSION_TOKEN)
def too_short(account: Account) -> Answer:
    """The message names the bound."""
    return account.call(account.user().keys, "GetSessionToken", DurationSeconds=899)


@refusal(SESSIONS, "a second more than 36 hours", 400, "ValidationError", GET_SESSION_TOKEN)
def too_long(account: Account) -> Answer:
    """The message names the bound."""
    return account.call(account.user().keys, "GetSessionToken", DurationSeconds=129601)


@refusal(
    SESSIONS,
    "a session calls GetSessionToken",
    403,
    "AccessDenied",
    "B: aws/aws-sdk-net#1704",
)
def session_of_a_session(account: Account) -> Answer:
    """Only long-term keys may."""
    return account.call(account.session(account.user().keys), "GetSessionToken")


@refusal(
    SESSIONS,
    "a session calls GetFederationToken",
    403,
    "AccessDenied",
    "B: fwdcloudsec/granted#151",
)
def federation_by_a_session(account: Account) -> Answer:
    """Only long-term keys may."""
    return account.call(account.session(account.user().keys), "GetFederationToken", Name="bob")


@refusal(
    SESSIONS,
    "a session's keys without its token",
    403,
    "InvalidClientTokenId",
    f"{IAM_GUIDE}, using temporary credentials",
)
def without_token(account: Account) -> Answer:
    """The commonest mistake when credentials are copied."""
    session = account.session(account.user().keys)
    return account.call(replace(session, session_token=""), "GetCallerIdentity")


@refusal(
    SESSIONS,
    "a session's keys with another session's token",
    403,
    "InvalidClientTokenId",
    f"{IAM_GUIDE}, using temporary credentials",
)
def foreign_token(account: Account) -> Answer:
    """Both are sessions of one user."""
    user = account.user()
    one, two = account.session(user.keys), account.session(user.keys)
    return account.call(replace(one, session_token=two.session_token), "GetCallerIdentity")


@refusal(
    SESSIONS,
    "a session with a wrong secret access key",
    403,
    "SignatureDoesNotMatch",
    f"{IAM_GUIDE}, Troubleshoot Signature Version 4",
)
def session_with_wrong_secret(account: Account) -> Answer:
    """Access key id and token are right."""
    return account.call(another_secret(account.session(account.user().keys)), "GetCallerIdentity")


@refusal(
    SESSIONS,
    "a session without MFA calls IAM",
    403,
    "InvalidClientTokenId",
    "B: cloudyr/aws.iam#15, aws/aws-sdk-js#460",
)
def iam_without_mfa(account: Account) -> Answer:
    """Its user may do everything."""
    return account.iam_as(account.session(account.user().keys), "GetUser")


@success(
    SESSIONS,
    "a federated user's identity",
    "A: LocalStack's snapshots, recorded on AWS 2024-06-05",
    text=r"^arn:aws:sts::(\d{12}):federated-user/bob \1:bob arn:aws:sts::\1:federated-user/bob$",
)
def federated(account: Account) -> Answer | Seen:
    """GetFederationToken, then GetCallerIdentity with what it issued."""
    answer = account.call(account.user().keys, "GetFederationToken", Name="bob")
    if answer.status != 200:
        return answer
    who = account.call(answer.credentials, "GetCallerIdentity")
    return facts(who, answer.value("Arn"), answer.value("FederatedUserId"), who.value("Arn"))


@refusal(
    SESSIONS,
    "a federated user calls GetSessionToken",
    403,
    "AccessDenied",
    COMPARED,
)
def session_of_a_federated_user(account: Account) -> Answer:
    """Federated users have sessions."""
    issued = account.call(account.user().keys, "GetFederationToken", Name="bob")
    if issued.status != 200:
        return issued
    return account.call(issued.credentials, "GetSessionToken")


@refusal(
    SESSIONS,
    "a session policy that is not JSON",
    400,
    "MalformedPolicyDocument",
    "B: hashicorp/vault#1113",
)
def policy_not_json(account: Account) -> Answer:
    """An ARN in place of the policy."""
    arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    return account.call(account.user().keys, "GetFederationToken", Name="bob", Policy=arn)


@refusal(
    SESSIONS,
    "a session policy that names a principal",
    400,
    "MalformedPolicyDocument",
    "B: localstack/localstack#10746",
)
def policy_with_principal(account: Account) -> Answer:
    """The principal of a session policy is the session."""
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::things/*",
    }
    named = {"Name": "bob", "Policy": policy(statement)}
    return account.call(account.user().keys, "GetFederationToken", **named)
