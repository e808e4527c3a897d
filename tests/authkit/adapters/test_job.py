"""What `exec` gives its child: the environment, its signals, its place in the job."""

from __future__ import annotations

import os
import signal
import stat
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from authkit.adapters.job import Children
from authkit.core.environment import environment, variables
from authkit.core.failures import CannotRun
from authkit.core.model import CachedSession, Secret, Session
from tests.support.pty_tools import ENVIRON, Shell, finished, imported, numbers, program, spawn

if TYPE_CHECKING:
    from collections.abc import Iterator

EXPIRATION = datetime(2024, 12, 24, 4, 58, tzinfo=timezone(timedelta(hours=-7)))
CACHED = CachedSession(
    session=Session("ASIAX", Secret("session-secret"), Secret("token"), EXPIRATION, EXPIRATION),
    kind="aws/user",
    region="eu-west-1",
    account="123456789012",
    principal="arn:aws:iam::123456789012:user/dev",
    keys="",
    mfa_arn="",
    duration=timedelta(hours=36),
)
GIVEN = {
    "AWS_ACCESS_KEY_ID": "ASIAX",
    "AWS_SECRET_ACCESS_KEY": "session-secret",
    "AWS_SESSION_TOKEN": "token",
    "AWS_REGION": "eu-west-1",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_SESSION_EXPIRATION": "2024-12-24T11:58:00Z",
    "AUTHKIT_IDENTITY": "dev-admin",
}
OTHER_CREDENTIALS = [
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_CREDENTIAL_EXPIRATION",
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_ROLE_ARN",
    "AWS_ROLE_SESSION_NAME",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    "AWS_BEARER_TOKEN_BEDROCK",
    "AWS_BEARER_TOKEN_",
    "AWS_BEARER_TOKEN_AND_MORE",
    "AUTHKIT_KEYRING_PASSPHRASE",
    "AUTHKIT_KEYRING_PASSPHRASE_COMMAND",
]


def run(*command: str, **environ: str) -> tuple[int, str]:
    """Run a command as `exec` does; return the exit status, and why it could not be run.

    In a process of its own, as authkit is one: with other threads about (a
    parallel test run has some) signals may go to them.
    """
    done = finished(program("run", *command), ENVIRON | environ, check=False)
    return done.returncode, done.stderr.strip()


# The environment


def test_variables() -> None:
    """B-E01: the set that `exec` gives and `env` prints, the expiration in UTC."""
    assert variables("dev-admin", CACHED) == GIVEN


def test_other_credentials_are_gone() -> None:
    """B-E02: no credential that was in the environment before reaches the child."""
    before = dict.fromkeys(OTHER_CREDENTIALS, "other")
    after = environment(before | {"AWS_REGION": "other"}, "dev-admin", CACHED)
    assert after == GIVEN
    assert set(before.values()) == {"other"}


def test_everything_else_stays() -> None:
    """B-E02: what is no credential is the child's as it was."""
    others = {
        "PATH": "/bin",
        "AWS_CONFIG_FILE": "c",
        "AWS_CA_BUNDLE": "b",
        "MY_AWS_BEARER_TOKEN_X": "x",
        "ODD": "\udc80",
    }
    assert environment(others, "dev-admin", CACHED) == others | GIVEN


def test_the_environment_arrives() -> None:
    """B-E02: the child sees the environment it is given."""
    assert run("sh", "-c", 'exit "$GIVEN"', GIVEN="42") == (42, "")


# Exit status


def test_every_exit_status() -> None:
    """B-E03: the child's exit status is authkit's, all 256 of them."""
    script = (
        "import os; from authkit.adapters.job import Children\n"
        "for n in range(256): assert Children().run(['sh', '-c', f'exit {n}'], os.environ) == n"
    )
    finished([sys.executable, "-c", script])


@pytest.mark.parametrize(
    "name", ["HUP", "INT", "QUIT", "ABRT", "KILL", "SEGV", "PIPE", "TERM", "USR1", "XFSZ"]
)
def test_killed(name: str) -> None:
    """B-E03: killed by signal N is 128+N."""
    status = 128 + signal.Signals[f"SIG{name}"]
    assert run("sh", "-c", f"ulimit -c 0; kill -{name} $$") == (status, "")


@pytest.fixture
def bin_path(tmp_path: Path) -> Path:
    """Two folders on a PATH; in the first what cannot be run, in the second what can."""
    for name, text, mode in (
        ("bad/tool", "#!/bin/sh\nexit 1\n", 0o644),
        ("good/tool", "#!/bin/sh\nexit 42\n", 0o755),
        ("bad/only-bad", "#!/bin/sh\n", 0o644),
        ("bad/no-format", "text\n", 0o755),
        ("bad/lost-interpreter", "#!/no/such/interpreter\n", 0o755),
    ):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
        file.chmod(stat.S_IFREG | mode)
    (tmp_path / "bad" / "folder").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("command", "status", "reason"),
    [
        ("no-such-command", 127, "command not found"),
        ("/no/such/command", 127, "command not found"),
        ("/etc/passwd/command", 127, "command not found"),
        ("only-bad", 126, "Permission denied"),
        ("no-format", 126, "Exec format error"),
        ("lost-interpreter", 126, "its interpreter cannot be found"),
        ("folder", 126, "Permission denied"),
        ("/", 126, "Permission denied"),
        ("", 127, "command not found"),
    ],
)
def test_cannot_run(bin_path: Path, command: str, status: int, reason: str) -> None:
    """B-E03: not found is 127, found and not executable 126, anything else 125."""
    assert run(command, PATH=f"{bin_path}/bad:{bin_path}/none") == (status, reason)


def test_too_long() -> None:
    """B-E03: what the system refuses to start is 125."""
    with pytest.raises(CannotRun) as raised:
        Children().run(["true", "x" * 10_000_000], os.environ)
    assert (raised.value.status, raised.value.reason) == (125, "Argument list too long")


def test_a_variable_that_cannot_be_one() -> None:
    """B-E03: nor what no system can be given, such as a session with a NUL in it: 125."""
    with pytest.raises(CannotRun) as raised:
        Children().run(["true"], os.environ | {"AWS_SESSION_TOKEN": "half\0half"})
    assert (raised.value.status, raised.value.reason) == (125, "embedded null byte")


def test_the_path_is_the_childs(bin_path: Path) -> None:
    """B-E03: a command is looked for in the child's PATH, past what cannot be run."""
    script = (
        "import sys; from authkit.adapters.job import Children; "
        "sys.exit(Children().run(['tool'], {'PATH': sys.argv[1]}))"
    )
    path = f"{bin_path}/bad:{bin_path}/good"
    assert finished([sys.executable, "-c", script, path], check=False).returncode == 42


def test_the_signals_come_back() -> None:
    """B-E04: afterwards, signals reach authkit as before, whether the child ran or not."""
    script = """
import os, signal
from authkit.adapters.job import Children
from authkit.core.failures import CannotRun
def now(): return signal.pthread_sigmask(signal.SIG_BLOCK, ()), signal.getsignal(signal.SIGCHLD)
before = now()
Children().run(["true"], os.environ)
assert now() == before
try: Children().run(["no-such-command"], os.environ)
except CannotRun: pass
assert now() == before
"""
    finished([sys.executable, "-c", script])


def test_ignored_sigchld() -> None:
    """B-E03: the exit status is not lost where SIGCHLD was ignored by inheritance."""
    script = (
        "import os, signal, sys; signal.signal(signal.SIGCHLD, signal.SIG_IGN); "
        "os.execv(sys.argv[1], sys.argv[1:])"
    )
    running = program("run", "sh", "-c", "exit 9")
    assert finished([sys.executable, "-c", script, *running], check=False).returncode == 9


# The signals the child starts with


def signal_sets(*start: str, ignore: str = "", block: tuple[int, ...] = ()) -> dict[str, int]:
    """Return what Linux says that a command's mask and dispositions are, started like this."""
    command = " ".join([*start, "grep", "-e", "^SigBlk", "-e", "^SigIgn", "/proc/self/status"])
    done = finished(["sh", "-c", f"trap '' {ignore}; exec {command}"], blocked=block)
    lines = (line.split(":") for line in done.stdout.splitlines())
    return {name: int(mask, 16) & ~bits(32, 33) for name, mask in lines}  # the C library's own


def bits(*signums: int) -> int:
    """Return signals as a mask of the kernel's."""
    return sum(1 << (signum - 1) for signum in signums)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("name", ["HUP", "INT", "TERM", "QUIT", "USR1", "TSTP"])
def test_ignored_stays_ignored(name: str) -> None:
    """B-E04: what was ignored (nohup) stays ignored; what Python ignores by itself is not."""
    sets = signal_sets(*program("run"), ignore=name)
    assert sets == signal_sets(ignore=name)
    assert sets["SigIgn"] & bits(signal.Signals[f"SIG{name}"])
    assert not sets["SigIgn"] & bits(signal.SIGPIPE, signal.SIGXFSZ)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_blocked_stays_blocked() -> None:
    """B-E04: the child starts with the mask that authkit was started with."""
    blocked = (signal.SIGUSR1, signal.SIGTERM)
    assert signal_sets(*program("run"), ignore="USR2", block=blocked)["SigBlk"] == bits(*blocked)
    assert signal_sets(*program("run"), ignore="USR2")["SigBlk"] == 0


# Signals while it runs


@pytest.mark.parametrize("name", ["INT", "TERM", "HUP", "QUIT", "USR1", "USR2"])
def test_passed_on_once(name: str) -> None:
    """B-E04: a signal that a process sends to authkit reaches the child once."""
    screen = spawn(program("run", *program("note")))
    authkit, _ = numbers(screen, "parent # child #.")
    os.kill(authkit, signal.Signals[f"SIG{name}"])
    assert numbers(screen, f"SIG{name} came # in #.") == [1, 1]
    os.kill(authkit, signal.SIGTERM)  # a second of the first would have come before this one
    assert numbers(screen, "SIGTERM came # in #.") == [2 if name == "TERM" else 1, 2]


@pytest.mark.parametrize(("name", "key"), [("INT", "c"), ("QUIT", "\\")])
def test_keys_come_once(name: str, key: str) -> None:
    r"""B-E04: the terminal's own Ctrl-C and Ctrl-\ are not delivered twice; authkit lives on."""
    screen = spawn(program("run", *program("note")))
    authkit, _ = numbers(screen, "parent # child #.")
    for count in (1, 2, 3):
        screen.sendcontrol(key)
        assert numbers(screen, f"SIG{name} came # in #.") == [count, count]
    for count in (1, 2, 3):
        os.kill(authkit, signal.SIGTERM)
        assert numbers(screen, "SIGTERM came # in #.") == [count, 3 + count]
    assert screen.wait() == 7


def test_none_is_lost_at_the_start() -> None:
    """B-E04: a signal that comes as soon as there is a child reaches it."""
    screen = spawn(program("run", *program("note", "--signal-parent", "SIGTERM")))
    assert numbers(screen, "SIGTERM came # in #.") == [1, 1]


def test_ctrl_c_ends_both() -> None:
    """B-E03: a child that Ctrl-C kills makes 130 of it, without a word from authkit."""
    screen = spawn(program("run", "sh", "-c", "echo up.; exec sleep 600"))
    screen.expect_exact("up.\r\n")
    screen.sendintr()
    assert screen.read() == "^C"
    assert screen.wait() == 130


# Jobs


@pytest.fixture
def shell() -> Iterator[Shell]:
    """An interactive bash."""
    opened = Shell()
    yield opened
    opened.close()


def state(pid: int) -> str:
    """Return the process's state as Linux writes it: T is stopped."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def test_stop_bg_fg(shell: Shell) -> None:
    """B-E04: Ctrl-Z, and a TSTP to authkit, stop the job; `fg` and `bg` continue all of it."""
    shell.start(program("run", *program("note")))
    authkit, child = numbers(shell.screen, "parent # child #.")
    shell.screen.sendcontrol("z")
    shell.screen.expect_exact("Stopped")
    shell.screen.expect_exact(shell.PROMPT)
    assert [state(authkit), state(child)] == ["T", "T"]
    shell.start(["fg"])
    os.kill(authkit, signal.SIGUSR1)
    assert numbers(shell.screen, "SIGUSR1 came # in #.") == [1, 1]
    os.kill(authkit, signal.SIGTSTP)  # to authkit alone
    shell.screen.expect_exact("Stopped")
    shell.screen.expect_exact(shell.PROMPT)
    assert [state(authkit), state(child)] == ["T", "T"]
    shell.run("bg")
    os.kill(authkit, signal.SIGUSR1)
    assert numbers(shell.screen, "SIGUSR1 came # in #.") == [2, 2]
    shell.start(["fg"])
    for count in (1, 2, 3):
        os.kill(authkit, signal.SIGTERM)
        assert numbers(shell.screen, "SIGTERM came # in #.") == [count, count + 2]
    shell.screen.expect_exact(shell.PROMPT)
    assert "7." in shell.run("echo $?.")


@pytest.mark.parametrize("name", ["STOP", "TSTP"])
def test_a_child_that_stops_alone(shell: Shell, name: str) -> None:
    """B-E04: when the child stops, however, authkit stops; continued, it continues the child."""
    shell.start(program("run", *program("note")))
    authkit, child = numbers(shell.screen, "parent # child #.")
    os.kill(child, signal.Signals[f"SIG{name}"])
    shell.screen.expect_exact("Stopped")
    shell.screen.expect_exact(shell.PROMPT)
    assert [state(authkit), state(child)] == ["T", "T"]
    os.kill(authkit, signal.SIGCONT)  # authkit alone
    os.kill(authkit, signal.SIGUSR1)
    assert numbers(shell.screen, "SIGUSR1 came # in #.") == [1, 1]


def test_a_child_that_does_not_stop(shell: Shell) -> None:
    """B-E04: authkit does not stop where Ctrl-Z leaves its child running."""
    shell.start(program("run", "sh", "-c", "trap '' TSTP; exec " + " ".join(program("note"))))
    authkit, _ = numbers(shell.screen, "parent # child #.")
    shell.screen.sendcontrol("z")
    shell.screen.sendintr()
    assert numbers(shell.screen, "SIGINT came # in #.") == [1, 1]
    assert state(authkit) != "T"


def test_reading_in_the_background(shell: Shell) -> None:
    """B-E04: a child that reads the terminal in the background stops, and goes on with `fg`."""
    shell.start(program("run", "sh", "-c", "echo up.; read line; echo got $line."), " &")
    shell.screen.expect_exact("up.\r\n")
    shell.run_until_stopped(":")
    shell.start(["fg"])
    shell.screen.sendline("a line")
    shell.screen.expect_exact("got a line.")
    shell.screen.expect_exact(shell.PROMPT)


def test_pipelines(shell: Shell) -> None:
    """B-E04: a child in a pipeline dies of SIGPIPE, and a pager has the terminal."""
    endless = " ".join(program("run", "yes"))
    assert "141 0." in shell.run(endless + " | head -n 1; echo ${PIPESTATUS[*]}.")
    pager = f'{sys.executable} -c \'print(open("/dev/tty").readline().strip(), "read.")\''
    shell.type(f"{endless} | {pager}; echo ${{PIPESTATUS[*]}}.")
    shell.screen.sendline("a key")
    shell.screen.expect_exact("a key read.")
    shell.screen.expect_exact("141 0.")


def test_start_up() -> None:
    """B-E01: what `env` needs of this costs no more at start-up than it must."""
    assert (
        imported(
            "authkit.core.environment", among="signal typing dataclasses pathlib subprocess re"
        )
        == set()
    )
