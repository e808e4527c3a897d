"""A person at a terminal of this process, for the tests of terminal and prompt."""

from __future__ import annotations

import os
import pty
import select
import termios
import threading
from typing import TYPE_CHECKING

from authkit.adapters.terminal import Terminal
from authkit.core.model import Question
from tests.support.pty_tools import LIMIT

if TYPE_CHECKING:
    from typing import Any

KEY_ID = Question("AWS Access Key ID: ")
SECRET = Question("AWS Secret Access Key: ", secret=True)
LOCAL = 3  # termios: the local flags, ECHO among them
END = "<end>"


class Person:
    """A person at one end of a PTY (`far`); authkit asks at the other (`near`)."""

    def __init__(self) -> None:
        self.far, self.near = pty.openpty()
        self.screen = ""

    def types_ahead(self, keys: bytes) -> None:
        """Type before a question is asked; return when the keys can be read."""
        os.write(self.far, keys)
        assert select.select([self.near], [], [], LIMIT)[0]

    def types_at(self, label: str, keys: bytes) -> None:
        """Type as soon as the label is written on the screen again."""
        start = len(self.screen)

        def watch() -> None:
            while len(self.screen) == start or not self.screen.endswith(label):
                self.screen += os.read(self.far, 1024).decode()
            os.write(self.far, keys)

        threading.Thread(target=watch, daemon=True).start()

    def sees(self) -> str:
        """Return the whole screen."""
        os.write(self.near, END.encode())
        while not self.screen.endswith(END):
            self.screen += os.read(self.far, 1024).decode()
        return self.screen.removesuffix(END).replace("\r\n", "\n")

    def mode(self) -> list[Any]:
        """Return the settings of the terminal."""
        return termios.tcgetattr(self.near)

    def sees_typing(self) -> bool:
        """Tell whether echo is on."""
        return bool(termios.tcgetattr(self.near)[LOCAL] & termios.ECHO)


def ask(question: Question) -> str:
    """Ask a question on an empty screen, and return the answer."""
    return Terminal(None, None, {}).ask(question)
