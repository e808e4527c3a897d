"""An OpenID Connect issuer of the simulator's own: its keys, and tokens that are right or wrong.

It issues tokens in the name of any issuer, so that a test has the provider's URL and the
trust policy of production.  The keys are made once in a process, when they are first
needed; no other process accepts its tokens.
"""

from __future__ import annotations

import json
import threading
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from sts_simulator.account.durations import (
    DURATION_SCHEMA,
    SIGNED_DURATION_SCHEMA,
    parse_duration,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

ALGORITHMS = ("RS256", "ES256")
AUDIENCE = "sts.amazonaws.com"
_TEXT = {"type": "string", "minLength": 1}

TOKEN_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "An OpenID Connect token.",
    "properties": {
        "subject": _TEXT,
        "audience": {
            "description": f"one or more; {AUDIENCE} when not given",
            "anyOf": [_TEXT, {"type": "array", "items": _TEXT}],
            "$comment": "an audience is a text or a list of texts",
        },
        "issuer": {
            "type": "string",
            "description": "a URL, or a path at the simulator's endpoint; the endpoint itself "
            "when not given",
        },
        "claims": {
            "type": "object",
            "description": "further claims; one that is null is left out of the token",
        },
        "expires_in": {"description": "an hour when not given", **SIGNED_DURATION_SCHEMA},
        "valid_in": {"description": "until then it is not valid yet", **DURATION_SCHEMA},
        "algorithm": {"enum": [*ALGORITHMS]},
        "key": {"enum": ["right", "wrong"], "description": "wrong: not one of the issuer's"},
        "kid": {
            "enum": ["right", "unknown", "absent"],
            "description": "unknown: a key id that the issuer does not publish",
        },
    },
    "required": ["subject"],
    "additionalProperties": False,
}


class SigningKey(NamedTuple):
    """A key pair for one algorithm, and the id that names it in a token's header."""

    kid: str
    algorithm: str
    private: RSAPrivateKey | EllipticCurvePrivateKey


_making = threading.Lock()


def token(asked: Mapping[str, Any], issuer: str, now: datetime) -> str:
    """Return the token that `asked` describes, as `TOKEN_SCHEMA` has it, issued at `now`."""
    from jwt import PyJWS  # noqa: PLC0415 - imports cryptography

    key = _keys()[asked.get("algorithm", ALGORITHMS[0])]
    signing = key if asked.get("key") != "wrong" else _new_key(key.algorithm)
    kid = {"unknown": "unknown", "absent": None}.get(asked.get("kid", "right"), key.kid)
    said = json.dumps(_claims(asked, issuer, now)).encode()
    header = {"kid": kid} if kid else {}
    return PyJWS().encode(said, signing.private, key.algorithm, header)


def jwks() -> dict[str, Any]:
    """Return the JSON Web Key Set of the issuer: its public keys."""
    from jwt import PyJWS  # noqa: PLC0415 - imports cryptography

    published = []
    for key in _keys().values():
        algorithm: Any = PyJWS().get_algorithm_by_name(key.algorithm)
        known = json.loads(algorithm.to_jwk(key.private.public_key()))
        known.pop("key_ops", None)
        published.append(known | {"kid": key.kid, "alg": key.algorithm, "use": "sig"})
    return {"keys": published}


def key_named(kid: str, algorithm: str) -> SigningKey | None:
    """Return the key that a token's header names, None when it is not one of the issuer's."""
    key = _keys().get(algorithm)
    return key if key and key.kid == kid else None


def _claims(asked: Mapping[str, Any], issuer: str, now: datetime) -> dict[str, Any]:
    begins = now + parse_duration(asked.get("valid_in", "0s"))
    ends = begins + parse_duration(asked.get("expires_in", "1h"))
    claims = {
        "iss": issuer,
        "sub": asked["subject"],
        "aud": asked.get("audience", AUDIENCE),
        "iat": int(now.timestamp()),
        "nbf": int(begins.timestamp()),
        "exp": int(ends.timestamp()),
        **asked.get("claims", {}),
    }
    return {name: value for name, value in claims.items() if value is not None}


def _keys() -> dict[str, SigningKey]:
    """Return the issuer's keys, by algorithm.  Two threads that come first get the same ones."""
    with _making:
        return _made()


@cache
def _made() -> dict[str, SigningKey]:
    return {algorithm: _new_key(algorithm) for algorithm in ALGORITHMS}


def _new_key(algorithm: str) -> SigningKey:
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - slow to import
    from cryptography.hazmat.primitives.asymmetric import ec, rsa  # noqa: PLC0415 - the same

    private = (
        rsa.generate_private_key(public_exponent=65537, key_size=2048)
        if algorithm == "RS256"
        else ec.generate_private_key(ec.SECP256R1())
    )
    public = private.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return SigningKey(sha256(public).hexdigest()[:16], algorithm, private)
