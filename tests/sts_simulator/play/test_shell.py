"""The simulator's own shell, with ``aws`` and ``sim`` and nothing of authkit."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pexpect
import pytest

from sts_simulator.play.shell import TRY, _shell, add_command
from tests.support.pty_tools import ENVIRON, spawn

if TYPE_CHECKING:
    from collections.abc import Iterator

PROMPT = "sim $ "
SHELL = {"SHELL": "/bin/sh", "TERM": "dumb", "AWS_PROFILE": "mine", "XDG_DATA_HOME": "/mine"}


@pytest.fixture
def screen() -> Iterator[pexpect.spawn[str]]:
    """The terminal of a shell that was just opened."""
    screen = spawn([sys.executable, "-m", "sts_simulator", "shell"], ENVIRON | SHELL)
    screen.expect_exact(PROMPT)
    assert str(screen.before).replace("\r\n", "\n").endswith(TRY)
    yield screen
    screen.close(force=True)


def run(screen: pexpect.spawn[str], line: str) -> str:
    """Type a command; return what it shows."""
    screen.sendline(line)
    screen.expect_exact(PROMPT)
    return str(screen.before).replace("\r", "").removeprefix(line).strip("\n")


def test_what_it_says_fits_on_a_terminal() -> None:
    """The text has five lines, and does not name authkit."""
    assert len(TRY.splitlines()) == 5
    assert all(len(line) <= 96 for line in TRY.splitlines())
    assert "authkit" not in TRY


def test_aws_is_logged_in_until_its_key_is_replaced(screen: pexpect.spawn[str]) -> None:
    """`aws` works at once, is refused after a rotation, and works with the new key."""
    who = "aws sts get-caller-identity --query Arn --output text"
    assert run(screen, who) == "arn:aws:iam::123456789012:user/dev-admin"
    rows = [row.split()[-1] for row in run(screen, "sim rotate").splitlines()]
    assert "InvalidClientTokenId" in run(screen, who)
    run(screen, f"aws configure set aws_access_key_id {rows[0]}")
    run(screen, f"aws configure set aws_secret_access_key {rows[1]}")
    assert run(screen, who) == "arn:aws:iam::123456789012:user/dev-admin"


def test_the_shell_is_isolated_and_leaves_nothing_behind(screen: pexpect.spawn[str]) -> None:
    """AWS variables are dropped, HOME is deleted, and the shell's exit status is kept."""
    assert run(screen, "echo [$AWS_PROFILE$XDG_DATA_HOME]") == "[]"
    home = Path(run(screen, "echo $HOME"))
    assert home.name.startswith("sts-simulator-shell-")
    assert home.is_dir()
    screen.sendline("exit 3")
    screen.expect(pexpect.EOF)
    screen.close()
    assert screen.exitstatus == 3
    assert not home.exists()


def test_another_terminal(screen: pexpect.spawn[str]) -> None:
    """What `sim terminal` shows opens the same shell elsewhere, on the same account."""
    program = run(screen, "sim terminal").split()[-1]
    another = spawn([program], ENVIRON | SHELL)
    another.expect_exact(PROMPT)
    assert run(another, "echo [$AWS_PROFILE] $HOME") == f"[] {Path(program).parent}"
    assert "It is " in run(another, "sim advance 1h")
    assert run(another, "sim calls") == ""
    assert "dev-admin" in run(another, "aws sts get-caller-identity")
    assert "GetCallerIdentity" in run(screen, "sim calls")
    another.close(force=True)


@pytest.mark.parametrize(
    ("found", "environ", "shell"),
    [
        ("/usr/bin/bash", "/bin/zsh", "/usr/bin/bash"),
        (None, "/bin/zsh", "/bin/zsh"),
        (None, "", "/bin/sh"),
    ],
)
def test_which_shell(
    monkeypatch: pytest.MonkeyPatch, found: str | None, environ: str, shell: str
) -> None:
    """Bash where there is one, else the person's own, else sh."""
    monkeypatch.setattr(shutil, "which", lambda _name: found)
    monkeypatch.setenv("SHELL", environ)
    assert _shell() == shell


def test_it_is_bash(screen: pexpect.spawn[str]) -> None:
    """In it lines are edited and remembered."""
    assert run(screen, "echo ${BASH_VERSION:+bash}") == ("bash" if shutil.which("bash") else "")


def test_a_command_is_a_module_with_arguments(tmp_path: Path) -> None:
    """The command is for its owner only, and passes its arguments on."""
    add_command(tmp_path, "hello", ["some.module", "--url", "http://a b"])
    path = tmp_path / "bin" / "hello"
    assert path.stat().st_mode & 0o777 == 0o700
    assert path.read_text(encoding="utf-8").splitlines()[1] == (
        f"exec {sys.executable} -P -m some.module --url 'http://a b' \"$@\""
    )
