"""B-A07, B-A02: every command under limits of the process; a limit is named, never a traceback."""

from __future__ import annotations

import json
import re
import shlex
import sys
from typing import TYPE_CHECKING

import pytest

from tests.authkit.adapters.folders_of_others import as_user, needs_root, public_folder
from tests.support.pty_tools import finished
from tests.support.simulator import BIN, KEYS, ROOT

if TYPE_CHECKING:
    from subprocess import CompletedProcess

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
# What a command does under a limit of memory depends on the machine, so many are tried: each
# command has its own, and together they are 500 KB apart.
STEP = 500 * len(COMMANDS)
LIMITS = {
    "-n": range(5, 9),
    "-v": range(12_000, 60_000, STEP),
    "-d": range(6_000, 42_000, STEP),
    "-f": range(1),
}
# A CPython that finds no memory while it handles that very error may try again for ever
# (seen with 3.11): no run here takes a tenth of these seconds.
CPU_SECONDS = 30

# The loader's words where a program or a library cannot be loaded, CPython's where it cannot start.
NOT_LOADED = "failed to map segment|cannot map zero-fill|cannot allocate|cannot create|Out of space"
NOT_STARTED = "^Fatal Python error|MemoryError$|Cannot allocate memory|^lost sys.stderr"


def limited(home: Home, limits: str, command: str) -> CompletedProcess[str]:
    """Run authkit under limits; the shell that sets them has what it needs before they hold."""
    line = f"ulimit -t {CPU_SECONDS}; {limits}; exec {BIN / 'authkit'} {command}"
    return home.run("sh", "-c", line, stdin=json.dumps(KEYS))


def outcome(done: CompletedProcess[str], usual: int, named: str, command: str) -> str:
    """Return which of the outcomes that there may be this is; "" for another one."""
    status, said = done.returncode, done.stderr
    stopped = 125 if command.startswith("exec") else 1
    # Tracebacks without authkit's modules are those of CPython before it runs authkit.
    traceback = f'File "{ROOT}/authkit/' in said
    outcomes = {
        "crashed": status < 0,  # CPython, where some allocations fail; or it took `CPU_SECONDS`
        "": traceback,
        "works": status == usual,
        "named": status == stopped and re.search(named, said),
        "not loaded": status == 127 and re.search(NOT_LOADED, said),  # CPython, or exec's child
        "not started": status == 1 and re.search(NOT_STARTED, said, re.MULTILINE),  # CPython
    }
    return next((name for name, is_so in outcomes.items() if is_so), "")


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("option", LIMITS)
def test_a_limit(online: Home, option: str, command: str) -> None:
    """It works, or the limit is named with its option; exec's status is its child's or 125."""
    online.log_in()
    usual = online.authkit(*shlex.split(command), stdin=json.dumps(KEYS)).returncode
    first = 500 * COMMANDS.index(command) if option in {"-v", "-d"} else 0
    named = rf"\(ulimit {option}[,)]|ulimit -v or -d\)"
    seen = set[str]()
    for limit in LIMITS[option]:
        done = limited(online, f"ulimit {option} {first + limit}", command)
        seen.add(outcome(done, usual, named, command))
        assert "" not in seen, (first + limit, done)
    if "--force" in command:  # with what the interpreter needs, boto3 does not load
        assert "named" in seen


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ("ulimit -n 5", "(ulimit -n, now 5), then run"),
        ("ulimit -v {0}", "(ulimit -v, now {0}), then run"),
        ("ulimit -d {0}", "(ulimit -d, now {0}), then run"),
        ("ulimit -v {0}; ulimit -d {0}", "(ulimit -v, now {0}, or -d, now {0}), then run"),
    ],
)
def test_the_limit_that_is_set(online: Home, limits: str, said: str) -> None:
    """B-A07: the message names the limit that is set and its figure, or both if both are."""
    online.log_in()

    def told(limit: int) -> str:
        done = limited(online, limits.format(limit), "login dev-admin --force")
        return " ".join(done.stderr.split())

    # Where less is left than the message needs, the last line does not know which limit it is.
    assert any(said.format(limit) in told(limit) for limit in range(10_000, 60_000, 2_000))


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
            ("OSError(12, 'Cannot allocate')", "too little memory (ulimit -v or -d)"),
            ("OSError(24, 'Too many open files')", "[Errno 24] Too many open files"),
            ("ImportError('cannot')", "cannot"),
            ("SystemError('NULL')", "too little memory (ulimit -v or -d)"),
            ("ValueError('secret')", "ValueError"),
        ):
            done = finished([sys.executable, "-c", script.format(error, line)], check=False)
            assert (done.returncode, done.stderr) == (status, f"authkit stopped: {said}.\n")
