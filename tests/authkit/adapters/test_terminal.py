"""The screen: layout, marks, colour and encoding on terminals, pipes and files."""

from __future__ import annotations

import io
import os
import sys
import termios
from typing import TYPE_CHECKING

import pytest

from authkit.adapters.terminal import Terminal, gap, showable
from authkit.core.failures import Failure
from authkit.core.model import Question
from tests.authkit.adapters.person import Person
from tests.support.pty_tools import finished, imported

if TYPE_CHECKING:
    from pathlib import Path

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
    """B-L02: a blank line separates two things, except a question from the one before."""
    assert gap(previous, following) is apart


def test_one_screen() -> None:
    """B-A03: stdout and stderr on one terminal have one layout."""
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


@pytest.mark.parametrize(
    ("columns", "shown"),
    [(0, "five six seven\n"), (80, "five six seven\n"), (10, "five six\nseven\n")],
)
def test_a_narrow_terminal(columns: int, shown: str) -> None:
    """Issue 15: what is said is broken between words, where the width is known; data is not."""
    person = Person()
    termios.tcsetwinsize(person.near, (24, columns))
    with os.fdopen(person.near, "w", closefd=False) as stream:
        terminal = Terminal(stream, stream, {"NO_COLOR": "1"})
        terminal.say("five six seven")
        terminal.put("one two three four")
    assert person.sees() == f"{shown}\none two three four\n"


def test_rows_for_people_on_a_narrow_terminal() -> None:
    """What doctor and whoami print begins with a mark: it is broken too, each row by itself."""
    person = Person()
    termios.tcsetwinsize(person.near, (24, 14))
    with os.fdopen(person.near, "w", closefd=False) as stream:
        terminal = Terminal(stream, stream, {"NO_COLOR": "1"})
        terminal.put("✗ STS: no answer came\n  Check the network")
    assert person.sees() == "✗ STS: no\n  answer came\n  Check the\n  network\n"


@pytest.mark.parametrize("columns", [80, 100])
def test_a_long_path(columns: int) -> None:
    """A line over the columns that there are is broken at a blank, and no path is."""
    person, path = Person(), "/home/dev/" + "a-long-folder/" * 5 + "config.toml"
    termios.tcsetwinsize(person.near, (24, columns))
    with os.fdopen(person.near, "w", closefd=False) as stream:
        terminal = Terminal(stream, stream, {"NO_COLOR": "1"})
        terminal.say(f"✗ {path}: its mode lets others write to it.\n  Nothing was done.")
    shown = person.sees().splitlines()
    assert f"{path}:" in " ".join(shown).split()
    assert all(len(line) <= max(columns, len(path) + 3) for line in shown)
    assert " ".join(" ".join(shown).split()).endswith("write to it. Nothing was done.")


def test_a_terminal_without_a_descriptor() -> None:
    """Issue 15: where nothing tells the width, what is said stays as it is."""

    class Window(io.StringIO):
        def isatty(self) -> bool:
            return True

    window = Window()
    Terminal(None, window, {"NO_COLOR": "1"}).say("word " * 30)
    assert window.getvalue() == "word " * 30 + "\n"


def test_two_screens() -> None:
    """B-E01: messages leave no trace in the data, not even a blank line."""
    out, err = io.StringIO(), io.StringIO()
    apart = Terminal(out, err, {})
    apart.say("said")
    apart.put("data")
    apart.put("more")
    apart.say("said again")
    assert out.getvalue() == "data\n\nmore\n"
    assert err.getvalue() == "said\n\nsaid again\n"


def test_order_in_one_file() -> None:
    """B-A03: ``2>&1`` into a pipe keeps the order and the layout of one screen."""
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
    """B-A03: a mark at the start of a line is coloured on a terminal, unless NO_COLOR is set."""
    person = Person()
    with os.fdopen(person.near, "w", encoding="utf-8", closefd=False) as stream:
        Terminal(None, stream, environ).say("✓ yes ✓\n✗ no\n⚠ hm")
    assert person.sees() == shown


def test_no_colour_in_a_pipe() -> None:
    """B-A03: a pipe gets no colour."""
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
    """B-A03: a stream without the marks gets substitutes, and escapes for other characters."""
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding)
    Terminal(stream, None, {}).put("✓ café… ✗ ⚠ € \udc80")
    assert raw.getvalue().decode(encoding) == shown + "\n"


def test_coloured_substitutes() -> None:
    """B-A03: substitutes are coloured like the marks."""
    assert showable("✗ no", "ascii", colour=True) == "\x1b[31m[x]\x1b[0m no"


def test_broken_pipe() -> None:
    """B-A02: a closed pipe raises BrokenPipeError for data; messages are dropped."""
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(os.dup(write), "w") as out, os.fdopen(write, "w") as err:
        left = Terminal(out, err, {})
        left.say("to nobody")
        left.say("to nobody")
        with pytest.raises(BrokenPipeError):
            left.put("to nobody")
        for stream in (out, err):  # close would try again what could not be flushed
            with pytest.raises(BrokenPipeError):
                stream.close()


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")  # noqa: PTH110 - a device
def test_a_full_disk() -> None:
    """B-A02: data that a full disk refuses is an error with a reason; messages are dropped."""
    with open("/dev/full", "w") as out, open("/dev/full", "w") as err:  # noqa: PTH123 - a device
        full = Terminal(out, err, {})
        full.say("to nobody")
        with pytest.raises(Failure) as ending:
            full.put("to nobody")
        assert (ending.value.name, ending.value.status) == ("stdout-trouble", 1)
        assert ending.value.values == {"reason": "No space left on device"}
        for stream in (out, err):  # close would try again what could not be flushed
            with pytest.raises(OSError, match="No space left on device"):
                stream.close()


def test_closed_streams() -> None:
    """B-A02: a closed stream drops messages; data is an error."""
    closed = io.StringIO()
    closed.close()
    for nowhere in (Terminal(None, None, {}), Terminal(closed, closed, {})):
        nowhere.say("to nobody")
        with pytest.raises(Failure) as ending:
            nowhere.put("to nobody")
        assert ending.value.name == "stdout-trouble"


# Questions


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


def test_a_paste_in_brackets(person: Person) -> None:
    """What a shell has the terminal put around a paste is no part of the answer."""
    with os.fdopen(person.near, "w", encoding="utf-8", closefd=False) as stream:
        person.types_at("One: ", b"\x1b[200~pasted\x1b[201~\r")
        assert Terminal(None, stream, {}).ask(Question("One: ")) == "pasted"


def test_a_question_beside_a_log(person: Person, tmp_path: Path) -> None:
    """docs/contract.md, Streams: lines that belong to a question use its terminal, not only 2>log.

    What was said before stands above the question, once, as if stderr were the terminal.
    """
    log = tmp_path / "log"
    with log.open("w", encoding="utf-8") as stream:
        asker = Terminal(None, stream, {"NO_COLOR": "1"})
        asker.say("⚠ required")
        asker.say("more", close=True)
        person.types_at("One: ", b"1\r")
        asker.ask(Question("One: "))
        asker.say("✗ No.", close=True)
        person.types_at("One: ", b"2\r")
        asker.ask(Question("One: "))
        asker.say("✓ saved")
    assert person.sees() == "⚠ required\nmore\n\nOne: 1\n✗ No.\nOne: 2\n"
    assert log.read_text(encoding="utf-8") == "⚠ required\nmore\n✗ No.\n\n✓ saved\n"


def test_start_up() -> None:
    """B-E01: importing the module imports nothing expensive."""
    dear = "termios signal select typing dataclasses pathlib subprocess re"
    assert imported("authkit.adapters.terminal", among=dear) == set()
