"""Replays one story at one level, until its last step or the first that does not hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenarios.replay.runner import report
from scenarios.replay.runner.compare import mismatches, wrong_rules
from scenarios.replay.stages.levels import LEVELS

if TYPE_CHECKING:
    from collections.abc import Callable

    from scenarios.replay.stages.applied_rules import Applied
    from scenarios.replay.stages.stage import Observed
    from scenarios.replay.story.model import Step, Story


class DoesNotHold(Exception):
    """Raised when a story does not hold; the text is the report."""


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
                raise DoesNotHold(report.failure(story, level, step, observed, wrong))
    if observed.rules is not None and (mistaken := wrong_rules(story, applied)):
        said = "".join(f"\n  {text}" for text in mistaken)
        raise DoesNotHold(f"{story.path}:{story.rule_line}: at level {level}:{said}")
