"""B-A07, B-A02: every command under limits of the process; a limit is named, never a traceback."""

from __future__ import annotations

import json
import re
import sys
from typing import TYPE_CHECKING

import pytest

from tests.authkit.adapters.folders_of_others import as_user, needs_root, public_folder
from tests.support.pty_tools import finished
from tests.support.simulator import BIN, KEYS

if TYPE_CHECKING:
    from tests.support.simulator import Home

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the figures are Linux's")

COMMANDS = [
    "list",
    "whoami dev-admin",
    "login dev-admin",
    "login dev-admin --force",
    "exec dev-admin -- sh -c 'exit 3'",
    "exec dev-admin --min-ttl 36h -- sh -c 'exit 3'",
    "env dev-admin",
    "credential-process dev-admin",
    "user configure dev-admin --stdin",
    "--config absent list",
    "logout dev-admin",
    "lgin",
    "--version",
]
# Below five descriptors the interpreter does not start where a .pth file imports something.
LIMITS = {
    "-n": (5, 6, 7, 8),
    "-v": (20_000, 26_000, 30_000, 40_000, 50_000, 60_000),
    "-d": (8_000, 12_000, 20_000, 30_000),
    "-f": (0,),
}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("option", LIMITS)
def test_a_limit(online: Home, option: str, command: str) -> None:
    """It works, or the limit is named with its option; exec's status is its child's or 125."""
    online.log_in()
    given = json.dumps(KEYS)
    authkit = f"{BIN / 'authkit'} {command}"
    usual = online.run("sh", "-c", authkit, stdin=given)
    for limit in LIMITS[option]:
        # The shell has what it needs before the limit holds.
        done = online.run("sh", "-c", f"ulimit {option} {limit}; exec {authkit}", stdin=given)
        if done.returncode == -11:
            continue  # CPython itself crashes where some allocations fail
        assert "Traceback" not in done.stderr
        if done.returncode != usual.returncode:
            assert re.search(
                rf"ulimit {option}|or {option}\)|failed to map segment|cannot map zero-fill",
                done.stderr,
            ), done.stderr
            assert done.returncode == (125 if command.startswith("exec") else 1)
    if option == "-n" and "--force" in command:
        assert (
            "Raise the limit (ulimit -n, now 5), then run"
            in online.run("sh", "-c", f"ulimit -n 5; exec {authkit}").stderr
        )


@pytest.mark.parametrize("command", COMMANDS)
def test_four_descriptors(online: Home, command: str) -> None:
    """B-A07: where no .pth file stands in the way; no folder is taken for a file's place."""
    online.log_in()
    online.extra["PYTHONPATH"] = ":".join(sys.path[1:])
    authkit = f"{sys.executable} -S -m authkit {command}"
    usual = online.run("sh", "-c", authkit, stdin=json.dumps(KEYS))
    done = online.run("sh", "-c", f"ulimit -n 4; exec {authkit}", stdin=json.dumps(KEYS))
    assert "Traceback" not in done.stderr
    assert "Remove it" not in done.stderr
    if done.returncode != usual.returncode:
        assert "ulimit -n" in done.stderr


@needs_root
def test_too_many_processes() -> None:
    """B-A07: the child cannot be started by a user who may start no more processes."""
    program = """
os.seteuid(0)  # the limit is the real user's, and root has none
import resource
from authkit.adapters.job import Children
from authkit.core.failures import CannotRun
os.setuid(65534)
resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
try: Children().run(["/bin/true"], {})
except CannotRun as trouble: print(trouble.status, trouble.reason)
"""
    with public_folder() as folder:
        done = as_user(program, HOME=str(folder))
    assert done.stdout == "125 no more processes can be started (ulimit -u)\n"


def test_before_it_can_say_so() -> None:
    """B-A02: where not even the message can be made, one line and the right status."""
    script = """
import builtins, sys
from authkit.__main__ import main
real = builtins.__import__
def failing(name, *rest, **more):
    if name.startswith("authkit"): raise {}
    return real(name, *rest, **more)
builtins.__import__ = failing
sys.argv = {}
main()
"""
    for line, status in (
        (["authkit", "list"], 1),
        (["authkit", "--config", "x", "exec", "dev", "--", "true"], 125),
        (["authkit", "--no-input", "exec", "dev", "--", "true"], 125),
        (["authkit", "login", "exec"], 1),
    ):
        for error, said in (
            ("MemoryError", "too little memory (ulimit -v or -d)"),
            ("OSError(24, 'Too many open files')", "[Errno 24] Too many open files"),
            ("ImportError('cannot')", "cannot"),
            ("SystemError('NULL')", "too little memory (ulimit -v or -d)"),
            ("ValueError('secret')", "ValueError"),
        ):
            done = finished([sys.executable, "-c", script.format(error, line)], check=False)
            assert (done.returncode, done.stderr) == (status, f"authkit stopped: {said}.\n")
