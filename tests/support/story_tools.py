"""Parts of stories for tests of scenarios/replay, and small programs that replace authkit."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from authkit import __version__
from authkit.arguments import Options
from authkit.core.failures import Cancelled
from authkit.core.kinds import AWS_USER
from authkit.core.model import Question
from scenarios.replay.runner.compare import mismatches
from scenarios.replay.stages import levels
from scenarios.replay.story import reading
from scenarios.replay.story.model import BadStory

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from authkit.core.ports import World
    from scenarios.replay.stages.stage import Observed
    from scenarios.replay.story.model import Story

    Program = Callable[[World], int | None]

FILE = Path("scenarios/theme/a-story.toml")
ROOT = Path(__file__).parents[2]
SHOWS_THAT = "B-L01"
HEAD = f"""\
about = "a"
shows_that = ["{SHOWS_THAT}"]
now = 2024-12-22T12:00:00Z
"""
STEP = '[[step]]\nrun = "authkit it"\n'
LOGIN = '[[step]]\nrun = "authkit login dev-admin"\n'
GOOD = f"{HEAD}[[step]]\nrun = 'authkit --version'\nshows = 'authkit {__version__}'\n"
BAD = GOOD.replace(__version__, "0.0.0")  # does not hold
KEYS = """
[account]
keys.only = { id = "AKIAXXXXXXXXXXXXXXXX", secret = "the-secret" }
[keyring.dev-admin]
access_key_id = "AKIAXXXXXXXXXXXXXXXX"
secret_access_key = "the-secret"
"""


def read(text: str) -> Story:
    """Return the story of `HEAD` and a text."""
    return reading.parse(HEAD + text, FILE)


def mistake(text: str, head: str = HEAD) -> str:
    """Return the message about a story's text, which must be a wrong one."""
    with pytest.raises(BadStory) as raised:
        reading.parse(head + text, FILE)
    return str(raised.value)


def mistake_at_the_top(line: str) -> str:
    """Return the message about a line at the top of a story, without its place."""
    # The line may set what HEAD sets.
    top = HEAD.replace("now = 2024-12-22T12:00:00Z\n", "")
    return _said(mistake(f"# a comment\n{line}\n{top}{STEP}", head=""), 2)


def mistake_in_the_step(lines: str, wrong: int = 1) -> str:
    """Return the message about one of the lines that a step ends with, without its place."""
    return _said(mistake(f"{STEP}{lines}\n"), (HEAD + STEP).count("\n") + wrong)


def _said(message: str, line: int) -> str:
    place = f"{FILE}:{line}: "
    assert message.startswith(place), message
    return message.removeprefix(place)


def standing_in(*programs: Program) -> Any:  # noqa: ANN401 - a level, however it is typed there
    """Return the level fakes with authkit replaced by these programs, one for each step."""
    left = iter(programs)

    def main(_arguments: Sequence[str], make_world: Callable[[Any], World]) -> int:
        return next(left)(make_world(Options())) or 0

    return partial(levels.fakes, main=main)


def observe(text: str, *programs: Program) -> list[Observed]:
    """Return what is observed of a story's steps; the programs, if any, replace authkit."""
    story = read(text)
    level = standing_in(*programs) if programs else levels.fakes
    with level(story) as stage:
        return [stage.run(step) for step in story.steps]


def wrong(text: str, *programs: Program) -> list[str]:
    """Return the mismatches of a story's last step."""
    step, observed = read(text).steps[-1], observe(text, *programs)[-1]
    return [mismatch.text for mismatch in mismatches(step, observed)]


def nothing(_world: World) -> None:
    """Do nothing."""


def now(world: World) -> None:
    """Show the time."""
    world.screen.put(f"{world.clock.now():%d %H:%M:%S}")


def ask(title: str) -> Program:
    """Return a program that asks for one field of an IAM user, and shows the answer."""
    field = next(field for field in AWS_USER.fields if field.title == title)

    def program(world: World) -> None:
        assert world.prompter is not None
        try:
            answer = world.prompter.ask(Question(field.label(), field.secret))
        except Cancelled:
            answer = "cancelled"
        world.screen.say(answer)

    return program
