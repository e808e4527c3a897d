"""A step as text: its transcript, and a report of the claims that do not hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenarios.replay.presentation.played import Report
from scenarios.replay.presentation.sides import difference
from scenarios.replay.runner.compare import Part
from scenarios.replay.story import transcript
from scenarios.replay.story.folding import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from scenarios.replay.runner.compare import Mismatch
    from scenarios.replay.stages.stage import Observed
    from scenarios.replay.story.model import Step, Story


def told(step: Step, observed: Observed) -> str:
    """Return the command and its screen, then those at other terminals."""
    screen = "\n".join(transcript.screen_lines(observed.screen))
    shown = f"$ {step.run}\n{screen}\n" if screen else f"$ {step.run}\n"
    for other, seen in zip(step.meanwhile, observed.meanwhile, strict=True):
        if seen:
            shown += f"\nat another terminal, {other.when}:\n{told(other.step, seen)}"
    return shown


def failure(story: Story, step: Step, observed: Observed, wrong: Sequence[Mismatch]) -> Report:
    """Return a report: the step's line in the file, its mismatches, the transcript as a diff."""
    lines = [step.run]
    for mismatch in wrong:
        lines.append(f"  {mismatch.text}")
        if mismatch.part is Part.DOES:
            lines += [f"    {line}" for line in _effects(step, observed)]
    if any(mismatch.part is not Part.DOES for mismatch in wrong):
        lines += ["", *(f"    {line}".rstrip() for line in _transcript(step, observed))]
    return Report(f"{story.path}:{step.line}", "\n".join(lines))


def _effects(step: Step, observed: Observed) -> Iterator[str]:
    told, seen = list(folded(observed.claimed(step))), list(folded(observed.does))
    for sign, line in difference(told, seen):
        yield f"{sign} {line}"


def _transcript(step: Step, observed: Observed) -> Iterator[str]:
    """Yield a diff of the claimed and the observed screen, with effects where they happened."""
    moments = transcript.moments(observed.journal.entries)
    seen = transcript.screen_lines(observed.screen)
    following = iter(moments)
    for sign, line in difference([line.shown for line in step.script.lines], seen):
        if sign != "-":
            yield from _spelt(next(following).effects)
        yield f"{sign} {line}"
    for moment in following:
        yield from _spelt(moment.effects)


def _spelt(effects: Iterable[str]) -> Iterator[str]:
    return (f"      . {effect}" for effect in effects)
