"""AssumeRoleWithWebIdentity: a role for the bearer of an OpenID Connect token.

Source: C, IAM user guide: "OIDC federation", "Pass session tags in AWS STS", "Monitor and
control actions taken with assumed roles" and "IAM and AWS STS condition context keys".
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sts_simulator.account import caller_context, federation
from sts_simulator.account.conditions import as_text, listed
from sts_simulator.account.errors import AwsError
from sts_simulator.account.oidc import errors, identity_token
from sts_simulator.account.oidc.identity_token import Unacceptable
from sts_simulator.account.role_session import Asker

if TYPE_CHECKING:
    from sts_simulator.account.answers import Answer
    from sts_simulator.account.context import Context, Parameters
    from sts_simulator.account.oidc.identity_token import IdentityToken

OPERATION = "AssumeRoleWithWebIdentity"
TAGS = "https://aws.amazon.com/tags"
_FLAT = f"{TAGS}/principal_tags/"
SOURCE_IDENTITY = "https://aws.amazon.com/source_identity"
# C: the claims that are condition keys for every provider, and in the session too.  azp changes
# what aud is: the audience is in oaud then.
_LASTING = ("amr", "aud", "sub")
# D, a page of 2026-02-06 that lists AWS's: those of GitHub's provider since 2026-01.
_OF_PROVIDER = {
    "token.actions.githubusercontent.com": (
        *("actor", "actor_id", "enterprise_id", "environment", "job_workflow_ref", "ref"),
        *("repository", "repository_id", "workflow"),
    )
}


def assume_role_with_web_identity(account: Context, asked: Parameters) -> Answer:
    """Issue a session of a role, if the token is good and the role's trust policy allows it."""
    if refused := federation.refusal(account, asked) or _provider_id_refusal(asked):
        return refused
    provider_of = account.directory.oidc_provider
    try:
        token = identity_token.verified(asked["WebIdentityToken"], provider_of, account.now)
        told = _told(token.claims)
    except Unacceptable as unacceptable:
        return unacceptable.error
    answer = federation.grant(account, _asker(account, token), asked, told)
    return _explained(answer, token) if isinstance(answer, AwsError) else answer


def _provider_id_refusal(asked: Parameters) -> AwsError | None:
    """Return the error of a request with an access token of OAuth 2.0, which has a ProviderId."""
    if "ProviderId" not in asked:
        return None
    return errors.NO_KEY.because(
        f"ProviderId {asked['ProviderId']} is for access tokens, about which the simulator would "
        "have to ask that provider"
    )


def _asker(account: Context, token: IdentityToken) -> Asker:
    provider = token.provider
    claims = {**token.claims, "aud": token.audience}
    known = {name: claims[name] for name in _LASTING if name in claims}
    further = {name: claims[name] for name in _OF_PROVIDER.get(provider.url, ()) if name in claims}
    if "azp" in token.claims:
        further["oaud"] = token.claims["aud"]
    request = caller_context.of_request(
        account.account_id, account.now, account.source_ip, account.region
    )
    lasting = _keys(provider.url, known)
    return Asker(
        OPERATION,
        {"Federated": {provider.arn}},
        {**request, **lasting, **_keys(provider.url, further)},
        lambda action: errors.NOT_AUTHORIZED.fill(action=action),
        {
            "SubjectFromWebIdentityToken": token.subject,
            "Provider": provider.arn,
            "Audience": token.audience,
        },
        {**lasting, "aws:federatedprovider": provider.arn},
    )


def _keys(url: str, claims: dict[str, Any]) -> dict[str, str | list[str]]:
    """Return the condition keys of claims, in lower case; a claim that is an object has none."""
    keys: dict[str, str | list[str]] = {}
    for name, value in claims.items():
        texts = [as_text(one) for one in listed(value) if isinstance(one, str | int | float)]
        if texts:
            keys[f"{url}:{name}".lower()] = texts if isinstance(value, list) else texts[0]
    return keys


def _told(claims: Any) -> dict[str, str]:  # noqa: ANN401 - JSON
    """Return what the claims of AWS's say, as parameters of AssumeRole.  Raises Unacceptable.

    C: tags are nested in one claim, or flat in claims whose names begin like that one.
    """
    nested = claims.get(TAGS, {})
    flat = {name.removeprefix(_FLAT): v for name, v in claims.items() if name.startswith(_FLAT)}
    try:
        tags = {**nested.get("principal_tags", {}), **flat}
        transitive = nested.get(
            "transitive_tag_keys", claims.get(f"{TAGS}/transitive_tag_keys", [])
        )
        told = federation.tags_told(
            {name: _single(value) for name, value in tags.items()},
            [_single(key) for key in listed(transitive)],
        )
    except (AttributeError, TypeError, ValueError):
        reason = "the tags are not objects and lists of texts, one text as each tag's value"
        raise Unacceptable(errors.WRONG_TAGS.because(reason)) from None
    source = claims.get(SOURCE_IDENTITY)
    if source is None:
        return told
    if not isinstance(source, str):
        raise Unacceptable(errors.NO_JWT.because("the source identity is no text"))
    return told | {"SourceIdentity": source}


def _single(value: object) -> str:
    texts = listed(value)
    if len(texts) != 1 or not isinstance(texts[0], str):
        raise ValueError("each session tag has one text as its value")
    return texts[0]


def _explained(refused: AwsError, token: IdentityToken) -> AwsError:
    """Add to the reason which claims of the token are no condition keys with AWS."""
    prefix = f"{token.provider.url}:"
    unused = [name for name in token.claims if f"{prefix}{name} is not in" in refused.reason]
    if not unused:
        return refused
    return replace(
        refused, reason=f"{refused.reason}; AWS has no condition key for {', '.join(unused)}"
    )
