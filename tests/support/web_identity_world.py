"""An account with GitHub's OpenID Connect provider, and calls of AssumeRoleWithWebIdentity."""

from __future__ import annotations

from typing import Any

from sts_simulator.account.answers import Granted
from sts_simulator.account.errors import AwsError
from sts_simulator.account.oidc import issuer as oidc_issuer
from tests.support.account_world import ID, SECRET, World, trusting

OPERATION = "AssumeRoleWithWebIdentity"
GITHUB = "token.actions.githubusercontent.com"
PROVIDER = f"arn:aws:iam::123456789012:oidc-provider/{GITHUB}"
ROLE = "arn:aws:iam::123456789012:role/"
SUBJECT = "repo:octo-org/octo-repo:ref:refs/heads/main"


def role(*actions: str, **condition: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """Return a role that trusts GitHub's provider, with further actions and a condition."""
    return trusting({"Federated": PROVIDER}, f"sts:{OPERATION}", *actions, **condition)


def claim(name: str, *values: str, operator: str = "StringEquals") -> dict[str, Any]:
    """Return a role that trusts the provider's tokens with one of these values of a claim."""
    return role(**{operator: {f"{GITHUB}:{name}": [*values]}})


TABLE: dict[str, Any] = {
    "keys": {"new": {"id": ID, "secret": SECRET}},
    "oidc_providers": {f"https://{GITHUB}": ["sts.amazonaws.com", "other"]},
    "roles": {
        "plain": role() | {"max_session_duration": "2h"},
        "full": role("sts:TagSession", "sts:SetSourceIdentity"),
        "by-aud": claim("aud", "sts.amazonaws.com"),
        "by-oaud": claim("oaud", "first"),
        "by-sub": claim("sub", "repo:octo-org/*", operator="StringLike"),
        "by-amr": claim("amr", "mfa", operator="ForAnyValue:StringEquals"),
        "by-repository": claim("repository", "octo-org/octo-repo"),
        "by-run": claim("run_id", "1"),
        "by-time": role(DateLessThan={"aws:CurrentTime": "2025-01-01T00:00:00Z"}),
        "by-region": role(StringEquals={"aws:RequestedRegion": "us-east-1"}),
        "by-name": role(StringEquals={"sts:RoleSessionName": "me"}),
        "by-tag": role("sts:TagSession", StringEquals={"aws:RequestTag/Project": "authkit"}),
        "by-caller": role(StringEquals={"aws:PrincipalAccount": "123456789012"}),
        "of-users": {},
        "next": trusting(
            {"AWS": f"{ROLE}full"}, "sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"
        ),
    },
}


def token(world: World, issuer: str = f"https://{GITHUB}", **asked: Any) -> str:  # noqa: ANN401 - JSON
    """Return a token of the present simulated time."""
    return oidc_issuer.token({"subject": SUBJECT, **asked}, issuer, world.clock.now())


def ask(world: World, name: str = "plain", **asked: Any) -> Granted | AwsError:  # noqa: ANN401 - JSON
    """Return the answer for a role; capitalised names are parameters, the others the token's."""
    more = {key: value for key, value in asked.items() if key[0].isupper()}
    of_token = {key: value for key, value in asked.items() if key not in more}
    answer = world.ask_unsigned(
        OPERATION,
        RoleArn=ROLE + name,
        RoleSessionName="me",
        WebIdentityToken=token(world, **of_token),
        **more,
    )
    assert isinstance(answer, Granted | AwsError)
    return answer


def granted(world: World, name: str = "plain", **asked: Any) -> Granted:  # noqa: ANN401 - JSON
    """Return the answer for a role, which is not a refusal."""
    answer = ask(world, name, **asked)
    assert isinstance(answer, Granted), answer
    return answer


def refused(world: World, name: str = "plain", **asked: Any) -> AwsError:  # noqa: ANN401 - JSON
    """Return the error for a role, whose reason is in the record of the call."""
    answer = ask(world, name, **asked)
    assert isinstance(answer, AwsError), answer
    call = world.account.calls[-1]
    assert call.reason == (answer.reason or answer.message)
    assert call.reason
    return answer
