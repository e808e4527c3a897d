"""An identity provider for tests, from end to end: its metadata in IAM, its responses in STS.

By the control interface, with boto3 and with the AWS CLI, neither of which signs the call.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from botocore import UNSIGNED
from botocore.exceptions import ClientError

from sts_simulator.account.saml import safe_xml
from sts_simulator.server import saml_identity_provider
from tests.support.aws_client import Client, fresh_client
from tests.support.saml import PROVIDER, ROLE, trusting

NOW = datetime(2024, 12, 22, 16, 58, tzinfo=UTC)
OPERATION = "AssumeRoleWithSAML"


@pytest.fixture
def client() -> Client:
    """A client of a reset server, whose IAM has the provider and a role for it."""
    client = fresh_client()
    iam = client.aws("iam")
    metadata = client.control("GET", "saml/metadata")["metadata"]
    made = iam.create_saml_provider(Name="company", SAMLMetadataDocument=metadata)
    assert made["SAMLProviderArn"] == PROVIDER
    for name, role in {"plain": trusting(), "tagged": trusting("sts:TagSession")}.items():
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(role["trust"]))
    return client


def response(client: Client, role: str = "plain", **asked: object) -> str:
    """Return a response that the server's identity provider makes."""
    asked = {"role": ROLE + role, "provider": PROVIDER, **asked}
    made: str = client.control("POST", "saml/response", asked)["saml_response"]
    return made


def assume(client: Client, encoded: str, role: str = "plain", **more: object) -> Any:  # noqa: ANN401 - boto3 is not typed
    """Call STS as a SAML tool does, without keys."""
    sts = client.aws("sts", signature_version=UNSIGNED)
    return sts.assume_role_with_saml(
        RoleArn=ROLE + role, PrincipalArn=PROVIDER, SAMLAssertion=encoded, **more
    )


def test_boto3_signs_in(client: Client) -> None:
    """The credentials are the role's; the answer has every element of the service model."""
    answer = assume(client, response(client, "tagged", tags={"team": "blue"}), "tagged")
    assert client.identity(answer["Credentials"]) == answer["AssumedRoleUser"]["Arn"]
    assert answer["AssumedRoleUser"]["Arn"].endswith(":assumed-role/tagged/alice")
    assert answer["Issuer"] == client.control("GET", "saml/metadata")["entity_id"]
    assert (answer["Subject"], answer["SubjectType"]) == ("alice", "persistent")
    assert answer["Audience"] == "https://signin.aws.amazon.com/saml"
    assert answer["NameQualifier"]
    assert answer["PackedPolicySize"]
    assert "SourceIdentity" not in answer


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"signature": "changed"}, "InvalidIdentityToken"),
        ({"issued": "-6m"}, "ExpiredTokenException"),
        ({"status": "AuthnFailed"}, "IDPRejectedClaim"),
        ({"tags": {"a": "1"}}, "AccessDenied"),
    ],
)
def test_boto3_is_refused(client: Client, asked: dict[str, Any], code: str) -> None:
    """The error is the operation's own; the record has the reason and no assertion."""
    encoded = response(client, **asked)
    with pytest.raises(ClientError) as refused:
        assume(client, encoded)
    assert refused.value.response["Error"]["Code"] == code
    call = client.control("GET", "calls")[-1]
    assert (call["operation"], call["code"], call["access_key_id"]) == (OPERATION, code, None)
    assert call["reason"]
    assert encoded not in json.dumps(call)
    assert client.control("GET", "refusal")["reason"] == call["reason"]


def test_the_clock_is_the_simulated_one(client: Client) -> None:
    """A response is of the simulated time, and is too old when that has moved."""
    client.control("POST", "clock", {"advance": "36h"})
    good = response(client)
    assert assume(client, good)["Credentials"]
    client.control("POST", "clock", {"advance": "5m1s"})
    with pytest.raises(ClientError, match="Token must be redeemed within 5 minutes"):
        assume(client, good)


def test_a_fault(client: Client) -> None:
    """A fault is on this operation as on any other, before the response is looked at."""
    client.control("POST", "faults", [{"on": OPERATION, "answer": "IDPRejectedClaim"}])
    with pytest.raises(ClientError, match="IDPRejectedClaim"):
        assume(client, "base64SAML")
    with pytest.raises(ClientError, match="Invalid base64"):
        assume(client, "base64SAML")


def test_the_aws_cli_signs_in(client: Client, tmp_path: Path) -> None:
    """AWS CLI 1, without any credentials, as saml2aws's users call it; the error is shown."""
    for asked, status in (({}, 0), ({"signature": "wrong key"}, 255)):
        (tmp_path / "response").write_text(response(client, **asked))
        ran = subprocess.run(  # noqa: S603 - our own
            [
                str(Path(sys.executable).with_name("aws")),
                *("sts", "assume-role-with-saml", "--output", "json"),
                *("--role-arn", ROLE + "plain", "--principal-arn", PROVIDER),
                *("--saml-assertion", f"file://{tmp_path}/response"),
            ],
            env={
                "PATH": os.environ["PATH"],
                "AWS_ENDPOINT_URL": client.endpoint,
                "AWS_REGION": "us-east-1",
                "AWS_CONFIG_FILE": os.devnull,
                "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
                "AWS_EC2_METADATA_DISABLED": "true",
                "NO_PROXY": "127.0.0.1",
            },
            capture_output=True,
            text=True,
            check=False,
            start_new_session=True,
        )
        assert ran.returncode == status, ran.stderr
        if status == 0:
            who = json.loads(ran.stdout)
            assert client.identity(who["Credentials"]) == who["AssumedRoleUser"]["Arn"]
        else:
            assert "(InvalidIdentityToken)" in ran.stderr
            assert "Response signature invalid" in ran.stderr


@pytest.mark.parametrize(
    "body",
    [None, [], {"role": 1}, {"signature": "good"}, {"issued": "soon"}, {"shoe_size": "39"}],
)
def test_requests_that_are_refused(client: Client, body: object) -> None:
    """The body has a schema; what it does not have is 400, with a reason."""
    assert client.control("POST", "saml/response", body) == 400


def test_without_the_libraries(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control interface says which extra is missing, as STS does; metadata needs none of it."""
    good = response(client)
    monkeypatch.setitem(sys.modules, "signxml", None)
    for module in ("algorithms", "signer", "verifier"):
        monkeypatch.setitem(sys.modules, f"signxml.{module}", None)
    status, said = client.request("POST", "/_sim/saml/response", "{}")
    assert (status, b"sts-simulator[saml]" in said) == (501, True)
    with pytest.raises(ClientError) as refused:
        assume(client, good)
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501
    assert client.control("GET", "saml/metadata")["metadata"]


def test_what_a_response_says() -> None:
    """The fields of the body are where SAML has them; special characters are escaped."""
    asked = {
        "roles": ["a,b", "<&>"],
        "subject": "<bob>",
        "subject_format": "urn:x:format",
        "issuer": "urn:i&i",
        "recipient": 'https://"r"',
        "session_ends": "1h",
        "session_duration": 900,
        "signature": "none",
        "transitive_tags": ["t"],
    }
    made = saml_identity_provider.response(asked, NOW)
    text = base64.b64decode(made).decode()
    assert safe_xml.parse(text.encode()).tag == f"{safe_xml.PROTOCOL}Response"
    for written in (
        "<saml:AttributeValue>&lt;&amp;&gt;</saml:AttributeValue>",
        '<saml:NameID Format="urn:x:format">&lt;bob&gt;</saml:NameID>',
        "<saml:Issuer>urn:i&amp;i</saml:Issuer>",
        "Recipient='https://\"r\"'",
        f'SessionNotOnOrAfter="{NOW + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}"',
        "<saml:AttributeValue>900</saml:AttributeValue>",
    ):
        assert written in text
    assert "ds:Signature" not in text


def test_threads_that_come_first_get_the_same_certificate(monkeypatch: pytest.MonkeyPatch) -> None:
    """The metadata that one of them reads is that of the key which signs later responses."""
    anew = cache(saml_identity_provider._made.__wrapped__)  # noqa: SLF001 - as in a new process
    monkeypatch.setattr(saml_identity_provider, "_made", anew)
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda _: saml_identity_provider.metadata(), range(4)))
    assert len(set(found)) == 1
