"""The shell with an AWS account of its own: the whole story in it, and nothing left behind."""

from __future__ import annotations

import os
import platform
import re
import signal
import socket
import sys
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pexpect
import pytest

from fakes.shell import TRY
from tests.support.pty_tools import ENVIRON, spawn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PROMPT = "sim $ "
TITLES = ("AWS Access Key ID", "AWS Secret Access Key", "MFA ARN", "MFA Token")


class Shell(NamedTuple):
    """A person in it."""

    screen: pexpect.spawn[str]

    def run(self, line: str) -> str:
        """Type a command that asks nothing; return what it shows."""
        self.screen.sendline(line)
        return self.shown(line)

    def shown(self, typed: str) -> str:
        """Return what is shown until the next prompt."""
        self.screen.expect_exact(PROMPT)
        shown = re.sub(r"\x1b\[[?0-9;]*[a-z]", "", str(self.screen.before)).replace("\r", "")
        return shown.removeprefix(typed).strip("\n")

    def answer(self, line: str, *answers: str) -> str:
        """Type a command that asks, and the answers; return all that is shown."""
        self.screen.sendline(line)
        seen = ""
        for answer in answers:
            self.screen.expect(r"(AWS|MFA|Session|Enter) [^\r\n]*: $")
            seen += str(self.screen.before)
            self.screen.sendline(answer)
        return seen + self.shown("")

    def keys(self, command: str = "sim keys") -> list[str]:
        """Return what `sim` gives to type: key id, secret, MFA ARN, code."""
        rows = [re.split(r"\s{2,}", row) for row in self.run(command).splitlines()]
        assert [title for title, _ in rows] == [*TITLES]
        return [value for _, value in rows]


@pytest.fixture
def shell() -> Iterator[Shell]:
    """Return a shell that was just opened."""
    environ = ENVIRON | {"SHELL": "/bin/sh", "TERM": "dumb", "CI": "1", "AWS_PROFILE": "mine"}
    screen = spawn([sys.executable, "-m", "fakes", "shell"], environ)
    screen.expect_exact(PROMPT)
    assert str(screen.before).replace("\r\n", "\n").endswith(TRY)
    yield Shell(screen)
    screen.close(force=True)


def test_it_says_what_to_try() -> None:
    """In five lines that fit on a terminal."""
    lines = TRY.splitlines()
    assert len(lines) == 5
    assert all(len(line) <= 96 for line in lines)


def test_the_whole_story(shell: Shell) -> None:
    """Log in, a rotation, recovery, the session's end: the README's first use of authkit."""
    key, secret, device, code = shell.keys()
    screen = shell.answer("authkit login", key, secret, device, "36h", code)
    assert "✓ Authentication successful!" in screen
    assert shell.run("echo [$AWS_PROFILE$CI]") == "[]"  # nothing of the person's own

    new_key, new_secret, _, code = shell.keys("sim rotate")
    screen = shell.answer("authkit login --force", new_key, new_secret, "", "", code)
    assert f"✗ Key {key} was rotated or revoked; removed it from the keyring." in screen
    assert "✓ Authentication successful!" in screen

    said = shell.run("authkit exec -- aws sts get-caller-identity --query Arn --output text")
    assert said == "arn:aws:iam::123456789012:user/dev-admin"

    assert shell.run("sim advance 37h").startswith("It is ")
    assert "(expired)\n" in shell.run("authkit whoami")
    assert shell.run("echo $?") == "1"
    calls = [line.split()[1:4] for line in shell.run("sim calls").splitlines()]
    assert ["GetCallerIdentity", key, "InvalidClientTokenId:"] in calls
    assert calls[-2][:2] == ["GetSessionToken", new_key]
    _is_gone(shell, lambda: shell.screen.sendline("exit"), 0)


def test_misfortune(shell: Shell) -> None:
    """A fault happens as often as it was told; what makes no sense is said."""
    key, secret, device, _ = shell.keys()
    shell.run("sim fault Throttling --on GetSessionToken --times 2")
    code = shell.run("sim code")
    screen = shell.answer("authkit login", key, secret, device, "", code)
    assert "(Throttling). Trying again in 2s." in screen
    assert "✓ Authentication successful!" in screen
    assert shell.run("sim advance soon") == (
        "✗ a length of time is written like 400ms, 20m, 36h or -1h30m"
    )


def test_a_role(shell: Shell) -> None:
    """One code serves for the role that is there, and the aws CLI is that role then."""
    key, secret, device, code = shell.keys()
    screen = shell.answer("authkit login deploy", key, secret, device, "", code)
    assert screen.count("✓ Authentication successful!") == 2
    said = shell.run("authkit exec deploy -- aws sts get-caller-identity --query Arn --output text")
    assert said == "arn:aws:sts::123456789012:assumed-role/deploy/authkit-deploy"


def test_doctor_tells_of_this_machine(shell: Shell) -> None:
    """The versions are those that are installed, and the keyring is the one that is set."""
    screen = shell.run("authkit doctor")
    assert f"Python {platform.python_version()}" in screen
    assert f"boto3 {metadata.version('boto3')}" in screen
    assert "chosen by PYTHON_KEYRING_BACKEND" in screen


def test_sim_alone(shell: Shell) -> None:
    """`sim` without a command lists its commands."""
    assert "rotate" in shell.run("sim")


def test_doctor_tells_of_the_simulator(shell: Shell) -> None:
    """What stands in AWS's place is not called AWS's own."""
    said = shell.run("authkit doctor")
    assert "AWS's own" not in said
    assert "the simulator's, in AWS's place:" in said


def test_a_profile_lives_at_the_simulated_time(shell: Shell) -> None:
    """AWS programs that use a profile start the shell's own authkit, as a person does."""
    shell.answer("authkit login", *shell.keys()[:3], "36h", shell.keys()[3])
    shell.run("authkit profile add dev-admin --region us-east-1")
    asked = "AWS_PROFILE=dev-admin aws sts get-caller-identity"
    assert "user/dev-admin" in shell.run(asked)
    shell.run("sim advance 37h")
    said = shell.run(asked)
    assert "ExpiredToken" not in said
    assert "Run 'authkit login" in said


def test_faults_are_listed_and_cleared(shell: Shell) -> None:
    """What is on is said; an operation that there is not is no fault."""
    assert shell.run("sim fault") == "No call of STS goes wrong."
    assert shell.run("sim fault html --times 0") == "*: html, until cleared"
    said = shell.run("sim fault Throttling --on GetSessionToken --times 2")
    assert said == "*: html, until cleared\nGetSessionToken: Throttling, 2 times"
    assert shell.run("sim fault --clear timeout") == "*: timeout, once"
    assert shell.run("sim fault Throttling --on Foo").startswith("✗ Foo is none of AssumeRole, ")
    assert shell.run("sim fault --clear") == "No call of STS goes wrong."


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGHUP])
def test_nothing_stays_when_it_is_ended(shell: Shell, signum: int) -> None:
    """By a signal too: the shell in it ends, and then the rest is cleaned up."""
    _is_gone(shell, lambda: os.kill(shell.screen.pid, signum), 128 + signal.SIGHUP)


def _is_gone(shell: Shell, leave: Callable[[], object], status: int) -> None:
    """Leave it, and look for what it had: its folder, and the simulator's port."""
    home = Path(shell.run("echo $HOME"))
    port = int(shell.run("echo $AWS_ENDPOINT_URL").rpartition(":")[2])
    assert home.is_dir()
    leave()
    shell.screen.expect(pexpect.EOF)
    shell.screen.close()
    assert shell.screen.exitstatus == status
    assert not home.exists()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))
