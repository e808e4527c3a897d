"""runner.report: a step that does not hold, as a person reads it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from scenarios.replay.runner import report
from scenarios.replay.runner.replay import DoesNotHold, replay
from scenarios.replay.stages.levels import LEVELS
from tests.support.story_tools import STEP, ask, nothing, observe, read, standing_in

if TYPE_CHECKING:
    from authkit.core.ports import World


def chatty(world: World) -> int:
    """Write, act and ask, and fail."""
    world.screen.say("first")
    world.config.read()
    world.screen.say("second")
    ask("AWS Secret Access Key")(world)
    world.sessions.drop("dev-admin")
    return 1


REPORT = """\
scenarios/theme/a-story.toml:4: at level fakes: authkit it
  the screen is not as told (- told, + seen, . effects)
  the effects are not as told (- told, + seen)
    - config stamp
    + config read -> none
      session drop dev-admin -> none
  the exit status is 1, not 0

      first
          . config read -> none

    - zweitens
    + second

      AWS Secret Access Key: ********

      s3cret
          . session drop dev-admin -> none"""


def test_a_failure_shows_the_transcript_with_its_effects(monkeypatch: pytest.MonkeyPatch) -> None:
    """It has the step's line, and both screens with the effects where they happened."""
    monkeypatch.setitem(LEVELS, "fakes", standing_in(chatty))
    shows = "first\n\nzweitens\n\nAWS Secret Access Key: ********  <- s3cret\n\ns3cret\n"
    does = 'does = ["config stamp", "session drop dev-admin -> none"]\n'
    story = read(f"{STEP}shows = '''\n{shows}'''\n{does}")
    with pytest.raises(DoesNotHold) as raised:
        replay(story, "fakes")
    assert str(raised.value) == REPORT


def test_a_step_is_told_as_it_was_seen() -> None:
    """The command and its screen, or the command alone if nothing was shown."""
    step = read(STEP).steps[0]
    (seen,) = observe(STEP, lambda world: world.screen.put("seen"))
    (silent,) = observe(STEP, nothing)
    assert report.told(step, seen) == "$ authkit it\nseen\n"
    assert report.told(step, silent) == "$ authkit it\n"


def test_effects_that_repeat_are_one_line_of_a_report(monkeypatch: pytest.MonkeyPatch) -> None:
    """On both sides, so that a wait does not hide what differs."""

    def waiting(world: World) -> None:
        for _ in range(4):
            world.clock.sleep(timedelta(seconds=1))

    monkeypatch.setitem(LEVELS, "fakes", standing_in(waiting))
    with pytest.raises(DoesNotHold) as raised:
        replay(read(f'{STEP}does = ["3 times: sleep 1s"]\n'), "fakes")
    assert str(raised.value).splitlines()[-2:] == [
        "    - 3 times: sleep 1s",
        "    + 4 times: sleep 1s",
    ]


def test_a_screen_at_another_terminal_is_told_below() -> None:
    """With when it was run; one that was not run is not told."""
    other = '[[step.meanwhile]]\nafter = "{}"\nrun = "authkit other"\n'
    text = f"{STEP}{other.format('1s')}{other.format('1h')}"

    def waiting(world: World) -> None:
        world.clock.sleep(timedelta(seconds=2))

    (seen,) = observe(text, waiting, lambda world: world.screen.put("seen there"))
    assert report.told(read(text).steps[0], seen) == (
        "$ authkit it\n\nat another terminal, after 0:00:01:\n$ authkit other\nseen there\n"
    )
