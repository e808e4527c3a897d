"""stages.boto3: the same story through the AWS library and moto's IAM."""

from __future__ import annotations

import pytest

from authkit.adapters import sts
from scenarios.replay.stages.levels import LEVELS
from scenarios.replay.story import reading
from tests.support.story_tools import KEYS, LOGIN, read


def test_no_story_at_level_boto3_meets_the_one_before() -> None:
    """The keys of one story are unknown in the next, though both share a botocore session."""
    stories = [KEYS + LOGIN, KEYS.replace("keys.only", "keys.gone").replace("AKIAX", "AKIAY", 1)]
    answers = []
    for text in (stories[0], stories[1] + LOGIN):
        story = read(f"interactive = false\n{text}")
        with LEVELS["boto3"](story) as stage:
            answers.append(stage.run(story.steps[0]).exit)
    assert answers == [0, 1]


@pytest.mark.parametrize("name", ["rotation", "first-login"])
def test_a_step_at_level_boto3_is_the_step_at_level_fakes(name: str) -> None:
    """Screen, exit status, effects, keyring and session files are the same at both levels."""
    story = reading.read(reading.story_file(name))
    seen = []
    for level in ("fakes", "boto3"):
        with LEVELS[level](story) as stage:
            ran = [stage.run(step) for step in story.steps]
        seen.append([(o.screen, o.exit, o.does, o.keyring, o.sessions) for o in ran])
    assert seen[0] == seen[1]


def test_a_busy_machine_ends_no_call() -> None:
    """A call may take longer than authkit waits for one; after the story it is as before."""
    limited = sts._within  # noqa: SLF001 - it stands for a call that STS is slow to answer
    with LEVELS["boto3"](read(f"interactive = false\n{KEYS}{LOGIN}")):
        assert sts._within(0, lambda: 1) == 1  # noqa: SLF001
    assert sts._within is limited  # noqa: SLF001
