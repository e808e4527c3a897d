"""The screen and the prompt, on real terminals, pipes and files.

Questions are asked in this process where no signal matters; where signals and
job control do, of a real process in a session of its own.
"""

from __future__ import annotations

import io
import os
import pty
import select
import shutil
import signal
import sys
import termios
import threading
import tty
from typing import TYPE_CHECKING

import pytest

from authkit.adapters import prompt
from authkit.adapters.terminal import Terminal, gap, interactive, showable
from authkit.core.failures import Cancelled, Failure
from authkit.core.model import MASK, Question
from tests.support.pty_tools import LIMIT, Shell, finished, imported, numbers, program, spawn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

KEY_ID = Question("AWS Access Key ID: ")
SECRET = Question("AWS Secret Access Key: ", secret=True)
LOCAL = 3  # termios: the local flags, ECHO among them
END = "<end>"


class Person:
    """Someone at the far end of a PTY on whose near end questions are asked."""

    def __init__(self) -> None:
        self.far, self.near = pty.openpty()
        self.screen = ""

    def types_ahead(self, keys: bytes) -> None:
        """Type before anything is asked; return when it can be read."""
        os.write(self.far, keys)
        assert select.select([self.near], [], [], LIMIT)[0]

    def types_at(self, label: str, keys: bytes) -> None:
        """Type as soon as the label stands on the screen, anew."""
        start = len(self.screen)

        def watch() -> None:
            while len(self.screen) == start or not self.screen.endswith(label):
                self.screen += os.read(self.far, 1024).decode()
            os.write(self.far, keys)

        threading.Thread(target=watch, daemon=True).start()

    def sees(self) -> str:
        """Return all that has been written on the screen."""
        os.write(self.near, END.encode())
        while not self.screen.endswith(END):
            self.screen += os.read(self.far, 1024).decode()
        return self.screen.removesuffix(END).replace("\r\n", "\n")

    def mode(self) -> list[Any]:
        """Return the terminal's settings."""
        return termios.tcgetattr(self.near)

    def sees_typing(self) -> bool:
        """Tell whether echo is on."""
        return bool(termios.tcgetattr(self.near)[LOCAL] & termios.ECHO)


@pytest.fixture
def person(monkeypatch: pytest.MonkeyPatch) -> Iterator[Person]:
    """Someone to ask in this process."""
    someone = Person()
    monkeypatch.setattr(prompt, "_controlling_terminal", lambda: os.dup(someone.near))
    before = someone.mode()
    yield someone
    assert someone.mode() == before  # however the question ended
    os.close(someone.far)
    os.close(someone.near)


def ask(question: Question) -> str:
    """Ask on an empty screen."""
    return Terminal(None, None, {}).ask(question)


# Layout


@pytest.mark.parametrize(
    ("previous", "following", "apart"),
    [
        ("", "paragraph", False),
        ("", "question", False),
        ("paragraph", "paragraph", True),
        ("paragraph", "question", True),
        ("paragraph", "data", True),
        ("question", "question", False),
        ("question", "", False),
        ("paragraph", "", False),
        ("question", "paragraph", True),
        ("data", "paragraph", True),
        ("foreign", "paragraph", True),
        ("foreign", "question", True),
    ],
)
def test_gap(previous: str, following: str, apart: bool) -> None:  # noqa: FBT001 - a table's column
    """B-L02: a blank line sets things apart, but no question from its answer's refusal."""
    assert gap(previous, following) is apart


def test_one_screen() -> None:
    """B-A03: stdout and stderr on one terminal share its blank lines."""
    person = Person()
    with (
        os.fdopen(person.near, "w", closefd=False) as out,
        os.fdopen(person.near, "w", closefd=False) as err,
    ):
        both = Terminal(out, err, {"NO_COLOR": "1"})
        both.say("one")
        both.say("two", close=True)
        both.put("three")
        both.foreign()
        both.say("four")
    assert person.sees() == "one\ntwo\n\nthree\n\nfour\n"


def test_two_screens() -> None:
    """B-E01: what is said to the person leaves no trace in the data, not even a blank line."""
    out, err = io.StringIO(), io.StringIO()
    apart = Terminal(out, err, {})
    apart.say("said")
    apart.put("data")
    apart.put("more")
    apart.say("said again")
    assert out.getvalue() == "data\n\nmore\n"
    assert err.getvalue() == "said\n\nsaid again\n"


def test_order_in_one_file() -> None:
    """B-A03: ``2>&1`` into a pipe keeps the order, and the layout of one screen."""
    script = (
        "import os, sys; from authkit.adapters.terminal import Terminal; "
        "t = Terminal(sys.stdout, sys.stderr, {}); "
        "t.put('1'); t.say('2'); t.put('3'); os.write(1, b'4\\n'); t.foreign(); t.say('5')"
    )
    done = finished(["/bin/sh", "-c", '"$0" -c "$1" 2>&1', sys.executable, script])
    assert done.stdout == "1\n\n2\n\n3\n4\n\n5\n"


# What a stream can show


@pytest.mark.parametrize(
    ("environ", "shown"),
    [
        ({}, "\x1b[32m✓\x1b[0m yes ✓\n\x1b[31m✗\x1b[0m no\n\x1b[33m⚠\x1b[0m hm\n"),
        ({"NO_COLOR": ""}, "\x1b[32m✓\x1b[0m yes ✓\n\x1b[31m✗\x1b[0m no\n\x1b[33m⚠\x1b[0m hm\n"),
        ({"NO_COLOR": "1"}, "✓ yes ✓\n✗ no\n⚠ hm\n"),
        ({"TERM": "dumb"}, "✓ yes ✓\n✗ no\n⚠ hm\n"),
    ],
)
def test_colour(environ: dict[str, str], shown: str) -> None:
    """B-A03: marks that begin a line are coloured on a terminal, unless the person wants none."""
    person = Person()
    with os.fdopen(person.near, "w", encoding="utf-8", closefd=False) as stream:
        Terminal(None, stream, environ).say("✓ yes ✓\n✗ no\n⚠ hm")
    assert person.sees() == shown


def test_no_colour_in_a_pipe() -> None:
    """B-A03: a pipe gets plain text."""
    read, write = os.pipe()
    with os.fdopen(write, "w", encoding="utf-8") as stream:
        Terminal(stream, None, {}).put("✓ yes")
    with os.fdopen(read, encoding="utf-8") as stream:
        assert stream.read() == "✓ yes\n"


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [
        ("ascii", "[ok] caf\\xe9... [x] [!] \\u20ac \\udc80"),
        ("latin-1", "[ok] café... [x] [!] \\u20ac \\udc80"),
        ("utf-8", "✓ café… ✗ ⚠ € \\udc80"),
    ],
)
def test_encodings(encoding: str, shown: str) -> None:
    """B-A03: a stream that lacks the marks gets substitutes, and escapes for all else it lacks."""
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding)
    Terminal(stream, None, {}).put("✓ café… ✗ ⚠ € \udc80")
    assert raw.getvalue().decode(encoding) == shown + "\n"


def test_coloured_substitutes() -> None:
    """B-A03: substitutes are coloured like the marks."""
    assert showable("✗ no", "ascii", colour=True) == "\x1b[31m[x]\x1b[0m no"


def test_broken_pipe() -> None:
    """B-A02: ``authkit list | head -0`` is told to the caller; stderr's reader is not missed."""
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(os.dup(write), "w") as out, os.fdopen(write, "w") as err:
        left = Terminal(out, err, {})
        left.say("to nobody")
        left.say("to nobody")
        with pytest.raises(BrokenPipeError):
            left.put("to nobody")
        for stream in (out, err):  # what could not be flushed would be tried again at close
            with pytest.raises(BrokenPipeError):
                stream.close()


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")  # noqa: PTH110 - a device
def test_a_full_disk() -> None:
    """B-A02: data that a full disk does not take is an error that says why; words are just lost."""
    with open("/dev/full", "w") as out, open("/dev/full", "w") as err:  # noqa: PTH123 - a device
        full = Terminal(out, err, {})
        full.say("to nobody")
        with pytest.raises(Failure) as ending:
            full.put("to nobody")
        assert (ending.value.name, ending.value.status) == ("stdout-trouble", 1)
        assert ending.value.values == {"reason": "No space left on device"}
        for stream in (out, err):  # what could not be flushed would be tried again at close
            with pytest.raises(OSError, match="No space left on device"):
                stream.close()


def test_closed_streams() -> None:
    """B-A02: what is said to nobody is lost; data that nobody gets is an error."""
    closed = io.StringIO()
    closed.close()
    for nowhere in (Terminal(None, None, {}), Terminal(closed, closed, {})):
        nowhere.say("to nobody")
        with pytest.raises(Failure) as ending:
            nowhere.put("to nobody")
        assert ending.value.name == "stdout-trouble"


# Questions


@pytest.mark.parametrize(
    ("environ", "no_input", "is_terminal", "answer"),
    [
        ({}, False, True, True),
        ({"CI": ""}, False, True, True),
        ({"CI": "true"}, False, True, False),
        ({}, True, True, False),
        ({}, False, False, False),
    ],
)
def test_interactive(
    monkeypatch: pytest.MonkeyPatch,
    environ: dict[str, str],
    no_input: bool,  # noqa: FBT001 - a table's column
    is_terminal: bool,  # noqa: FBT001 - a table's column
    answer: bool,  # noqa: FBT001 - a table's column
) -> None:
    """B-L05: a person can be asked where stdin is a terminal, and nothing says not to."""
    monkeypatch.setattr(os, "isatty", lambda handle: handle == 0 and is_terminal)
    assert interactive(environ, no_input=no_input) is answer


def test_a_line(person: Person) -> None:
    """B-L02: a question and its answer make one line."""
    person.types_at(KEY_ID.text, b"AKIAXXXXXXXXXXXXXXXX\r")
    assert ask(KEY_ID) == "AKIAXXXXXXXXXXXXXXXX"
    assert person.sees() == "AWS Access Key ID: AKIAXXXXXXXXXXXXXXXX\n"


def test_layout_of_questions(person: Person) -> None:
    """B-L02: a blank line before the first question, none between questions."""
    with os.fdopen(person.near, "w", encoding="utf-8", closefd=False) as stream:
        asker = Terminal(None, stream, {"NO_COLOR": "1"})
        asker.say("⚠ required")
        person.types_at("One: ", b"1\r")
        asker.ask(Question("One: "))
        person.types_at("Two: ", b"2\r")
        asker.ask(Question("Two: "))
        asker.say("✗ No.", close=True)
        person.types_at("Two: ", b"3\r")
        asker.ask(Question("Two: "))
        asker.foreign()
        person.types_at("Three: ", b"4\r")
        asker.ask(Question("Three: "))
        asker.say("✓ saved")
    assert person.sees() == ("⚠ required\n\nOne: 1\nTwo: 2\n✗ No.\nTwo: 3\n\nThree: 4\n\n✓ saved\n")


@pytest.mark.parametrize("secret", ["s", "new-secret", "x" * 4000])
def test_mask(person: Person, secret: str) -> None:
    """B-L02: a secret is shown as the same mask whatever its length."""
    person.types_at(SECRET.text, secret.encode() + b"\r")
    assert ask(SECRET) == secret
    assert person.sees() == f"AWS Secret Access Key: {MASK}\n"


def test_no_mask_for_nothing(person: Person) -> None:
    """B-L02: nothing typed shows no mask."""
    person.types_at(SECRET.text, b"\r")
    assert ask(SECRET) == ""
    assert person.sees() == "AWS Secret Access Key: \n"


def test_echo_is_off_before_the_label(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """B-L02: whoever answers the label at once is not seen typing."""
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
    """B-L02: what is typed ahead answers the questions to come, a line each."""
    person.types_ahead(b"AKIA\rnew-secret\rrest")
    assert ask(KEY_ID) == "AKIA"
    assert ask(SECRET) == "new-secret"
    person.types_at("ARN: ", b" of it\r")
    assert ask(Question("ARN: ")) == "rest of it"
    assert f"{KEY_ID.text}\n{SECRET.text}{MASK}\nARN: " in person.sees()


@pytest.mark.parametrize("question", [KEY_ID, SECRET])
def test_control_d(person: Person, question: Question) -> None:
    """B-L06: ^D on an empty line cancels, and what follows starts on a fresh line."""
    person.types_at(question.text, b"\x04")
    with pytest.raises(Cancelled):
        ask(question)
    assert person.sees() == question.text + "\n"


def test_control_d_after_text(person: Person) -> None:
    """B-L06: ^D after text hands it on and the line goes on; a second one ends it."""
    person.types_at(KEY_ID.text, b"AK\x04IA\x04\x04")
    assert ask(KEY_ID) == "AKIA"
    assert person.sees() == "AWS Access Key ID: AKIA\n"


def test_a_line_begun_before_a_stop(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """B-L02: the line that is printed again after a stop begins empty."""
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
    """B-A02: pasting, carriage returns and what is no text do no harm; erasing works."""
    person.types_at(SECRET.text, keys)
    assert ask(SECRET) == answer


def test_a_terminal_left_raw(person: Person) -> None:
    """B-L02: a question asked where a crashed program left the terminal raw can be answered."""
    cooked = person.mode()
    tty.setraw(person.near)
    raw = person.mode()
    person.types_at(KEY_ID.text, b"AKIB\x7fA\r")
    assert ask(KEY_ID) == "AKIA"
    assert person.mode() == raw
    termios.tcsetattr(person.near, termios.TCSANOW, cooked)


def test_the_terminal_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    """B-L06: a terminal that goes away takes the person with it."""
    someone = Person()
    monkeypatch.setattr(prompt, "_controlling_terminal", lambda: os.dup(someone.near))
    os.close(someone.far)
    with pytest.raises(Cancelled):
        ask(SECRET)


def test_handlers_are_put_back(person: Person) -> None:
    """B-L06: after a question signals do what they did before."""
    signums = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGTSTP, signal.SIGCONT)
    before = [signal.getsignal(signum) for signum in signums]
    person.types_ahead(b"1\r")
    ask(KEY_ID)
    assert [signal.getsignal(signum) for signum in signums] == before
    assert signal.set_wakeup_fd(-1) == -1


def test_ignored_stays_ignored(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """B-L06: a hangup that authkit was started to ignore (nohup) does not end the question."""
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


# Questions, signals and jobs


def test_control_c() -> None:
    """B-L06: ^C at a secret cancels; the terminal is as it was."""
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
    """B-L02: a session without one is asked on the terminal that is its stdin."""
    screen = spawn(["setsid", "--wait", *program("ask", SECRET.text)])
    screen.expect_exact(SECRET.text)
    screen.sendline("hunter2")
    screen.expect_exact(f"{MASK}\r\n\r\n")
    assert "hunter2" not in str(screen.before)
    screen.expect_exact('answers ["hunter2"].')


@pytest.mark.parametrize("name", ["TERM", "HUP", "QUIT"])
def test_ending_signals(name: str) -> None:
    """B-L06: a process that is ended while it asks dies of that signal, the terminal as it was."""
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


@pytest.fixture
def shell() -> Iterator[Shell]:
    """An interactive bash."""
    opened = Shell()
    yield opened
    opened.close()


def test_stop_and_fg(shell: Shell) -> None:
    """B-L02: after ^Z and `fg` the line is printed again, and echo is off again."""
    shell.start(program("ask", SECRET.text, KEY_ID.text))
    shell.screen.expect_exact(SECRET.text)
    shell.screen.send("half")
    shell.screen.sendcontrol("z")
    shell.screen.expect_exact("Stopped")
    shell.screen.expect_exact(shell.PROMPT)
    shell.start(["fg"])
    shell.screen.expect_exact(f"\n{SECRET.text}")  # bash names the job first, label and all
    shell.screen.sendline("hunter2")
    shell.screen.expect_exact(f"{MASK}\r\n{KEY_ID.text}")
    assert "hunter2" not in str(shell.screen.before)
    shell.screen.sendcontrol("z")
    shell.screen.expect_exact(shell.PROMPT)
    shell.start(["fg"])
    shell.screen.expect_exact(f"\n{KEY_ID.text}")  # bash names the job first, label and all
    shell.screen.sendline("AKIA")
    shell.screen.expect_exact('answers ["hunter2", "AKIA"].')


def test_stopped_from_afar(shell: Shell) -> None:
    """B-L02: the same after a stop that cannot be seen coming."""
    shell.start(program("ask", SECRET.text))
    (asker,) = numbers(shell.screen, "asker #.")
    shell.screen.expect_exact(SECRET.text)
    os.kill(asker, signal.SIGSTOP)
    shell.screen.expect_exact(shell.PROMPT)
    shell.start(["fg"])
    shell.screen.expect_exact(f"\n{SECRET.text}")  # bash names the job first, label and all
    shell.screen.sendline("hunter2")
    shell.screen.expect_exact(f"{MASK}\r\n")
    assert "hunter2" not in str(shell.screen.before)


def test_stopped_the_terminal_is_as_it_was() -> None:
    """B-L02: a shell that leaves terminals as it finds them finds this one with its echo on."""
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
    """B-L02: a question in the background waits, stopped; it can be ended there."""
    shell.start(program("ask", SECRET.text), " &")
    (asker,) = numbers(shell.screen, "asker #.")
    shell.run_until_stopped(":")
    shell.start(["fg"])
    shell.screen.expect_exact(f"\n{SECRET.text}")  # bash names the job first, label and all
    shell.screen.sendcontrol("z")
    shell.screen.expect_exact(shell.PROMPT)
    shell.run_until_stopped("bg")
    assert "Terminated" in shell.run_until_gone("kill %1", asker)


def test_start_up() -> None:
    """B-E01: what writes on the screen costs no more at start-up than it must."""
    dear = "termios signal select typing dataclasses pathlib subprocess re"
    assert imported("authkit.adapters.terminal", among=dear) == set()
