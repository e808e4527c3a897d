"""The simulator's OpenID Connect issuer over HTTP: its tokens, discovery document and keys.

Every path of the endpoint is an issuer: ``http://127.0.0.1:43210/any/path`` has its discovery
document at ``/any/path/.well-known/openid-configuration``.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sts_simulator.account import oidc_issuer, schema
from sts_simulator.wire import sigv4
from sts_simulator.wire.http import HttpAnswer

if TYPE_CHECKING:
    from sts_simulator.server.simulation import Simulation
    from sts_simulator.wire.http import HttpRequest

DISCOVERY = "/.well-known/openid-configuration"
JWKS = "/.well-known/jwks.json"


def token(simulation: Simulation, body: Any, origin: str) -> object:  # noqa: ANN401 - JSON
    """Issue a token.  An issuer that is no URL is a path below `origin`, the endpoint's URL."""
    schema.check(body, oidc_issuer.TOKEN_SCHEMA, "token")
    issuer: str = body.get("issuer", "")
    if "://" not in issuer:
        issuer = f"{origin}/{issuer.strip('/')}".rstrip("/")
    made = oidc_issuer.token(body, issuer, simulation.clock.now())
    return {"token": made, "issuer": issuer}


def published(request: HttpRequest) -> HttpAnswer | None:
    """Return a document that an issuer publishes, None for another request.

    A signed request is for an object of S3 that has such a name.
    """
    if request.method not in ("GET", "HEAD") or sigv4.read(request) is not None:
        return None
    if request.path.endswith(DISCOVERY):
        issuer = request.origin + request.path.removesuffix(DISCOVERY)
        return _json(_configuration(issuer))
    return _json(oidc_issuer.jwks()) if request.path.endswith(JWKS) else None


def _configuration(issuer: str) -> dict[str, Any]:
    return {
        "issuer": issuer,
        "jwks_uri": issuer + JWKS,
        "response_types_supported": ["id_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [*oidc_issuer.ALGORITHMS],
        "claims_supported": ["iss", "sub", "aud", "exp", "iat", "nbf"],
    }


def _json(value: object) -> HttpAnswer:
    said = json.dumps(value).encode() + b"\n"
    return HttpAnswer(200, {"Content-Type": "application/json"}, said)
