"""``sts-simulator explain``: the last refusal, with the string to sign beside the client's."""

from __future__ import annotations

import io
import json
import logging
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

from sts_simulator.play.explain import beside, explain, signed_by_client
from sts_simulator.server.server import Listen, Server
from sts_simulator.server.simulation import Simulation
from tests.support.aws_client import STARTING_WORLD, USERS, Client

if TYPE_CHECKING:
    from pathlib import Path


def explained(client: Client, log: Path | None = None) -> str:
    """Return what the command prints."""
    out = io.StringIO()
    assert explain(client.endpoint, str(log) if log else None, out) == 0
    return out.getvalue()


def test_nothing_was_refused(client: Client) -> None:
    """It says so, and a successful call changes nothing."""
    client.identity()
    assert explained(client) == "No request was refused.\n"


def test_a_refusal_has_its_reason(client: Client) -> None:
    """Who, what, the answer and the reason that AWS withholds; without texts of a signature."""
    mfa = {"SerialNumber": USERS["dev-admin"]["mfa_arn"], "TokenCode": "000000"}
    with pytest.raises(ClientError):
        client.session(**mfa)
    said = explained(client)
    assert f"sts GetSessionToken by {USERS['dev-admin']['access_key_id']}\n" in said
    assert "  403 AccessDenied: MultiFactorAuthentication failed" in said
    assert "  Why: the device does not show this code" in said
    assert "  Account: 123456789012\n" in said
    assert "000000" not in said
    assert "String to sign" not in said


def test_another_service_too(client: Client) -> None:
    """A refusal of IAM's is explained like one of STS's."""
    with pytest.raises(ClientError):
        client.aws("iam", client.session()).list_users()
    said = explained(client)
    assert "iam ListUsers by ASIA" in said
    assert "Why: IAM takes no session of GetSessionToken that was made without MFA" in said


def test_what_the_client_of_another_service_got(client: Client) -> None:
    """S3 and EC2 have codes of their own; the reason is the same, and so are the texts."""
    client.control("POST", "clock", {"skew": "20m"})
    with pytest.raises(ClientError):
        client.aws("s3").list_buckets()
    said = explained(client)
    assert "  403 RequestTimeTooSkewed: The difference between the request time and" in said
    assert "  Why: the request was signed 0:20:00 off the server's time" in said
    client.control("POST", "clock", {"skew": "0s"})
    for key, texts in (("secret_access_key", True), ("access_key_id", False)):
        with pytest.raises(ClientError):
            client.aws("ec2", USERS["plain"] | {key: "AKIANOBODYNOBODYNOBO"}).describe_regions()
        said = explained(client)
        assert "  401 AuthFailure: AWS was not able to validate" in said
        assert ("String to sign, as the simulator has it:" in said) is texts


def test_a_wrong_signature_beside_the_clients(
    client: Client, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Botocore's own log gives the client's texts; equal ones mean that the secret is wrong."""
    session = client.session()
    wrong = session | {"SecretAccessKey": "wrong"}
    with caplog.at_level(logging.DEBUG, "botocore.auth"), pytest.raises(ClientError):
        client.aws("sts", wrong).get_caller_identity()
    log = tmp_path / "log"
    lines = [f"DEBUG {record.getMessage()}" for record in caplog.records]
    log.write_text("\n".join(lines), encoding="utf-8")
    said = explained(client, log)
    assert "Why: signature: another secret or another request\n" in said
    assert "Canonical request: the simulator" in said
    assert "Both signed the same text, so the client has another secret access key." in said
    assert "x-amz-security-token:***" in said
    assert session["SessionToken"] not in said
    assert said.count("AWS4-HMAC-SHA256") == 2
    shown = said.partition("String to sign")[2]
    assert "≠" not in shown
    log.write_text("nothing of the kind\n", encoding="utf-8")
    assert "log has no canonical request and no string to sign." in explained(client, log)
    without = explained(client)
    assert "Both signed" not in without
    assert "String to sign, as the simulator has it:" in without


def test_with_tls(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """AWS_CA_BUNDLE is trusted, as AWS clients do; without it, or with no file there, exit 1."""
    monkeypatch.delenv("AWS_CA_BUNDLE", raising=False)
    listen = Listen(certificate=tmp_path / "ca.pem")
    with Server(Simulation(STARTING_WORLD), listen) as server:
        assert explain(server.endpoint, None) == 1
        monkeypatch.setenv("AWS_CA_BUNDLE", str(listen.certificate))
        assert explain(server.endpoint, None) == 0
        monkeypatch.setenv("AWS_CA_BUNDLE", "/nowhere/ca.pem")
        assert explain(server.endpoint, None) == 1
    said = capsys.readouterr()
    assert said.out == "No request was refused.\n"
    assert "cannot read /nowhere/ca.pem: No such file or directory" in said.err


def test_differences_are_marked() -> None:
    """A line that differs has a mark, and a longer text ends beside nothing."""
    rows = beside("T", "a\nb", "a\nc\nd")
    assert [row.split() for row in rows[1:]] == [["a", "a"], ["b", "≠", "c"], ["≠", "d"]]


def test_a_clients_log() -> None:
    """The last pair of texts counts; Go's form with dashes is read as well."""
    canonical = "POST\n/\n\nhost:x\n\nhost\n" + "0" * 64
    to_sign = "AWS4-HMAC-SHA256\n20241222T235800Z\n20241222/us-east-1/sts/aws4_request\n" + "1" * 64
    log = (
        f"---[ CANONICAL STRING  ]-----\n{canonical}\n---[ STRING TO SIGN ]-----\n{to_sign}\n---\n"
    )
    assert signed_by_client(log) == {"canonical_request": canonical, "string_to_sign": to_sign}
    assert set(signed_by_client("nothing\n").values()) == {""}
    leaking = log.replace("host:x", "x-amz-security-token:SECRET")
    assert "SECRET" not in str(signed_by_client(leaking))


@pytest.mark.parametrize(
    "name",
    ["X-Amz-Security-Token", "TokenCode", "TradeInToken", "WebIdentityToken", "SAMLAssertion"],
)
def test_a_secret_of_a_signed_url(name: str) -> None:
    """What the simulator hides is hidden in the client's text too, so that the lines agree."""
    canonical = f"GET\n/\n{name}=SECRET&Version=1\nhost:x\n\nhost\n" + "0" * 64
    said = signed_by_client(f"CanonicalRequest:\n{canonical}\n")["canonical_request"]
    assert said == canonical.replace("SECRET", "***")


def test_the_shells_simulator(
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    """In the simulator's shell its file names the endpoint."""
    for name in ("AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    file = tmp_path / "file"
    file.write_text(f'{{"endpoint": "{client.endpoint}"}}', encoding="utf-8")
    monkeypatch.setenv("STS_SIMULATOR_FILE", str(file))
    assert explain(None, None) == 0
    assert capsys.readouterr().out == "No request was refused.\n"


def test_the_token_beyond_loopback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """It comes from serve's ready file, or from a variable, and is never shown."""
    ready_file, wrong = tmp_path / "ready.json", tmp_path / "wrong.json"
    wrong.write_text("{}", encoding="utf-8")
    with Server(Simulation(STARTING_WORLD), Listen("0.0.0.0")) as server:  # noqa: S104 - that is tried
        token = str(server.access.token)
        ready = {"endpoint": server.endpoint, "account": "", "users": {}, "control_token": token}
        ready_file.write_text(json.dumps(ready), encoding="utf-8")
        assert explain(server.endpoint, None) == 1
        assert explain(None, None, ready_file=ready_file) == 0
        assert explain(server.endpoint, None, ready_file=ready_file) == 0
        monkeypatch.setenv("STS_SIMULATOR_CONTROL_TOKEN", token)
        assert explain(server.endpoint, None) == 0
        monkeypatch.setenv("STS_SIMULATOR_CONTROL_TOKEN", "wrong")
        assert explain(server.endpoint, None) == 1
        for file in (wrong, tmp_path / "missing.json"):
            assert explain(None, None, ready_file=file) == 1
    said = capsys.readouterr()
    assert said.out == "No request was refused.\n" * 3
    asks = "answers 403: give --ready-file, or set STS_SIMULATOR_CONTROL_TOKEN"
    assert [asks in line for line in said.err.splitlines()] == [True, True, False, False]
    assert "it is no ready line of serve" in said.err
    assert token not in said.out + said.err


def test_no_simulator(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Without an endpoint, with one where nothing listens, and with no log: one line, exit 1."""
    for name in ("AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL", "STS_SIMULATOR_FILE"):
        monkeypatch.delenv(name, raising=False)
    assert explain(None, None) == 1
    assert explain("http://127.0.0.1:9", None) == 1
    assert explain("http://127.0.0.1:9", "/nowhere/log") == 1
    said = capsys.readouterr().err
    assert said.splitlines()[0].startswith("no simulator: give --endpoint")
    assert said.splitlines()[1].startswith("no simulator at http://127.0.0.1:9")
    assert said.splitlines()[2] == "cannot read /nowhere/log: No such file or directory"
