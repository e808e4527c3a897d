"""The ports Screen and Prompter, with a scripted person in front of them.

The real terminal's `gap` decides where blank lines go, so a transcript is what
a terminal shows, character for character.
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


class Unscripted(BaseException):
    """The command does something that the script does not provide for.

    It is not an Exception, so that authkit's own handlers do not catch it: it is
    an error in the script.
    """


class Answer(NamedTuple):
    """What the person types when asked for `title`: a text, ^C or ^D."""

    title: str
    typed: str


class Person:
    """Answers questions from a script, in order.

    `before` is called with the text of each question before it is answered.
    """

    def __init__(
        self, answers: Iterable[Answer] = (), before: Callable[[str], object] = lambda _: None
    ) -> None:
        self._answers = deque(answers)
        self._before = before

    def __call__(self, question: Question) -> str:
        """Return what the person types.  Raises Unscripted if the question is not the next one."""
        asked = question.text.strip()
        if not self._answers:
            raise Unscripted(f"nobody answers {asked!r}: the story has no (more) answers")
        answer = self._answers[0]
        if not asked.startswith(answer.title):
            raise Unscripted(
                f"{asked!r} is asked, but the story's next answer is to {answer.title!r}"
            )
        self._answers.popleft()
        self._before(asked)
        return answer.typed

    @property
    def unasked(self) -> tuple[Answer, ...]:
        """The answers whose questions were not asked."""
        return tuple(self._answers)


class FakeScreen:
    """ports.Screen and ports.Prompter.  stdout and stderr go to one terminal: the journal."""

    def __init__(self, journal: Journal, person: Callable[[Question], str]) -> None:
        self._journal = journal
        self._person = person
        self._before = ""

    def say(self, text: str, *, close: bool = False) -> None:
        """Show a text to the person."""
        self._show(CLOSE if close else PARAGRAPH, f"{text}\n")

    def put(self, text: str) -> None:
        """Show data."""
        self._show(DATA, f"{text}\n")

    def foreign(self) -> None:
        """Note that another program has written on the screen."""
        self._before = FOREIGN

    def ask(self, question: Question) -> str:
        """Return what the person types.  Raises Cancelled, Unscripted."""
        self._show(QUESTION, question.text)
        typed = self._person(question)
        shown = _shown(typed, secret=question.secret)
        self._journal.wrote(shown)
        if typed and shown != typed:
            self._journal.typed(typed)
        self._journal.wrote("\n")
        if typed in _CANCELS:
            raise Cancelled(typed)
        return typed

    def _show(self, kind: str, text: str) -> None:
        blank = "\n" if gap(self._before, kind) else ""
        self._before = kind or self._before
        self._journal.wrote(blank + text)


def _shown(typed: str, *, secret: bool) -> str:
    """Return what a terminal shows of the keys: ^C only while it echoes, ^D never."""
    if typed == END_OF_INPUT or (secret and typed == INTERRUPT):
        return ""
    return MASK if secret and typed else typed
