"""stages.pty_session: a program at a terminal, and a person who answers it."""

from __future__ import annotations

import signal
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from fakes.world.prompter import Answer, Person, Unscripted
from scenarios.replay.stages.pty_session import Program, PtySession

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from authkit.core.model import Question

CONTROLS = "import fcntl, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0)"
# Ctrl-C then ends the program wherever it is.  Python's own handler only leaves a note, and a
# read that begins just after it waits for an answer that Ctrl-C has removed from the terminal.
DIES = "import signal; signal.signal(signal.SIGINT, signal.SIG_DFL)"
ASKS = "print(input('Enter MFA Token: ')[::-1])"


def program(text: str, folder: Path, stdin: str | None = None) -> Program:
    """Return a program of Python's."""
    return Program([sys.executable, "-c", text], {"TERM": "xterm"}, folder, stdin)


def test_a_question_is_answered(tmp_path: Path) -> None:
    """The screen has the question, the echo of the answer, and what comes after."""
    session = PtySession()
    status = session.play(program(ASKS, tmp_path), Person([Answer("Enter MFA Token", "123456")]))
    assert status == 0
    assert session.screen == "Enter MFA Token: 123456\n654321\n"


def test_a_question_without_an_answer_ends_the_program(tmp_path: Path) -> None:
    """The program is killed, and the screen is kept."""
    session = PtySession()
    with pytest.raises(Unscripted, match="nobody answers 'Enter MFA Token:'"):
        session.play(program(ASKS, tmp_path), Person())
    assert session.screen == "Enter MFA Token: "


def test_what_is_piped_in_is_standard_input(tmp_path: Path) -> None:
    """Output is on the terminal, input is not."""
    session = PtySession()
    text = "import sys; print(sys.stdin.isatty(), sys.stdout.isatty(), sys.stdin.read())"
    assert session.play(program(text, tmp_path, stdin="{}"), Person()) == 0
    assert session.screen == "False True {}\n"


def test_the_exit_status_is_the_programs(tmp_path: Path) -> None:
    """The environment and the folder are those of the program too."""
    session = PtySession()
    text = "import os, sys; print(os.getcwd(), sorted(os.environ)[-1]); sys.exit(3)"
    assert session.play(program(text, tmp_path), Person()) == 3
    assert session.screen == f"{tmp_path} TERM\n"


def test_ctrl_c_ends_the_program(tmp_path: Path) -> None:
    """It is pressed by another thread, whose call returns after the program's end."""
    session = PtySession()
    pressing = threading.Thread(target=session.interrupt)

    class Presser(Person):
        """Somebody who presses Ctrl-C after an answer."""

        def __call__(self, question: Question) -> str:
            answer = super().__call__(question)
            pressing.start()
            return answer

    text = f"{CONTROLS}\n{DIES}\n{ASKS}\nsignal.pause()"
    status = session.play(program(text, tmp_path), Presser([Answer("Enter MFA Token", "1")]))
    pressing.join()
    assert status == -signal.SIGINT


@pytest.fixture(params=[signal.SIGINT, signal.SIGQUIT, signal.SIGHUP, signal.SIGPIPE])
def ignored(request: pytest.FixtureRequest) -> Iterator[signal.Signals]:
    """A signal that this process ignores meanwhile, as under `nohup` and a shell's `&`."""
    signum: signal.Signals = request.param
    before = signal.signal(signum, signal.SIG_IGN)
    yield signum
    signal.signal(signum, before)


def test_no_signal_is_ignored_at_the_start(ignored: signal.Signals, tmp_path: Path) -> None:
    """Whatever the tests were started with, the program starts as one at a terminal does."""
    sends = Program(["sh", "-c", f"kill -{ignored.name[3:]} $$"], {}, tmp_path)
    assert PtySession().play(sends, Person()) == -ignored
