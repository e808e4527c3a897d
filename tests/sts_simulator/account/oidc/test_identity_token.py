"""Verification of OpenID Connect tokens.  Sources of the texts: ``oidc.errors``."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest

from sts_simulator.account.directory import OidcProvider
from sts_simulator.account.errors import AwsError
from sts_simulator.account.oidc import errors
from sts_simulator.account.oidc import issuer as oidc_issuer
from sts_simulator.account.oidc.identity_token import (
    BUILT_IN,
    IdentityToken,
    Unacceptable,
    verified,
)

NOW = datetime(2024, 12, 22, 23, 58, tzinfo=UTC)
HOST = "token.example.com"
PROVIDER = OidcProvider("arn:aws:iam::123456789012:oidc-provider/" + HOST, HOST, ["app", "web"])


def read(token: str, now: datetime = NOW) -> IdentityToken:
    """Return what the token says to an account with the one provider."""
    return verified(token, {HOST: PROVIDER}.get, now)


def issued(issuer: str = f"https://{HOST}", **asked: Any) -> str:  # noqa: ANN401 - JSON
    """Return a token for the audience ``app``, unless something else is asked for."""
    return oidc_issuer.token({"subject": "somebody", "audience": "app", **asked}, issuer, NOW)


def refused(token: str, now: datetime = NOW) -> AwsError:
    """Return the error that the token is refused with."""
    with pytest.raises(Unacceptable) as unacceptable:
        read(token, now)
    return unacceptable.value.error


def unsigned(claims: object, **header: object) -> str:
    """Return a token whose signature is three zero bytes."""
    parts = [json.dumps({"alg": "RS256", **header}), json.dumps(claims)]
    encoded = [jwt.utils.base64url_encode(part.encode()).decode() for part in parts]
    return ".".join([*encoded, "AAAA"])


CLAIMS = {"iss": f"https://{HOST}", "sub": "somebody", "aud": "app", "exp": 1, "iat": 1}


@pytest.mark.parametrize(
    ("asked", "audience"),
    [
        ({}, "app"),
        ({"algorithm": "ES256"}, "app"),
        ({"audience": ["other", "web"]}, "web"),
        ({"audience": "other", "claims": {"azp": "web"}}, "web"),
    ],
)
def test_a_good_token(asked: dict[str, Any], audience: str) -> None:
    """Its provider, subject and the audience that is the provider's; azp counts before aud."""
    token = read(issued(**asked))
    assert (token.provider, token.subject, token.audience) == (PROVIDER, "somebody", audience)
    assert token.claims["iss"] == f"https://{HOST}"


@pytest.mark.parametrize(
    "token",
    [
        "abcd",
        "a.b.c",
        unsigned([]),
        unsigned(CLAIMS, alg="none"),
        unsigned(CLAIMS, alg="HS256"),
        *(
            unsigned({**CLAIMS, **wrong})
            for wrong in (
                *({"iss": 1}, {"sub": "a\nb"}, {"sub": "\ud800"}, {"aud": [1]}),
                *({"aud": {"a": 1}}, {"azp": ["app"]}),
            )
        ),
    ],
)
def test_what_is_no_token(token: str) -> None:
    """B: one text for what cannot be read, for another algorithm and for claims of other types."""
    told = refused(token)
    assert told == errors.NO_JWT
    assert told.reason


@pytest.mark.parametrize("wrong", [10**400, "soon", True, -1, 2**63])
@pytest.mark.parametrize("name", ["exp", "iat", "nbf"])
def test_times_that_are_none(name: str, wrong: object) -> None:
    """I: a time that is no number of seconds in the years of dates is refused."""
    assert refused(issued(claims={name: wrong})) == errors.NO_JWT


@pytest.mark.parametrize("name", ["iss", "sub", "aud", "exp", "iat"])
def test_required_claims(name: str) -> None:
    """B for aud, I for the others: a claim that is missing or empty is named."""
    empties: list[object] = [None, "", []]
    for empty in empties:
        assert refused(issued(claims={name: empty})) == errors.CLAIM_MISSING.fill(claim=name)


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        (
            {"issuer": "https://other.example.com/x"},
            errors.NO_PROVIDER.fill(url="https://other.example.com/x"),
        ),
        ({"issuer": f"https://{HOST}/"}, errors.NO_PROVIDER.fill(url=f"https://{HOST}/")),
        ({"issuer": HOST}, errors.NO_PROVIDER.fill(url=HOST)),
        ({"audience": "other"}, errors.WRONG_AUDIENCE),
        ({"claims": {"azp": "other"}}, errors.WRONG_AUDIENCE),
        ({"key": "wrong"}, errors.WRONG_SIGNATURE),
        ({"key": "wrong", "algorithm": "ES256"}, errors.WRONG_SIGNATURE),
        ({"kid": "unknown"}, errors.NO_KEY),
        ({"kid": "absent"}, errors.NO_KEY),
        ({"valid_in": "10m"}, errors.TOO_EARLY),
        ({"claims": {"iat": int(NOW.timestamp()) + 301}}, errors.TOO_EARLY),
    ],
)
def test_refusals(asked: dict[str, Any], error: AwsError) -> None:
    """Each is refused in AWS's words, with a reason that does not quote the token."""
    token = issued(**asked)
    told = refused(token)
    assert told == error
    assert told.reason
    assert token not in str(told)


@pytest.mark.parametrize("provider", BUILT_IN)
def test_built_in_providers_are_not_asked(provider: str) -> None:
    """A token of a provider that AWS knows by itself is refused, and the reason says why."""
    told = refused(issued(f"https://{provider}"))
    assert told == errors.NO_KEY
    assert "built in" in told.reason
    assert "fetches nothing" in told.reason


def test_a_token_has_five_minutes_of_grace() -> None:
    """C, IAM user guide: five minutes after its end a token is still taken, then no more."""
    token, ends = issued(), int(NOW.timestamp()) + 3600
    assert read(token, NOW + timedelta(minutes=64, seconds=59))
    assert refused(token, NOW + timedelta(minutes=65)) == AwsError(
        "ExpiredTokenException",
        f"Token expired: current date/time {ends + 300} must be before the expiration date/time "
        f"{ends}",
    )
    assert read(token, NOW - timedelta(minutes=5))
    assert refused(token, NOW - timedelta(minutes=5, seconds=1)) == errors.TOO_EARLY


def test_a_token_that_was_issued_long_ago() -> None:
    """B, D: after a day AWS refuses a token whose own end is later; the day's grace is I."""
    token, day = issued(expires_in="720h"), 86_400
    assert read(token, NOW + timedelta(seconds=day + 299))
    assert refused(token, NOW + timedelta(seconds=day + 300)) == AwsError(
        "ExpiredTokenException", f"Token too old: {day + 300}"
    )


def test_an_issuer_without_tls_is_the_simulators_own() -> None:
    """C: an issuer's URL begins with https://.  The simulator's own may have http."""
    told = refused(issued(f"http://{HOST}"))
    assert told == errors.NO_PROVIDER.fill(url=f"http://{HOST}")
    assert "https://" in told.reason
    for url in ("127.0.0.1:43210/x", "[::1]:43210", "simulator/x"):
        own = PROVIDER._replace(url=url)
        assert verified(issued(f"http://{url}"), {url: own}.get, NOW).provider == own


def test_a_changed_token_is_refused() -> None:
    """The claims are signed: one changed character is enough."""
    head, body, signature = issued().split(".")
    claims = json.loads(jwt.utils.base64url_decode(body)) | {"sub": "somebody else"}
    changed = jwt.utils.base64url_encode(json.dumps(claims).encode()).decode()
    assert refused(f"{head}.{changed}.{signature}") == errors.WRONG_SIGNATURE


def test_the_key_of_one_algorithm_is_not_for_another() -> None:
    """A header that names the RSA key with HS256 or ES256 gets no key."""
    kid = jwt.get_unverified_header(issued())["kid"]
    assert refused(unsigned(CLAIMS, alg="HS256", kid=kid)) == errors.NO_JWT
    assert refused(unsigned(CLAIMS, alg="ES256", kid=kid)) == errors.NO_KEY


def test_a_key_id_of_another_type() -> None:
    """Not every PyJWT refuses a kid that is no text; it names no key in any case."""
    assert refused(unsigned(CLAIMS, kid=["x"])) in (errors.NO_JWT, errors.NO_KEY)


def test_deep_json_is_refused() -> None:
    """Claims that are nested too deeply to be read are no JWT, not a fault of the simulator."""
    deep = jwt.utils.base64url_encode(b"[" * 10_000).decode()
    head = unsigned({}).split(".")[0]
    for token in (f"{head}.{deep}.AAAA", f"{deep}.{deep}.AAAA"):
        assert refused(token) == errors.NO_JWT
