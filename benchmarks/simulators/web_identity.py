"""Checks of AssumeRoleWithWebIdentity: which tokens are good, and for which roles.

Every check has an issuer of its own, in whose name the tokens are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks.simulators.account import unused
from benchmarks.simulators.checks import IAM_GUIDE, STS_REFERENCE, facts, refusal, success

if TYPE_CHECKING:
    from benchmarks.simulators.account import Account, Answer
    from benchmarks.simulators.checks import Check, Seen

WEB_IDENTITY: list[Check] = []
AUDIENCE, SUBJECT = "sts.amazonaws.com", "repo:octo-org/octo-repo"
TAGS = {"https://aws.amazon.com/tags": {"principal_tags": {"team": ["blue"]}}}


def asked(
    account: Account,
    actions: tuple[str, ...] = ("sts:AssumeRoleWithWebIdentity",),
    *,
    provided: bool = True,
    **token: Any,  # noqa: ANN401 - JSON
) -> Answer:
    """Ask for a role with a token of an issuer that IAM knows, unless it is not `provided`."""
    host = f"{unused('idp')}.example.com"
    provider = f"{account.user().arn.partition(':user/')[0]}:oidc-provider/{host}"
    if provided:
        provider = account.oidc_provider(f"https://{host}", AUDIENCE)
    trust = {
        "Effect": "Allow",
        "Principal": {"Federated": provider},
        "Action": [*actions],
        "Condition": {"StringEquals": {f"{host}:sub": SUBJECT}},
    }
    role = account.role_with([trust])
    made = account.token({"subject": SUBJECT, "audience": AUDIENCE, **token}, f"https://{host}")
    return account.with_web_identity(role, made)


@success(
    WEB_IDENTITY,
    "a role for a token",
    f"{STS_REFERENCE}, AssumeRoleWithWebIdentity",
    text=rf"^{SUBJECT} {AUDIENCE} arn:aws:sts::\d{{12}}:assumed-role/role-\d+/work ASIA 60 min",
)
def good_token(account: Account) -> Answer | Seen:
    """The answer has the token's subject and audience; the request needs no signature."""
    answer = asked(account)
    names = ("SubjectFromWebIdentityToken", "Audience", "Arn")
    told = [answer.value(name) for name in names]
    return facts(answer, *told, answer.value("AccessKeyId")[:4], answer.minutes, "min")


@success(
    WEB_IDENTITY,
    "tags in a token, with sts:TagSession in the trust policy",
    f"{IAM_GUIDE}, Pass session tags in AWS STS",
    text=":assumed-role/",
)
def tags(account: Account) -> Answer | Seen:
    """The claim of AWS's has one tag."""
    actions = ("sts:AssumeRoleWithWebIdentity", "sts:TagSession")
    answer = asked(account, actions, claims=TAGS)
    return facts(answer, answer.value("Arn"))


@refusal(
    WEB_IDENTITY,
    "tags in a token that the trust policy does not allow",
    403,
    "AccessDenied",
    "B: buildkite-plugins/aws-assume-role-with-web-identity-buildkite-plugin#18; "
    f"{IAM_GUIDE}, Pass session tags in AWS STS",
)
def untrusted_tags(account: Account) -> Answer:
    """It allows sts:AssumeRoleWithWebIdentity, and not sts:TagSession."""
    return asked(account, claims=TAGS)


@refusal(
    WEB_IDENTITY,
    "a token whose issuer is no provider in IAM",
    400,
    "InvalidIdentityToken",
    "B: mozilla-iam/mozilla-aws-cli#127",
    text="No OpenIDConnect provider found in your account for https://",
)
def no_provider(account: Account) -> Answer:
    """The role trusts it."""
    return asked(account, provided=False)


@refusal(
    WEB_IDENTITY,
    "a token for another audience",
    400,
    "InvalidIdentityToken",
    "B: awslabs/amazon-eks-irsa-cfn#18",
    text="Incorrect token audience",
)
def wrong_audience(account: Account) -> Answer:
    """It is none of the provider's."""
    return asked(account, audience="https://elsewhere.example.com")


@refusal(
    WEB_IDENTITY,
    "a token that has expired",
    400,
    "ExpiredTokenException",
    "B: aws/aws-sdk-java-v2#5709",
    text="Token expired: current date/time [0-9]+ must be before the expiration date/time",
)
def expired(account: Account) -> Answer:
    """An hour ago."""
    return asked(account, expires_in="-1h")


@refusal(
    WEB_IDENTITY,
    "a token of another subject",
    403,
    "AccessDenied",
    "B: aws-actions/configure-aws-credentials#318",
    text="Not authorized to perform sts:AssumeRoleWithWebIdentity",
)
def wrong_subject(account: Account) -> Answer:
    """The trust policy names one."""
    return asked(account, subject="repo:octo-org/another")
