"""In front of a server that is already there: a recording one, and a real server of moto's."""

from __future__ import annotations

import io
import json
import socket
import subprocess
import sys
import time
import urllib.request
import zipfile
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError

from sts_simulator.server.server import Server
from sts_simulator.server.simulation import Simulation
from sts_simulator.server.upstream import ACCOUNT, Upstream
from sts_simulator.wire.http import HttpRequest
from tests.support.aws_client import (
    FIRST,
    OTHER,
    OURS,
    STARTING_WORLD,
    THEIRS,
    TWO_ACCOUNTS,
    USERS,
    Client,
)
from tests.support.recording_server import recording_server

if TYPE_CHECKING:
    from collections.abc import Iterator

KEYS_OF_MOTO = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
FOR_LAMBDA = {
    "Version": "2012-10-17",
    "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": "lambda.amazonaws.com"},
        "Action": "sts:AssumeRole",
    },
}


def listens(port: int) -> bool:
    """Return whether something listens on this port."""
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def moto() -> Iterator[str]:
    """The URL of moto's own server, in a process of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with subprocess.Popen(  # noqa: S603 - moto's program
        [sys.executable, "-m", "moto.server", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        while not listens(port):
            assert process.poll() is None, "moto's server ended"
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
        process.terminate()


@pytest.fixture(scope="module")
def client(moto: str) -> Iterator[Client]:
    """A client of a simulator with two accounts in front of moto's server."""
    with Server(Simulation(TWO_ACCOUNTS), upstream=Upstream(moto)) as server:
        yield Client(server.endpoint)


def test_objects_of_s3(client: Client, moto: str) -> None:
    """Bodies, parts, ranges, lengths, signed URLs and errors arrive as moto sends them."""
    s3 = client.aws("s3", OURS, signature_version="s3v4")
    s3.create_bucket(Bucket="bucket-1")
    named = {"Bucket": "bucket-1", "Key": "a/é x"}
    s3.put_object(**named, Body=b"hello", ChecksumAlgorithm="SHA256")
    s3.upload_fileobj(io.BytesIO(b"x" * 9_000_000), "bucket-1", "big")
    assert s3.get_object(**named, Range="bytes=1-2")["Body"].read() == b"el"
    assert s3.head_object(Bucket="bucket-1", Key="big")["ContentLength"] == 9_000_000
    assert [found["Key"] for found in s3.list_objects_v2(Bucket="bucket-1")["Contents"]] == [
        "a/é x",
        "big",
    ]
    url = s3.generate_presigned_url("get_object", Params=named)
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(url) as answer:
        assert answer.read() == b"hello"
    with pytest.raises(ClientError, match="NoSuchKey"):
        s3.get_object(Bucket="bucket-1", Key="missing")
    assert client.aws("s3", THEIRS).list_buckets()["Buckets"] == []
    there = boto3.client("s3", "us-east-1", endpoint_url=moto, **KEYS_OF_MOTO)
    assert [bucket["Name"] for bucket in there.list_buckets()["Buckets"]] == ["bucket-1"]


def test_ec2_in_two_accounts(client: Client) -> None:
    """A session of a role is in the role's account there as well; a wrong secret stays here."""
    asked = {"RoleArn": f"arn:aws:iam::{OTHER}:role/deploy", "RoleSessionName": "me"}
    role = client.aws("sts", OURS).assume_role(**asked)["Credentials"]
    client.aws("ec2", OURS).create_key_pair(KeyName="ours")
    client.aws("ec2", role).create_key_pair(KeyName="theirs")
    names = [
        [pair["KeyName"] for pair in client.aws("ec2", who).describe_key_pairs()["KeyPairs"]]
        for who in (client.session(OURS), THEIRS)
    ]
    assert names == [["ours"], ["theirs"]]
    wrong = THEIRS | {"secret_access_key": "wrong"}
    with pytest.raises(ClientError, match="AuthFailure"):
        client.aws("ec2", wrong).describe_key_pairs()


def test_a_role_of_iam_is_found_by_a_service_there(client: Client, moto: str) -> None:
    """What IAM calls change is sent on, and what they only read is not."""
    trust = json.dumps(FOR_LAMBDA)
    made = client.aws("iam", OURS).create_role(RoleName="job", AssumeRolePolicyDocument=trust)
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("job.py", "")
    function = client.aws("lambda", OURS).create_function(
        FunctionName="job",
        Runtime="python3.11",
        Role=made["Role"]["Arn"],
        Handler="job.run",
        Code={"ZipFile": code.getvalue()},
    )
    assert function["FunctionArn"] == f"arn:aws:lambda:us-east-1:{FIRST}:function:job"
    there = boto3.client("iam", "us-east-1", endpoint_url=moto, **KEYS_OF_MOTO)
    assert [role["RoleName"] for role in there.list_roles()["Roles"]] == ["job"]


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
        s3 = client.aws("s3")
        s3.meta.events.register("before-sign.s3", pretend_to_be_another_account)
        s3.list_buckets()
        assert [(method, path) for method, path, _ in seen] == [("GET", "/")]
        assert [text for name, text in seen[0][2].items() if name.lower() == ACCOUNT] == [FIRST]
        unknown = USERS["plain"] | {"access_key_id": "AKIANOBODYNOBODYNOBO"}
        with pytest.raises(ClientError, match="InvalidAccessKeyId"):
            client.aws("s3", unknown).list_buckets()
        assert len(seen) == 1


def pretend_to_be_another_account(request: Any, **_: object) -> None:  # noqa: ANN401 - botocore
    """Send moto's header, as no client of AWS's does."""
    request.headers["X-Moto-Account-Id"] = OTHER


def test_no_answer() -> None:
    """An upstream that is not there is a 502, without its address in words of the system."""
    answer = Upstream("http://127.0.0.1:1").answer(HttpRequest("GET", "/", {}), "", FIRST)
    assert answer.status == 502


@pytest.mark.parametrize("url", ["", "localhost:5000", "ftp://x", "http://x/path", "http://"])
def test_what_is_no_url_of_a_server(url: str) -> None:
    """Such a URL is refused at the start."""
    with pytest.raises(ValueError, match="--upstream"):
        Upstream(url)
