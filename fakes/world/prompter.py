"""The scripted person and the screen in front of her: the ports Screen and Prompter.

What stands apart from what is decided by the real terminal's own `gap`, so that
a transcript here is what a terminal shows, letter for letter.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, NamedTuple

from authkit.adapters.terminal import CLOSE, DATA, FOREIGN, PARAGRAPH, QUESTION, gap
from authkit.core.failures import Cancelled
from authkit.core.model import MASK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from authkit.core.model import Question
    from fakes.world.journal import Journal

INTERRUPT, END_OF_INPUT = "^C", "^D"  # what a person types to cancel
_CANCELS = {INTERRUPT, END_OF_INPUT}


class OffScript(BaseException):
    """The script does not say what happens now.

    Not an Exception: it is no trouble of authkit's, and none of its handlers
    may take it for one.
    """


class Answer(NamedTuple):
    """What the person types when asked for `title`: a text, or ^C, or ^D."""

    title: str
    typed: str


class Person:
    """Answers questions from a script, in its order, and says so when a question is not in it."""

    def __init__(self, answers: Iterable[Answer] = ()) -> None:
        self._answers = deque(answers)

    def __call__(self, question: Question) -> str:
        """Return what she types.  Raises OffScript."""
        asked = question.text.strip()
        if not self._answers:
            raise OffScript(f"nobody answers {asked!r}: the story has no (more) answers")
        answer = self._answers[0]
        if not asked.startswith(answer.title):
            raise OffScript(
                f"{asked!r} is asked, but the story's next answer is to {answer.title!r}"
            )
        self._answers.popleft()
        return answer.typed

    @property
    def unasked(self) -> tuple[Answer, ...]:
        """The answers that nobody has asked for."""
        return tuple(self._answers)


class FakeScreen:
    """ports.Screen and ports.Prompter: stdout and stderr end in the same terminal, a journal."""

    def __init__(self, journal: Journal, person: Callable[[Question], str]) -> None:
        self._journal = journal
        self._person = person
        self._before = ""

    def say(self, text: str, *, close: bool = False) -> None:
        """Show something to the person."""
        self._show(CLOSE if close else PARAGRAPH, f"{text}\n")

    def put(self, text: str) -> None:
        """Show data."""
        self._show(DATA, f"{text}\n")

    def foreign(self) -> None:
        """Note that somebody else has written."""
        self._before = FOREIGN

    def ask(self, question: Question) -> str:
        """Return what the person types.  Raises Cancelled, OffScript."""
        self._show(QUESTION, question.text)
        typed = self._person(question)
        shown = _shown(typed, secret=question.secret)
        self._journal.wrote(shown)
        if typed and shown != typed:
            self._journal.typed(typed)
        self._journal.wrote("\n")
        if typed in _CANCELS:
            raise Cancelled
        return typed

    def _show(self, thing: str, text: str) -> None:
        blank = "\n" if gap(self._before, thing) else ""
        self._before = thing or self._before
        self._journal.wrote(blank + text)


def _shown(typed: str, *, secret: bool) -> str:
    """Return what a terminal shows of it: ^C only with its echo on, ^D never."""
    if typed == END_OF_INPUT or (secret and typed == INTERRUPT):
        return ""
    return MASK if secret and typed else typed
