"""Three AWS clients as users run them, behind one interface: boto3, the CLI, and JavaScript."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from authkit.adapters.sts import isolated_session

JAVASCRIPT = Path(__file__).parents[1] / "javascript"
INSTALL = "npm install --prefix tests/javascript"
_CLI_ERROR = re.compile(r"An error occurred \((\w+)\) when calling[^:]*: (.*)", re.DOTALL)

Keys = dict[str, str]  # as STS writes credentials: AccessKeyId, SecretAccessKey, SessionToken


@dataclass(frozen=True)
class Reply:
    """What a client returned: data, or the code and message of an error."""

    data: dict[str, Any] = field(default_factory=dict)
    code: str = ""
    message: str = ""


class RealClient(Protocol):
    """An AWS client with its own signing, parsing and retries."""

    corrects_skew: bool

    def call(self, endpoint: str, operation: str, keys: Keys, **parameters: object) -> Reply:
        """Call STS."""


class Boto:
    """boto3."""

    corrects_skew = False

    def call(self, endpoint: str, operation: str, keys: Keys, **parameters: object) -> Reply:
        """Call STS through a new client."""
        client = boto3.Session(botocore_session=isolated_session()).client(
            "sts",
            region_name="us-east-1",
            endpoint_url=endpoint,
            aws_access_key_id=keys["AccessKeyId"],
            aws_secret_access_key=keys["SecretAccessKey"],
            aws_session_token=keys.get("SessionToken"),
            config=Config(retries={"mode": "standard"}, proxies={}),
        )
        try:
            return Reply(getattr(client, snake(operation))(**parameters))
        except ClientError as refused:
            return Reply(
                code=refused.response["Error"]["Code"], message=refused.response["Error"]["Message"]
            )


class Cli:
    """The AWS CLI, version 1, as a process for each call."""

    corrects_skew = False

    def call(self, endpoint: str, operation: str, keys: Keys, **parameters: object) -> Reply:
        """Run ``aws sts …``."""
        command = [
            str(Path(sys.executable).with_name("aws")),
            *("sts", snake(operation).replace("_", "-"), "--output", "json"),
        ]
        for name, value in parameters.items():
            command += [f"--{snake(name).replace('_', '-')}", str(value)]
        ran = subprocess.run(  # noqa: S603 - our own
            command,
            env=_environ(endpoint, keys),
            capture_output=True,
            text=True,
            check=False,
            start_new_session=True,
        )
        if ran.returncode == 0:
            return Reply(json.loads(ran.stdout))
        found = _CLI_ERROR.search(ran.stderr)
        assert found, ran.stderr
        return Reply(code=found[1], message=found[2].rstrip("\n"))


class JavaScript:
    """@aws-sdk/client-sts under node, one process for all calls."""

    corrects_skew = True  # it corrects its clock by the Date of the answer, and retries

    def __init__(self) -> None:
        node = shutil.which("node")
        assert node
        self._process = subprocess.Popen(  # noqa: S603 - our own
            [node, "client.mjs"],
            cwd=JAVASCRIPT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def call(self, endpoint: str, operation: str, keys: Keys, **parameters: object) -> Reply:
        """Have the process call STS."""
        assert self._process.stdin
        assert self._process.stdout
        asked = {
            "endpoint": endpoint,
            "operation": operation,
            "credentials": {name[0].lower() + name[1:]: text for name, text in keys.items()},
            "parameters": parameters,
        }
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        return Reply(**json.loads(self._process.stdout.readline()))


@cache
def javascript() -> JavaScript:
    """Return the client: one process for all tests, which ends when its input closes."""
    return JavaScript()


def why_no_javascript() -> str | None:
    """Return why the JavaScript client cannot be used, None when it can."""
    if shutil.which("node") is None:
        return "node is not installed"
    if not (JAVASCRIPT / "node_modules" / "@aws-sdk" / "client-sts").is_dir():
        return f"the AWS SDK for JavaScript is not installed: {INSTALL}"
    return None


def snake(name: str) -> str:
    """Return ``GetCallerIdentity`` as ``get_caller_identity``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def _environ(endpoint: str, keys: Keys) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    session = {"AWS_SESSION_TOKEN": keys["SessionToken"]} if "SessionToken" in keys else {}
    return {
        **kept,
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": keys["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": keys["SecretAccessKey"],
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_RETRY_MODE": "standard",
        "NO_PROXY": "127.0.0.1",
        **session,
    }
