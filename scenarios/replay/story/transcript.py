"""The transcripts in `shows`: parsed into lines and answers, and written from a journal.

A transcript is also the script: a line that begins with a known prompt is a
question with its answer.

    AWS Access Key ID: AKIAXXXXXXXXXXXXXXXX
    AWS Secret Access Key: ********                      <- new-secret
    MFA ARN (optional):                                  <- ^D

The text after the arrow was typed and is not on the screen.  Without an arrow
the typed text is the text on the screen; ``^C`` there is the key, which a
terminal shows so.  Blanks at the end of a line and of the whole are ignored.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from authkit.codes import devices
from authkit.core.kinds import KINDS, TOKEN
from authkit.core.model import MASK
from authkit.importing.questions import QUESTIONS
from fakes.world.config import brought_kinds
from fakes.world.journal import Kind
from fakes.world.keyring import PASSPHRASE
from fakes.world.prompter import Answer
from scenarios.replay.story.folding import folded
from scenarios.replay.story.nearest import MISSPELT, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fakes.world.journal import Entry

ARROW_COLUMN = 53  # of the arrows that an update writes, unless the line is longer

_KINDS = (*KINDS.values(), *brought_kinds())
_FIELDS = [*(field for kind in _KINDS for field in kind.fields), *QUESTIONS, devices.question()]
_OF_THE_KEYRING = PASSPHRASE.title.rstrip(": ")
TITLES = [field.title for field in _FIELDS] + [TOKEN.text.rstrip(": "), _OF_THE_KEYRING]
_UNSEEN = {field.title for field in _FIELDS if field.secret} | {_OF_THE_KEYRING}
_QUESTION = re.compile(
    rf"(?P<title>{'|'.join(map(re.escape, TITLES))})"
    r"(?: \([^)]*\))?(?: \[.*?\])?:(?: (?P<shown>.*))?"
)
_ARROW = re.compile(r"(?P<shown>.*?)\s+<- ?(?P<typed>.*)")


class Line(NamedTuple):
    """A line of the screen; `typed` is the hidden text typed in it, None when there is none."""

    shown: str
    typed: str | None = None


@dataclass(frozen=True)
class Script:
    """A transcript: its text in the file (`written`), its lines, and the answers in them."""

    written: str = ""
    lines: tuple[Line, ...] = ()
    answers: tuple[Answer, ...] = ()


def parse(text: str) -> Script:
    """Return the script in a transcript.

    Raises ValueError(reason, line number from 0 within the text).
    """
    lines, answers = [], []
    for number, written in enumerate(text.rstrip().split("\n") if text.strip() else ()):
        try:
            line, answer = _parse_line(written.rstrip())
        except ValueError as error:
            raise ValueError(str(error), number) from None
        lines.append(line)
        answers += [answer] if answer else []
    return Script(text, tuple(lines), tuple(answers))


def _parse_line(written: str) -> tuple[Line, Answer | None]:
    arrow = _ARROW.fullmatch(written)
    if arrow and not _QUESTION.match(written):
        raise ValueError(f"nothing known asks there; the prompts are: {', '.join(TITLES)}")
    line = Line(arrow["shown"], arrow["typed"]) if arrow else Line(written)
    question = _QUESTION.fullmatch(line.shown)
    if question is None:
        _refuse_misspelt(line.shown)
        return line, None
    shown = question["shown"] or ""
    if question["title"] in _UNSEEN and shown and not arrow:
        raise ValueError(f"what was typed behind {shown}? Add '<- what was typed'")
    if question["title"] in _UNSEEN and shown not in ("", MASK):
        raise ValueError(f"what is typed here shows as {MASK}, and stands behind '<-'")
    return line, Answer(question["title"], shown if line.typed is None else line.typed)


def _refuse_misspelt(shown: str) -> None:
    """Raise ValueError for a line that is nearly a question: nobody would answer it.

    A key of JSON, which stands in quotes, is none.
    """
    if shown.lstrip().startswith('"'):
        return
    title, colon, _ = shown.partition(":")
    title = title.partition(" (")[0].partition(" [")[0]
    if colon and title not in TITLES and (near := nearest(title, TITLES, cutoff=MISSPELT)):
        raise ValueError(f"nothing asks {title!r}; did you mean {near!r}?")


def prompt_in(line: str) -> str:
    """Return the part of a line that asks a question, "" for a line that asks none."""
    question = _QUESTION.fullmatch(line)
    return line[: len(line) - len(question["shown"] or "")] if question else ""


def screen_lines(text: str) -> list[str]:
    """Return the lines of a screen, without the blanks that are ignored."""
    return [line.rstrip() for line in text.rstrip().split("\n")] if text.strip() else []


class Moment(NamedTuple):
    """A line of the screen, and the effects that happened before it was complete, folded."""

    line: Line
    effects: tuple[str, ...]


def moments(entries: Iterable[Entry]) -> list[Moment]:
    """Return a journal line by line; effects after the last line get an empty line."""
    found: list[Moment] = []
    shown, typed, effects = "", None, []
    for kind, text in entries:
        if kind is Kind.DID:
            effects.append(text)
        elif kind is Kind.TYPED:
            typed = text
        else:
            *ended, rest = text.split("\n")
            for part in ended:
                found.append(Moment(Line((shown + part).rstrip(), typed), tuple(folded(effects))))
                shown, typed, effects = "", None, []
            shown += rest
    if shown or effects:
        found.append(Moment(Line(shown.rstrip(), typed), tuple(folded(effects))))
    return found


def spell(entries: Iterable[Entry], before: str = "") -> str:
    """Return the screen of a journal as a transcript.

    A line that is in `before` too, apart from blanks, is written as it is
    there, so that an arrow keeps its column.
    """
    written = {_parse_line(line.rstrip())[0]: line.rstrip() for line in before.split("\n")}
    lines = [moment.line for moment in moments(entries)]
    spelt = "\n".join(written.get(line) or _spell_line(line) for line in lines).rstrip()
    return f"{spelt}\n" if spelt else ""


def _spell_line(line: Line) -> str:
    if line.typed is None:
        return line.shown
    return f"{line.shown:<{ARROW_COLUMN - 1}} <- {line.typed}"
