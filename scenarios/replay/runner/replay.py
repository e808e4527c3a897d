"""One story at one level, from its first step to its last, or to the first that does not hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenarios.replay.runner import report
from scenarios.replay.runner.compare import mismatches
from scenarios.replay.stages.levels import LEVELS

if TYPE_CHECKING:
    from collections.abc import Callable

    from scenarios.replay.stages.stage import Observed
    from scenarios.replay.story.model import Step, Story


class DoesNotHold(Exception):
    """A story does not hold: the report says which step, and how."""


def replay(
    story: Story, level: str, onlooker: Callable[[Step, Observed], object] = lambda *_: None
) -> None:
    """Replay a story, showing the onlooker every step.  Raises DoesNotHold, BadStory."""
    with LEVELS[level](story) as stage:
        for step in story.steps:
            observed = stage.run(step)
            onlooker(step, observed)
            if wrong := mismatches(step, observed):
                raise DoesNotHold(report.failure(story, level, step, observed, wrong))
