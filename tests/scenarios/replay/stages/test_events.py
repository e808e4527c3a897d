"""stages.events: what comes before a command, and what the command then finds."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from scenarios.replay.stages.events import ACTIONS
from scenarios.replay.story.events import Action
from scenarios.replay.story.model import BadStory
from tests.support.story_tools import KEYS, LOGIN, STEP, nothing, now, observe

if TYPE_CHECKING:
    from authkit.core.ports import World


def test_every_action_does_something() -> None:
    """The table has a row for each action that a sentence can ask for."""
    assert set(ACTIONS) == set(Action)


def test_time_flows_from_step_to_step_unless_the_story_says_when() -> None:
    """A step begins at the end of the one before, at an instant, or so long after `now`."""
    text = STEP
    text += STEP + 'at = "+37h"\n'
    text += STEP + 'events = ["advance 2h"]\n'
    text += STEP
    text += STEP + "at = 2024-12-22T11:00:00-01:00\n"

    def nap(world: World) -> None:
        now(world)
        world.clock.sleep(timedelta(minutes=1))

    seen = [observed.screen.strip() for observed in observe(text, *[nap] * 5)]
    assert seen == ["22 12:00:00", "24 01:00:00", "24 03:01:00", "24 03:02:00", "22 12:00:00"]


def test_the_config_file_can_change_between_steps() -> None:
    """A step's config holds for the steps after it; false removes the file; the stamp changes."""

    def show(world: World) -> None:
        world.screen.put(f"{world.config.read()!r} {world.config.stamp()}")

    text = f'config = "a"\n{STEP}{STEP}config = "b"\n{STEP}{STEP}config = false\n'
    seen = [observed.screen for observed in observe(text, *[show] * 4)]
    assert seen[0].startswith("b'a' /home/dev/.config/authkit/config.toml:")
    assert seen[1] == seen[2]
    assert seen[1].startswith("b'b' ")
    assert seen[3] == "None /home/dev/.config/authkit/config.toml\n"


def test_events_that_cannot_happen_are_mistakes_of_the_story() -> None:
    """The reason is the directory's; the line is the step's."""
    with pytest.raises(BadStory, match=r"a-story\.toml:4: 'delete key AKIA' cannot happen: .*AKIA"):
        observe(f'{STEP}events = ["delete key AKIA"]\n', nothing)


@pytest.mark.parametrize(
    ("event", "answer"),
    [
        ("deactivate AKIAXXXXXXXXXXXXXXXX", "InvalidClientTokenId"),
        ("delete key AKIAXXXXXXXXXXXXXXXX", "InvalidClientTokenId"),
        ("rotate dev-admin", "InvalidClientTokenId"),
        ("rotate dev-admin to AKIANEWNEWNEWNEWNEWN another-secret", "InvalidClientTokenId"),
        ("delete user dev-admin", "InvalidClientTokenId"),
        ("lock keyring", "locked"),
        ("break keyring", "unreadable"),
    ],
)
def test_what_happened_before_a_command_is_seen_by_it(event: str, answer: str) -> None:
    """The command meets the changed account, or the keyring in its new state."""
    observed = observe(f'{KEYS}{LOGIN}events = ["{event}"]\n')
    assert any(effect.endswith(f"-> {answer}") for effect in observed[0].does)


@pytest.mark.parametrize(
    "undone",
    [
        ["deactivate AKIAXXXXXXXXXXXXXXXX", "activate AKIAXXXXXXXXXXXXXXXX"],
        ["lock keyring", "unlock keyring"],
        ["break keyring", "mend keyring"],
    ],
)
def test_what_was_undone_is_as_before(undone: list[str]) -> None:
    """With the key active again or the keyring unlocked, the next login succeeds."""
    (observed,) = observe(f"{KEYS}{LOGIN}events = {undone}\n")
    assert (observed.exit, list(observed.sessions)) == (0, ["dev-admin"])


def test_another_login_holds_the_lock_and_leaves_its_session() -> None:
    """This login waits for the other, and then only checks the session that the other made."""
    event = 'events = ["another login for dev-admin holds the lock for 1s and logs in"]\n'
    (observed,) = observe(f"{KEYS}{LOGIN}{event}")
    assert observed.exit == 0
    assert "lock acquire dev-admin -> busy" in observed.does
    assert not any("GetSessionToken" in effect for effect in observed.does)
    assert list(observed.sessions) == ["dev-admin"]


def test_an_earlier_login() -> None:
    """Somebody has logged in before the command: its session is there, and its code is spent."""
    step = '[[step]]\nrun = "authkit whoami dev-admin"\nevents = ["log in to dev-admin"]\n'
    assert observe(KEYS + step)[0].exit == 0
    with pytest.raises(BadStory, match=r"'log in to other' cannot happen: nobody answers"):
        observe(KEYS + step.replace("log in to dev-admin", "log in to other"))
