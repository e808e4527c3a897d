"""The simulator's client: a process, and the control interface as methods."""

from __future__ import annotations

import base64
import json
import os
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.error import HTTPError, URLError

import pytest
from botocore import UNSIGNED
from botocore.exceptions import ClientError

from sts_simulator.client import Simulator
from tests.support.aws_client import Client
from tests.support.saml import trusting

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


def test_a_login_by_saml(simulator: Simulator) -> None:
    """The example of docs/simulator.md: a response that is good, and one that is too old."""
    provider = "arn:aws:iam::123456789012:saml-provider/company"
    role = "arn:aws:iam::123456789012:role/staff"
    trust = trusting(
        "sts:TagSession", StringEquals={"SAML:aud": "https://signin.aws.amazon.com/saml"}
    )
    simulator.world(
        {"saml_providers": {"company": simulator.saml_metadata()}, "roles": {"staff": trust}}
    )
    sts = Client(simulator.endpoint).aws("sts", signature_version=UNSIGNED)
    for asked in ({"tags": {"team": "blue"}}, {"issued": "-6m"}):
        response = simulator.saml_response(role, provider, **asked)
        try:
            sts.assume_role_with_saml(RoleArn=role, PrincipalArn=provider, SAMLAssertion=response)
        except sts.exceptions.ExpiredTokenException:
            assert asked == {"issued": "-6m"}
    assert [call["code"] for call in simulator.calls()] == [None, "ExpiredTokenException"]


def test_another_world(simulator: Simulator) -> None:
    """`account` and `users` are the table's; a user that is not there is named."""
    device = {"arn": "GAHT12345678", "codes": ["123456"], "user": "bob"}
    simulator.world({"id": "210987654321", "keys": {"a": {"user": "bob"}}, "mfa": device})
    assert (simulator.account, [*simulator.users]) == ("210987654321", ["bob"])
    client = Client(simulator.endpoint)
    assert client.identity(dict(simulator.users["bob"])) == "arn:aws:iam::210987654321:user/bob"
    assert simulator.users["bob"]["mfa_arn"] == "GAHT12345678"
    with pytest.raises(LookupError, match="no device with a secret"):
        simulator.code("bob")
    with pytest.raises(LookupError, match="no user dev-admin; there are: bob"):
        simulator.environ()
    assert simulator.rotate("bob")["access_key_id"] == simulator.users["bob"]["access_key_id"]


def test_another_account() -> None:
    """Its users are on the ready line; every method that names a user takes the account."""
    other = "210987654321"
    with Simulator("--mfa", f"{other}/ann") as simulator:
        assert [*simulator.users] == ["dev-admin"]
        assert [*simulator.accounts[other]] == ["ann"]
        client = Client(simulator.endpoint)
        old = dict(simulator.users_in(other)["ann"])
        ann = f"arn:aws:iam::{other}:user/ann"
        assert client.identity(old) == ann
        device = {"SerialNumber": old["mfa_arn"], "TokenCode": simulator.code("ann", other)}
        assert client.session(old, **device)
        made = simulator.rotate("ann", other)
        assert simulator.environ("ann", other)["AWS_ACCESS_KEY_ID"] == made["access_key_id"]
        assert client.identity(dict(made)) == ann
        simulator.fault("*", "Throttling", account=other, request_id="one")
        assert client.identity(dict(simulator.users["dev-admin"])).endswith("dev-admin")
        with pytest.raises(ClientError) as refused:
            client.aws("sts", dict(made)).get_caller_identity()
        assert refused.value.response["ResponseMetadata"]["RequestId"] == "one"
        assert simulator.calls()[-1]["account"] == other
        simulator.reset()
        assert simulator.users_in(other)["ann"] == old
        simulator.world({"accounts": {other: {"keys": {"k": {"user": "bob"}}}}})
        assert [*simulator.accounts[other]] == ["bob"]
        assert simulator.rotate("bob", other) == simulator.users_in(other)["bob"]


def test_a_mistyped_fault(simulator: Simulator) -> None:
    """A code that is nearly a known one is added, since it may be a code, and warned of."""
    with pytest.warns(UserWarning, match="Throtling is not known; the nearest is Throttling"):
        simulator.fault("*", "Throtling")
    with pytest.raises(HTTPError, match="no user dev-amin; the nearest is dev-admin"):
        simulator.fault("*", "Throttling", user="dev-amin")


def test_what_the_control_interface_refuses(simulator: Simulator) -> None:
    """A refused request raises HTTPError, which says why and has the answer."""
    with pytest.raises(HTTPError, match=r"400: clock\.advance") as refused:
        simulator.advance("soon")
    assert "length of time" in json.load(refused.value)["error"]


def test_the_process_ends_with_the_block() -> None:
    """After the block nothing listens at the endpoint."""
    with Simulator() as ended:
        assert [*ended.users] == ["dev-admin"]
    with pytest.raises(URLError):
        ended.now()


def test_tokens(simulator: Simulator) -> None:
    """A token is the issuer's that is asked for, and a wrong wish is an error."""
    token = simulator.oidc_token("somebody", issuer="https://a.example", audience="app")
    head, body, _ = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    assert json.loads(base64.urlsafe_b64decode(head + "=="))["alg"] == "RS256"
    assert (claims["iss"], claims["aud"]) == ("https://a.example", "app")
    with pytest.raises(HTTPError):
        simulator.oidc_token("somebody", algorithm="none")
