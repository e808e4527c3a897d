"""The network's faults: each word means at every level what it means on a real machine."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from authkit.adapters.sts import Boto3Sts
from authkit.core.failures import Unreachable
from authkit.core.model import AccessKeys, Secret
from fakes.world import network
from fakes.world.clock import VirtualClock
from fakes.world.network import NetworkFile
from fakes.world.sts import PortSts
from sts_simulator.account.account import Account
from sts_simulator.account.clock import real_time
from sts_simulator.account.faults import Fault, Faults
from tests.support.small_servers import refusing_proxy

if TYPE_CHECKING:
    from pathlib import Path

KEYS = AccessKeys("AKIAXXXXXXXXXXXXXXXX", Secret("a-secret"))
REGION = "us-east-1"


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take this machine's own settings away."""
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)


def trouble(sts: PortSts | Boto3Sts) -> Unreachable:
    """Return what a call of STS ends with."""
    with pytest.raises(Unreachable) as caught:
        sts.get_caller_identity(KEYS)
    return caught.value


def fake(word: str) -> Unreachable:
    """Return what the port in memory makes of a word."""
    clock = VirtualClock(real_time())
    faults = Faults([Fault("*", word)])
    return trouble(PortSts(Account([clock.now]), REGION, clock, faults))


def facts(found: Unreachable) -> tuple[object, ...]:
    """Return all that the core knows of trouble, its reason up to the minute of the clock."""
    return found.code, found.reason.partition(" 20")[0], found.sent


@pytest.mark.parametrize("word", network.WORDS)
def test_the_aws_library_makes_of_a_word_what_the_fake_says(
    word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error is raised where urllib3 connects; botocore and authkit translate it."""
    if word in network.OF_A_PROXY:
        monkeypatch.setenv(network.PROXY, "http://proxy.corp:3128")
    with network.failing_connections(word):
        real = trouble(Boto3Sts(REGION))
    assert facts(real) == facts(fake(word))


@pytest.mark.parametrize("status", [407, 403])
def test_a_real_proxy_is_told_in_the_same_words(
    status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The word is about a tunnel that a proxy refuses."""
    with refusing_proxy(status) as proxy:
        monkeypatch.setenv(network.PROXY, f"http://{proxy.address}")
        assert facts(trouble(Boto3Sts(REGION))) == facts(fake(f"proxy {status}"))


def test_a_real_port_without_a_listener_is_told_in_the_same_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The words differ by the address alone."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:1")
    of_aws = f"https://{network.host(REGION)}/"
    assert trouble(Boto3Sts(REGION)).reason == fake("connection refused").reason.replace(
        of_aws, "http://127.0.0.1:1/"
    )


def test_connections_work_again_afterwards() -> None:
    """What was replaced in urllib3 is put back, after an error too."""
    from urllib3.connection import HTTPConnection  # noqa: PLC0415 - slow to import, for one test
    from urllib3.exceptions import NewConnectionError  # noqa: PLC0415 - the same

    before = HTTPConnection.connect
    with pytest.raises(NewConnectionError), network.failing_connections("no route"):
        HTTPConnection("sts.example").connect()
    assert HTTPConnection.connect is before


def test_a_file_of_faults_is_counted_by_one_process_and_seen_by_another(tmp_path: Path) -> None:
    """What has happened is not in the file any more; a file that is not there has no faults."""
    file = NetworkFile(tmp_path / "network.json")
    assert file.faults == []
    written = {"on": "GetSessionToken", "answer": "no route", "after": 1, "times": 2}
    file.faults = [Fault.parse(written)]
    take = NetworkFile(file.path).taking()
    calls = ["GetSessionToken", "GetCallerIdentity", "GetSessionToken", "GetSessionToken"]
    assert [take(operation) for operation in calls] == ["", "", "no route", "no route"]
    assert file.faults == []
