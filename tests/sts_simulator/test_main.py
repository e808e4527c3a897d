"""The simulator as a program (docs/contract.md): `sts-simulator`, and `python -m fakes`."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from sts_simulator import __main__ as program
from tests.support.aws_client import USERS, Client, fresh_client

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def client() -> Client:
    """A client of a reset server."""
    return fresh_client()


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., tuple[dict[str, Any], int]]:
    """Return a function that runs the program until SIGTERM: its line, and its exit status."""

    def run(*options: str) -> tuple[dict[str, Any], int]:
        ready = tmp_path / "ready.json"
        command = [sys.executable, "-m", "fakes", "serve", "--ready-file", str(ready), *options]
        with subprocess.Popen(  # noqa: S603 - our own program
            command, cwd=Path(__file__).parents[3], stdout=subprocess.PIPE, start_new_session=True
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
        command, capture_output=True, text=True, check=False, start_new_session=True
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
        command, capture_output=True, text=True, check=True, start_new_session=True
    )
    name = {"fakes": "python -m fakes", "sts_simulator": "sts-simulator"}[module]
    assert done.stdout.startswith(f"usage: {name} ")
    assert "serve" in done.stdout
    assert "shell" in done.stdout
