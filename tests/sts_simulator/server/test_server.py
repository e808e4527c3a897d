"""The simulator over HTTP as AWS clients see it (docs/contract.md)."""

from __future__ import annotations

import socket
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from urllib.error import HTTPError

import pyotp
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError, ReadTimeoutError

from sts_simulator.server.server import Listen, Server, is_for_sts
from sts_simulator.server.simulation import Simulation
from sts_simulator.wire.http import FORM, HttpRequest
from tests.support.aws_client import STARTING_WORLD, USERS, Client


def code_of_now(seed: str = USERS["dev-admin"]["totp_secret"]) -> str:
    """Return the code that a device with this seed shows now."""
    return str(pyotp.TOTP(seed).now())


def test_login_as_any_client_does_it(client: Client) -> None:
    """Keys and sessions have their user's identity, and an MFA code is valid once."""
    arn = "arn:aws:iam::123456789012:user/"
    assert client.identity() == arn + "dev-admin"
    assert client.identity(USERS["plain"]) == arn + "plain"
    mfa = {"SerialNumber": USERS["dev-admin"]["mfa_arn"], "TokenCode": code_of_now()}
    assert client.identity(client.session(**mfa)) == arn + "dev-admin"
    with pytest.raises(ClientError, match="invalid MFA one time pass code"):
        client.session(**mfa)


def _scoped(service: str) -> dict[str, str]:
    credential = f"AKIAXXXXXXXXXXXXXXXX/20241222/us-east-1/{service}/aws4_request"
    header = f"AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=host, Signature=0"
    return {"authorization": header, "x-amz-date": "20241222T235800Z"}


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (HttpRequest("POST", "/", _scoped("sts")), True),
        (HttpRequest("GET", "/anywhere", _scoped("sts")), True),
        (HttpRequest("GET", "/?Version=2011-06-15", _scoped("iam")), True),
        (HttpRequest("POST", "/", {"content-type": FORM}), True),
        (HttpRequest("POST", "/", _scoped("iam") | {"content-type": FORM}), False),
        (HttpRequest("POST", "/key", {"content-type": FORM}), False),
        (HttpRequest("GET", "/", {}), True),
        (HttpRequest("GET", "/", _scoped("s3")), False),
        (HttpRequest("GET", "/?list-type=2", {}), False),
    ],
)
def test_what_is_for_sts(request_: HttpRequest, *, expected: bool) -> None:
    """STS answers its scope, its Version, and an unsigned form at /; moto answers the rest."""
    assert is_for_sts(request_) is expected


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_browser_is_redirected(client: Client, method: str) -> None:
    """H6: an unsigned GET of / gets STS's 302."""
    assert client.request(method, "/") == (302, b"")


@pytest.mark.parametrize(
    ("target", "headers", "status", "body"),
    [
        ("/", {"Content-Type": "application/x-www-form-urlencoded"}, 302, b""),
        ("/?Version=2011-06-15&Action=GetCallerIdentity", {}, 302, b""),
        ("/x?Version=2011-06-15", {}, 404, b"<UnknownOperationException/>\n"),
    ],
)
def test_what_is_answered_by_sts_without_a_signature(
    client: Client, target: str, headers: dict[str, str], status: int, body: bytes
) -> None:
    """STS answers a form at /, and any request with its Version."""
    assert client.request("POST", target, "", headers) == (status, body)


def test_a_timeout_holds_the_connection(client: Client) -> None:
    """No answer comes until the client gives up, and the server goes on serving."""
    client.control("POST", "faults", {"on": "*", "answer": "timeout"})
    with pytest.raises(ReadTimeoutError):
        client.aws("sts", read_timeout=0.1).get_caller_identity()
    assert client.identity().endswith("dev-admin")


def test_faults_count_exactly_over_many_connections(client: Client) -> None:
    """Of 40 concurrent calls exactly 13, after the first 10, are throttled."""
    fault = {"on": "*", "answer": "Throttling", "after": 10, "times": 13}
    client.control("POST", "faults", [fault])
    sts = client.aws("sts", max_pool_connections=8)

    def call(_: int) -> bool:
        try:
            return bool(sts.get_caller_identity()) and False
        except ClientError:
            return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(call, range(40))) == 13
    codes = [call["code"] for call in client.control("GET", "calls")]
    assert codes == [None] * 10 + ["Throttling"] * 13 + [None] * 17


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "", "localhost.evil:80"]
)
def test_control_is_for_this_machine_alone(client: Client, host: str) -> None:
    """A Host that is not loopback gets 403 and changes nothing, on moto's paths too."""
    assert client.control("POST", "rotate", {"user": "dev-admin"}, Host=host) == 403
    assert client.request("POST", "/moto-api/reset", headers={"Host": host})[0] == 403
    assert client.identity().endswith("dev-admin")


def test_an_answer_that_is_cut(client: Client) -> None:
    """S10: half of what Content-Length promises, then the end; STS has done its work."""
    client.control("POST", "faults", [{"on": "*", "answer": "cut"}])
    said = client.raw(b"GET /?Action=Nope&Version=2011-06-15 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    assert b"InvalidAction" in said  # no fault is for what is no operation
    request = b"GET /?Action=GetCallerIdentity&Version=2011-06-15 HTTP/1.1\r\nHost: x\r\n\r\n"
    with socket.create_connection(client.address, timeout=10) as connection:
        connection.sendall(request)
        said = b"".join(iter(lambda: connection.recv(65536), b""))  # until the server closes
    head, _, half = said.partition(b"\r\n\r\n")
    length = int(head.partition(b"Content-Length: ")[2].split()[0])
    assert length - len(half) in (len(half), len(half) + 1)


def test_verbose_tells_why(capfd: pytest.CaptureFixture[str]) -> None:
    """With --verbose each refusal's reason follows its request on stderr, for every service.

    What a client sent in it cannot forge a line or move the terminal's cursor.
    """
    with Server(Simulation(STARTING_WORLD), verbose=True) as server:
        client = Client(server.endpoint)
        unknown = USERS["plain"] | {"access_key_id": "AKIANOBODYNOBODYNOBO"}
        client.identity(unknown)
        with pytest.raises(ClientError):
            client.aws("iam", unknown).list_users()
        client.identity()
        client.request("GET", "/?Action=Get%1B[31m%0AX&Version=2011-06-15")
    forged = "Get\ufffd[31m\ufffdX"
    why = "InvalidClientTokenId: there is no key and no session AKIANOBODYNOBODYNOBO"
    assert capfd.readouterr().err.splitlines() == [
        "POST / 403",
        f"  GetCallerIdentity {why}",
        "POST / 403",
        f"  ListUsers {why}",
        "POST / 200",
        "GET / 400",
        f"  {forged} InvalidAction: Could not find operation {forged} for version 2011-06-15",
    ]


@pytest.mark.parametrize(
    ("host", "region", "expected"),
    [
        ("sts.us-west-2.localhost", "us-west-2", None),
        ("sts.us-west-2.localhost", "us-east-1", "SignatureDoesNotMatch"),
        ("sts.localhost", "us-east-1", None),
        ("sts.localhost", "us-west-2", "SignatureDoesNotMatch"),
        ("sts.nowhere-1.localhost", "nowhere-1", "SignatureDoesNotMatch"),
        ("sts.us-west-2.api.aws", "us-west-2", None),
        ("sts.us-west-2.api.aws", "us-east-1", "SignatureDoesNotMatch"),
        ("127.0.0.1", "us-west-2", None),
    ],
)
def test_an_endpoint_takes_the_signatures_of_its_region(
    client: Client, host: str, region: str, expected: str | None
) -> None:
    """F24: the Host names a regional or the global endpoint; another takes any valid region."""
    assert client.request("POST", "/", *signed(host, region))[0] == (403 if expected else 200)
    assert client.control("GET", "calls")[-1]["code"] == expected


def signed(host: str, region: str) -> tuple[str, dict[str, str]]:
    """Return body and headers of a GetCallerIdentity that dev-admin signs for this Host."""
    body = "Action=GetCallerIdentity&Version=2011-06-15"
    asked = AWSRequest("POST", f"http://{host}/", {"Content-Type": FORM, "Host": host}, body)
    keys = Credentials(USERS["dev-admin"]["access_key_id"], USERS["dev-admin"]["secret_access_key"])
    SigV4Auth(keys, "sts", region).add_auth(asked)
    return body, dict(asked.headers.items())


@pytest.mark.parametrize("host", ["sts.amazonaws.com", "sts.eu-west-1.amazonaws.com"])
def test_as_a_proxy_it_is_aws(client: Client, host: str) -> None:
    """A request in absolute form, as a client sends it to its http_proxy, is answered as AWS."""
    region = "us-east-1" if host == "sts.amazonaws.com" else "eu-west-1"
    body, headers = signed(host, region)
    assert client.request("POST", f"http://{host}/", body, headers)[0] == 200
    assert client.request("GET", "http://example.com/")[0] == 403
    assert client.request("POST", f"http://{host}/_sim/reset")[0] == 403
    assert client.request("GET", f"http://{host}")[0] == 302


def test_the_endpoint_of_sts_is_never_anothers(client: Client) -> None:
    """By its Host, STS answers what would be another service's: 404 for another path."""
    assert client.request("GET", "/nowhere", headers={"Host": "sts.localhost"})[0] == 404


def test_ipv6() -> None:
    """On ::1 the endpoint is a URL with brackets, and the control interface is loopback's."""
    try:
        server = Server(Simulation(STARTING_WORLD), Listen("::1"))
    except OSError as trouble:
        pytest.skip(f"no IPv6 here: {trouble}")
    with server:
        assert server.endpoint.startswith("http://[::1]:")
        assert server.access.token is None
        assert answered(server.endpoint + "/_sim/calls") == 200


def test_beyond_loopback() -> None:
    """On every interface the control interface wants the token, from this machine too."""
    with Server(Simulation(STARTING_WORLD), Listen("0.0.0.0")) as server:  # noqa: S104 - that is tried
        assert server.endpoint.startswith("http://127.0.0.1:")
        assert Client(server.endpoint).identity().endswith("dev-admin")
        for path in ("/_sim/calls", "/moto-api/data.json"):
            assert answered(server.endpoint + path) == 403
            assert answered(server.endpoint + path, f"Bearer {server.access.token}") == 200


def test_requests_wait_until_there_is_a_simulation() -> None:
    """A connection is accepted before `open`, and answered after it."""
    with Server() as server, ThreadPoolExecutor(1) as pool:
        answer = pool.submit(answered, server.endpoint + "/_sim/calls")
        assert not answer.done()
        server.open(Simulation(STARTING_WORLD))
        assert answer.result(10) == 200


def answered(url: str, authorization: str = "") -> int:
    """Return the status of a GET without a proxy."""
    request = urllib.request.Request(url, headers={"Authorization": authorization})  # noqa: S310 - http
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(request, timeout=10) as answer:
            return int(answer.status)
    except HTTPError as refused:
        refused.close()
        return refused.code
