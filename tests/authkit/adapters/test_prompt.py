"""A question on a real terminal: typing, masks, signals, job control."""

from __future__ import annotations

import os
import select
import shutil
import signal
import sys
import termios
import tty
from typing import TYPE_CHECKING

import pytest

from authkit.adapters import prompt
from authkit.adapters.terminal import Terminal
from authkit.core.failures import Cancelled
from authkit.core.model import MASK, Question
from tests.authkit.adapters.person import KEY_ID, LOCAL, SECRET, Person, ask
from tests.support.pty_tools import Shell, numbers, program, spawn

if TYPE_CHECKING:
    from pathlib import Path


def test_a_line(person: Person) -> None:
    """B-L02: a question and its answer stand on one line."""
    person.types_at(KEY_ID.text, b"AKIAXXXXXXXXXXXXXXXX\r")
    assert ask(KEY_ID) == "AKIAXXXXXXXXXXXXXXXX"
    assert person.sees() == "AWS Access Key ID: AKIAXXXXXXXXXXXXXXXX\n"


@pytest.mark.parametrize("secret", ["s", "new-secret", "x" * 4000])
def test_mask(person: Person, secret: str) -> None:
    """B-L02: the mask of a secret is the same for any length."""
    person.types_at(SECRET.text, secret.encode() + b"\r")
    assert ask(SECRET) == secret
    assert person.sees() == f"AWS Secret Access Key: {MASK}\n"


def test_no_mask_for_nothing(person: Person) -> None:
    """B-L02: an empty answer shows no mask."""
    person.types_at(SECRET.text, b"\r")
    assert ask(SECRET) == ""
    assert person.sees() == "AWS Secret Access Key: \n"


def test_echo_is_off_before_the_label(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """B-L02: echo is off before the label is written, so that no typing is shown."""
    seen: list[tuple[bytes, bool]] = []
    write = os.write

    def spy(handle: int, text: bytes) -> int:
        seen.append((text, person.sees_typing()))
        return write(handle, text)

    person.types_ahead(b"new-secret\r")
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", spy)
        ask(SECRET)
    label = (SECRET.text.encode(), False)
    assert label in seen
    assert not any(echo for _, echo in seen[seen.index(label) :])
    assert person.sees_typing()


def test_typed_ahead(person: Person) -> None:
    """B-L02: lines typed ahead answer the next questions, one each."""
    person.types_ahead(b"AKIA\rnew-secret\rrest")
    assert ask(KEY_ID) == "AKIA"
    assert ask(SECRET) == "new-secret"
    person.types_at("ARN: ", b" of it\r")
    assert ask(Question("ARN: ")) == "rest of it"
    assert f"{KEY_ID.text}\n{SECRET.text}{MASK}\nARN: " in person.sees()


MFA, TOKEN = Question("MFA ARN: "), Question("Token: ")
PASTED = ["AKIA", "new-secret", "arn"]  # pasted as lines, in answer to these:
ASKED = [KEY_ID, SECRET, MFA]


def pasted(person: Person, keys: bytes, *questions: Question) -> list[str]:
    """Paste a block at the first question; return the answers to these and to one that is typed."""
    asker = Terminal(None, None, {})
    person.types_ahead(keys)
    answers = [asker.ask(question) for question in questions]
    person.types_at(TOKEN.text, b"123456\r")
    return [*answers, asker.ask(TOKEN)]


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"])
@pytest.mark.parametrize("last", [True, False], ids=["ended", "open"])
def test_a_pasted_block(person: Person, end: bytes, last: bool) -> None:  # noqa: FBT001 - a table's column
    """B-K06: a block fills the fields whatever its line ends are, and answers nothing else."""
    keys = end.join(line.encode() for line in PASTED) + (end if last else b"\r")
    assert pasted(person, keys, *ASKED) == [*PASTED, "123456"]


def test_an_empty_line_in_a_block(person: Person) -> None:
    """B-K06: with LF an empty line is an answer; with CRLF one of each two is."""
    assert pasted(person, b"AKIA\nnew-secret\n\n", *ASKED) == ["AKIA", "new-secret", "", "123456"]
    crlf = pasted(person, b"AKIA\r\n\r\narn\r\n", *ASKED)
    assert crlf == ["AKIA", "", "arn", "123456"]


def test_one_line_with_crlf(person: Person) -> None:
    """B-K06: a single answer pasted with CRLF leaves nothing for the child or the shell."""
    person.types_ahead(b"123456\r\n")
    assert Terminal(None, None, {}).ask(TOKEN) == "123456"
    assert not select.select([person.near], [], [], 0)[0]


def test_what_is_typed_ahead_for_others_stays(person: Person) -> None:
    """B-E09: lines for the child of exec are not read, although they wait after an answer."""
    person.types_ahead(b"123456\rfor the child\r")
    assert Terminal(None, None, {}).ask(TOKEN) == "123456"
    assert os.read(person.near, 100) == b"for the child\n"


def test_enter_is_an_answer(person: Person) -> None:
    """B-K06: an empty line that is typed at its question is an answer, after a CRLF paste too."""
    asker = Terminal(None, None, {})
    person.types_ahead(b"AKIA\r\n")
    assert asker.ask(KEY_ID) == "AKIA"
    for question in (SECRET, MFA):
        person.types_at(question.text, b"\r")
        assert asker.ask(question) == ""


@pytest.mark.parametrize("question", [KEY_ID, SECRET])
def test_control_d(person: Person, question: Question) -> None:
    """B-L06: ^D on an empty line cancels, and the next output starts on a new line."""
    person.types_at(question.text, b"\x04")
    with pytest.raises(Cancelled, match=r"\^D"):
        ask(question)
    assert person.sees() == question.text + "\n"


def test_control_d_after_text(person: Person) -> None:
    """B-L06: ^D after text does not end the line; a second ^D does."""
    person.types_at(KEY_ID.text, b"AK\x04IA\x04\x04")
    assert ask(KEY_ID) == "AKIA"
    assert person.sees() == "AWS Access Key ID: AKIA\n"


def test_a_line_begun_before_a_stop(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """B-L02: after a stop the line is printed again and begins empty."""
    read = os.read

    def reading(handle: int, size: int) -> bytes:
        part = read(handle, size)
        if part == b"half":
            os.kill(os.getpid(), signal.SIGCONT)
        return part

    person.types_ahead(b"half\x04whole\r")
    with monkeypatch.context() as patch:
        patch.setattr(os, "read", reading)
        assert ask(SECRET) == "whole"
    assert person.sees().endswith(f"{SECRET.text}{SECRET.text}{MASK}\n")


@pytest.mark.parametrize(
    ("keys", "answer"),
    [
        (b"\x1b[200~AKIA\x1b[201~\r", "AKIA"),
        (b"AK\x16\rIA\x16\r\r", "AK\rIA"),
        (b"caf\xc3\xa9\r", "café"),
        (b"caf\xe9\r", "caf\ufffd"),
        (b" blanks stay \r", " blanks stay "),
        (b"wrongx\x7f\x15right\r", "right"),
    ],
)
def test_what_a_terminal_may_send(person: Person, keys: bytes, answer: str) -> None:
    """B-A02: pasted brackets, carriage returns, invalid UTF-8 and erasing are handled."""
    person.types_at(SECRET.text, keys)
    assert ask(SECRET) == answer


def test_a_terminal_left_raw(person: Person) -> None:
    """B-L02: a question can be answered on a terminal that was left in raw mode."""
    cooked = person.mode()
    tty.setraw(person.near)
    raw = person.mode()
    person.types_at(KEY_ID.text, b"AKIB\x7fA\r")
    assert ask(KEY_ID) == "AKIA"
    assert person.mode() == raw
    termios.tcsetattr(person.near, termios.TCSANOW, cooked)


def test_the_terminal_disappears(monkeypatch: pytest.MonkeyPatch) -> None:
    """B-L06: a terminal that disappears cancels the question."""
    someone = Person()
    monkeypatch.setattr(prompt, "_controlling_terminal", lambda: os.dup(someone.near))
    os.close(someone.far)
    with pytest.raises(Cancelled):
        ask(SECRET)


def test_handlers_are_put_back(person: Person) -> None:
    """B-L06: the signal handlers are restored after a question."""
    signums = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGTSTP, signal.SIGCONT)
    before = [signal.getsignal(signum) for signum in signums]
    person.types_ahead(b"1\r")
    ask(KEY_ID)
    assert [signal.getsignal(signum) for signum in signums] == before
    assert signal.set_wakeup_fd(-1) == -1


def test_ignored_stays_ignored(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """B-L06: a SIGHUP that authkit was started to ignore (nohup) does not end the question."""
    write = os.write

    def writing(handle: int, text: bytes) -> int:
        os.kill(os.getpid(), signal.SIGHUP)
        return write(handle, text)

    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    person.types_ahead(b"AKIA\r")
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", writing)
        assert ask(KEY_ID) == "AKIA"
    signal.signal(signal.SIGHUP, before)


# Signals and job control, in a process with a session of its own


def test_control_c() -> None:
    """B-L06: ^C at a secret cancels, and the terminal is restored."""
    screen = spawn(program("ask", KEY_ID.text, SECRET.text))
    before = termios.tcgetattr(screen.child_fd)
    screen.expect_exact(KEY_ID.text)
    screen.sendline("AKIA")
    screen.expect_exact(SECRET.text)
    screen.send("hunter2")
    screen.sendintr()
    screen.expect_exact("\r\n\r\ncancelled.")
    assert "hunter2" not in str(screen.before)
    assert termios.tcgetattr(screen.child_fd) == before
    screen.expect_exact("\r\n")
    assert screen.wait() == 130


@pytest.mark.skipif(not shutil.which("setsid"), reason="util-linux has it")
def test_no_controlling_terminal() -> None:
    """B-L02: without a controlling terminal, standard input is the terminal that is used."""
    screen = spawn(["setsid", "--wait", *program("ask", SECRET.text)])
    screen.expect_exact(SECRET.text)
    screen.sendline("hunter2")
    screen.expect_exact(f"{MASK}\r\n\r\n")
    assert "hunter2" not in str(screen.before)
    screen.expect_exact('answers ["hunter2"].')


@pytest.mark.parametrize("name", ["TERM", "HUP", "QUIT"])
def test_ending_signals(name: str) -> None:
    """B-L06: a signal that ends authkit during a question also restores the terminal."""
    asking = " ".join(program("ask", "'Secret: '"))
    screen = spawn(["sh", "-c", f"ulimit -c 0; stty -g; {asking}; echo status $?.; stty -g"])
    mode = screen.readline()
    (asker,) = numbers(screen, "asker #.")
    screen.expect_exact("Secret: ")
    assert not termios.tcgetattr(screen.child_fd)[LOCAL] & termios.ECHO
    signum = signal.Signals[f"SIG{name}"]
    os.kill(asker, signum)
    assert numbers(screen, "status #.") == [128 + signum]
    screen.readline()
    assert screen.readline() == mode


def test_stop_and_fg(shell: Shell) -> None:
    """B-L02: after ^Z and `fg` the label is printed again, and echo is off again."""
    shell.start(program("ask", SECRET.text, KEY_ID.text))
    shell.screen.expect_exact(SECRET.text)
    shell.screen.send("half")
    shell.screen.sendcontrol("z")
    shell.screen.expect_exact("Stopped")
    shell.screen.expect_exact(shell.PROMPT)
    shell.start(["fg"])
    shell.screen.expect_exact(f"\n{SECRET.text}")  # bash prints the job first, with the label
    shell.screen.sendline("hunter2")
    shell.screen.expect_exact(f"{MASK}\r\n{KEY_ID.text}")
    assert "hunter2" not in str(shell.screen.before)
    shell.screen.sendcontrol("z")
    shell.screen.expect_exact(shell.PROMPT)
    shell.start(["fg"])
    shell.screen.expect_exact(f"\n{KEY_ID.text}")  # bash prints the job first, with the label
    shell.screen.sendline("AKIA")
    shell.screen.expect_exact('answers ["hunter2", "AKIA"].')


def test_sigstop(shell: Shell) -> None:
    """B-L02: the same after SIGSTOP, which cannot be caught."""
    shell.start(program("ask", SECRET.text))
    (asker,) = numbers(shell.screen, "asker #.")
    shell.screen.expect_exact(SECRET.text)
    os.kill(asker, signal.SIGSTOP)
    shell.screen.expect_exact(shell.PROMPT)
    shell.start(["fg"])
    shell.screen.expect_exact(f"\n{SECRET.text}")  # bash prints the job first, with the label
    shell.screen.sendline("hunter2")
    shell.screen.expect_exact(f"{MASK}\r\n")
    assert "hunter2" not in str(shell.screen.before)


def test_stopped_the_terminal_is_as_it_was() -> None:
    """B-L02: while authkit is stopped, the terminal has its echo on."""
    asking = " ".join(program("ask", "'Secret: '"))
    screen = spawn(["bash", "-c", f"set -m; {asking}; stty -a; fg"])
    screen.expect_exact("Secret: ")
    screen.sendcontrol("z")
    screen.expect(r"(-?)echo ")
    assert screen.match
    assert screen.match.group(1) == ""
    screen.expect_exact("Secret: ")
    screen.sendline("hunter2")
    screen.expect_exact('answers ["hunter2"].')


def test_in_the_background(shell: Shell) -> None:
    """B-L02: a question in the background stops the process, and it can be killed there."""
    shell.start(program("ask", SECRET.text), " &")
    (asker,) = numbers(shell.screen, "asker #.")
    shell.run_until_stopped(":")
    shell.start(["fg"])
    shell.screen.expect_exact(f"\n{SECRET.text}")  # bash prints the job first, with the label
    shell.screen.sendcontrol("z")
    shell.screen.expect_exact(shell.PROMPT)
    shell.run_until_stopped("bg")
    assert "Terminated" in shell.run_until_gone("kill %1", asker)


ASKS_IN_THE_BACKGROUND = """
from authkit.adapters.terminal import Terminal
from authkit.core.failures import NobodyToAsk
from authkit.core.model import Question
try:
    Terminal(None, None, {}).ask(Question("?"))
except NobodyToAsk as nobody:
    print(nobody.name, nobody.values)
"""


def test_a_pipe_in_the_background(shell: Shell, tmp_path: Path) -> None:
    """docs/contract.md, Streams: at the instant of the question another job has the terminal."""
    said, script = tmp_path / "said", tmp_path / "ask.py"
    script.write_text(ASKS_IN_THE_BACKGROUND)
    shell.run(f"echo | {sys.executable} {script} > {said} &")
    shell.run("wait")
    why = "authkit is in the background of its terminal"
    assert said.read_text() == f"question-unasked {{'why': '{why}'}}\n"
