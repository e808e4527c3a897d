"""The simulator's own OpenID Connect issuer, checked with PyJWT as another party would."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import cache
from typing import Any

import jwt
import pytest

from sts_simulator.account import schema
from sts_simulator.account.oidc import issuer as oidc_issuer

NOW = datetime(2024, 12, 22, 23, 58, tzinfo=UTC)
ISSUER = "https://token.example.com"


def issued(**asked: Any) -> str:  # noqa: ANN401 - JSON
    """Return a token for somebody, issued at `NOW`."""
    return oidc_issuer.token({"subject": "somebody", **asked}, ISSUER, NOW)


def read(token: str) -> dict[str, Any]:
    """Return the claims of a token, verified with the published keys, whatever the time."""
    kid = jwt.get_unverified_header(token)["kid"]
    key = next(key for key in jwt.PyJWKSet.from_dict(oidc_issuer.jwks()).keys if key.key_id == kid)
    claims: dict[str, Any] = jwt.decode(
        token,
        key.key,
        algorithms=[key.algorithm_name],
        options={"verify_aud": False, "verify_exp": False, "verify_nbf": False},
    )
    return claims


@pytest.mark.parametrize("algorithm", oidc_issuer.ALGORITHMS)
def test_a_token_is_verified_by_the_published_keys(algorithm: str) -> None:
    """A token has the claims of OpenID Connect, and lasts an hour."""
    begins = int(NOW.timestamp())
    assert read(issued(algorithm=algorithm)) == {
        "iss": ISSUER,
        "sub": "somebody",
        "aud": "sts.amazonaws.com",
        "iat": begins,
        "nbf": begins,
        "exp": begins + 3600,
    }


def test_claims_are_added_replaced_and_left_out() -> None:
    """Claims that are asked for win; one that is null is not in the token."""
    token = issued(audience=["a", "b"], claims={"sub": None, "iat": 1, "email": "a@b.example"})
    claims = read(token)
    assert "sub" not in claims
    assert (claims["aud"], claims["iat"], claims["email"]) == (["a", "b"], 1, "a@b.example")


def test_times_are_asked_for() -> None:
    """A token may have ended already, or begin later."""
    begins = int(NOW.timestamp())
    assert read(issued(expires_in="-10m"))["exp"] == begins - 600
    later = read(issued(valid_in="10m", expires_in="1m"))
    assert (later["iat"], later["nbf"], later["exp"]) == (begins, begins + 600, begins + 660)


def test_wrong_keys() -> None:
    """A token of a wrong key does not verify, and one of an unknown kid names no key."""
    with pytest.raises(jwt.InvalidSignatureError):
        read(issued(key="wrong"))
    assert jwt.get_unverified_header(issued(kid="unknown"))["kid"] == "unknown"
    assert "kid" not in jwt.get_unverified_header(issued(kid="absent"))
    assert oidc_issuer.key_named("unknown", "RS256") is None
    assert oidc_issuer.key_named(oidc_issuer.jwks()["keys"][0]["kid"], "ES256") is None


def test_the_published_keys_are_public() -> None:
    """The key set has no part of a private key, and names algorithm and use."""
    keys = oidc_issuer.jwks()["keys"]
    assert [(key["alg"], key["use"]) for key in keys] == [("RS256", "sig"), ("ES256", "sig")]
    assert not {"d", "p", "q", "dp", "dq", "qi"} & {name for key in keys for name in key}


def test_threads_that_come_first_get_the_same_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """The keys are made once, however many threads need them first."""
    new_key, made = oidc_issuer._new_key, list[str]()  # noqa: SLF001 - to count its calls

    def counted(algorithm: str) -> oidc_issuer.SigningKey:
        made.append(algorithm)
        return new_key(algorithm)

    anew = cache(oidc_issuer._made.__wrapped__)  # noqa: SLF001 - as in a new process
    monkeypatch.setattr(oidc_issuer, "_made", anew)
    monkeypatch.setattr(oidc_issuer, "_new_key", counted)
    with ThreadPoolExecutor(4) as threads:
        sets = list(threads.map(lambda _: str(oidc_issuer.jwks()), range(4)))
    assert len(set(sets)) == 1
    assert made == [*oidc_issuer.ALGORITHMS]


def test_no_key_is_made_before_one_is_needed() -> None:
    """The module is imported without PyJWT and cryptography."""
    program = (
        "import sys, sts_simulator.account.account; print({'jwt', 'cryptography'} & {*sys.modules})"
    )
    done = subprocess.run(  # noqa: S603 - our own
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        start_new_session=True,
    )
    assert done.stdout == "set()\n"


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"subject": ""},
        {"subject": "x", "audience": 1},
        {"subject": "x", "algorithm": "HS256"},
        {"subject": "x", "expires_in": "soon"},
        {"subject": "x", "key": "lost"},
        {"subject": "x", "more": 1},
    ],
)
def test_the_form_of_a_request(wrong: dict[str, Any]) -> None:
    """What is asked for in another form is an error that names the place."""
    with pytest.raises(ValueError, match="token"):
        schema.check(wrong, oidc_issuer.TOKEN_SCHEMA, "token")
