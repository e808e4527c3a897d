"""Listens to the screen of a command: what was shown, asked and answered, as a transcript."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from authkit.core.failures import Cancelled
from authkit.core.model import MASK
from authkit.core.render import text
from authkit.recording.keep import CODE, PASSPHRASE

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from authkit.core import ports
    from authkit.core.model import Question
    from authkit.recording.keep import Keep

_END_OF_INPUT = "^D"
_ARROW = 52  # the column before the arrow to what was typed unseen


class Screen:
    """What came on the screen while the command `command` ran, as much of it as may be kept.

    `shown` is the transcript.  `spent` are the codes that authkit refused because they had
    been sent before.  `asking` tells whether a backend of the keyring has asked for something.
    Within `noting` an error does not reach the command.
    """

    def __init__(
        self,
        keep: Keep,
        command: str,
        gap: Callable[[str, str], bool],
        noting: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self.shown = ""
        self.spent: list[str] = []
        self.asking = False
        self._keep = keep
        self._command = command
        self._gap = gap
        self._noting = noting
        self._listening = True
        self._above = ""  # what was shown last
        self._typed = ""  # the last code

    def listen(self, screen: ports.Screen) -> None:
        """Listen to a screen, whoever uses it: the command is not the only one that has it."""
        for name in ("say", "put", "foreign", "ask"):
            setattr(screen, name, partial(getattr(self, f"_{name}"), getattr(screen, name)))

    def end(self) -> None:
        """Stop listening: what follows is not the command's."""
        self._listening = False

    def _say(self, real: Callable[..., None], said: str, *, close: bool = False) -> None:
        real(said, close=close)
        if self._typed and said == text("code-already-used"):
            self.spent.append(self._typed)
        self._show("" if close else "paragraph", lambda: self._keep.screen(said))

    def _put(self, real: Callable[..., None], data: str) -> None:
        real(data)
        self._show("data", lambda: self._data(data))

    def _foreign(self, real: Callable[..., None]) -> None:
        real()
        self._above = "foreign"

    def _ask(self, real: Callable[..., str], question: Question) -> str:
        typed, key = "", _END_OF_INPUT
        try:
            typed = real(question)
            key = ""
        except Cancelled as cancelled:
            key = str(cancelled) or _END_OF_INPUT
            raise
        finally:
            with self._noting():
                self._asked(question, typed, key)
        return typed

    def _asked(self, question: Question, typed: str, key: str) -> None:
        """Note a question and its answer, or the `key` that cancelled, as a transcript has them."""
        label, field = self._keep.question(question.text, secret=question.secret)
        self.asking = self.asking or field == PASSPHRASE
        answer = key or self._keep.answer(field, typed)
        unseen = question.secret or key == _END_OF_INPUT  # a terminal shows ^C while it echoes
        shown = label + (MASK if question.secret and typed else "" if unseen else answer)
        line = f"{shown:<{_ARROW}} <- {answer}" if unseen and answer else shown
        self._show("question", line.rstrip)
        if field == CODE:
            self._typed = "".join(typed.split())

    def _data(self, data: str) -> str:
        if self._command in {"help", "version"}:
            return data
        if self._command in {"env", "credential-process"}:
            return f"<data of {len(data)} characters>"
        return self._keep.data(data)

    def _show(self, thing: str, shown: Callable[[], str]) -> None:
        """Note what came on the screen; `shown` returns what may be kept of it."""
        if not self._listening:
            return
        with self._noting():
            blank = "\n" if self._gap(self._above, thing) else ""
            self._above = thing or self._above
            self.shown += f"{blank}{shown()}\n"
