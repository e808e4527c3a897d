"""Connections: who the client is, and when they end."""

from __future__ import annotations

import socket

import pytest
from botocore.exceptions import ClientError

from sts_simulator.server.server import Listen, Server
from sts_simulator.server.simulation import Simulation
from tests.support.aws_client import STARTING_WORLD, Client

FROM_HERE = {
    "Statement": {
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": "sts:AssumeRole",
        "Condition": {"IpAddress": {"aws:SourceIp": "127.0.0.1/32"}},
    }
}
WORLD = STARTING_WORLD | {"roles": {"here": {"trust": FROM_HERE}}}


@pytest.mark.parametrize("host", ["::", "127.0.0.1"])
def test_the_address_of_an_ipv4_client(host: str) -> None:
    """On a socket of IPv6 it is ``::ffff:127.0.0.1``; conditions see the address of IPv4."""
    try:
        server = Server(Simulation(WORLD), Listen(host))
    except OSError as trouble:
        pytest.skip(f"no IPv6 here: {trouble}")
    with server:
        port = server.endpoint.rpartition(":")[2]
        sts = Client(f"http://127.0.0.1:{port}").aws("sts")
        role = "arn:aws:iam::123456789012:role/here"
        assert sts.assume_role(RoleArn=role, RoleSessionName="me")


def test_an_ipv6_client_is_another() -> None:
    """Its address is not in a network of IPv4."""
    try:
        server = Server(Simulation(WORLD), Listen("::1"))
    except OSError as trouble:
        pytest.skip(f"no IPv6 here: {trouble}")
    with server:
        sts = Client(server.endpoint).aws("sts")
        with pytest.raises(ClientError, match="not authorized to perform: sts:AssumeRole"):
            sts.assume_role(RoleArn="arn:aws:iam::123456789012:role/here", RoleSessionName="me")


def test_the_end_of_the_server_ends_its_connections() -> None:
    """A client that waits on an open connection sees its end."""
    with Server(Simulation(STARTING_WORLD)) as server:
        connection = socket.create_connection(Client(server.endpoint).address, timeout=10)
        connection.sendall(b"GET /_sim/faults HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert connection.recv(65536).startswith(b"HTTP/1.1 200 ")
    with connection:
        assert connection.recv(1) == b""
