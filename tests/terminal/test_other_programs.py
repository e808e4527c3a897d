"""What other programs read from authkit: docker `env`, AWS SDKs `credential-process`."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.simulator import BIN

if TYPE_CHECKING:
    from tests.support.simulator import Home

ARN = "arn:aws:iam::123456789012:user/dev-admin"
VARIABLES = [
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "AWS_SESSION_EXPIRATION",
    "AUTHKIT_IDENTITY",
]


@pytest.fixture
def session(online: Home) -> Home:
    """Return a home with a session, and an AWS profile with credential_process."""
    online.log_in()
    profile = online.path / ".aws" / "config"
    profile.parent.mkdir()
    profile.write_text(
        "[profile dev-admin]\n"
        "region = us-east-1\n"
        f"credential_process = {BIN / 'authkit'} credential-process dev-admin\n",
        encoding="utf-8",
    )
    return online


def test_env_as_dotenv(session: Home) -> None:
    """The dotenv form is that of docker's --env-file: without quotes."""
    lines = session.authkit("env", "dev-admin", "--format", "dotenv").stdout.splitlines()
    shown = json.loads(session.authkit("env", "dev-admin", "--format", "json").stdout)
    wanted = {name: value for name, value in shown.items() if value is not None}
    assert dict(line.split("=", 1) for line in lines) == wanted
    assert list(wanted) == VARIABLES


def test_the_aws_cli_by_a_profile(session: Home) -> None:
    """The aws CLI finds the session through credential_process."""
    done = session.run(
        *(str(BIN / "aws"), "--profile", "dev-admin", "sts", "get-caller-identity"),
        *("--query", "Arn", "--output", "text"),
    )
    assert (done.stdout, done.returncode) == (f"{ARN}\n", 0), done.stderr


def test_boto3_by_a_profile(session: Home) -> None:
    """boto3 finds the session through credential_process."""
    program = (
        "import boto3; sts = boto3.Session(profile_name='dev-admin').client('sts'); "
        "print(sts.get_caller_identity()['Arn'])"
    )
    done = session.run(sys.executable, "-c", program)
    assert (done.stdout, done.returncode) == (f"{ARN}\n", 0), done.stderr


def test_credential_process_without_a_session(home: Home) -> None:
    """Without a session: nothing on stdout, stderr says what to run, exit 1, no question."""
    done = home.authkit("credential-process", "dev-admin")
    assert (done.stdout, done.returncode) == ("", 1)
    assert "authkit login --identity dev-admin" in done.stderr
