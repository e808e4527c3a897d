"""Where a person sits: the width of the terminal, and the shell that is theirs."""

from __future__ import annotations

import os
import pty
import pwd
import sys
import termios
from typing import TYPE_CHECKING

import pytest

from authkit.adapters import seat
from tests.support.pty_tools import ENVIRON, finished, spawn

if TYPE_CHECKING:
    from collections.abc import Iterator

SHOW = "import os; from authkit.adapters import seat; print(seat.{}(os.environ), 'is it')"


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Have standard error be a terminal, and standard output none; return the terminal."""
    main, end = pty.openpty()
    sizes = {2: end}
    real = os.get_terminal_size
    monkeypatch.setattr(os, "get_terminal_size", lambda descriptor: real(sizes.get(descriptor, -1)))
    yield end
    os.close(main)
    os.close(end)


@pytest.mark.parametrize(
    ("columns", "width"),
    [
        ("132", 132),
        ("25", 25),
        ("", 40),
        ("0", 40),
        ("-3", 40),
        ("wide", 40),
        ("²", 40),
        ("9" * 5000, 40),
    ],
)
def test_the_width(terminal: int, columns: str, width: int) -> None:
    """COLUMNS takes precedence over the terminal; what is no number is ignored."""
    termios.tcsetwinsize(terminal, (24, 40))
    assert seat.width({"COLUMNS": columns}) == width


def test_a_terminal_that_does_not_know_its_width(terminal: int) -> None:
    """A terminal of no columns counts as one of eighty."""
    termios.tcsetwinsize(terminal, (0, 0))
    assert seat.width({}) == 80


def test_no_terminal() -> None:
    """Without a terminal a line has eighty columns, and there is no shell."""
    done = finished([sys.executable, "-c", SHOW.format("width")], ENVIRON)
    assert done.stdout == "80 is it\n"
    assert finished([sys.executable, "-c", SHOW.format("shell")], ENVIRON).stdout == " is it\n"


@pytest.mark.parametrize(
    ("environ", "shell"),
    [
        ({"SHELL": "/bin/some-shell"}, "/bin/some-shell"),
        ({"SHELL": ""}, pwd.getpwuid(os.getuid()).pw_shell),
        ({}, pwd.getpwuid(os.getuid()).pw_shell),
    ],
)
def test_the_shell(environ: dict[str, str], shell: str) -> None:
    """docs/contract.md, Commands: SHELL, else the password database's, at a terminal."""
    screen = spawn([sys.executable, "-c", SHOW.format("shell")], ENVIRON | environ)
    screen.expect_exact(f"{shell or '/bin/sh'} is it")


@pytest.mark.parametrize("piped", ["</dev/null", "2>/dev/null"])
def test_a_shell_needs_both(piped: str) -> None:
    """docs/contract.md, Commands: standard input and standard error have to be terminals."""
    line = f'{sys.executable} -c "$SHOW" {piped}'
    screen = spawn(["sh", "-c", line], ENVIRON | {"SHELL": "/bin/x", "SHOW": SHOW.format("shell")})
    screen.expect_exact("is it")
    assert "/bin/x" not in str(screen.before)


def test_a_user_without_an_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    """A user whom the password database does not have, as in a container, has no shell."""
    monkeypatch.setattr(os, "isatty", lambda _descriptor: True)
    monkeypatch.setattr(os, "getuid", lambda: 3_999_999_999)
    assert seat.shell({}) == ""
