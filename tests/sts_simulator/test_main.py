"""The simulator as a program (docs/contract.md): `sts-simulator`, and `python -m fakes`."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from sts_simulator import __main__ as program
from sts_simulator.client import Simulator
from tests.support.aws_client import USERS, Client
from tests.support.pty_tools import finished
from tests.support.simulator import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., tuple[dict[str, Any], int]]:
    """Return a function that runs the program until SIGTERM: its line, and its exit status."""

    def run(*options: str) -> tuple[dict[str, Any], int]:
        ready = tmp_path / "ready.json"
        command = [sys.executable, "-m", "fakes", "serve", "--ready-file", str(ready), *options]
        with subprocess.Popen(  # noqa: S603 - our own program
            command, cwd=ROOT, stdout=subprocess.PIPE, start_new_session=True
        ) as process:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert Client(json.loads(line)["endpoint"]).control("GET", "calls") == []
            assert ready.read_bytes() == line
            process.send_signal(signal.SIGTERM)
            assert process.stdout.read() == b""
        return json.loads(line), process.returncode

    return run


def test_the_program(run: Callable[..., tuple[dict[str, Any], int]]) -> None:
    """It prints one line when it is ready, and SIGTERM ends it with exit status 0."""
    said, status = run("--user", "plain", "--mfa", "dev-admin", "--seed", "tests")
    assert status == 0
    assert said["account"] == "123456789012"
    assert said["users"] == USERS


def test_two_processes_have_different_keys(run: Callable[..., tuple[dict[str, Any], int]]) -> None:
    """Without a seed no key of one process is valid at another."""
    one, other = (run()[0]["users"]["dev-admin"] for _ in range(2))
    assert {*one.values()} & {*other.values()} == {one["mfa_arn"]}


@pytest.mark.parametrize("options", [["--port", "{taken}"], ["--port", "99999"], ["--user", ""]])
def test_what_cannot_be_served(client: Client, options: list[str]) -> None:
    """A port in use, an invalid port and an empty user name give one line on stderr."""
    taken = client.endpoint.rpartition(":")[2]
    command = [sys.executable, "-m", "fakes", "serve", *(o.format(taken=taken) for o in options)]
    done = subprocess.run(  # noqa: S603 - our own
        command, cwd=ROOT, capture_output=True, text=True, check=False, start_new_session=True
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("cannot serve: ")
    assert done.stderr.count("\n") == 1


def test_the_shell_can_be_replaced() -> None:
    """`python -m fakes` passes its own shell; the shell's exit status is the program's."""
    assert program.main(["shell"], run_shell=lambda: 7) == 7


@pytest.mark.parametrize("module", ["fakes", "sts_simulator"])
def test_help_names_the_program(module: str) -> None:
    """`--help` names both commands, and the program as it was called."""
    command = [sys.executable, "-m", module, "--help"]
    done = subprocess.run(  # noqa: S603 - our own
        command, cwd=ROOT, capture_output=True, text=True, check=True, start_new_session=True
    )
    name = {"fakes": "python -m fakes", "sts_simulator": "sts-simulator"}[module]
    assert done.stdout.startswith(f"usage: {name} ")
    assert "serve" in done.stdout
    assert "shell" in done.stdout


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    """--version says the distribution's version, as its metadata does."""
    with pytest.raises(SystemExit) as ended:
        program.main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"sts-simulator {version('sts-simulator')}\n"


def test_enforce_holds_for_every_world() -> None:
    """With --enforce a world enforces unless it says otherwise."""
    deny = {"Statement": {"Effect": "Deny", "Action": "sts:*", "Resource": "*"}}
    key = {"id": "AKIAXXXXXXXXXXXXXXXX", "secret": "s"}
    mine = {"access_key_id": key["id"], "secret_access_key": key["secret"]}
    with Simulator("--enforce") as simulator:
        client = Client(simulator.endpoint)
        for said, refused in (({}, True), ({"enforce": False}, False)):
            simulator.world({"keys": {"k": key}, "policies": {"dev-admin": deny}, **said})
            sts = client.aws("sts", mine)
            if refused:
                with pytest.raises(ClientError, match="with an explicit deny"):
                    sts.get_federation_token(Name="guest")
            else:
                assert sts.get_federation_token(Name="guest")


def test_explain(client: Client) -> None:
    """`explain` prints the last refusal of the simulator that the environment names."""
    client.identity(USERS["plain"] | {"secret_access_key": "wrong"})
    command = [sys.executable, "-m", "sts_simulator", "explain"]
    environ = {**os.environ, "AWS_ENDPOINT_URL_STS": client.endpoint}
    done = finished(command, environ)
    assert "403 SignatureDoesNotMatch" in done.stdout
    assert "String to sign, as the simulator has it:" in done.stdout
