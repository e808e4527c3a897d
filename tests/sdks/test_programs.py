"""Programs that answer, end, or do not answer; and the AWS CLI in a program's place."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

import pytest

from tests.sdks.programs import Cli, Failed, Lines, finished

if TYPE_CHECKING:
    from pathlib import Path

ECHO = "import sys\nfor line in sys.stdin: print(line, end='', flush=True)"
# Answers with the id of a process that it has started, and then never again.
HANGS = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(child.pid, flush=True)
for line in sys.stdin: pass
"""


def lines(program: str) -> Lines:
    """Return a program in Python."""
    return Lines([sys.executable, "-c", program], os.environ)


def test_one_process_for_all_requests() -> None:
    """Each request is a line, and so is its answer."""
    with lines(ECHO) as program:
        assert program.ask({"operation": "GetUser", "times": 1})["operation"] == "GetUser"
        assert program.ask({"message": "two\nlines"}) == {"message": "two\nlines"}


def test_a_program_that_ends() -> None:
    """Its exit status is the error, as with an SDK that panics; then again for the next request."""
    with lines("import sys; sys.stdin.readline(); sys.exit(101)") as program:
        answers = [program.ask({}) for _ in range(2)]
    assert [answer["error"] for answer in answers] == ["exit 101", "exit 101"]


def test_a_program_that_does_not_answer() -> None:
    """It is ended, and that is no answer of the SDK's."""
    with lines("import sys; sys.stdin.read()") as program, pytest.raises(Failed, match="answer"):
        program.ask({}, limit=0.1)


def test_nothing_is_left_running() -> None:
    """The limit ends what the program has started too."""
    with lines(HANGS) as program:
        child = str(program.ask({}))
        with pytest.raises(Failed):
            program.ask({}, limit=0.1)
    states = (finished(["ps", "-o", "stat=", "-p", child], limit=60).stdout for _ in range(100))
    assert any(state.strip()[:1] in ("", "Z") for state in states)  # gone, or a zombie


def test_a_command_that_does_not_end() -> None:
    """It is ended by the limit, which its exit status tells."""
    assert finished(["sh", "-c", "sleep 600 & sleep 600"], limit=0.1).returncode < 0


@pytest.mark.parametrize(
    ("script", "answer"),
    [
        ("""echo '"arn:aws:iam::123456789012:user/dev-admin"'""", {"arn": "user/dev-admin"}),
        ("""echo '["AKIA", "secret", "token"]'""", {"credentials": ["AKIA", "secret", "token"]}),
        ("echo null", {}),
        (
            'echo "An error occurred (ExpiredToken) when calling the X operation: Over" >&2; false',
            {"code": "ExpiredToken", "message": "Over"},
        ),
        ("echo 'Could not connect' >&2; exit 255", {"error": "exit 255", "message": "Could not"}),
    ],
)
def test_what_the_cli_says(tmp_path: Path, script: str, answer: dict[str, object]) -> None:
    """Its output and its errors become the answers of the other programs."""
    aws = tmp_path / "aws"
    aws.write_text(f"#!/bin/sh\n{script}\n")
    aws.chmod(0o700)
    said = Cli(str(aws), os.environ).ask({"operation": "GetCallerIdentity", "times": 1})
    assert {*said} == {*answer}
    for name, text in answer.items():
        assert said[name] == text if isinstance(text, list) else str(text) in said[name]


def test_what_the_cli_is_told(tmp_path: Path) -> None:
    """Keys are variables, the MFA code of a role is its input, and all else are options."""
    aws = tmp_path / "aws"
    show = "print(json.dumps([*sys.argv[1:], sys.stdin.read(), {**os.environ}]))"
    aws.write_text(f"#!{sys.executable}\nimport json, os, sys\n{show}\n")
    aws.chmod(0o700)
    asked = {"operation": "GetSessionToken", "times": 1, "serial": "GAHT1", "code": "123456"}
    keys = ("AKIA", "a-secret", "")
    said = Cli(str(aws), {}, "--region=eu-west-1").ask({**asked, "credentials": keys})
    *words, given, environ = said["credentials"]
    assert words[:2] == ["sts", "get-session-token"]
    assert words[3:] == [
        *("--region=eu-west-1", "--serial-number", "GAHT1", "--token-code", "123456")
    ]
    assert given == "123456\n"
    assert environ.pop("AWS_SECRET_ACCESS_KEY") == "a-secret"
    assert "AWS_SESSION_TOKEN" not in environ
    assert "a-secret" not in json.dumps([words, environ])
