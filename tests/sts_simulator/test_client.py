"""The simulator's client: a process, and the control interface as methods."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.error import HTTPError, URLError

import pytest

from sts_simulator.client import Simulator
from tests.support.aws_client import Client

if TYPE_CHECKING:
    from collections.abc import Iterator

SOON = timedelta(minutes=1)


@pytest.fixture(scope="module")
def process() -> Iterator[Simulator]:
    """A simulator with two users, for all tests here."""
    with Simulator("--user", "plain", "--mfa", "dev-admin", "--seed", "tests") as running:
        yield running


@pytest.fixture
def simulator(process: Simulator) -> Simulator:
    """The simulator at its start."""
    process.reset()
    return process


def test_it_has_an_endpoint_and_users(simulator: Simulator) -> None:
    """With `environ` an AWS client is one of the users, and reads no file of ``~/.aws``."""
    assert simulator.account == "123456789012"
    assert [*simulator.users] == ["plain", "dev-admin"]
    arn = Client(simulator.endpoint).identity(simulator.users["plain"])
    assert arn == "arn:aws:iam::123456789012:user/plain"
    environ = simulator.environ("plain")
    assert environ["AWS_ENDPOINT_URL"] == simulator.endpoint
    assert environ["AWS_ENDPOINT_URL_STS"] == simulator.endpoint  # simulator-gaps S3: for Go
    assert environ["AWS_ACCESS_KEY_ID"] == simulator.users["plain"]["access_key_id"]
    assert environ["AWS_CONFIG_FILE"] == environ["AWS_SHARED_CREDENTIALS_FILE"] == os.devnull
    os.kill(simulator.pid, 0)


def test_time_and_codes(simulator: Simulator) -> None:
    """The device shows the code of the simulated time, and a code is valid once."""
    client = Client(simulator.endpoint)
    device = simulator.users["dev-admin"]["mfa_arn"]
    before = simulator.now()
    for _ in range(2):
        simulator.advance("30s")
        assert client.session(SerialNumber=device, TokenCode=simulator.code())
    assert timedelta(seconds=60) <= simulator.now() - before < timedelta(seconds=60) + SOON
    simulator.skew("20m")
    assert client.identity(simulator.users["plain"]) == "SignatureDoesNotMatch"


def test_faults_and_calls(simulator: Simulator) -> None:
    """A fault is added with its fields, and removed; the calls are recorded."""
    client = Client(simulator.endpoint)
    simulator.fault("GetCallerIdentity", "Throttling", times=0)
    simulator.fault("*", latency="1ms")
    assert client.identity(simulator.users["plain"]) == "Throttling"
    simulator.clear_faults()
    assert client.identity(simulator.users["plain"]).endswith("plain")
    assert [call["code"] for call in simulator.calls()] == ["Throttling", None]


def test_a_rotation_is_in_users_until_the_reset(simulator: Simulator) -> None:
    """`users` has the new key beside the device; a reset restores the old key."""
    old = dict(simulator.users["dev-admin"])
    made = simulator.rotate()
    assert simulator.users["dev-admin"] == old | made
    simulator.reset()
    assert simulator.users["dev-admin"] == old


def test_another_world(simulator: Simulator) -> None:
    """`account` is the table's, and `users` is empty."""
    simulator.world({"id": "210987654321", "keys": {"a": {"user": "bob"}}})
    assert (simulator.account, simulator.users) == ("210987654321", {})
    assert simulator.rotate("bob")["access_key_id"] == simulator.users["bob"]["access_key_id"]


def test_what_the_control_interface_refuses(simulator: Simulator) -> None:
    """A refused request raises HTTPError."""
    with pytest.raises(HTTPError, match="400"):
        simulator.advance("soon")


def test_the_process_ends_with_the_block() -> None:
    """After the block nothing listens at the endpoint."""
    with Simulator() as ended:
        assert [*ended.users] == ["dev-admin"]
    with pytest.raises(URLError):
        ended.now()
