"""A replay as a sequence diagram in SVG: who does what to whom, on an axis of time.

A row is a happening that is worth an arrow or a note; rows stand below each other, with
the time at the left.  A jump of time is a gap in the lifelines that grows with the
logarithm of its length, so that 36 hours are seen to be more than an hour.  The element
of a row has ``data-at``, the number of its happening, so that a page can point to it.
"""

from __future__ import annotations

import math
from datetime import timedelta
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from scenarios.replay.presentation import spans
from scenarios.replay.presentation.drawing import (
    CHARACTER,
    COLUMNS,
    TOP,
    WIDTH,
    Drawing,
    arrow,
    left_of,
    lifelines,
    text_at,
)
from scenarios.replay.presentation.timeline import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from scenarios.replay.presentation.timeline import Happening

# The first word of an effect's line, and whom it concerns; authkit itself where it is not here.
_CONCERNS = {
    "keyring": "keyring",
    "session": "state folder",
    "mark": "state folder",
    "unmark": "state folder",
    "codes": "state folder",
    "lock": "state folder",
    "sts": "STS",
    "child": "child",
}
_LONGEST = 50  # characters of a label
_ROW, _NOTE = 32, 24
_NOTES = {
    Kind.EVENT: "event",
    Kind.SETTING: "setting",
    Kind.FAULT: "fault",
    Kind.AGAIN: "again",
    Kind.ELSEWHERE: "event",
}


class _Label(NamedTuple):
    """The text of an arrow, what came back (""), and the whole text."""

    text: str
    answer: str
    whole: str


def head() -> str:
    """Return the row of names above the diagram, as an SVG of its own."""
    names = "".join(
        text_at(x, 22 - 7 * (len(words) - 1) + 14 * line, word, "name middle")
        for name, x in COLUMNS.items()
        for words in [name.split()]
        for line, word in enumerate(words)
    )
    return f'<svg class="head" viewBox="0 0 {WIDTH} 38" aria-hidden="true">{names}</svg>'


def diagram(happenings: Sequence[Happening], title: str) -> str:
    """Return the diagram of what happened."""
    drawing = Drawing()
    for (kind, _), group in groupby(enumerate(happenings), lambda each: _group(*each)):
        _row(drawing, kind, list(group))
    height = drawing.y + TOP
    return (
        f'<svg class="sequence" viewBox="0 0 {WIDTH} {height:g}" role="img" '
        f'aria-label="{escape(title)}">{lifelines(drawing.breaks, height)}'
        f"{''.join(drawing.parts)}</svg>"
    )


def _group(number: int, happening: Happening) -> tuple[Kind, int]:
    """Return what makes one row: lines of the screen together, unless they ask; else each."""
    together = happening.kind is Kind.LINE and not happening.asks
    return happening.kind, -1 if together else number


def _row(drawing: Drawing, kind: Kind, group: Sequence[tuple[int, Happening]]) -> None:
    number, first = group[0]
    if kind is Kind.JUMP:
        _jump(drawing, number, first)
        return
    _time(drawing, first.at)
    if kind is Kind.LINE:
        _lines(drawing, number, [each for _, each in group])
    elif kind is Kind.COMMAND:
        _arrow(drawing, number, "command", ("person", "authkit"), _plain(f"$ {first.text}"))
    elif kind is Kind.EFFECT:
        _effect(drawing, number, first.text)
    elif kind in _NOTES:
        _note(drawing, number, _NOTES[kind], first.text)
    elif kind is Kind.EXIT and first.text != "exit status 0":
        _arrow(drawing, number, "exit", ("authkit", "person"), _plain(first.text))


def _lines(drawing: Drawing, number: int, lines: Sequence[Happening]) -> None:
    """Draw lines of the screen: the first one, and how many follow; or question and answer."""
    told = [line for line in lines if line.text]
    if not told:
        return
    first = told[0]
    if first.asks:
        answer = first.text[len(first.asks) :] or first.keys or "(Enter)"
        asked = _plain(first.asks.strip())._replace(answer=answer, whole=first.text)
        _arrow(drawing, number, "asks", ("authkit", "person"), asked)
        return
    more = f" (+{len(told) - 1})" if len(told) > 1 else ""
    text = _short(first.text.strip(), _LONGEST - len(more)) + more
    whole = "\n".join(line.text for line in told)
    _arrow(drawing, number, "says", ("authkit", "person"), _Label(text, "", whole))


def _effect(drawing: Drawing, number: int, line: str) -> None:
    port, _, rest = line.partition(" ")
    text, _, outcome = rest.partition(" -> ")
    whom = _CONCERNS.get(port, "authkit")
    if whom == "authkit":
        _note(drawing, number, "own", line)
        return
    kind = "call" if whom in ("STS", "child") else "store"
    shown = _called(text) if whom == "STS" else text if whom == "keyring" else _stored(port, text)
    label = _Label(_short(shown), outcome, line)
    _arrow(drawing, number, kind, ("authkit", whom), label)


def _stored(port: str, text: str) -> str:
    """Return an effect's words as its arrow shows them; of a child, its command."""
    return text if port == "child" else f"{port} {text}"


def _called(text: str) -> str:
    """Return a call of STS in few words: the operation, the end of the key id, span and device."""
    operation, *words = text.split()
    shown = [operation]
    for word in words:
        if word.startswith(("AKIA", "ASIA")):
            shown.append(f"\u2026{word[-4:]}")
        elif word.isdecimal():
            shown.append(spans.spelt(timedelta(seconds=int(word))))
        else:
            shown.append(word.rpartition(":")[2])
    return " ".join(shown)


def _plain(text: str) -> _Label:
    return _Label(_short(text), "", text)


def _short(text: str, longest: int = _LONGEST) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}\u2026"


def _time(drawing: Drawing, at: datetime | None) -> None:
    """Write the time of the next row, if it has changed; leave room where seconds passed."""
    if at is None or at == drawing.before:
        return
    if drawing.before:
        drawing.y += 6 * math.log2(1 + max(0.0, (at - drawing.before).total_seconds()))
    new_day = drawing.before is None or drawing.before.date() != at.date()
    if new_day:
        drawing.parts.append(text_at(4, drawing.y + 10, f"{at:%d %b %Y}", "day"))
        drawing.y += 18
    drawing.parts.append(text_at(4, drawing.y + 20, spans.time_of_day(at), "time"))
    drawing.before = at


def _jump(drawing: Drawing, number: int, happening: Happening) -> None:
    """Draw a jump of time: a gap in the lifelines, as high as the jump is long."""
    at, before = happening.at, drawing.before
    seconds = abs((at - before).total_seconds()) if at and before else 0
    height = 24 + 7 * math.log2(1 + seconds / 60)
    top, middle = drawing.y + 6, drawing.y + 6 + height / 2
    drawing.breaks.append((top, top + height))
    edge = "".join(f"l5 {4 if tooth % 2 else -4}" for tooth in range((WIDTH - 76) // 5))
    edges = "".join(f'<path class="edge" d="M72 {y:g}{edge}"/>' for y in (top, top + height))
    label = text_at(72 + (WIDTH - 76) / 2, middle + 5, happening.text, "later middle")
    drawing.add(number, "jump", edges + label, height + 16, happening.text)
    drawing.before = None


def _note(drawing: Drawing, number: int, kind: str, text: str) -> None:
    """Draw a note over the lifelines: what happens to the world, or within authkit."""
    label = _short(text.replace("->", "\u2192"), _LONGEST + 4)
    width = len(label) * CHARACTER + 16
    left = min(COLUMNS["authkit" if kind == "own" else "person"] - 8, WIDTH - width - 4)
    y = drawing.y + 4
    box = f'<rect x="{left:g}" y="{y:g}" width="{width:g}" height="18" rx="4"/>'
    drawing.add(number, f"note {kind}", box + text_at(left + 8, y + 13, label), _NOTE, text)


def _arrow(drawing: Drawing, number: int, kind: str, ends: tuple[str, str], label: _Label) -> None:
    """Draw an arrow with its label above, and below it what came back, if anything."""
    start, end = (COLUMNS[name] for name in ends)
    y = drawing.y + 22
    inside = text_at(left_of(label.text, start, end), y - 6, label.text) + arrow(
        start, end, y, "there"
    )
    height = _ROW
    if label.answer:
        text = _short(label.answer)
        inside += arrow(end, start, y + 22, "back")
        inside += text_at(left_of(text, start, end), y + 16, text, "answer")
        height += 20
    drawing.add(number, kind, inside, height, label.whole)
