"""Signing in with an OpenID Connect token as Kubernetes and GitHub Actions do, with real clients.

The recipes are those of docs/simulator.md, run as they are printed there.
"""

from __future__ import annotations

import json
import os
import sys
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config

from sts_simulator.client import Simulator
from tests.support.pages import blocks
from tests.support.pty_tools import finished

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.real_clients import RealClient

PAGE = (Path(__file__).parents[2] / "docs" / "simulator.md").read_text(encoding="utf-8")
SECTION = PAGE.partition("## Web identity")[2].partition("\n## ")[0]
RECIPES = blocks(SECTION, "python")
TRUSTING = json.loads(blocks(SECTION, "json")[1])
GITHUB = "https://token.actions.githubusercontent.com"
CLUSTER = "https://oidc.eks.example.com/id/1"
ROLE = "arn:aws:iam::123456789012:role/deploy"
ASSUMED = "arn:aws:sts::123456789012:assumed-role/deploy/"
IDENTITY = "import boto3; print(boto3.client('sts').get_caller_identity()['Arn'])"


@pytest.fixture(scope="module")
def process() -> Iterator[Simulator]:
    """A simulator for all tests here."""
    with Simulator("--user", "dev") as running:
        yield running


@pytest.fixture
def sts_simulator(process: Simulator) -> Simulator:
    """The simulator with the page's role, and a provider of each kind."""
    process.reset()
    process.world(TRUSTING | {"oidc_providers": {GITHUB: ["sts.amazonaws.com"]}})
    return process


def clustered(sts_simulator: Simulator) -> None:
    """Have the role trust the cluster's provider instead of GitHub's."""
    written = json.dumps(TRUSTING).replace(GITHUB.partition("//")[2], CLUSTER.partition("//")[2])
    world = json.loads(written.replace("repo:octo-org/octo-repo:*", "system:serviceaccount:*"))
    sts_simulator.world(world | {"oidc_providers": {CLUSTER: ["sts.amazonaws.com"]}})


def printed(recipe: int, **names: object) -> dict[str, str]:
    """Run a recipe of the page with these names; return the environment that it makes."""
    known: dict[str, Any] = {
        "json": json,
        "parse_qs": parse_qs,
        "urlsplit": urlsplit,
        "Thread": Thread,
        "BaseHTTPRequestHandler": BaseHTTPRequestHandler,
        "ThreadingHTTPServer": ThreadingHTTPServer,
        **names,
    }
    exec(RECIPES[recipe], known)  # noqa: S102 - our own page
    env: dict[str, str] = known["env"]
    return env


def run(home: Path, env: dict[str, str], *command: str) -> tuple[int, str]:
    """Return the exit status and what a program says in this environment alone."""
    bare = {"PATH": os.environ["PATH"], "HOME": str(home), "AWS_EC2_METADATA_DISABLED": "true"}
    done = finished(command, bare | env, check=False)
    return done.returncode, done.stdout + done.stderr


PROGRAMS = {
    "boto3": [sys.executable, "-c", IDENTITY],
    "aws": [str(Path(sys.executable).with_name("aws")), "sts", "get-caller-identity"],
}


@pytest.mark.parametrize("program", PROGRAMS)
def test_kubernetes_way(sts_simulator: Simulator, tmp_path: Path, program: str) -> None:
    """An SDK finds file and role in its environment; an expired token is refused."""
    clustered(sts_simulator)
    token_file = tmp_path / "token"
    env = printed(0, token_file=token_file, sts_simulator=sts_simulator)
    status, said = run(tmp_path, env, *PROGRAMS[program])
    assert (status, ASSUMED in said) == (0, True), said
    subject = "system:serviceaccount:default:deploy"
    token_file.write_text(sts_simulator.oidc_token(subject, issuer=CLUSTER, expires_in="-6m"))
    status, said = run(tmp_path, env, *PROGRAMS[program])
    assert status != 0
    assert "ExpiredTokenException" in said
    assert "Token expired: current date/time" in said
    told = [(call["operation"], call["access_key_id"]) for call in sts_simulator.calls()]
    assert told[0] == told[2] == ("AssumeRoleWithWebIdentity", None)
    assert told[1][0] == "GetCallerIdentity"
    assert str(sts_simulator.calls()[2]["reason"]).startswith("the token expired ")


def test_github_actions_way(sts_simulator: Simulator) -> None:
    """A job asks the URL in its environment for a token, and signs in with it."""
    env = printed(1, sts_simulator=sts_simulator)
    request = urllib.request.Request(  # noqa: S310 - a server of this test
        f"{env['ACTIONS_ID_TOKEN_REQUEST_URL']}&audience=sts.amazonaws.com",
        headers={"Authorization": f"Bearer {env['ACTIONS_ID_TOKEN_REQUEST_TOKEN']}"},
    )
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(request) as answer:
        token = json.load(answer)["value"]
    client = boto3.client(
        "sts",
        region_name="us-east-1",
        endpoint_url=env["AWS_ENDPOINT_URL_STS"],
        config=Config(signature_version=UNSIGNED, proxies={}),
    )
    granted = client.assume_role_with_web_identity(
        RoleArn=ROLE, RoleSessionName="GitHubActions", WebIdentityToken=token
    )
    assert granted["AssumedRoleUser"]["Arn"] == f"{ASSUMED}GitHubActions"
    assert granted["Audience"] == "sts.amazonaws.com"
    assert granted["SubjectFromWebIdentityToken"] == "repo:octo-org/octo-repo:ref:refs/heads/main"


def test_real_clients_read_answers_and_refusals(real: RealClient, sts_simulator: Simulator) -> None:
    """boto3, the AWS CLI and JavaScript parse the answer's elements and the errors."""
    nobody = {"AccessKeyId": "AKIANOBODYNOBODYNOBO", "SecretAccessKey": "nothing"}
    subject = "repo:octo-org/octo-repo:ref:refs/heads/main"
    asked = {"RoleArn": ROLE, "RoleSessionName": "me"}

    def call(**wanted: object) -> Any:  # noqa: ANN401 - a reply of any client
        token = sts_simulator.oidc_token(subject, issuer=GITHUB, **wanted)
        operation = "AssumeRoleWithWebIdentity"
        return real.call(sts_simulator.endpoint, operation, nobody, **asked, WebIdentityToken=token)

    data = call().data
    assert data["SubjectFromWebIdentityToken"] == subject
    assert data["Provider"].endswith(":oidc-provider/token.actions.githubusercontent.com")
    assert data["AssumedRoleUser"]["Arn"] == f"{ASSUMED}me"
    refused = call(expires_in="-1h")
    assert refused.code == "ExpiredTokenException"
    assert refused.message.startswith("Token expired: current date/time")
    assert call(audience="other").message == "Incorrect token audience"
