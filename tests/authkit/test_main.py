"""The process: how it starts and ends, and its exit status."""

from __future__ import annotations

import errno
import gc
import os
import signal
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from authkit import __main__, cli
from authkit.adapters.state_folder import StateFolder
from authkit.core.model import Marker
from fakes.world.cached_session import cached_session, session, write_session
from scenarios.replay.stages.pty_session import default_signals
from tests.support.pty_tools import finished


def process(home: Path, *arguments: str, stdout: int = subprocess.PIPE) -> subprocess.Popen[str]:
    """Start an authkit process."""
    environ = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "AUTHKIT_"))}
    environ.pop("PYTHONUNBUFFERED", None)
    environ |= {"HOME": str(home), "XDG_CONFIG_HOME": str(home), "AUTHKIT_STATE_DIR": str(home)}
    command = [sys.executable, "-m", "authkit", *arguments]
    return subprocess.Popen(  # noqa: S603 - our own
        command,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=default_signals,  # noqa: PLW1509 - it takes no lock of another thread
        start_new_session=True,
    )


def test_as_a_module(tmp_path: Path) -> None:
    """docs/contract.md, Commands: `python -m authkit` is the same program."""
    with process(tmp_path, "--version") as running:
        out, err = running.communicate()
    assert (out.split()[0], err, running.returncode) == ("authkit", "", 0)


def test_a_usage_error_is_for_the_person(tmp_path: Path) -> None:
    """docs/contract.md, Streams: a usage error is on stderr, nothing on stdout, exit 2."""
    with process(tmp_path, "exec") as running:
        out, err = running.communicate()
    assert (out, running.returncode) == ("", 2)
    assert err.endswith("Run 'authkit exec --help' to see what it takes.\n")


# Sends itself SIGINT when a module is imported.
PRESSED = """
import os, signal, sys
def press(event, arguments):
    if event == "import" and arguments[0] == "{module}":
        os.kill(os.getpid(), signal.SIGINT)
signal.signal(signal.SIGINT, signal.default_int_handler)  # whatever pytest was started with
sys.addaudithook(press)
from authkit.{begin} import main
sys.exit(main())
"""


def pressed(begin: str, module: str) -> tuple[int, str]:
    """Start at one module, send SIGINT at the import of another; return status and output."""
    script = PRESSED.format(begin=begin, module=module)
    done = finished([sys.executable, "-c", script, "list"], check=False)
    return done.returncode, done.stdout + done.stderr


def test_cancelled_before_it_begins() -> None:
    """B-A02: ^C before the command runs ends the process with 130, without output."""
    assert pressed("__main__", "authkit.cli") == (130, "")


def test_cancelled_once_more() -> None:
    """B-A02: so does a second ^C, before there is a screen for the first one's message."""
    assert pressed("cli", "authkit.adapters.world") == (130, "")


@pytest.mark.parametrize("arguments", [["whoami", "dev-admin", "--offline"], ["--help"]], ids=str)
def test_a_closed_pipe(tmp_path: Path, arguments: list[str]) -> None:
    """B-A02: if the reader of the pipe has gone, authkit ends without output."""
    write_session(tmp_path, cached_session(session(datetime.now(UTC))))
    reader, writer = os.pipe()
    os.close(reader)
    with process(tmp_path, *arguments, stdout=writer) as running:
        os.close(writer)
        _, said = running.communicate()
    assert said == ""
    assert running.returncode in {0, 1}


def test_a_full_pipe(tmp_path: Path) -> None:
    """B-A02: ^C ends a command that waits for a full pipe."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    with suppress(BlockingIOError):
        while True:
            os.write(writer, b"x" * 65_536)
    os.set_blocking(writer, True)
    folder = StateFolder(str(tmp_path))
    folder.replace("dev-admin", "corrupt, which is said before anything is written")
    folder.markers.mark("dev-admin", Marker())
    with process(tmp_path, "list", stdout=writer) as running:
        assert running.stderr
        said = running.stderr.readline()
        while running.poll() is None:  # it may be pressed just before the wait for the pipe
            running.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):  # and not while what measures coverage ends
                running.wait(10)
        said += running.stderr.read()
    os.close(reader)
    os.close(writer)
    assert "Traceback" not in said
    assert running.returncode == 130


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")  # noqa: PTH110 - a device
@pytest.mark.parametrize(
    ("line", "full", "status"),
    [
        ("AUTHKIT_STATE_DIR=/ authkit list --output json", 1, 1),
        ("AUTHKIT_STATE_DIR=/ authkit --help", 1, 1),
        ("AUTHKIT_STATE_DIR=/ authkit lgin", 2, 2),
        ("HOME= authkit list", None, 2),
    ],
    ids=["full stdout", "no help", "full stderr", "no home"],
)
def test_the_status_is_authkits(line: str, full: int | None, status: int) -> None:
    """B-A02: the exit status is authkit's, also where output fails; no words of Python's own."""
    line = line.replace("authkit", f"{sys.executable} -m authkit")
    where = "" if full is None else f" {full}> /dev/full"
    unset = ("AUTHKIT_", "XDG_", "PYTHONUNBUFFERED")
    done = subprocess.run(  # noqa: S603 - our own
        ["/bin/sh", "-c", line + where],
        env={k: v for k, v in os.environ.items() if not k.startswith(unset)},
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
    )
    assert done.returncode == status
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


# How the process ends when the command cannot say it itself.


class Ended(BaseException):
    """The process would have ended with this exit status."""


def status_of_main(monkeypatch: pytest.MonkeyPatch, words: str, end: int | BaseException) -> int:
    """Run `main` with a command that ends so, in this process; return its exit status."""

    def command() -> int:
        assert not gc.isenabled()
        if isinstance(end, BaseException):
            raise end
        return end

    def exit_with(status: int) -> None:
        raise Ended(status)

    monkeypatch.setattr(sys, "argv", ["authkit", *words.split()])
    monkeypatch.setattr(cli, "main", command)
    monkeypatch.setattr(os, "_exit", exit_with)
    try:
        with pytest.raises(Ended) as ended:
            __main__.main()
    finally:
        gc.enable()
    status: int = ended.value.args[0]
    return status


NO_MEMORY = "too little memory (ulimit -v or -d)"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (MemoryError(), NO_MEMORY),
        (SystemError("returned NULL without setting an exception"), NO_MEMORY),
        (OSError(errno.ENOMEM, "Cannot allocate memory"), NO_MEMORY),
        (OSError(errno.EMFILE, "Too many open files"), "[Errno 24] Too many open files"),
        (ImportError("libx.so: failed to map \u2026"), "libx.so: failed to map ?"),
        (ValueError("a-secret"), "ValueError"),
    ],
    ids=repr,
)
def test_what_keeps_a_command_from_telling(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], error: Exception, said: str
) -> None:
    """B-A07, B-A02: one line names it, without a secret; what was loaded is freed before."""
    error.__cause__ = error.__context__ = KeyError("of more memory")
    assert status_of_main(monkeypatch, "list", error) == 1
    assert capfd.readouterr().err == f"authkit stopped: {said}.\n"
    assert error.__cause__ is error.__context__ is None


def test_where_no_more_memory_can_be_had(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """B-A07: CPython raises any exception there; memory is named, not that one."""
    monkeypatch.setattr(__main__, "_MORE_MEMORY", sys.maxsize // 2)
    assert status_of_main(monkeypatch, "list", ValueError()) == 1
    assert capfd.readouterr().err == f"authkit stopped: {NO_MEMORY}.\n"


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("", 1),
        ("login exec", 1),
        ("--config exec", 1),
        ("exec dev-admin -- true", 125),
        ("--no-input exec -- true", 125),
        ("--config file exec -- true", 125),
        ("--record file --record-texts --config file exec -- true", 125),
        ("--config=file exec -- true", 125),
    ],
)
def test_the_status_of_what_was_not_run(
    monkeypatch: pytest.MonkeyPatch, words: str, status: int
) -> None:
    """docs/contract.md, exit codes: 125 for exec, whatever options stand before it; else 1."""
    assert status_of_main(monkeypatch, words, MemoryError()) == status


@pytest.mark.parametrize(("end", "status"), [(0, 0), (7, 7), (KeyboardInterrupt(), 130)])
def test_the_status_of_a_command(
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    end: int | BaseException,
    status: int,
) -> None:
    """B-A02: its own, and 130 for a ^C that nothing has handled."""
    assert status_of_main(monkeypatch, "list", end) == status
    assert capfd.readouterr() == ("", "")


def test_nobody_to_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    """B-A02: with standard error closed the exit status is the same."""

    def refused(_descriptor: int, _line: bytes) -> int:
        raise OSError(errno.EBADF, "Bad file descriptor")

    monkeypatch.setattr(os, "write", refused)
    assert status_of_main(monkeypatch, "exec -- true", MemoryError()) == 125


@pytest.mark.parametrize("stream", [0, 1, 2])
def test_a_stream_that_is_closed(stream: int) -> None:
    """B-S06: no file gets its number; exec's child has it too, as the null device."""
    kept = os.dup(stream)
    os.close(stream)
    try:
        __main__.fill_closed_streams()
        null = Path(os.devnull).stat()
        assert os.fstat(stream).st_rdev == null.st_rdev
        assert (os.read(stream, 1), os.write(stream, b"x")) == (b"", 1)
        assert os.get_inheritable(stream)
    finally:
        os.dup2(kept, stream)
        os.close(kept)
