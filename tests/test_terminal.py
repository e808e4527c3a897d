"""The screen and the prompt, on real terminals, pipes and files.

Questions are asked in this very process where the answer can be typed ahead;
where signals and job control matter, of a real process in a session of its own.
"""

from __future__ import annotations

import io
import json
import os
import pty
import signal
import subprocess
import sys
import termios
from typing import TYPE_CHECKING

import pytest

from authkit import prompt, terminal
from authkit.model import MASK, Question
from authkit.ports import Cancelled
from authkit.terminal import Terminal, gap, interactive, showable
from tests import pty_tools
from tests.pty_tools import Shell, numbers, program, spawn

if TYPE_CHECKING:
    from collections.abc import Iterator

KEY_ID = Question("AWS Access Key ID: ")
SECRET = Question("AWS Secret Access Key: ", secret=True)
LOCAL = 3  # termios: the local flags, ECHO among them


class Person:
    """Someone at the far end of a PTY whose near end this process asks on."""

    def __init__(self, far: int, near: int) -> None:
        self.far = far
        self.near = near

    def types(self, keys: bytes) -> None:
        """Type ahead of the question."""
        os.write(self.far, keys)

    def sees(self) -> str:
        """Return what has been written on the screen since the last look."""
        return os.read(self.far, 65536).decode().replace("\r\n", "\n")

    def mode(self) -> list[object]:
        """Return the terminal's settings."""
        return termios.tcgetattr(self.near)

    def echo(self) -> bool:
        """Tell whether what is typed is shown."""
        return bool(termios.tcgetattr(self.near)[LOCAL] & termios.ECHO)


@pytest.fixture
def person(monkeypatch: pytest.MonkeyPatch) -> Iterator[Person]:
    """A PTY that questions are asked on."""
    far, near = pty.openpty()
    monkeypatch.setattr(prompt, "_controlling_terminal", lambda: os.dup(near))
    yield Person(far, near)
    os.close(far)
    os.close(near)


def screen(environ: dict[str, str] | None = None) -> Terminal:
    """Return a Terminal that writes to nobody."""
    return Terminal(None, None, environ or {})


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
        ("question", "close", False),
        ("close", "question", False),
        ("question", "paragraph", True),
        ("close", "paragraph", True),
        ("data", "paragraph", True),
        ("foreign", "paragraph", True),
        ("foreign", "question", True),
    ],
)
def test_gap(previous: str, following: str, apart: bool) -> None:  # noqa: FBT001 - a table's column
    """B-L02: a blank line sets things apart, but no question from its answer's refusal."""
    assert gap(previous, following) is apart
