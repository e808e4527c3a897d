"""Programs that print one line, as real processes; what ends them is in test_passphrase.py too."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from authkit.adapters import programs
from authkit.adapters.programs import Programs
from authkit.core.failures import CannotRun
from authkit.core.model import Secret
from fakes.world.programs import NOT_STARTED
from tests.support.pty_tools import finished

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MINUTE = timedelta(minutes=1)
STREAMS = "import os, sys; print(len(sys.stdin.read()), os.environ.get('GPG_TTY'), *os.environ)"
# Runs a program that opens the terminal, in a session that has one.
AT_A_TERMINAL = """
import os, pty, sys
from datetime import timedelta
from authkit.adapters.programs import Programs
from authkit.core.failures import CannotRun
pid, master = pty.fork()
if pid == 0:
    try:
        Programs(lambda: False).line([*sys.argv[1:], "/dev/tty"], os.environ, timedelta(minutes=1))
    except CannotRun as trouble:
        print(trouble.reason, flush=True)
    os._exit(0)
seen = b""
while b"\\n" not in seen:
    seen += os.read(master, 4096)
print(seen.decode().strip())
"""


def line(command: list[str], environ: dict[str, str] | None = None) -> Secret:
    """Run a command that has a minute; nobody is to be asked."""
    return Programs(lambda: False).line(command, environ or {}, MINUTE)


def python(script: str) -> list[str]:
    """Return a command that runs a script."""
    return [sys.executable, "-IS", "-c", script]


def test_what_a_program_gets() -> None:
    """Nothing to read, the given environment alone, and no terminal for gpg to ask at (B-K07)."""
    printed = line(python(STREAMS), {"ONE": "1", "GPG_TTY": "/dev/pts/9"}).reveal()
    assert printed.split()[:3] == ["0", "None", "ONE"]


def test_what_it_writes_to_standard_error(capfd: pytest.CaptureFixture[str]) -> None:
    """It is passed on: a program may say that a key has to be touched."""
    line(["/bin/sh", "-c", "echo 'Touch your key' >&2; echo 123456"])
    assert capfd.readouterr() == ("", "Touch your key\n")


def test_what_cannot_be_started(tmp_path: Path) -> None:
    """The fake says the same of it."""
    (tmp_path / "plain").touch()
    commands = {"not found": "/no/such/program", "not executable": str(tmp_path / "plain")}
    for word, command in commands.items():
        with pytest.raises(CannotRun) as raised:
            line([command, "a-secret"])
        assert (raised.value.status, raised.value.reason) == NOT_STARTED[word]


@pytest.mark.parametrize("command", ["head -n1", "stty -echo -F"])
def test_a_program_that_asks_at_the_terminal(command: str) -> None:
    """The system stops it, since it is in the background: that is said at once."""
    words = [sys.executable, "-c", AT_A_TERMINAL, *command.split()]
    done = finished(words, dict(os.environ), check=True)
    assert done.stdout == "was stopped, since it wanted to use the terminal\n"


def test_a_stopped_program_is_waited_for() -> None:
    """One that was stopped by anything else goes on when it is continued."""
    script = (
        "import os, signal, subprocess\n"
        "subprocess.Popen(['/bin/sh', '-c', f'sleep 0.2; kill -CONT {os.getpid()}'])\n"
        f"os.kill(os.getpid(), {signal.SIGSTOP:d})\n"
        "print('123456')"
    )
    assert line(python(script)) == Secret("123456")


def test_a_program_of_which_the_system_keeps_nothing() -> None:
    """With SIGCHLD ignored, as some parents leave it, one that has ended is no child any more."""
    look = vars(programs)["_waits_for_terminal"]
    assert not look(os.getpid())


def test_where_there_is_no_waitid(monkeypatch: pytest.MonkeyPatch) -> None:
    """On macOS before Python 3.13 all else is the same."""
    monkeypatch.delattr(os, "waitid")
    assert line(["echo", "123456"], {"PATH": os.defpath}) == Secret("123456")


@pytest.mark.parametrize(
    ("printed", "ends", "noticed"),
    [(b"1\n", 600, 1), (b"1\n", 0.5, 0.51), (b"", 0.5, 0.6), (b"", 600, 60)],
)
def test_how_long_a_program_is_waited_for(
    printed: bytes, ends: float, noticed: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that does not end has a second more once it has printed; an end is noticed at once."""
    poll, now = select.poll, 0.0

    class Waiting:
        """Lets the clock go on by as long as there is nothing to read."""

        def __init__(self) -> None:
            self._real = poll()
            self.register = self._real.register

        def poll(self, milliseconds: float) -> list[tuple[int, int]]:
            nonlocal now
            if not (found := self._real.poll(0)):
                now += milliseconds / 1000
            return found

    monkeypatch.setattr(select, "poll", Waiting)
    monkeypatch.setattr(time, "monotonic", lambda: now)
    monkeypatch.delattr(os, "waitid")  # there is no process
    out, into = os.pipe()
    os.write(into, printed)
    with os.fdopen(out, "rb") as pipe, suppress(CannotRun):
        process: Any = SimpleNamespace(
            pid=0, stdout=pipe, returncode=0, poll=lambda: 0 if now >= ends else None
        )
        assert programs._printed(process, 60) == printed  # noqa: SLF001
    os.close(into)
    assert min(ends, noticed) <= now <= noticed + 0.001


def test_the_longest_line() -> None:
    """B-S09: a line has a bound, which is told."""
    assert programs.one_line(b"x" * 4096) == Secret("x" * 4096)
    with pytest.raises(CannotRun) as raised:
        programs.one_line(b"x" * 4097)
    assert raised.value.reason == "printed more than 4096 bytes"


def test_an_endless_program(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is ended once its line is there and it does not end by itself."""
    monkeypatch.setattr(programs, "LINGERING", 0.05)
    assert line(python("import time; print('123456', flush=True); time.sleep(600)"))


@contextmanager
def on_interrupt(handler: object) -> Iterator[None]:
    """Have this handler of Ctrl-C for a while: pytest's workers have their own."""
    former = signal.signal(signal.SIGINT, handler)  # type: ignore[arg-type]  # it is one
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, former)


def test_an_interrupt_while_it_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Ctrl-C before the program is in our hands ends it all the same."""
    started: list[subprocess.Popen[bytes]] = []
    real = subprocess.Popen

    def popen(*words: Any, **options: Any) -> subprocess.Popen[bytes]:  # noqa: ANN401 - as Popen
        started.append(real(*words, **options))
        signal.raise_signal(signal.SIGINT)
        return started[0]

    monkeypatch.setattr(subprocess, "Popen", popen)
    with on_interrupt(signal.default_int_handler), pytest.raises(KeyboardInterrupt):
        programs.line_of(["sleep", "600"], os.environ, 600)
    assert started[0].returncode == -signal.SIGKILL


def test_an_interrupt_while_it_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Ctrl-C is not lost where the program cannot be started."""

    def popen(*_words: object, **_options: object) -> None:
        signal.raise_signal(signal.SIGINT)
        raise FileNotFoundError

    monkeypatch.setattr(subprocess, "Popen", popen)
    with on_interrupt(signal.default_int_handler), pytest.raises(KeyboardInterrupt):
        programs.line_of(["missing"], os.environ, 600)


def test_an_interrupt_is_ignored_by_both() -> None:
    """Where authkit ignores Ctrl-C, as behind nohup, the program does; else it does not."""
    words = ["sh", "-c", "kill -INT $$; echo alive"]
    with on_interrupt(signal.SIG_IGN):
        assert programs.line_of(words, os.environ, 600) == Secret("alive")
    with on_interrupt(signal.default_int_handler), pytest.raises(CannotRun, match="signal 2"):
        programs.line_of(words, os.environ, 600)


def test_a_script_whose_interpreter_is_missing(tmp_path: Path) -> None:
    """It is there: what cannot be found is named."""
    script = tmp_path / "code"
    script.write_text("#!/nonexistent/sh\n")
    script.chmod(0o755)
    with pytest.raises(CannotRun, match="its interpreter cannot be found") as raised:
        programs.line_of([str(script)], os.environ, 600)
    assert raised.value.status == programs.NOT_EXECUTABLE
