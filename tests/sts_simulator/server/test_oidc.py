"""The simulator's OpenID Connect issuer over HTTP."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import jwt
import pytest

from sts_simulator.client import Simulator
from sts_simulator.server.oidc import DISCOVERY
from sts_simulator.server.server import Listen, Server
from sts_simulator.server.simulation import Simulation

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.aws_client import Client


@pytest.mark.parametrize("path", ["", "/github", "/realms/company"])
def test_a_token_is_verified_by_what_its_issuer_publishes(client: Client, path: str) -> None:
    """From the token's issuer a client finds the discovery document, and from it the keys."""
    asked = {"subject": "somebody", "issuer": path, "audience": "app"}
    made = client.control("POST", "oidc/token", asked)
    assert made["issuer"] == client.endpoint + path
    status, said = client.request("GET", path + DISCOVERY)
    document = json.loads(said)
    assert (status, document["issuer"]) == (200, made["issuer"])
    keys = document["jwks_uri"].removeprefix(client.endpoint)
    known = jwt.PyJWKSet.from_dict(json.loads(client.request("GET", keys)[1]))
    kid = jwt.get_unverified_header(made["token"])["kid"]
    key = next(key for key in known.keys if key.key_id == kid)
    claims = jwt.decode(
        made["token"], key.key, algorithms=["RS256"], audience="app", issuer=made["issuer"]
    )
    assert claims["sub"] == "somebody"


def test_a_token_of_an_issuer_elsewhere(client: Client) -> None:
    """An issuer that is a URL is taken as it is; nothing has to be there."""
    made = client.control("POST", "oidc/token", {"subject": "x", "issuer": "https://a.example/b"})
    assert made["issuer"] == "https://a.example/b"


def test_tokens_are_of_the_simulated_time(client: Client) -> None:
    """A token begins at the simulator's time, and expires when the clock is moved."""
    client.control("POST", "clock", {"now": "2024-12-22T23:58:00Z", "tick": False})
    made = client.control("POST", "oidc/token", {"subject": "x"})
    claims = jwt.decode(made["token"], options={"verify_signature": False})
    assert claims["iat"] == 1734911880


def test_a_request_of_another_form(client: Client) -> None:
    """A token without a subject, and a body that is no object, are answered with 400."""
    wrong: list[object] = [{}, [], None, {"subject": "x", "algorithm": "none"}]
    for body in wrong:
        assert client.control("POST", "oidc/token", body) == 400


def test_only_get_and_only_unsigned(client: Client) -> None:
    """A signed request for such a name is S3's; one that posts there is nobody's."""
    client.aws("s3").create_bucket(Bucket="site")
    name = DISCOVERY.removeprefix("/")
    client.aws("s3").put_object(Bucket="site", Key=name, Body=b"mine")
    assert client.aws("s3").get_object(Bucket="site", Key=name)["Body"].read() == b"mine"
    assert client.request("POST", DISCOVERY)[0] != 200
    assert client.request("HEAD", DISCOVERY) == (200, b"")


def test_over_tls_the_issuer_is_https(tmp_path: Path) -> None:
    """With ``--tls`` the endpoint as an issuer has a URL that AWS would take."""
    bundle = tmp_path / "ca.pem"
    with Server(Simulation({}), Listen(certificate=bundle)) as server:
        ready = {"endpoint": server.endpoint, "account": "", "users": {}, "ca_bundle": str(bundle)}
        made = Simulator.running(ready).control("POST", "oidc/token", {"subject": "x"})
    assert made["issuer"] == server.endpoint
    assert made["issuer"].startswith("https://")
