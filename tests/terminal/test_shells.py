"""Real shells evaluate `env` and `env --unset`, and real AWS SDKs see the identity then.

The shells start with other credentials in their environment: a profile that does not
exist, and the past expiration of other credentials.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from typing import TYPE_CHECKING

import pytest

from authkit.core.environment import OTHER_CREDENTIALS
from tests.support.real_clients import JAVASCRIPT, why_no_javascript
from tests.support.simulator import BIN

if TYPE_CHECKING:
    from tests.support.simulator import Home

ARN = "arn:aws:iam::123456789012:user/dev-admin"
OTHERS = {
    **dict.fromkeys(OTHER_CREDENTIALS, "other"),
    "AWS_BEARER_TOKEN_BEDROCK": "other",
    "AWS_PROFILE": "no-such-profile",
    "AWS_DEFAULT_PROFILE": "no-such-profile",
    "AWS_CREDENTIAL_EXPIRATION": "2020-01-01T00:00:00Z",
}
SETS = ["AWS_SESSION_EXPIRATION", "AWS_REGION", "AWS_DEFAULT_REGION", "AUTHKIT_IDENTITY"]
CREDENTIALS = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"]

# How each shell is started and evaluates what a command prints; the form it is printed in.
SHELLS = {
    "dash": (["dash", "-euc"], 'eval "$({})"', "sh"),
    "sh": (["sh", "-euc"], 'eval "$({})"', "sh"),
    "bash": (["bash", "-euc"], 'eval "$({})"', "bash"),
    "bash without quotes": (["bash", "-euc"], "eval $({})", "bash"),
    "dash without quotes": (["dash", "-euc"], "eval $({})", "sh"),
    "zsh": (["zsh", "-feuc"], 'eval "$({})"', "zsh"),
    "fish": (["fish", "--no-config", "-c"], "{} | source", "fish"),
    "powershell": (["pwsh", "-NoProfile", "-Command"], "{} | Out-String | iex", "powershell"),
}
SHOW = f"{sys.executable} -c 'import os,json; print(json.dumps(dict(os.environ)))'"
BOTO3 = (
    "import boto3; s = boto3.Session(); "
    "print(s.client('sts').get_caller_identity()['Arn'], s.region_name)"
)
CLIENTS = {
    "boto3": f'{sys.executable} -c "{BOTO3}"',
    "aws": f"{BIN / 'aws'} sts get-caller-identity --query Arn --output text",
    "javascript": f"node {JAVASCRIPT / 'whoami.mjs'}",
}


@pytest.fixture
def session(online: Home) -> Home:
    """Return a home with a session, and with other credentials in its environment."""
    online.log_in()
    online.extra = {**OTHERS, "NODE_NO_WARNINGS": "1"}  # of an old node
    return online


@pytest.fixture(params=SHELLS)
def shell(request: pytest.FixtureRequest) -> str:
    """Return the name of each shell that is installed."""
    program = SHELLS[request.param][0][0]
    if not shutil.which(program):
        pytest.skip(f"{program} is not installed")
    return str(request.param)


def seen(home: Home, shell: str, *lines: str) -> str:
    """Return what a shell prints that evaluates `env` with these options, or runs other lines."""
    start, evaluate, form = SHELLS[shell]
    script = [
        evaluate.format(f"authkit env dev-admin --format {form}{line.removeprefix('env')}")
        if line.startswith("env")
        else line
        for line in lines
    ]
    done = home.run(*start, "\n".join(script))
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_env(session: Home, shell: str) -> None:
    """B-E02: the shell has the session's variables, and no other credentials."""
    environ = json.loads(seen(session, shell, "env", SHOW))
    wanted = json.loads(session.authkit("env", "dev-admin", "--format", "json").stdout)
    assert {name: environ.get(name) for name in wanted} == wanted
    assert [name for name in (*OTHERS, *SETS) if name in environ] == [*CREDENTIALS, *SETS]


def test_unset(session: Home, shell: str) -> None:
    """B-E02: then `env --unset` leaves neither these nor the others, and the caller's region."""
    environ = json.loads(seen(session, shell, "env", "env --unset", SHOW))
    assert [name for name in (*OTHERS, *SETS) if name in environ] == []
    session.extra["AWS_REGION"] = "eu-west-3"
    environ = json.loads(seen(session, shell, "env", "env --unset", SHOW))
    kept = {name: environ.get(name) for name in SETS}
    regions = {"AWS_REGION": "eu-west-3", "AWS_DEFAULT_REGION": "eu-west-3"}
    assert kept == dict.fromkeys(SETS) | regions


STATUS = {"fish": "echo $status", "powershell": "if ($?) { echo 0 } else { echo 1 }"}


def test_the_status(session: Home, shell: str) -> None:
    """B-E02: the line succeeds, also where there was nothing to unset; so does that of --unset."""
    session.extra = {}
    show = STATUS.get(shell, "echo $?")
    assert seen(session, shell, "env", show, "env --unset", show).split() == ["0", "0"]


@pytest.mark.skipif(not shutil.which("fish"), reason="needs fish")
@pytest.mark.parametrize("line", ["eval (authkit env{})", "authkit env{} | source"])
@pytest.mark.parametrize("option", ["", " --unset"])
def test_the_form_of_sh_in_fish(session: Home, line: str, option: str) -> None:
    """B-S01: fish names the right line, and never shows a secret of the form for sh."""
    session.extra = {}
    done = session.run("fish", "--no-config", "-c", line.format(f" dev-admin{option}"))
    assert f"In fish: authkit env{option} --format fish | source\n" in done.stderr
    secrets = json.loads(session.authkit("env", "dev-admin", "--format", "json").stdout)
    assert [name for name in CREDENTIALS if secrets[name] in done.stdout + done.stderr] == []
    if line.startswith("eval"):
        assert (done.returncode, done.stderr.count("\n")) == (1, 1)


@pytest.mark.skipif(not shutil.which("tcsh"), reason="needs tcsh")
def test_the_form_of_sh_in_tcsh(session: Home) -> None:
    """B-S01: tcsh does not know its commands, and shows no argument of them."""
    done = session.run("tcsh", "-f", "-c", "eval `authkit env dev-admin`")
    assert done.returncode != 0
    secrets = json.loads(session.authkit("env", "dev-admin", "--format", "json").stdout)
    assert [name for name in CREDENTIALS if secrets[name] in done.stdout + done.stderr] == []


@pytest.mark.parametrize("client", CLIENTS)
def test_real_clients(session: Home, shell: str, client: str) -> None:
    """B-E02: boto3, the AWS CLI and the AWS SDK for JavaScript see the identity."""
    if client == "javascript" and (reason := why_no_javascript()):
        pytest.skip(reason)
    shown = seen(session, shell, "env", CLIENTS[client])
    assert shown.split() in ([ARN], [ARN, "us-east-1"])
    if client != "aws":  # without `env` the profile that does not exist is used
        start, _, _ = SHELLS[shell]
        assert session.run(*start, CLIENTS[client]).returncode != 0


def test_values_with_quotes(session: Home, shell: str) -> None:
    """B-E02: a value is the same in every shell, whatever is in it."""
    odd = "it's\\ a \"$HOME\" `x` \\' ''"
    session.extra["AWS_REGION"] = odd
    environ = json.loads(seen(session, shell, "env", SHOW))
    assert (environ["AWS_REGION"], environ["AWS_DEFAULT_REGION"]) == (odd, odd)


@pytest.mark.skipif(not shutil.which("fish"), reason="needs fish")
def test_a_universal_variable_of_fish(session: Home) -> None:
    """B-E02: what fish keeps for all its shells is not removed from them; it is said to stay."""
    session.run("fish", "-c", "set -Ux AWS_PROFILE mine")
    line = "authkit env dev-admin --format fish | source; echo $AWS_PROFILE"
    done = session.run("fish", "-c", line)
    assert done.stdout == "mine\n"
    assert "AWS_PROFILE is a universal variable of fish, which stays" in done.stderr
    assert done.stderr.count("\n") == 1


def test_the_passphrase_is_gone(session: Home, shell: str) -> None:
    """B-E02: a shell that evaluates `env` has no passphrase of the keyring any more."""
    assert "AUTHKIT_KEYRING_PASSPHRASE" in os.environ | session.environ
    environ = json.loads(seen(session, shell, "env", SHOW))
    assert [name for name in environ if name.startswith("AUTHKIT_KEYRING_PASS")] == []
