"""Replays one story at one level, until its last step or the first that does not hold."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

from scenarios.replay.presentation.played import Performance, Played, Report
from scenarios.replay.runner import report
from scenarios.replay.runner.compare import mismatches, wrong_rules
from scenarios.replay.stages.levels import LEVELS
from scenarios.replay.story import reading
from scenarios.replay.story.model import BadStory

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from authkit.recording.applied_rules import Applied
    from scenarios.replay.stages.stage import Observed
    from scenarios.replay.story.model import Step, Story


class DoesNotHold(Exception):
    """Raised when a story does not hold; the text is the report, `wrong` says why, in sentences."""

    def __init__(self, found: Report, level: str, wrong: Sequence[str]) -> None:
        super().__init__(found.at([level]))
        self.report = found
        self.wrong = wrong


def replay(
    story: Story, level: str, onlooker: Callable[[Step, Observed], object] = lambda *_: None
) -> None:
    """Replay a story; call `onlooker` after each step.  Raises DoesNotHold, BadStory."""
    applied: list[Applied] = []
    with LEVELS[level](story) as stage:
        for step in story.steps:
            observed = stage.run(step)
            applied += observed.rules or ()
            onlooker(step, observed)
            if wrong := mismatches(step, observed):
                texts = [mismatch.text for mismatch in wrong]
                raise DoesNotHold(report.failure(story, step, observed, wrong), level, texts)
    if observed.rules is not None and (mistaken := wrong_rules(story, applied)):
        found = Report(f"{story.path}:{story.rule_line}", "".join(f"\n  {t}" for t in mistaken))
        raise DoesNotHold(found, level, mistaken)


def play(path: Path, levels: Sequence[str]) -> Played:
    """Replay the story in a file at these levels; return what was observed.  Raises OSError."""
    try:
        story = reading.read(path)
    except BadStory as bad:
        return Played(path, None, unreadable=_of(bad))
    return Played(path, story, {level: _performance(story, level) for level in levels})


def _performance(story: Story, level: str) -> Performance:
    performed = Performance(level, excepted=story.excepted.get(level, ""))
    if performed.excepted:
        return performed
    began = perf_counter()
    try:
        replay(story, level, lambda step, observed: performed.steps.append((step, observed)))
    except DoesNotHold as bad:
        performed.report = bad.report
        performed.wrong = tuple(bad.wrong)
    except BadStory as bad:
        performed.report, performed.wrong = _of(bad), (bad.reason,)
    performed.seconds = perf_counter() - began
    return performed


def _of(bad: BadStory) -> Report:
    """Return the report of all mistakes."""
    place = f"{bad.path}:{bad.line}"
    return Report(place, str(bad).removeprefix(f"{place}: "))
