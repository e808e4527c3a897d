"""stages.forked: what is forked cannot be told from a new interpreter."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import forkserver
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from scenarios.replay.stages import machine
from scenarios.replay.stages.forked import Forked, can_be_forked
from scenarios.replay.stages.forked import script as a_script
from scenarios.replay.stages.levels import LEVELS
from scenarios.replay.story import reading

if TYPE_CHECKING:
    from scenarios.replay.stages.stage import Observed

ROOT = Path(__file__).parents[4]
# Pipes, Ctrl-C, a second terminal, exec, and a command that prints codes.
STORIES = (
    "keyring/keyring-read-only",
    "terminals/one-asks-one-waits",
    "terminals/looking-meanwhile",
    "exec/failing-command",
    "mfa-process/refused",
)
# Writes what a program finds at its start.  freezegun's time is an argument, not found.
TELLS = """\
import json, os, resource, signal, sys, time
streams = [sys.stdin, sys.stdout, sys.stderr]
signals = signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}
limits = [resource.getrlimit(n) for name, n in vars(resource).items() if name[:7] == "RLIMIT_"]
try: terminal = os.close(os.open("/dev/tty", os.O_RDWR))
except OSError as error: terminal = str(error)
print(json.dumps({
    "environ": dict(os.environ), "folder": os.getcwd(), "zone": time.tzname,
    "arguments": sys.argv, "path": sys.path, "safe": sys.flags.safe_path,
    "signals": {int(each): str(signal.getsignal(each)).partition(" at ")[0] for each in signals},
    "blocked": [*signal.pthread_sigmask(signal.SIG_BLOCK, ())], "umask": os.umask(0),
    "streams": [[each.encoding, each.errors, each.line_buffering, each.newlines, each.mode[:1],
                 each.fileno(), each is getattr(sys, f"__std{name}__")]
                for each, name in zip(streams, ("in", "out", "err"))],
    "descriptors": sorted(os.listdir("/dev/fd"))[:-1], "threads": len(sys._current_frames()),
    "leads": [os.getsid(0) == os.getpid(), os.getpgrp() == os.getpid()],
    "recursion": sys.getrecursionlimit(), "encoding": sys.getfilesystemencoding(),
    "warnings": sys.warnoptions, "stdin": sys.stdin.read(), "limits": limits, "terminal": terminal,
}))
sys.exit(3)
"""
ENVIRON = {"LANG": "C.UTF-8", "PYTHONPATH": str(ROOT), "TZ": "America/Phoenix", "HOME": "/nowhere"}


def script(folder: Path, text: str) -> list[str]:
    """Write a program; return the arguments with which the launcher runs it."""
    path = folder / "program.py"
    path.write_text(text)
    return ["--at", "2024-12-22T12:00:00+00:00", str(path), "a word"]


def forked(
    folder: Path, text: str, environ: dict[str, str] | None = None, stdin: str = ""
) -> tuple[int, str]:
    """Run a program that is forked; return its status and what it printed."""
    arguments = script(folder, text)
    (folder / "in").write_text(stdin)
    with (folder / "in").open() as source, (folder / "out").open("w") as out:
        streams = [source.fileno(), out.fileno(), out.fileno()]
        status = Forked(arguments, environ or ENVIRON, folder, streams).wait(60)
    return status, (folder / "out").read_text()


def test_a_program_finds_what_it_would_find_in_a_new_interpreter(tmp_path: Path) -> None:
    """Surroundings, streams, signals and descriptors are the same to the letter."""
    command = [sys.executable, "-P", "-m", "fakes.world.launcher", *script(tmp_path, TELLS)]
    done = subprocess.run(  # noqa: S603 - our own
        command,
        env=ENVIRON,
        cwd=tmp_path,
        input="piped",
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
    )
    status, told = forked(tmp_path, TELLS, stdin="piped")
    assert (status, json.loads(told)) == (done.returncode, json.loads(done.stdout))


@pytest.mark.parametrize("path", [None, str(ROOT)])
def test_so_does_a_script(tmp_path: Path, path: str | None) -> None:
    """What `script` is finds the same, but for the flag that keeps its folder out of sys.path."""
    environ = {name: value for name, value in ENVIRON.items() if name != "PYTHONPATH"}
    environ |= {"PYTHONPATH": path} if path else {}
    words = [script(tmp_path, TELLS)[-2], "a word"]
    new = subprocess.run(  # noqa: S603 - our own
        [sys.executable, *words],
        env=environ,
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
    )
    with (tmp_path / "out").open("w") as out, Path(os.devnull).open() as null:
        streams = [null.fileno(), out.fileno(), out.fileno()]
        status = Forked(words, environ, tmp_path, streams, a_script).wait(60)
    told, expected = (json.loads(text) for text in ((tmp_path / "out").read_text(), new.stdout))
    assert (told.pop("safe"), expected.pop("safe")) == (True, False)
    assert (status, told) == (new.returncode, expected)


def test_many_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads that start and await processes side by side each get their own's status.

    multiprocessing reads an end once, and not only for whoever waits: reading is slow here.
    """
    read = forkserver.read_signed

    def read_late(descriptor: int) -> int:
        time.sleep(0.02)
        return int(read(descriptor))

    monkeypatch.setattr(forkserver, "read_signed", read_late)
    paths = [tmp_path / str(number) for number in range(12)]
    for number, path in enumerate(paths):
        path.write_text(f"import sys; sys.exit({number})")

    def ended(path: Path) -> int:
        return Forked([str(path)], ENVIRON, tmp_path, [0, 1, 2], a_script).wait(60)

    with ThreadPoolExecutor(12) as people:
        assert [*people.map(ended, paths)] == [*range(12)]


def test_no_variable_of_the_tests_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of the process that forks are not the program's either."""
    monkeypatch.setenv("AUTHKIT_IDENTITY", "of the tests")
    status, told = forked(tmp_path, "import os; print(*os.environ)", {"A": "b"})
    assert (status, told) == (0, "A\n")


@pytest.mark.parametrize("signum", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it(signum: signal.Signals, tmp_path: Path) -> None:
    """The status is the signal's number, negative, as of any process here."""
    text = f"import os; os.kill(os.getpid(), {int(signum)})"
    assert forked(tmp_path, text) == (-signum, "")


def test_while_it_runs_it_has_no_status(tmp_path: Path) -> None:
    """To wait for a limited time raises; the whole process group can be killed by its number."""
    null = os.open(os.devnull, os.O_RDWR)
    ready, told = os.pipe()
    text = "import os, signal; os.write(1, b'!'); signal.pause()"
    process = Forked(script(tmp_path, text), ENVIRON, tmp_path, [null, told, null])
    assert os.read(ready, 1) == b"!"
    assert process.poll() is None
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0)
    os.killpg(process.pid, signal.SIGKILL)
    assert process.wait(60) == -signal.SIGKILL
    for each in (null, ready, told):
        os.close(each)


@pytest.mark.parametrize("name", ["PYTHONUTF8", "LC_ALL", "LANG"])
def test_what_python_reads_at_its_start_needs_a_new_interpreter(name: str, tmp_path: Path) -> None:
    """A program with other variables than these may be forked."""
    assert not can_be_forked({"AWS_REGION": "us-east-1", name: "C"})
    at = machine.Machine(tmp_path, "http://127.0.0.1:1", "UTC")
    assert at.authkit([], {name: "C"}, None).launched is None
    forks = at.authkit(["list"], {"AWS_REGION": "us-east-1"}, None)
    assert forks.launched
    assert forks.command[-len(forks.launched) :] == forks.launched


def settled(session: str) -> dict[str, Any]:
    """Return a session file without the stamp of the config file, which is each machine's own."""
    return {**json.loads(session), "config_stamp": None}


def seen(observed: Observed) -> dict[str, Any]:
    """Return all that is observed of a step."""
    return {
        "screen": observed.screen,
        "exit": observed.exit,
        "does": observed.does,
        "keyring": observed.keyring,
        "sessions": {name: settled(text) for name, text in observed.sessions.items()},
        "files": observed.files,
        "troubles": observed.troubles,
        "child": observed.child_environ and {**observed.child_environ}.keys(),
        "meanwhile": [other and seen(other) for other in observed.meanwhile],
    }


@pytest.mark.parametrize("name", STORIES)
def test_a_story_is_the_same(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Step by step, whether its processes are forked or new interpreters."""
    story = reading.read(ROOT / "scenarios" / f"{name}.toml")
    with LEVELS["terminal"](story) as stage:
        by_fork = [seen(stage.run(step)) for step in story.steps]
    monkeypatch.setattr(machine, "can_be_forked", lambda _environ: False)
    with LEVELS["terminal"](story) as stage:
        anew = [seen(stage.run(step)) for step in story.steps]
    assert by_fork == anew
