"""Running exec's child: its exit status, its signals and its job."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import sys
from pathlib import Path

import pytest

from authkit.adapters import job
from authkit.adapters.job import Children
from authkit.core.failures import CannotRun
from tests.support.noting import state
from tests.support.pty_tools import ENVIRON, LIMIT, Shell, finished, numbers, program, spawn


def run(*command: str, **environ: str) -> tuple[int, str]:
    """Run a command as `exec` does; return the exit status, and why it could not be started.

    It runs in a process of its own: in one with other threads, as a parallel test
    run is, those may receive the signals.
    """
    done = finished(program("run", *command), ENVIRON | environ, check=False)
    return done.returncode, done.stderr.strip()


def test_the_environment_arrives() -> None:
    """B-E02: the child gets the environment that is passed."""
    assert run("sh", "-c", 'exit "$GIVEN"', GIVEN="42") == (42, "")


# Exit statuses


def test_every_exit_status() -> None:
    """B-E03: authkit's exit status is the child's, for all 256 of them."""
    script = (
        "import os; from authkit.adapters.job import Children\n"
        "for n in range(256): assert Children().run(['sh', '-c', f'exit {n}'], os.environ) == n"
    )
    finished([sys.executable, "-c", script])


@pytest.mark.parametrize(
    "name", ["HUP", "INT", "QUIT", "ABRT", "KILL", "SEGV", "PIPE", "TERM", "USR1", "XFSZ"]
)
def test_killed(name: str) -> None:
    """B-E03: the exit status for death by signal N is 128+N."""
    status = 128 + signal.Signals[f"SIG{name}"]
    assert run("sh", "-c", f"ulimit -c 0; kill -{name} $$") == (status, "")


@pytest.fixture
def bin_path(tmp_path: Path) -> Path:
    """Return a folder with two folders for a PATH: `bad` has no usable command, `good` has one."""
    for name, text, mode in (
        ("bad/tool", "#!/bin/sh\nexit 1\n", 0o644),
        ("good/tool", "#!/bin/sh\nexit 42\n", 0o755),
        ("bad/only-bad", "#!/bin/sh\n", 0o644),
        ("bad/lost-interpreter", "#!/no/such/interpreter\n", 0o755),
    ):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
        file.chmod(stat.S_IFREG | mode)
    (tmp_path / "bad" / "folder").mkdir()
    (tmp_path / "bad" / "loop").symlink_to("loop")
    return tmp_path


@pytest.mark.parametrize(
    ("command", "status", "reason"),
    [
        ("no-such-command", 127, "command not found"),
        ("/no/such/command", 127, "command not found"),
        ("/etc/passwd/command", 127, "command not found"),
        ("only-bad", 126, "Permission denied"),
        ("loop", 126, "Too many levels of symbolic links"),
        ("lost-interpreter", 126, "its interpreter cannot be found"),
        ("folder", 126, "Permission denied"),
        ("/", 126, "Permission denied"),
        ("", 127, "command not found"),
    ],
)
def test_cannot_run(bin_path: Path, command: str, status: int, reason: str) -> None:
    """B-E03: 127 for a command that is not found, 126 for one that cannot be executed."""
    assert run(command, PATH=f"{bin_path}/bad:{bin_path}/none") == (status, reason)


# What is in a file that the kernel takes for no program; a few it does take.
SCRIPTS = {
    "plain": "echo ran $0 $*; exit 3\n",
    "empty": "",
    "no-interpreter": "#!\necho ran; exit 4\n",
    "byte-order-mark": "\ufeff#!/bin/sh\necho ran; exit 5\n",
    "not-a-program": "\x7fELF\0\0\n",
    "-r": "echo ran $0; exit 6\n",  # an option of shells
    "folder/inside": "echo ran $0; exit 7\n",
    "program": "#!/bin/sh\necho ran $0; exit 8\n",
}


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the files of `SCRIPTS`, which may be executed."""
    home = tmp_path_factory.mktemp("scripts")
    for name, text in SCRIPTS.items():
        file = home / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
        file.chmod(0o755)
    return home


def told(scripts: Path, *command: str, path: str) -> tuple[int, str, str]:
    """Run a command in the folder of scripts; return its status and output."""
    done = finished(command, ENVIRON | {"PATH": path}, check=False, cwd=scripts)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("name", SCRIPTS)
def test_what_env_runs(scripts: Path, name: str) -> None:
    """B-E03: a file without ``#!`` is a script for /bin/sh, as for `env`; with its arguments."""
    for command in (f"./{name}", str(scripts / name)):
        ours, theirs = (
            told(scripts, *runner, command, "a", "b c", path="/bin:/usr/bin")
            for runner in (program("run"), ["env"])
        )
        assert ours == theirs
        assert ("ran" in ours[1]) == (name not in {"empty", "not-a-program"})


@pytest.mark.parametrize("path", ["", ":/bin", "/bin:", ".", "folder", "lost:folder:/bin", "/bin"])
@pytest.mark.parametrize("name", ["plain", "inside", "program"])
def test_where_env_looks(scripts: Path, name: str, path: str) -> None:
    """B-E03: empty and relative entries of PATH are taken as `env` takes them."""
    (status, said, _), theirs = (
        told(scripts, *runner, name, path=path) for runner in (program("run"), ["/usr/bin/env"])
    )
    assert (status, said) == theirs[:2]


def test_a_script_like_an_option(scripts: Path) -> None:
    """B-E03: the shell does not take the script's name for an option."""
    status, said, _ = told(scripts, *program("run"), "-r", path=":/bin")
    assert (status, said) == (6, "ran ./-r\n")


def test_a_file_that_is_being_written(tmp_path: Path) -> None:
    """B-E03: 126 for a program that is open for writing."""
    copy = Path(shutil.copy("/bin/true", tmp_path))
    with copy.open("ab"):
        assert run(str(copy)) == (126, "Text file busy")


def test_too_long() -> None:
    """B-E03: 125 for arguments that are too long for the system."""
    with pytest.raises(CannotRun) as raised:
        Children().run(["true", "x" * 10_000_000], os.environ)
    assert (raised.value.status, raised.value.reason) == (125, "Argument list too long")


def test_a_variable_that_cannot_be_one() -> None:
    """B-E03: 125 for a variable that cannot be passed, such as one with a NUL."""
    with pytest.raises(CannotRun) as raised:
        Children().run(["true"], os.environ | {"AWS_SESSION_TOKEN": "half\0half"})
    assert (raised.value.status, raised.value.reason) == (125, "embedded null byte")


def test_the_path_is_the_childs(bin_path: Path) -> None:
    """B-E03: the command is searched in the child's PATH; files that cannot be run are skipped."""
    script = (
        "import sys; from authkit.adapters.job import Children; "
        "sys.exit(Children().run(['tool'], {'PATH': sys.argv[1]}))"
    )
    path = f"{bin_path}/bad:{bin_path}/good"
    assert finished([sys.executable, "-c", script, path], check=False).returncode == 42


def test_the_signals_come_back() -> None:
    """B-E04: the signal mask and handlers are restored, also if the command was not started."""
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
    """B-E03: the exit status is not lost if SIGCHLD was ignored when authkit was started."""
    script = (
        "import os, signal, sys; signal.signal(signal.SIGCHLD, signal.SIG_IGN); "
        "os.execv(sys.argv[1], sys.argv[1:])"
    )
    running = program("run", "sh", "-c", "exit 9")
    assert finished([sys.executable, "-c", script, *running], check=False).returncode == 9


# The signals that the child starts with


def signal_sets(*start: str, ignore: str = "", block: tuple[int, ...] = ()) -> dict[str, int]:
    """Return the signal mask and the ignored signals of a command, as /proc shows them."""
    command = " ".join([*start, "grep", "-e", "^SigBlk", "-e", "^SigIgn", "/proc/self/status"])
    done = finished(["sh", "-c", f"trap '' {ignore}; exec {command}"], blocked=block)
    lines = (line.split(":") for line in done.stdout.splitlines())
    return {name: int(mask, 16) & ~bits(32, 33) for name, mask in lines}  # the C library's own


def bits(*signums: int) -> int:
    """Return signals as a bit mask."""
    return sum(1 << (signum - 1) for signum in signums)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("name", ["HUP", "INT", "TERM", "QUIT", "USR1", "TSTP"])
def test_ignored_stays_ignored(name: str) -> None:
    """B-E04: signals that were ignored (nohup) stay ignored; those that Python ignores do not."""
    sets = signal_sets(*program("run"), ignore=name)
    assert sets == signal_sets(ignore=name)
    assert sets["SigIgn"] & bits(signal.Signals[f"SIG{name}"])
    assert not sets["SigIgn"] & bits(signal.SIGPIPE, signal.SIGXFSZ)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_blocked_stays_blocked() -> None:
    """B-E04: the child starts with the signal mask that authkit was started with."""
    blocked = (signal.SIGUSR1, signal.SIGTERM)
    assert signal_sets(*program("run"), ignore="USR2", block=blocked)["SigBlk"] == bits(*blocked)
    assert signal_sets(*program("run"), ignore="USR2")["SigBlk"] == 0


# Signals while the child runs


PASSED_ON = [
    *("INT", "TERM", "HUP", "QUIT", "USR1", "USR2", "ALRM", "VTALRM", "PROF", "WINCH", "URG"),
    *("IO", "PWR", "STKFLT", "RTMIN", "RTMAX"),
]


@pytest.mark.parametrize("name", [name for name in PASSED_ON if hasattr(signal, f"SIG{name}")])
def test_passed_on_once(name: str) -> None:
    """B-E04: a signal that a process sends to authkit reaches the child once; none ends authkit."""
    screen = spawn(program("run", *program("note", "--note", f"SIG{name}")))
    authkit, _ = numbers(screen, "parent # child #.")
    os.kill(authkit, signal.Signals[f"SIG{name}"])
    assert numbers(screen, f"SIG{name} came # in #.") == [1, 1]
    os.kill(authkit, signal.SIGTERM)  # a second signal of the first kind would have come earlier
    assert numbers(screen, "SIGTERM came # in #.") == [2 if name == "TERM" else 1, 2]


def test_a_timer_from_before() -> None:
    """B-E03: a timer that was set before authkit was started reaches the child, as under `env`."""
    # It is blocked until the child waits for it, however long authkit takes to start.
    before = "import os, signal, sys; signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])\n"
    before += "signal.setitimer(signal.ITIMER_REAL, 0.01); os.execv(sys.argv[1], sys.argv[1:])"
    child = "import signal; signal.sigwait([signal.SIGALRM]); print('came')"
    command = [sys.executable, "-c", before, *program("run", sys.executable, "-c", child)]
    assert finished(["timeout", str(LIMIT), *command]).stdout == "came\n"


def test_nothing_that_can_be_waited_for_ends_authkit() -> None:
    """B-E03: what is not waited for is a fault, a limit, ignored by Python, or a stop."""
    faults = "ABRT BUS FPE ILL SEGV SYS TRAP XCPU PIPE XFSZ KILL STOP TTIN TTOU"
    numbers_of = {getattr(signal, f"SIG{name}", None) for name in faults.split()} - {None}
    assert {*signal.Signals} - job._WAITED_FOR == numbers_of  # noqa: SLF001 - which they are


@pytest.mark.parametrize(("name", "key"), [("INT", "c"), ("QUIT", "\\")])
def test_keys_come_once(name: str, key: str) -> None:
    r"""B-E04: the terminal's Ctrl-C and Ctrl-\ reach the child once, and authkit goes on."""
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
    """B-E04: a signal sent right after the child was started reaches it."""
    screen = spawn(program("run", *program("note", "--signal-parent", "SIGTERM")))
    assert numbers(screen, "SIGTERM came # in #.") == [1, 1]


def test_ctrl_c_ends_both() -> None:
    """B-E03: if Ctrl-C kills the child, authkit's exit status is 130, without a message."""
    screen = spawn(program("run", "sh", "-c", "echo up.; exec sleep 600"))
    screen.expect_exact("up.\r\n")
    screen.sendintr()
    assert screen.read() == "^C"
    assert screen.wait() == 130


def test_stop_bg_fg(shell: Shell) -> None:
    """B-E04: Ctrl-Z, and SIGTSTP sent to authkit, stop the job; `fg` and `bg` continue it."""
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


def test_continued_once(shell: Shell) -> None:
    """B-E04: `fg` continues authkit and its child, and the child gets one SIGCONT."""
    shell.start(program("run", *program("note", "--note", "SIGCONT")))
    authkit, child = numbers(shell.screen, "parent # child #.")
    for count in (1, 2, 3):
        shell.screen.sendcontrol("z")
        shell.screen.expect_exact("Stopped")
        shell.screen.expect_exact(shell.PROMPT)
        assert [state(authkit), state(child)] == ["T", "T"]
        shell.start(["fg"])
        assert numbers(shell.screen, "SIGCONT came # in #.") == [count, 2 * count - 1]
        os.kill(authkit, signal.SIGUSR1)
        assert numbers(shell.screen, "SIGUSR1 came # in #.") == [count, 2 * count]


@pytest.mark.parametrize("name", ["STOP", "TSTP"])
def test_a_child_that_stops_alone(shell: Shell, name: str) -> None:
    """B-E04: when the child stops, authkit stops; when authkit is continued, so is the child."""
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
    """B-E04: if Ctrl-Z does not stop the child, authkit does not stop."""
    shell.start(program("run", "sh", "-c", "trap '' TSTP; exec " + " ".join(program("note"))))
    authkit, _ = numbers(shell.screen, "parent # child #.")
    shell.screen.sendcontrol("z")
    shell.screen.sendintr()
    assert numbers(shell.screen, "SIGINT came # in #.") == [1, 1]
    assert state(authkit) != "T"


def test_reading_in_the_background(shell: Shell) -> None:
    """B-E04: a child that reads the terminal in the background stops, and continues with `fg`."""
    shell.start(program("run", "sh", "-c", "echo up.; read line; echo got $line."), " &")
    shell.screen.expect_exact("up.\r\n")
    shell.run_until_stopped(":")
    shell.start(["fg"])
    shell.screen.sendline("a line")
    shell.screen.expect_exact("got a line.")
    shell.screen.expect_exact(shell.PROMPT)


def test_pipelines(shell: Shell) -> None:
    """B-E04: in a pipeline the child dies of SIGPIPE, and a pager can read the terminal."""
    endless = " ".join(program("run", "yes"))
    assert "141 0." in shell.run(endless + " | head -n 1; echo ${PIPESTATUS[*]}.")
    pager = f'{sys.executable} -c \'print(open("/dev/tty").readline().strip(), "read.")\''
    shell.type(f"{endless} | {pager}; echo ${{PIPESTATUS[*]}}.")
    shell.screen.sendline("a key")
    shell.screen.expect_exact("a key read.")
    shell.screen.expect_exact("141 0.")
