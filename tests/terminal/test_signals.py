"""B-E03, B-E04: stops, freezers, orphans and storms of signals while `exec` waits for its child."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pytest

from authkit.adapters import job
from tests.authkit.adapters.folders_of_others import USER, needs_root, public_folder
from tests.support.noting import Noting, noting, state, until, until_state
from tests.support.pty_tools import LIMIT, finished, numbers, program, spawn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Start: TypeAlias = Callable[..., Noting]

# Stopped and frozen


@pytest.fixture
def start() -> Iterator[Start]:
    """Return a function that starts `note` as `tests.support.noting.noting` does."""
    with ExitStack() as stack:
        yield lambda *command, **environ: stack.enter_context(noting(*command, **environ))


def outlast_a_wait() -> None:
    """Let a wait for a signal run out, while the process is stopped."""
    time.sleep(job._LOST * 1.2)  # noqa: SLF001 - how long that is


needs_proc = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


@needs_proc
def test_stopped_and_continued_alone(start: Start) -> None:
    """B-E03: authkit alone is stopped and continued, in haste and for long: the wait goes on."""
    running = start()
    for _ in range(10):
        running.send("STOP")
        until_state(running.authkit, "T")
        running.send("CONT")
    for _ in range(3):
        running.send("STOP")
        until_state(running.authkit, "T")
        outlast_a_wait()
        running.send("CONT")
        until_state(running.authkit, "SR")
    running.send("USR1")
    assert running.line() == "SIGUSR1 came 1 in 1."
    running.end(before=1)


@needs_proc
@pytest.mark.parametrize("waits", ["garbled", "failed"])
def test_a_wait_that_goes_wrong(start: Start, waits: str) -> None:
    """B-E03: neither a number that was not waited for nor an error leaves the child behind."""
    running = start(WAITS=waits)
    if waits == "garbled":
        for count in range(1, 100):
            running.send("USR1")
            assert running.line() == f"SIGUSR1 came {count} in {count}."
        running.end(before=count)
    else:
        for count in (1, 2, 3):
            os.kill(running.child, signal.SIGTERM)
            assert running.line() == f"SIGTERM came {count} in {count}."
        assert running.process.wait(LIMIT) == 7


@contextmanager
def freezer(pid: int) -> Iterator[Callable[[bool], None]]:
    """Yield a function that freezes and thaws a process by a control group of its own.

    Skips the test where none can be made.
    """
    group = Path(f"/sys/fs/cgroup/freezer/authkit-{pid}")  # version 1
    if not group.parent.is_dir():
        group = Path(f"/sys/fs/cgroup/authkit-{pid}")  # version 2
    try:
        group.mkdir()
    except OSError:
        pytest.skip("no control group may be made here")
    old = group / "freezer.state"
    new = group / "cgroup.freeze"

    def freeze(wanted: bool) -> None:  # noqa: FBT001 - frozen or not
        if old.exists():
            old.write_text("FROZEN" if wanted else "THAWED")
            until(lambda: old.read_text().strip() == ("FROZEN" if wanted else "THAWED"))
        else:
            new.write_text(str(int(wanted)))
            events = group / "cgroup.events"
            until(lambda: f"frozen {int(wanted)}" in events.read_text())

    try:
        (group / "cgroup.procs").write_text(str(pid))
        yield freeze
    finally:
        freeze(False)  # noqa: FBT003 - the same
        (group.parent / "cgroup.procs").write_text(str(pid))
        group.rmdir()


@needs_proc
def test_frozen(start: Start) -> None:
    """B-E03: authkit alone is frozen by a control group and thawed: the wait goes on."""
    running = start()
    with freezer(running.authkit) as freeze:
        for count in (1, 2, 3):
            freeze(True)  # noqa: FBT003 - frozen or not
            outlast_a_wait()
            running.send("USR1")
            freeze(False)  # noqa: FBT003 - the same
            assert running.line() == f"SIGUSR1 came {count} in {count}."
    running.end(before=3)


@needs_proc
def test_a_group_is_stopped(start: Start) -> None:
    """B-E04: after a stop of the group, SIGCONT to authkit alone continues the child, once."""
    running = start()
    for count in (1, 2, 3):
        os.killpg(running.authkit, signal.SIGSTOP)
        until_state(running.authkit, "T")
        until_state(running.child, "T")
        running.send("CONT")
        assert running.line() == f"SIGCONT came {count} in {count}."
    running.end(before=count)


@needs_proc
def test_nobody_could_continue_it(start: Start) -> None:
    """B-E04: where no shell would continue authkit, it does not stop with its child."""
    running = start()
    for count in (1, 2, 3):
        os.kill(running.child, signal.SIGSTOP)
        until_state(running.child, "T")
        running.send("USR1")  # it is waiting for the child when the child goes on
        if count == 2:
            running.send("CONT")  # to authkit, which continues the child
        else:
            os.kill(running.child, signal.SIGCONT)  # as a freezer of processes does
        came = {running.line().split()[0] for _ in range(2)}
        assert came == {"SIGUSR1", "SIGCONT"}
        assert state(running.authkit) in "SR"
    running.end(before=6)


@needs_proc
def test_many_sigchld(start: Start) -> None:
    """B-E03: SIGCHLD in any number, whoever sends it, does not end the wait."""
    running = start()
    running.send(*["CHLD"] * 5000)
    running.send("USR1")
    assert running.line() == "SIGUSR1 came 1 in 1."
    running.end(before=1)


@needs_proc
@needs_root
def test_a_child_of_another_user(start: Start) -> None:
    """B-E03: a signal that may not be sent, to a setuid program, does not end the wait."""
    with public_folder() as folder:
        other = Path(shutil.copy(str(shutil.which("setpriv")), folder))
        other.chmod(0o4755)
        script = "import os, sys; from authkit.adapters.job import Children\n"
        script += f"os.setresuid({USER}, {USER}, {USER})\n"
        script += "sys.exit(Children().run(sys.argv[1:], os.environ))"
        # Both ids are root's then, as under sudo.
        became = [str(other), "--reuid=0", *program("note")]
        running = start(sys.executable, "-c", script, *became)
        running.send("TERM", "HUP", "USR1")
        assert state(running.authkit) in "SR"
        for count in (1, 2, 3):
            os.kill(running.child, signal.SIGTERM)
            assert running.line() == f"SIGTERM came {count} in {count}."
        assert running.process.wait(LIMIT) == 7


# Orphans

# Prints a line when the process of that number is gone, which nobody but its parent makes it be.
GONE = "until ! kill -0 {} 2>/dev/null; do sleep 0.02; done; echo gone; exit 5"


def test_children_from_before() -> None:
    """B-E03: a child of the program that became authkit is reaped, and is not taken for the own."""
    become = " ".join(program("run", "sh", "-c", GONE.format("$0")))
    script = f"sleep 0.01 & exec {become.replace(GONE.format('$0'), repr(GONE.format('$0')))} $!"
    done = finished(["timeout", str(LIMIT), "sh", "-c", script], check=False)
    assert (done.stdout, done.returncode) == ("gone\n", 5)


@needs_proc
def test_many_end_at_once(start: Start) -> None:
    """B-E03: one SIGCHLD stands for many children that ended: all of them are reaped."""
    become = " ".join(program("run", *program("note")))
    running = start("sh", "-c", f"for n in $(seq 99); do sleep 600 & done; exec {become}")
    children = Path(f"/proc/{running.authkit}/task/{running.authkit}/children")
    others = {*map(int, children.read_text().split())} - {running.child}
    assert len(others) == 99
    running.send("STOP")
    until_state(running.authkit, "T")
    for pid in others:
        os.kill(pid, signal.SIGKILL)
        until_state(pid, "Z")
    running.send("CONT")
    until(lambda: len(children.read_text().split()) == 1)
    running.end()


def as_process_1(*command: str) -> list[str]:
    """Return the command that runs a command as process 1 of a PID namespace."""
    unshare = ["unshare", "--pid", "--fork", "--mount-proc"]
    if not shutil.which("unshare") or finished([*unshare, "true"], check=False).returncode:
        pytest.skip("no PID namespace may be made here")
    return [*unshare, *command]


def test_process_1_reaps() -> None:
    """B-E03: as process 1, `exec` reaps the orphans that it adopts; its status is the child's."""
    orphans = "for i in 1 2 3 4 5; do sh -c 'sleep 0.01 & echo $!'; done"
    script = f"[ $PPID = 1 ] || exit 9; for pid in $({orphans}); do ({GONE.format('$pid')}); done"
    script += "; echo all; exit 3"
    running = as_process_1(*program("run", "sh", "-c", script))
    done = finished(["timeout", str(LIMIT), *running], check=False)
    assert (done.stdout, done.returncode) == ("gone\n" * 5 + "all\n", 3)


def test_process_1_forwards() -> None:
    """B-E04: TERM sent to process 1 reaches the child, though the system drops it for others."""
    screen = spawn(as_process_1(*program("run", *program("note", "--signal-parent", "SIGTERM"))))
    assert numbers(screen, "parent # child #.")[0] == 1
    assert numbers(screen, "SIGTERM came # in #.") == [1, 1]
    screen.close(force=True)
