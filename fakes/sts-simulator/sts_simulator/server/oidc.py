"""The simulator's OpenID Connect issuer over HTTP: its tokens, discovery document and keys.

Every path of the endpoint is an issuer: ``http://127.0.0.1:43210/any/path`` has its discovery
document at ``/any/path/.well-known/openid-configuration``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sts_simulator.account import schema
from sts_simulator.account.oidc import issuer
from sts_simulator.wire import sigv4
from sts_simulator.wire.http import json_answer

if TYPE_CHECKING:
    from sts_simulator.server.simulation import Simulation
    from sts_simulator.wire.http import HttpAnswer, HttpRequest

DISCOVERY = "/.well-known/openid-configuration"
JWKS = "/.well-known/jwks.json"


def token(simulation: Simulation, body: Any, origin: str) -> object:  # noqa: ANN401 - JSON
    """Issue a token.  An issuer that is no URL is a path below `origin`, the endpoint's URL."""
    schema.check(body, issuer.TOKEN_SCHEMA, "token")
    url: str = body.get("issuer", "")
    if "://" not in url:
        url = f"{origin}/{url.strip('/')}".rstrip("/")
    return {"token": issuer.token(body, url, simulation.clock.now()), "issuer": url}


def published(request: HttpRequest) -> HttpAnswer | None:
    """Return a document that an issuer publishes, None for another request.

    A signed request is for an object of S3 that has such a name.
    """
    if request.method not in ("GET", "HEAD") or sigv4.read(request) is not None:
        return None
    if request.path.endswith(DISCOVERY):
        url = request.origin + request.path.removesuffix(DISCOVERY)
        return json_answer(200, _configuration(url))
    return json_answer(200, issuer.jwks()) if request.path.endswith(JWKS) else None


def _configuration(url: str) -> dict[str, Any]:
    return {
        "issuer": url,
        "jwks_uri": url + JWKS,
        "response_types_supported": ["id_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [*issuer.ALGORITHMS],
        "claims_supported": ["iss", "sub", "aud", "exp", "iat", "nbf"],
    }
