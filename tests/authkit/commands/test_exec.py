"""B-E01 to B-E08: `authkit exec` as a good parent, through the real program and a session file."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from authkit.adapters.state_folder import StateFolder
from authkit.core.model import CachedSession, Secret, Session
from authkit.core.sessions import encode
from tests.support.pty_tools import ENVIRON, Shell, numbers, program, spawn
from tests.support.simulator import BIN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.simulator import Home

EXEC = [str(BIN / "authkit"), "exec", "dev-admin", "--no-probe", "--"]
NOW = datetime.now(UTC).replace(microsecond=0)
CACHED = CachedSession(
    session=Session(
        "ASIAX", Secret("session-secret"), Secret("token"), NOW + timedelta(hours=12), NOW
    ),
    kind="aws/user",
    region="eu-west-1",
    account="123456789012",
    principal="arn:aws:iam::123456789012:user/dev-admin",
    keys="",
    mfa_arn="",
    duration=timedelta(hours=12),
)


@pytest.fixture
def parent(home: Home) -> Home:
    """Return a home with a session, and neither keys nor a network."""
    put(home, CACHED)
    home.extra = {name: ENVIRON[name] for name in ("PYTHONPATH", "PYTHONDONTWRITEBYTECODE")}
    return home


def put(home: Home, cached: CachedSession) -> None:
    """Write the session file."""
    StateFolder(str(home.path / "state")).replace("dev-admin", encode(cached))


@pytest.fixture
def shell(parent: Home) -> Iterator[Shell]:
    """Return an interactive bash in that home, in which ``$EXEC`` is the command's beginning."""
    opened = Shell()
    exports = parent.environ | {"EXEC": shlex.join(EXEC)}
    for name in ("AUTHKIT_STATE_DIR", "XDG_CONFIG_HOME", "HOME", "EXEC", "PATH"):
        opened.run(f"export {name}={shlex.quote(exports[name])}")
    yield opened
    opened.close()


def by_sh(home: Home, line: str, given: bytes = b"") -> tuple[int, bytes, bytes]:
    """Run a line of bash with ``$EXEC`` in it; return its exit status and its two outputs."""
    done = subprocess.run(  # noqa: S603 - the tests' own
        ["bash", "-c", line],  # noqa: S607 - whichever there is
        env=home.environ | {"EXEC": shlex.join(EXEC)},
        input=given,
        capture_output=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


# Its three streams, and what else it inherits.


def test_bytes_come_through(parent: Home) -> None:
    """B-E01: input and output are the child's own, whatever is in them."""
    everything = bytes(range(256)) * 1024
    assert by_sh(parent, "$EXEC cat", everything) == (0, everything, b"")


@pytest.mark.parametrize(
    ("line", "status", "out"),
    [
        ("$EXEC sh -c 'exit 4' <&-", 4, b""),
        ("$EXEC sh -c 'exit 4' >&-", 4, b""),
        ("$EXEC sh -c 'exit 4' 2>&-", 4, b""),
        ("$EXEC sh -c 'exit 4' <&- >&- 2>&-", 4, b""),
        ("$EXEC sh -c '[ -e /proc/$$/fd/0 ] && echo open' <&-", 1, b""),
        ("$EXEC sh -c '[ -e /proc/$$/fd/1 ] && exit 9' >&-", 1, b""),
        ("$EXEC sh -c 'echo out' <&- 2>&-", 0, b"out\n"),
    ],
)
def test_closed_streams(parent: Home, line: str, status: int, out: bytes) -> None:
    """B-E01, B-E03: what is closed stays closed, and the exit status is the child's."""
    assert by_sh(parent, line)[:2] == (status, out)


def test_other_files_are_inherited(parent: Home) -> None:
    """B-E01: bash's <(…) and files on other numbers reach the child."""
    assert by_sh(parent, "$EXEC cat <(echo one)")[:2] == (0, b"one\n")
    assert by_sh(parent, "$EXEC sh -c 'cat <&9' 9< <(echo nine)")[:2] == (0, b"nine\n")


def test_folder_and_umask(parent: Home) -> None:
    """B-E01: the child stands where authkit stood, with its umask and limits."""
    line = "cd /usr; umask 027; ulimit -n 77; $EXEC sh -c 'pwd; umask; ulimit -n'"
    assert by_sh(parent, line)[:2] == (0, b"/usr\n0027\n77\n")


def test_children_left_behind(parent: Home, tmp_path: Path) -> None:
    """B-E03: authkit ends with its child, and leaves the child's own children running."""
    line = "$EXEC sh -c 'sleep 600 >&- 2>&- & echo $!; exit 5'"
    status, out, _ = by_sh(parent, line)
    left = int(out)
    os.kill(left, 0)  # it lives
    os.kill(left, signal.SIGKILL)
    assert status == 5
    assert tmp_path.exists()


# Exit statuses.


@pytest.mark.parametrize(
    ("command", "status"),
    [
        ("true", 0),
        ("sh -c 'exit 255'", 255),
        ("sh -c 'kill -KILL $$'", 128 + signal.SIGKILL),
        ("sh -c 'kill -TERM $$'", 128 + signal.SIGTERM),
        ("/etc/passwd", 126),
        ("no-such-command", 127),
    ],
)
def test_exit_statuses(parent: Home, command: str, status: int) -> None:
    """B-E03: the child's is authkit's."""
    assert by_sh(parent, f"$EXEC {command}")[:2] == (status, b"")


def test_too_large_an_environment(parent: Home) -> None:
    """B-E03: a session that the system does not take as a variable: 125, and why."""
    token = Secret("t" * 300_000)
    put(parent, CACHED.replaced(session=CACHED.session.replaced(session_token=token)))
    status, out, said = by_sh(parent, "$EXEC true")
    assert (status, out) == (125, b"")
    assert b"Argument list too long" in said
    assert b"tttt" not in said


@pytest.mark.parametrize("name", ["TERM", "HUP", "INT", "QUIT"])
def test_signals_reach_the_child(parent: Home, name: str) -> None:
    """B-E04: what is sent to authkit reaches the child, and its end is authkit's."""
    screen = spawn([*EXEC, *program("note")], parent.environ)
    authkit, _ = numbers(screen, "parent # child #.")
    os.kill(authkit, signal.Signals[f"SIG{name}"])
    assert numbers(screen, f"SIG{name} came # in #.") == [1, 1]
    for count in (2, 3) if name == "TERM" else (1, 2, 3):
        os.kill(authkit, signal.SIGTERM)
        screen.expect_exact(f"SIGTERM came {count}")
    assert screen.wait() == 7


# At a terminal.


def test_a_pipeline(shell: Shell) -> None:
    """B-E04: a child in a pipeline dies of SIGPIPE like any other."""
    assert "141 0." in shell.run("$EXEC yes | head -n 1; echo ${PIPESTATUS[*]}.")


@pytest.mark.skipif(not os.path.exists("/usr/bin/less"), reason="needs less")  # noqa: PTH110 - a program
def test_a_pager(shell: Shell, tmp_path: Path) -> None:
    """B-E04: a pager runs in it, and behind it; the terminal is afterwards as before."""
    before = shell.run("stty -g")
    page = tmp_path / "page"
    page.write_text("".join(f"line {number}\n" for number in range(500)))
    for line in (f"$EXEC less {page}", f"$EXEC cat {page} | TERM=xterm less"):
        shell.type(f"TERM=xterm {line}; echo status ${{PIPESTATUS[*]}}.")
        shell.screen.expect_exact("line 20")
        shell.screen.send("G")
        shell.screen.expect_exact("line 499")
        shell.screen.send("q")
        shell.screen.expect(r"status 0( 0)?\.")
        shell.screen.expect_exact(shell.PROMPT)
    assert shell.run("stty -g") == before


@pytest.mark.skipif(not os.path.exists("/usr/bin/vim"), reason="needs vim")  # noqa: PTH110 - a program
def test_an_editor(shell: Shell, tmp_path: Path) -> None:
    """B-E04: an editor runs in it, can be stopped and continued, and saves what was typed."""
    before = shell.run("stty -g")
    page = tmp_path / "page"
    shell.type(f"TERM=xterm $EXEC vim -N -u NONE -i NONE {page}; echo status $?.")
    shell.screen.expect_exact("[New]")
    shell.screen.send("ione two\x1b:w\r")
    shell.screen.expect_exact("written")
    shell.screen.sendcontrol("z")
    shell.screen.expect_exact("Stopped")
    shell.screen.expect_exact(shell.PROMPT)
    shell.type("fg; echo status $?.")
    shell.screen.send(":wq\r")
    shell.screen.expect_exact("status 0.")
    shell.screen.expect_exact(shell.PROMPT)
    assert page.read_text() == "one two\n"
    assert shell.run("stty -g") == before


def test_stop_bg_fg(shell: Shell) -> None:
    """B-E04: Ctrl-Z stops authkit and child as one job, which `bg` and `fg` continue."""
    shell.type(f"$EXEC {shlex.join(program('note'))}")
    authkit, _ = numbers(shell.screen, "parent # child #.")
    shell.screen.sendcontrol("z")
    shell.screen.expect_exact("Stopped")
    shell.screen.expect_exact(shell.PROMPT)
    shell.run("bg")
    os.kill(authkit, signal.SIGUSR1)
    assert numbers(shell.screen, "SIGUSR1 came # in #.") == [1, 1]
    shell.type("fg")
    for count in (1, 2, 3):
        os.kill(authkit, signal.SIGTERM)
        assert numbers(shell.screen, "SIGTERM came # in #.") == [count, count + 1]
    shell.screen.expect_exact(shell.PROMPT)
    assert "7." in shell.run("echo $?.")
