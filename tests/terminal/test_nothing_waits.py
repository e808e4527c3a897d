"""Nothing waits for ever: another process's lock, a config file or standard input without an end.

Issue 14, point 6.  The holder of a lock is a login that stands at its question and was
stopped; a limit of a second, not the ten minutes, is what the tests wait for.
"""

from __future__ import annotations

import json
import os
import re
import signal
from typing import TYPE_CHECKING

import pexpect
import pytest

from tests.support.forked import AUTHKIT
from tests.support.pty_tools import spawn
from tests.support.simulator import KEYS, MFA

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.simulator import Home

STORED = {"version": 1, **KEYS}


@pytest.fixture
def stopped(online: Home) -> Iterator[pexpect.spawn[str]]:
    """Return a login that holds the lock of dev-admin, stopped at its question."""
    online.put_in_keyring(STORED | {"mfa_arn": MFA})
    holder = spawn([AUTHKIT, "login", "dev-admin"], online.environ)
    holder.expect_exact("Enter MFA Token: ")
    os.kill(holder.pid, signal.SIGSTOP)
    online.extra["AUTHKIT_LOCK_TIMEOUT"] = "1s"
    yield holder
    holder.close(force=True)


@pytest.mark.usefixtures("anew")  # the holder's command line is told
def test_a_stopped_holder(online: Home, stopped: pexpect.spawn[str]) -> None:
    """B-S07: each waits as long as it should, names the holder and what to do; then it goes on."""
    for status, line in (
        (1, "login dev-admin"),
        (125, "exec dev-admin -- true"),
        (1, "user configure dev-admin"),
        (1, "logout dev-admin --keys"),
    ):
        done = online.authkit(*line.split())
        assert done.returncode == status
        assert done.stderr.count("Waiting for another login for dev-admin") == 1
        told = rf"is not done after 1s: process {stopped.pid} \(\S+ {re.escape(AUTHKIT)}"
        assert re.search(told, done.stderr)
        assert "continue it ('fg') or end it, then run" in done.stderr
        assert "Nothing of dev-admin was changed while waiting." in done.stderr
    assert online.keyring() == STORED | {"mfa_arn": MFA}
    os.kill(stopped.pid, signal.SIGCONT)
    stopped.sendline("123456")
    stopped.expect_exact("✓ Authentication successful!")
    stopped.expect(pexpect.EOF)
    assert online.authkit("exec", "dev-admin", "--", "true").returncode == 0


def test_others_go_on(online: Home, stopped: pexpect.spawn[str]) -> None:
    """B-S07, B-O01: another identity is not held up, and logout --all says which one is left."""
    online.config("[identities.dev-admin]\n[identities.prod]\n")
    done = online.authkit("user", "configure", "prod", "--stdin", stdin=json.dumps(KEYS))
    assert done.returncode == 0, done.stderr
    done = online.authkit("logout", "--all", "--keys")
    assert (done.returncode, str(stopped.pid) in done.stderr) == (1, True)
    assert "run\n  'authkit logout --keys --identity dev-admin'" in done.stderr
    assert done.stderr.endswith("✓ Keys removed from keyring: prod\n")
    assert online.keyring("prod") is None
    assert online.keyring() == STORED | {"mfa_arn": MFA}


TIMEOUTS = {
    "ten minutes": 2,
    "-1": 2,
    "1e3": 2,
    "9999999999999h": 2,
    "\x1b[2J": 2,
    "0": 1,
    " 0s ": 1,
}


@pytest.mark.parametrize(("timeout", "status"), TIMEOUTS.items())
@pytest.mark.usefixtures("stopped")
def test_a_limit(online: Home, timeout: str, status: int) -> None:
    """B-S07: what is no duration is a configuration error for each command that takes the lock."""
    online.extra["AUTHKIT_LOCK_TIMEOUT"] = timeout
    for line in ("login dev-admin", "logout dev-admin", "user configure dev-admin"):
        done = online.authkit(*line.split())
        assert done.returncode == status
        assert ("AUTHKIT_LOCK_TIMEOUT=" in done.stderr) == (status == 2)
        assert "\x1b" not in done.stderr
    assert online.authkit("whoami", "dev-admin").returncode == 1  # it takes none


ENDLESS = {
    "a device": "{authkit} --config /dev/zero {line}",
    "a command": "{authkit} --config <(yes) {line}",
    "a long file": "{authkit} --config long {line}",
    "a FIFO": "yes > fifo & {authkit} --config fifo {line}",
}


@pytest.mark.parametrize("script", ENDLESS.values(), ids=ENDLESS)
def test_a_config_without_an_end(online: Home, script: str) -> None:
    """B-S07: more than 1 MiB is refused by every command, exit 2, before any lock is taken."""
    os.mkfifo(online.path / "fifo")
    (online.path / "long").write_text("#" * ((1 << 20) + 1))
    for line in ("whoami dev-admin", "login dev-admin", "exec dev-admin -- true", "list"):
        command = script.format(authkit=AUTHKIT, line=line)
        done = online.run("bash", "-c", f"cd {online.path}; {command}")
        assert (done.returncode, done.stdout) == (2, "")
        assert "it has more than 1 MiB" in done.stderr
    assert not (online.path / "state").exists()


PIPES = {
    "a command": "{authkit} --config <(cat config.toml) list",
    "standard input": "cat config.toml | {authkit} --config /dev/stdin list",
    "a FIFO": "cat config.toml > fifo & {authkit} --config fifo list",
}


@pytest.mark.parametrize("script", PIPES.values(), ids=PIPES)
def test_a_config_from_a_pipe(online: Home, script: str) -> None:
    """B-S07, B-A06: half a mebibyte from a pipe is read, once."""
    (online.path / "config.toml").write_text("[identities.prod]\n" + "#" * (1 << 19))
    os.mkfifo(online.path / "fifo")
    command = script.format(authkit=AUTHKIT)
    done = online.run("bash", "-c", f"cd {online.path}; {command}")
    assert "prod" in done.stdout, done.stderr


@pytest.mark.parametrize("given", ["cat /dev/zero", "yes", "head -c 1048577 /dev/zero"])
def test_a_standard_input_without_an_end(online: Home, given: str) -> None:
    """B-S07: --stdin takes 1 MiB at most; nothing is saved."""
    command = f"{given} | {AUTHKIT} user configure dev-admin --stdin"
    done = online.run("bash", "-c", command)
    assert done.returncode == 1
    assert "Standard input: it has more than 1 MiB.\n  Nothing was saved." in done.stderr
    assert online.keyring() is None
