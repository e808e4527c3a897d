"""authkit's forked processes beside started ones: nobody can tell them apart (`support.forked`)."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pexpect
import pytest

from tests.support.at_a_terminal import at_a_terminal
from tests.support.forked import AUTHKIT, LAUNCHER, Forking, Piped, finished, is_forked
from tests.support.noting import state, until_state
from tests.support.pty_tools import LIMIT, REPO, spawn
from tests.support.simulator import KEYS, MFA, OLD_KEYS, Home

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.simulator import Simulator

# What a program finds on its terminal.
TELLS = """
import json, os, signal, sys, termios
was = termios.tcgetattr(0)
print(json.dumps({
    "tty": [os.isatty(each) for each in range(3)], "size": [*os.get_terminal_size()],
    "in front": os.tcgetpgrp(0) == os.getpid() == os.getsid(0),
    "same": os.ttyname(0) == os.ttyname(1) == os.ttyname(2),
    "modes": [*was[:6], [each.hex() for each in was[6]]],
    "controlling": os.close(os.open("/dev/tty", os.O_RDWR)), "words": sys.argv[1:],
    "signals": [str(signal.getsignal(each)).partition(" at ")[0] for each in (1, 2, 3, 13, 15, 20)],
    "streams": [[each.encoding, each.errors, each.line_buffering, each.isatty()]
                for each in (sys.stdin, sys.stdout, sys.stderr)],
}))
"""


@pytest.fixture(params=["forked", "started"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Have authkit's processes forked, or started anew."""
    monkeypatch.setattr(Forking, "wanted", request.param == "forked")
    return str(request.param)


def both(monkeypatch: pytest.MonkeyPatch, run: Callable[[], Any]) -> list[Any]:
    """Return what comes of it with forked processes, and with started ones."""
    found = []
    for forks in (True, False):
        monkeypatch.setattr(Forking, "wanted", forks)
        found.append(run())
    return found


@pytest.mark.parametrize(
    ("command", "environ"),
    [
        ([AUTHKIT], {"PYTHONUTF8": "1"}),
        ([AUTHKIT], {"LC_ALL": "C"}),
        ([AUTHKIT], {"LANG": "C"}),
        ([AUTHKIT], {"PYTHONPATH": "/elsewhere"}),
        ([AUTHKIT], {"COVERAGE_PROCESS_START": "x"}),
        (["bash", "-c", AUTHKIT], {}),
    ],
)
def test_what_is_started(command: list[str], environ: dict[str, str]) -> None:
    """A shell, and variables that are read before authkit's first line."""
    usual = {"LANG": "C.UTF-8", "PYTHONPATH": str(REPO), "PYTHON_KEYRING_BACKEND": "x"}
    assert is_forked([AUTHKIT], usual)
    assert is_forked([*LAUNCHER, "--at", "now", "authkit"], usual)
    assert not is_forked(command, usual | environ)


@pytest.mark.usefixtures("anew")
def test_a_test_of_the_start() -> None:
    """With the fixture `anew` nothing is forked."""
    assert not is_forked([AUTHKIT], {})


def test_what_it_finds_on_a_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Controlling terminal, foreground, size, modes, signals and streams."""
    script = tmp_path / "authkit"
    script.write_text(f"#!{Path(AUTHKIT).with_name('python')}\n{TELLS}")
    script.chmod(0o755)
    monkeypatch.setattr("tests.support.forked.AUTHKIT", str(script))

    def told() -> Any:  # noqa: ANN401 - JSON
        child = spawn([str(script), "a word"], {"LANG": "C.UTF-8", "PATH": os.environ["PATH"]})
        child.expect(pexpect.EOF)
        assert child.wait() == 0, child.before
        return json.loads(child.before)

    forked, started = both(monkeypatch, told)
    assert forked == started
    assert forked["in front"]


LINES = [
    "--version",
    "whoami dev-admin",
    "list --check --output json",
    "env dev-admin --format json",
    "exec dev-admin -- env",
    "exec dev-admin -- sh -c 'kill -9 $$'",
    "doctor dev-admin --json",
    "login dev-admin",
    "login dev-admim",
    "login",
    "lgin",
]


@pytest.mark.parametrize("line", LINES)
def test_what_it_says(online: Home, monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    """Exit status and both streams, to the letter."""
    online.config("[identities.dev-admin]\n[identities.other]\n")
    online.log_in()

    def said() -> tuple[int, str, str]:
        words = re.findall(r"'([^']*)'|(\S+)", line)
        done = online.authkit(*(first or second for first, second in words))
        return done.returncode, re.sub(r"\d+ ?(ms|s|m)\b", "TIME", done.stdout), done.stderr

    forked, started = both(monkeypatch, said)
    assert forked == started


def test_recovery(simulator: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys that were rotated: the whole screen at a terminal, and what is in the keyring."""
    homes = iter(["a", "b"])

    def recovered() -> tuple[Any, ...]:
        home = Home(tmp_path / next(homes), simulator.endpoint)
        home.path.mkdir()
        home.put_in_keyring({"version": 1, **OLD_KEYS})
        ended = at_a_terminal(home, "login", "dev-admin", answers=[*KEYS.values(), "", "36h"])
        return ended.status, re.sub(r"\S+ \S+ \S+ \(", "(", ended.screen), home.keyring()

    forked, started = both(monkeypatch, recovered)
    assert forked == started
    assert "Authentication successful" in forked[1]


@pytest.mark.usefixtures("way")
def test_it_is_interrupted(online: Home) -> None:
    """Ctrl-C and the end of input at a question; a terminal that is closed; a signal."""
    online.put_in_keyring({"version": 1, **KEYS, "mfa_arn": MFA})

    def asked() -> pexpect.spawn[str]:
        child = spawn([AUTHKIT, "login", "dev-admin"], online.environ)
        child.expect_exact("Enter MFA Token: ")
        return child

    for press in (pexpect.spawn.sendintr, pexpect.spawn.sendeof):
        child = asked()
        press(child)
        child.expect_exact("Cancelled.")
        assert (child.wait(), child.isalive(), child.signalstatus) == (130, False, None)
    child = asked()
    child.kill(signal.SIGKILL)
    child.expect(pexpect.EOF)
    child.close()
    assert (child.exitstatus, child.signalstatus) == (None, signal.SIGKILL)
    child = asked()
    assert child.isalive()
    child.close(force=True)
    assert not child.isalive()
    assert child.exitstatus is not None or child.signalstatus is not None


@pytest.mark.usefixtures("way")
def test_it_is_stopped(online: Home) -> None:
    """Its whole session: what `exec` runs stops and goes on with it, and ends with its signal."""
    online.log_in()
    line = ["exec", "dev-admin", "--", "sh", "-c", "echo $PPID $$.; read it; kill -TERM $$"]
    child = spawn([AUTHKIT, *line], online.environ)
    child.expect(r"(\d+) (\d+)\.")
    assert child.match
    authkit, shell = map(int, child.match.groups())
    assert authkit == child.pid
    assert os.getsid(shell) == authkit
    os.kill(authkit, signal.SIGSTOP)
    until_state(authkit, "T")
    os.kill(authkit, signal.SIGCONT)
    until_state(authkit, "SR")
    assert state(shell) in "SR"
    child.sendline("")
    child.expect(pexpect.EOF)
    assert child.wait() == 128 + signal.SIGTERM


@pytest.mark.usefixtures("way")
def test_between_pipes(online: Home) -> None:
    """It is awaited and killed with what it has started."""
    online.log_in()
    line = ["exec", "dev-admin", "--", "sh", "-c", "echo ready $$.; exec sleep 600"]
    process = Piped([AUTHKIT, *line], online.environ, LIMIT)
    process.expect(r"ready (\d+)\.")
    assert process.match
    sleeping = int(process.match[1])
    process.kill()
    assert process.wait() == -signal.SIGKILL
    while os.path.exists(f"/proc/{sleeping}") and state(sleeping) != "Z":  # noqa: PTH110
        time.sleep(0.01)


def test_what_does_not_end(online: Home) -> None:
    """It is killed after the time that it was given."""
    online.log_in()
    line = ["exec", "dev-admin", "--", "sleep", "600"]
    with pytest.raises(subprocess.TimeoutExpired):
        finished([AUTHKIT, *line], online.environ, None, 1)
