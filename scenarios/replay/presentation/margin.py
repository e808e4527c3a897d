"""A replay as text: the transcript, with effects, faults, events and time in the margin.

A line is the time where it has changed, a mark, and the text::

    Sunday 2024-12-22 16:58:00 MST
                 $ authkit login dev-admin
               . config read -> none
    16:58:00.4 . sts GetCallerIdentity AKIAOLDOLDOLDOLDOLDO -> InvalidClientTokenId
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from scenarios.replay.presentation import spans
from scenarios.replay.presentation.timeline import Kind, timeline

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime, tzinfo

    from scenarios.replay.presentation.timeline import Happening
    from scenarios.replay.stages.stage import Observed
    from scenarios.replay.story.model import Step

    Paint = Callable[[str, str], str]  # a text and the name of its style, to the text to print

_TIME = 11  # columns of the time


class _Look(NamedTuple):
    """How a kind of happening is written: its mark, its style, and a word before its text."""

    mark: str
    style: str
    word: str = ""


_LOOKS = {
    Kind.JUMP: _Look("~", "time"),
    Kind.EVENT: _Look("*", "event", "event: "),
    Kind.SETTING: _Look("*", "event", "given: "),
    Kind.FAULT: _Look("!", "fault", "fault: "),
    Kind.COMMAND: _Look(" ", "command", "$ "),
    Kind.LINE: _Look(" ", ""),
    Kind.EFFECT: _Look(".", "effect"),
    Kind.AGAIN: _Look(".", "effect"),
    Kind.EXIT: _Look("=", "effect"),
    Kind.ELSEWHERE: _Look("~", "time"),
}


def with_margin(steps: Sequence[tuple[Step, Observed]], zone: tzinfo, paint: Paint) -> str:
    """Return the transcript of some steps with its margin."""
    return "".join(f"{line}\n" for line in _lines(timeline(steps, zone), paint))


def _lines(happenings: Sequence[Happening], paint: Paint) -> Iterator[str]:
    before: datetime | None = None
    step = 0
    for each in happenings:
        if each.step != step or each.kind is Kind.ELSEWHERE:
            yield ""
        if each.at and (before is None or before.date() != each.at.date()):
            yield paint(f"{each.at:%A} {spans.in_full(each.at)}", "time")
            before = each.at
        time = spans.time_of_day(each.at) if each.at and each.at != before else ""
        look = _LOOKS[each.kind]
        margin = f"{paint(f'{time:<{_TIME}}', 'time')}{paint(look.mark, look.style)}"
        text = paint(f"{look.word}{each.text}", look.style) if each.text else ""
        yield f"{margin} {text}".rstrip()
        before, step = each.at or before, each.step
