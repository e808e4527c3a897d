"""TLS with a certificate that the server makes itself."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import SSLError

from authkit.adapters.sts import isolated_session
from sts_simulator.server import certificate
from sts_simulator.server.server import Listen, Server
from sts_simulator.server.simulation import Simulation
from tests.support.aws_client import STARTING_WORLD, USERS

if TYPE_CHECKING:
    from pathlib import Path


def test_a_client_that_trusts_the_certificate(tmp_path: Path) -> None:
    """With the certificate as its CA bundle boto3 verifies the server; without it, it refuses."""
    file = tmp_path / "ca.pem"
    listen = Listen(certificate=file)
    with Server(Simulation(STARTING_WORLD), listen) as server:
        assert server.endpoint.startswith("https://127.0.0.1:")
        session = boto3.Session(botocore_session=isolated_session())

        def identity(bundle: str | None) -> str:
            sts = session.client(
                "sts",
                region_name="us-east-1",
                endpoint_url=server.endpoint,
                aws_access_key_id=USERS["plain"]["access_key_id"],
                aws_secret_access_key=USERS["plain"]["secret_access_key"],
                verify=bundle,
                config=Config(retries={"total_max_attempts": 1}, proxies={}),
            )
            return str(sts.get_caller_identity()["Arn"])

        assert identity(str(file)).endswith("user/plain")
        with pytest.raises(SSLError):
            identity(None)
    assert "PRIVATE" not in file.read_text()


def test_the_certificate_is_for_the_names_that_are_given(tmp_path: Path) -> None:
    """Addresses and names of this server are among its alternative names."""
    file = tmp_path / "ca.pem"
    certificate.make(file, "192.0.2.1", "host.docker.internal")
    known = ssl.create_default_context(cafile=str(file)).get_ca_certs()[0]["subjectAltName"]
    assert ("IP Address", "192.0.2.1") in known
    assert ("DNS", "host.docker.internal") in known
    assert ("DNS", "*.localhost") in known
