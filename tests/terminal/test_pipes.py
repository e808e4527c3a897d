"""Data in pipes, by real processes: the child's, a config file's and the fields of --stdin."""

from __future__ import annotations

import hashlib
import json
import os
import random
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.pty_tools import spawn
from tests.support.simulator import KEYS, MFA, ROLE_CONFIG, ROOT, WORLD

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.simulator import Home, Simulator

MARK = b"\xef\xbb\xbf"  # UTF-8's byte-order mark


def test_the_child_gets_every_byte(online: Home, tmp_path: Path) -> None:
    """B-E09: `cat data | authkit exec` asks on the terminal, and passes the data on unchanged."""
    online.put_in_keyring({"version": 1, **KEYS, "mfa_arn": MFA})
    data = random.Random(7).randbytes(1_000_000)  # noqa: S311 - any bytes
    (tmp_path / "manifest").write_bytes(data)
    line = f"cat {tmp_path}/manifest | authkit exec dev-admin -- sha256sum; echo over."
    screen = spawn(["bash", "-c", line], online.environ)
    screen.expect_exact("Enter MFA Token: ")
    screen.sendline("123456")
    screen.expect_exact("over.")
    assert hashlib.sha256(data).hexdigest() in str(screen.before)


def test_a_config_from_a_command(online: Home, simulator: Simulator, tmp_path: Path) -> None:
    """B-A06: `--config <(command)` is read once, for a role too, with a byte-order mark."""
    simulator.control("world", {**WORLD, "roles": {"deploy": {}}})
    online.put_in_keyring({"version": 1, **KEYS})
    (tmp_path / "roles.toml").write_bytes(MARK + ROLE_CONFIG.encode())
    for command in ("login deploy", "exec deploy -- true", "list", "user configure deploy"):
        line = f"authkit --config <(cat {tmp_path}/roles.toml) {command}"
        done = online.run("bash", "-c", line)
        assert "Traceback" not in done.stderr
        expected = "for which nothing is stored" if "configure" in command else ""
        assert expected in done.stderr
        assert done.returncode == (1 if expected else 0), done.stderr


@pytest.mark.parametrize("mark", [b"", MARK])
def test_fields_with_a_byte_order_mark(online: Home, tmp_path: Path, mark: bytes) -> None:
    """B-A06: the fields of --stdin are UTF-8, with or without it."""
    (tmp_path / "fields").write_bytes(mark + json.dumps(KEYS).encode())
    line = f"authkit user configure dev-admin --stdin < {tmp_path}/fields"
    assert online.run("bash", "-c", line).returncode == 0
    assert online.keyring() == {"version": 1, **KEYS}


@pytest.mark.parametrize(
    ("arguments", "status", "source"),
    [
        (["user", "configure", "dev-admin", "--stdin"], 1, "Standard input"),
        (["--config", "/dev/stdin", "login", "dev-admin"], 2, "/dev/stdin"),
    ],
)
def test_a_pipe_in_which_nothing_comes(
    home: Home, arguments: list[str], status: int, source: str
) -> None:
    """B-A06: 60 s of nothing is an error; the launcher lets them pass at once."""
    ours, theirs = os.pipe()
    launcher = [sys.executable, "-P", "-m", "fakes.world.launcher", "--at", "2024-12-22T16:58:00Z"]
    done = subprocess.run(  # noqa: S603 - our own
        [*launcher, "authkit", *arguments],
        env=home.environ | {"PYTHONPATH": str(ROOT)},
        stdin=ours,
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
    )
    os.close(ours)
    os.close(theirs)
    assert done.returncode == status, done.stderr
    assert f"✗ {source}: nothing came from it in 60 seconds.\n" in done.stderr
    assert not (home.path / "state" / "locks").exists()
