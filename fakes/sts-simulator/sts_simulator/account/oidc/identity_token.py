"""Verification of an OpenID Connect token: its form, issuer, audience, signature and times.

Pure but for the keys of the simulator's own issuer; nothing is fetched from the network.
Sources: C, IAM user guide, "OIDC federation" and "Create an OpenID Connect identity
provider", for the rules; ``oidc.errors`` for the texts.  The order of the checks is inferred.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sts_simulator.account.conditions import listed
from sts_simulator.account.oidc import errors, issuer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from sts_simulator.account.directory import OidcProvider
    from sts_simulator.account.errors import AwsError

GRACE = timedelta(minutes=5)  # C: for clocks that differ
_OLDEST = timedelta(days=1)  # D mozilla-aws-cli: since it was issued, whenever it ends
_REQUIRED = ("iss", "sub", "aud", "exp", "iat")
_LATEST = 253_402_300_800  # the year 10000
# The simulator is an issuer without TLS, so http:// is good for a URL with a port, which AWS's
# providers may not have (C), and for a name without a dot, such as a container's.
_ISSUER = re.compile(r"(?:https://|http://(?=(?:[^/]+:[0-9]+|[^/.]+)(?:/|$)))(?P<bare>.*)")
# C: these need no provider in IAM.  Their keys, or their answers about an access token, would have
# to be fetched.
BUILT_IN = (
    *("accounts.google.com", "www.amazon.com", "graph.facebook.com"),
    "cognito-identity.amazonaws.com",
)


class Unacceptable(Exception):
    """Raised for a token that STS refuses, with STS's error."""

    def __init__(self, error: AwsError) -> None:
        super().__init__(error.reason or error.message)
        self.error = error


@dataclass(frozen=True)
class IdentityToken:
    """A token that its provider vouches for.  `audience` is the one of the provider's own."""

    provider: OidcProvider
    subject: str
    audience: str
    claims: Mapping[str, Any]


def verified(
    token: str, provider_of: Callable[[str], OidcProvider | None], now: datetime
) -> IdentityToken:
    """Return what a token says.  `provider_of` looks a provider up by URL without a scheme.

    Raises Unacceptable.
    """
    header, claims = _read(token)
    provider = _provider(claims, provider_of)
    audience = _audience(claims, provider)
    _check_signature(token, header, claims["iss"])
    _check_times(claims, now.timestamp())
    return IdentityToken(provider, claims["sub"], audience, claims)


def _read(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return header and claims, unverified."""
    from jwt import PyJWS, PyJWTError  # noqa: PLC0415 - imports cryptography

    try:
        read = PyJWS().decode_complete(token, options={"verify_signature": False})
        claims = json.loads(read["payload"])
    except (PyJWTError, ValueError, RecursionError) as trouble:
        raise Unacceptable(errors.NO_JWT.because(f"it is not a JWT: {_plainly(trouble)}")) from None
    if not isinstance(claims, dict):
        raise Unacceptable(errors.NO_JWT.because("its claims are not a JSON object"))
    for name in _REQUIRED:
        if claims.get(name) in (None, "", []):
            raise Unacceptable(errors.CLAIM_MISSING.fill(claim=name))
    for name in ("iss", "sub", "aud", "azp"):
        texts = listed(claims.get(name, "")) if name == "aud" else [claims.get(name, "")]
        if not all(isinstance(text, str) and text.isprintable() for text in texts):
            raise Unacceptable(errors.NO_JWT.because(f"{name} is no text that can be printed"))
    header: dict[str, Any] = read["header"]
    return header, claims


def _plainly(trouble: Exception) -> str:
    """Return what is wrong with a token in words that quote nothing of it."""
    return type(trouble).__name__


def _provider(
    claims: Mapping[str, Any], provider_of: Callable[[str], OidcProvider | None]
) -> OidcProvider:
    url: str = claims["iss"]
    match = _ISSUER.fullmatch(url)
    bare = match["bare"] if match else url
    if bare in BUILT_IN:
        raise Unacceptable(
            errors.NO_KEY.because(
                f"{bare} is built in with AWS; its keys would have to be fetched, and the "
                "simulator fetches nothing"
            )
        )
    found = provider_of(bare)
    if match is None or found is None:
        reason = f"IAM has no OpenID Connect provider {bare}"
        raise Unacceptable(
            errors.NO_PROVIDER.fill(url=url).because(
                reason if match else "an issuer begins with https://"
            )
        )
    return found


def _audience(claims: Mapping[str, Any], provider: OidcProvider) -> str:
    """Return the audience that is one of the provider's.  C: azp, where there is one, counts."""
    given = listed(claims.get("azp") or claims["aud"])
    for audience in given:
        if audience in provider.client_ids:
            return str(audience)
    raise Unacceptable(
        errors.WRONG_AUDIENCE.because(
            f"the audience is {' and '.join(map(str, given))}; the provider's are "
            f"{' and '.join(provider.client_ids) or 'none'}"
        )
    )


def _check_signature(token: str, header: Mapping[str, Any], url: str) -> None:
    from jwt import InvalidSignatureError, PyJWS, PyJWTError  # noqa: PLC0415 - imports cryptography

    algorithm, kid = str(header.get("alg")), str(header.get("kid"))
    if algorithm not in issuer.ALGORITHMS:
        raise Unacceptable(errors.NO_JWT.because(f"the algorithm {algorithm} is not known here"))
    key = issuer.key_named(kid, algorithm)
    if key is None:
        raise Unacceptable(
            errors.NO_KEY.because(
                f"{kid} is no {algorithm} key of the simulator's issuer; nothing is fetched from "
                f"{url}: ask POST /_sim/oidc/token for its tokens"
            )
        )
    try:
        PyJWS().decode_complete(token, key.private.public_key(), [algorithm])
    except InvalidSignatureError:
        reason = f"the token was not signed with the key {kid}"
        raise Unacceptable(errors.WRONG_SIGNATURE.because(reason)) from None
    except PyJWTError as trouble:  # such as a critical header
        raise Unacceptable(errors.NO_JWT.because(_plainly(trouble))) from None


def _check_times(claims: Mapping[str, Any], now: float) -> None:
    """Refuse a token that has expired or is not valid yet, by more than the grace."""
    grace = GRACE.total_seconds()
    times = {name: _seconds(name, claims[name]) for name in ("exp", "iat", "nbf") if name in claims}
    if now >= times["exp"] + grace:
        raise Unacceptable(
            errors.EXPIRED.fill(now=int(now), expires=int(times["exp"])).because(
                f"the token expired {int(now - times['exp'])} s ago"
            )
        )
    age = int(now - times["iat"])
    if age >= (_OLDEST + GRACE).total_seconds():
        raise Unacceptable(errors.TOO_OLD.fill(age=age).because("it was issued over a day ago"))
    for name in ("iat", "nbf"):
        if times.get(name, now) > now + grace:
            reason = f"{name} is {int(times[name] - now)} s in the future"
            raise Unacceptable(errors.TOO_EARLY.because(reason))


def _seconds(name: str, given: object) -> float:
    """Return a claim that is a number of seconds since 1970, in the years that dates have."""
    if isinstance(given, int | float) and not isinstance(given, bool) and 0 <= given < _LATEST:
        return float(given)
    raise Unacceptable(errors.NO_JWT.because(f"{name} is not a number of seconds"))
