"""A replay as one list in the order of time: commands, screen, effects, events, faults, jumps."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from fakes.world.journal import Kind as Entry
from fakes.world.prompter import END_OF_INPUT, INTERRUPT
from scenarios.replay.presentation.spans import JUMP, later, spelt
from scenarios.replay.story.folding import repetition
from scenarios.replay.story.transcript import prompt_in, screen_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime, tzinfo

    from fakes.world.journal import Journal
    from scenarios.replay.stages.stage import Observed
    from scenarios.replay.story.model import Step
    from sts_simulator.account.faults import Fault

CANCELS = (INTERRUPT, END_OF_INPUT)


class Kind(Enum):
    """What a happening is about."""

    JUMP = "time passes between two steps"
    EVENT = "something happens to the world"
    SETTING = "what the command is given besides its arguments"
    FAULT = "something will go wrong during the command"
    COMMAND = "the person runs a command"
    LINE = "a line of the screen"
    EFFECT = "authkit calls a port"
    AGAIN = "the effects before it happen again"
    EXIT = "the command ends"
    ELSEWHERE = "what follows was at another terminal, while the command before it waited"


class Happening(NamedTuple):
    """One thing that happened.

    `at` is when, in the story's zone; None where it is not known.  `step` is the step's
    number, from 0.  Of a line that asks, `asks` is the question's part of `text`, and
    `keys` is a ^C or ^D that ended it and is not shown.
    """

    kind: Kind
    text: str
    at: datetime | None
    step: int
    asks: str = ""
    keys: str = ""


def timeline(steps: Sequence[tuple[Step, Observed]], zone: tzinfo) -> list[Happening]:
    """Return what happened in these steps."""
    found: list[Happening] = []
    for number, (step, observed) in enumerate(steps):
        found += _before(step, observed, number, zone, found)
        found += _command(step, observed, number, zone)
    return found


def _command(step: Step, observed: Observed, number: int, zone: tzinfo) -> Iterator[Happening]:
    """Yield a command from its line to its end, then those at other terminals."""
    yield Happening(Kind.COMMAND, step.run, _in_zone(observed.journal.began, zone), number)
    yield from folded(_within(observed.journal, number, zone))
    status = "ended by the replay" if observed.exit is None else f"exit status {observed.exit}"
    yield Happening(Kind.EXIT, status, None, number)
    for other, seen in zip(step.meanwhile, observed.meanwhile, strict=True):
        if seen:
            at = _in_zone(seen.journal.began, zone)
            yield Happening(Kind.ELSEWHERE, f"at another terminal, {other.when}", at, number)
            yield from _command(other.step, seen, number, zone)


def last_instant(happenings: Sequence[Happening]) -> datetime | None:
    """Return the instant of the last happening that has one."""
    return next((each.at for each in reversed(happenings) if each.at), None)


def fault_words(fault: Fault) -> str:
    """Return a fault as a sentence: ``GetSessionToken: Throttling, 2 times``."""
    words = [fault.answer] if fault.answer else []
    words += [f"{spelt(fault.latency)} late"] if fault.latency else []
    words += [f"HTTP {fault.status}"] if fault.status else []
    words += [f"not in the first {fault.after}"] if fault.after else []
    words += {0: ["every time"], 1: []}.get(fault.times, [f"{fault.times} times"])
    words += [f"for {fault.user}"] if fault.user else []
    return f"{'every call' if fault.on == '*' else fault.on}: {', '.join(words)}"


def _before(
    step: Step, observed: Observed, number: int, zone: tzinfo, earlier: Sequence[Happening]
) -> Iterator[Happening]:
    """Yield what precedes a step's command."""
    began, ended = _in_zone(observed.journal.began, zone), last_instant(earlier)
    if began and ended and abs(began - ended) >= JUMP:
        yield Happening(Kind.JUMP, later(began - ended), began, number)
    if step.config is not None:
        changed = "is changed" if step.config else "is removed"
        yield Happening(Kind.EVENT, f"the config file {changed}", began, number)
    for event in step.events:
        yield Happening(Kind.EVENT, event.text, began, number)
    for text in _settings(step):
        yield Happening(Kind.SETTING, text, began, number)
    for fault in step.faults:
        yield Happening(Kind.FAULT, fault_words(fault), began, number)


def _settings(step: Step) -> Iterator[str]:
    yield from (f"{name}={value}" for name, value in step.environ.items())
    if not step.interactive:
        yield "nobody is at the terminal"
    if step.stdin or step.piped:
        yield "standard input is a pipe"
    if step.ctrl_c is not None:
        yield f"Ctrl-C is pressed after {spelt(step.ctrl_c)}"


def _within(journal: Journal, number: int, zone: tzinfo) -> Iterator[Happening]:
    """Yield the lines of the screen, without blank ones at the end, and the effects."""
    wanted = len(screen_lines(journal.screen))
    shown = keys = ""
    instants = iter(journal.instants)
    at = None
    for kind, text in journal.entries:
        at = _in_zone(next(instants, None), zone)
        if kind is Entry.DID:
            yield Happening(Kind.EFFECT, text, at, number)
        elif kind is Entry.TYPED:
            keys = text
        else:
            *ended, shown = (shown + text).split("\n")
            for line in ended[:wanted]:
                yield _line(line, at, number, keys)
                keys = ""
            wanted -= len(ended[:wanted])
    if shown and wanted:
        yield _line(shown, at, number, keys)


def _line(text: str, at: datetime | None, number: int, keys: str) -> Happening:
    line = text.rstrip()
    return Happening(Kind.LINE, line, at, number, prompt_in(line), keys if keys in CANCELS else "")


def folded(happenings: Iterable[Happening]) -> list[Happening]:
    """Return the happenings; of effects that repeat, alone or in turn, the first ones and a count.

    A wait of ``lock acquire -> busy`` and ``sleep 200ms``, 97 times, is three happenings.
    """
    rest, found, at = list(happenings), list[Happening](), 0
    # What is no effect never repeats.
    texts = [e.text if e.kind is Kind.EFFECT else f"\n{number}" for number, e in enumerate(rest)]
    while at < len(rest):
        count, size = repetition(texts, at)
        found += rest[at : at + size]
        at += count * size
        if count > 1:
            what = "the last" if size == 1 else f"the last {size}"
            again = f"{what} again, {count - 1} times"
            found.append(Happening(Kind.AGAIN, again, rest[at - 1].at, rest[at - 1].step))
    return found


def _in_zone(at: datetime | None, zone: tzinfo) -> datetime | None:
    return at.astimezone(zone) if at else None
