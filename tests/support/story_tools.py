"""Stories for tests of the replaying: their texts, and small programs in authkit's place."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from authkit.arguments import Options
from authkit.core.kinds import AWS_USER
from authkit.core.model import Question
from authkit.core.ports import Cancelled
from scenarios.replay.runner.compare import mismatches
from scenarios.replay.stages import levels
from scenarios.replay.story import reading

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from authkit.core.ports import World
    from scenarios.replay.stages.stage import Observed

    Program = Callable[[World], int | None]

FILE = Path("scenarios/a-story.toml")
ROOT = Path(__file__).parents[2]
HEAD = """\
about = "a"
shows_that = ["B-L01"]
now = 2024-12-22T12:00:00Z
"""
STEP = '[[step]]\nrun = "authkit it"\n'
LOGIN = '[[step]]\nrun = "authkit login dev-admin"\n'
KEYS = """
[account]
keys.only = { id = "AKIAXXXXXXXXXXXXXXXX", secret = "the-secret" }
[keyring.dev-admin]
access_key_id = "AKIAXXXXXXXXXXXXXXXX"
secret_access_key = "the-secret"
"""


def standing_in(*programs: Program) -> Any:  # noqa: ANN401 - a level, however it is typed there
    """Return the level fakes with these programs, one a step, instead of authkit."""
    left = iter(programs)

    def main(_arguments: Sequence[str], make_world: Callable[[Any], World]) -> int:
        return next(left)(make_world(Options())) or 0

    return partial(levels.fakes, main=main)


def observe(text: str, *programs: Program) -> list[Observed]:
    """Return what is observed of a story's steps, with programs in authkit's place or without."""
    story = reading.parse(HEAD + text, FILE)
    level = standing_in(*programs) if programs else levels.fakes
    with level(story) as stage:
        return [stage.run(step) for step in story.steps]


def wrong(text: str, *programs: Program) -> list[str]:
    """Return what does not hold of a story's last step."""
    story = reading.parse(HEAD + text, FILE)
    return [mismatch.text for mismatch in mismatches(story.steps[-1], observe(text, *programs)[-1])]


def nothing(_world: World) -> None:
    """Do nothing."""


def ask(title: str) -> Program:
    """Return a program that asks for one field of an IAM user, and shows what it got."""
    field = next(field for field in AWS_USER.fields if field.title == title)

    def program(world: World) -> None:
        assert world.prompter is not None
        try:
            answer = world.prompter.ask(Question(field.label(), field.secret))
        except Cancelled:
            answer = "cancelled"
        world.screen.say(answer)

    return program
