"""In front of a server that is already there: here another simulator plays it."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from sts_simulator.server.server import Server
from sts_simulator.server.simulation import Simulation
from sts_simulator.server.upstream import Upstream
from sts_simulator.wire.http import HttpRequest
from tests.support.aws_client import STARTING_WORLD, USERS, Client
from tests.support.recording_server import recording_server


def test_other_services_are_the_upstreams() -> None:
    """S3 and its errors come from upstream, after the signature is checked; STS and IAM do not."""
    with (
        recording_server(b"<ListAllMyBucketsResult/>") as (url, seen),
        Server(Simulation(STARTING_WORLD), upstream=Upstream(url)) as server,
    ):
        client = Client(server.endpoint)
        assert client.identity().endswith("dev-admin")
        assert client.aws("iam").get_user()["User"]["UserName"] == "dev-admin"
        assert seen == []
        client.aws("s3").list_buckets()
        assert [(method, path) for method, path, _ in seen] == [("GET", "/")]
        unknown = USERS["plain"] | {"access_key_id": "AKIANOBODYNOBODYNOBO"}
        with pytest.raises(ClientError, match="InvalidAccessKeyId"):
            client.aws("s3", unknown).list_buckets()
        assert len(seen) == 1


def test_no_answer() -> None:
    """An upstream that is not there is a 502, without its address in words of the system."""
    answer = Upstream("http://127.0.0.1:1").answer(HttpRequest("GET", "/", {}), "")
    assert answer.status == 502


@pytest.mark.parametrize("url", ["", "localhost:5000", "ftp://x", "http://x/path", "http://"])
def test_what_is_no_url_of_a_server(url: str) -> None:
    """Such a URL is refused at the start."""
    with pytest.raises(ValueError, match="--upstream"):
        Upstream(url)
