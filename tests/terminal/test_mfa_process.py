"""`mfa_process` in real processes: programs as people have them, and twenty logins at once."""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from tests.support.noting import until_state
from tests.support.processes import PROMPT, processes
from tests.support.simulator import KEYS, MFA

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.simulator import Home, Simulator

NAME = "dev-admin"
# As docs/mfa-process.md has them: the setting, and what the program is called with.
OTHERS = {
    "ykman": '["ykman", "oath", "accounts", "code", "--single", "AWS:dev-admin"]',
    "op": '''"op item get 'AWS dev-admin' --otp"''',
    "oathtool": '"oathtool --totp --base32 @{home}/.aws-totp"',
}
CALLED_WITH = {
    "ykman": "oath|accounts|code|--single|AWS:dev-admin|",
    "op": "item|get|AWS dev-admin|--otp|",
    "oathtool": "--totp|--base32|@{home}/.aws-totp|",
}


@pytest.fixture
def unattended(online: Home, tmp_path: Path) -> Home:
    """Return a home with keys and an MFA device, and a folder in PATH for programs."""
    online.put_in_keyring({"version": 1, **KEYS, "mfa_arn": MFA})
    (tmp_path / "programs").mkdir()
    online.extra["PATH"] = f"{tmp_path / 'programs'}:{os.environ['PATH']}"
    return online


def install(home: Home, name: str, *lines: str) -> Path:
    """Write a program, a shell script, that notes its runs; return the file with those."""
    folder, runs = home.extra["PATH"].split(":")[0], home.path / "runs"
    noted = f"""printf '%s|' "$@" >> '{runs}'; echo >> '{runs}'"""
    path = f"{folder}/{name}"
    with open(path, "w", encoding="utf-8") as file:  # noqa: PTH123 - a text of its own
        file.write("\n".join(["#!/bin/sh", noted, *lines, ""]))
    os.chmod(path, 0o700)  # noqa: PTH101 - the same
    return runs


def calls_of(simulator: Simulator, operation: str) -> list[str | None]:
    """Return how the calls of an operation ended."""
    return [code for called, code in simulator.calls() if called == operation]


@pytest.mark.parametrize("name", OTHERS)
def test_programs_that_people_have(unattended: Home, name: str) -> None:
    """Each is called as its documentation says, and what it says to the person is passed on."""
    runs = install(unattended, name, "echo 'Touch your key...' >&2", "echo 123456")
    setting = OTHERS[name].format(home=unattended.path)
    unattended.config(f"[identities.{NAME}]\nmfa_process = {setting}\n")
    done = unattended.authkit("login", NAME)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.startswith("Touch your key...\n")
    assert "123456" not in done.stderr.replace("123456789012", "")
    assert runs.read_text() == CALLED_WITH[name].format(home=unattended.path) + "\n"


def test_twenty_at_once(unattended: Home, simulator: Simulator) -> None:
    """B-L24: twenty SDKs ask at the same time: one run, one code sent, one session for all."""
    runs = install(unattended, "print-code", "echo 123456")
    unattended.config(f'[identities.{NAME}]\nmfa_process = "print-code"\n')
    with ThreadPoolExecutor(20) as people:
        asked = [people.submit(unattended.authkit, "credential-process", NAME) for _ in range(20)]
    ended = [each.result() for each in asked]
    assert {done.returncode for done in ended} == {0}
    assert len({json.loads(done.stdout)["AccessKeyId"] for done in ended}) == 1
    assert runs.read_text().count("\n") == 1
    assert calls_of(simulator, "GetSessionToken") == [None]


def test_exec_without_a_terminal(unattended: Home) -> None:
    """B-E05: the session has run out, nobody can be asked, and the command is run."""
    install(unattended, "print-code", "echo 123456")
    unattended.config(f'[identities.{NAME}]\nmfa_process = "print-code"\n')
    done = unattended.authkit("exec", NAME, "--", "sh", "-c", "echo $AUTHKIT_IDENTITY")
    assert (done.returncode, done.stdout) == (0, f"{NAME}\n")


def test_a_config_file_that_others_may_write(unattended: Home) -> None:
    """B-S06: the program is not run, exit 2; `chmod go-w` mends it."""
    runs = install(unattended, "print-code", "echo 123456")
    path = unattended.config(f'[identities.{NAME}]\nmfa_process = "print-code"\n')
    path.chmod(0o620)
    done = unattended.authkit("login", NAME)
    assert done.returncode == 2
    assert f"{path}:\n  its mode lets others write to it.\n" in done.stderr
    assert f"Run 'chmod go-w {path}'" in done.stderr
    assert not runs.exists()
    path.chmod(0o600)
    assert unattended.authkit("login", NAME).returncode == 0


def test_what_the_program_finds(unattended: Home) -> None:
    """B-E02: it gets no AWS credentials and no passphrase; its standard input is empty."""
    unattended.extra |= {"AWS_PROFILE": "others", "AUTHKIT_KEYRING_PASSPHRASE": "canary"}
    seen = unattended.path / "seen"
    install(unattended, "print-code", f"env > '{seen}'; cat >> '{seen}'", "echo 123456")
    unattended.config(f'[identities.{NAME}]\nmfa_process = "print-code"\n')
    assert unattended.authkit("login", NAME).returncode == 0
    found = seen.read_text()
    assert f"HOME={unattended.path}" in found
    assert not any(word in found for word in ("AWS_PROFILE", "PASSPHRASE", "canary", "secret"))


def test_an_interrupt(unattended: Home) -> None:
    """^C ends the wait for a program that hangs, and the program; nothing is saved."""
    runs = install(unattended, "print-code", f"echo $$ > '{unattended.path}/pid'", "sleep 600")
    unattended.config(f'[identities.{NAME}]\nmfa_process = "print-code"\n')
    with processes(unattended) as started:
        terminal = started.on_a_terminal(NAME)
        while not runs.exists() or not (unattended.path / "pid").exists():
            assert terminal.isalive()
        terminal.sendintr()
        terminal.expect_exact("Cancelled")
        terminal.wait()
    pid = int((unattended.path / "pid").read_text())
    with suppress(FileNotFoundError):  # it is gone; who inherited it may not have reaped it yet
        until_state(pid, "Z")


def test_without_it_a_person_is_asked(unattended: Home) -> None:
    """All is as it was for whoever has no such setting."""
    unattended.config(f"[identities.{NAME}]\n")
    with processes(unattended) as started:
        terminal = started.on_a_terminal(NAME)
        terminal.expect_exact(PROMPT)
