"""Replaying: what a step sets up, and what is observed of it.

Small programs stand in for authkit where it does not matter what is run.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from scenarios.replay.stages.levels import LEVELS
from scenarios.replay.story import reading
from scenarios.replay.story.model import BadStory
from tests.support.story_tools import FILE, HEAD, KEYS, LOGIN, STEP, nothing, observe

if TYPE_CHECKING:
    from authkit.core.ports import World


def now(world: World) -> None:
    """Show the time."""
    world.screen.put(f"{world.clock.now():%d %H:%M:%S}")


def test_time_flows_from_step_to_step_unless_the_story_says_when() -> None:
    """An instant relative to the beginning, time that flows on, an event, and an instant."""
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


def test_the_environment_is_the_storys_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of this process's gets in, and a step's variables are the step's."""
    monkeypatch.setenv("AUTHKIT_IDENTITY", "of this process")
    text = f'[env]\nA = "story"\nB = "story"\n{STEP}env = {{ A = "step" }}\n{STEP}'

    def show(world: World) -> None:
        world.screen.put(str(dict(world.environ)))

    seen = [observed.screen.strip() for observed in observe(text, show, show)]
    assert seen == ["{'A': 'step', 'B': 'story'}", "{'A': 'story', 'B': 'story'}"]


@pytest.mark.parametrize(
    ("top", "step", "asked"),
    [
        ("", "", True),
        ("interactive = false\n", "", False),
        ("interactive = false\n", "interactive = true\n", True),
        ("", 'stdin = "{}"\n', False),
        ("", 'env = { CI = "1" }\n', False),
    ],
)
def test_who_is_asked(top: str, step: str, *, asked: bool) -> None:
    """There is a prompter where there is a terminal, and nothing forbids it."""

    def show(world: World) -> None:
        world.screen.put(f"{world.prompter is not None} {world.stdin()}")

    (observed,) = observe(top + STEP + step, show)
    assert observed.screen.startswith(str(asked))
    assert observed.screen.endswith("{}\n") == ("stdin" in step)


def test_the_config_file_can_change_between_steps() -> None:
    """From the step on that says so; false takes it away; its stamp tells."""

    def show(world: World) -> None:
        world.screen.put(f"{world.config.read()!r} {world.config.stamp()}")

    text = f'config = "a"\n{STEP}{STEP}config = "b"\n{STEP}{STEP}config = false\n'
    seen = [observed.screen for observed in observe(text, *[show] * 4)]
    assert seen[0].startswith("b'a' /home/dev/.config/authkit/config.toml:")
    assert seen[1] == seen[2]
    assert seen[1].startswith("b'b' ")
    assert seen[3] == "None /home/dev/.config/authkit/config.toml\n"


def test_ctrl_c_ends_a_wait() -> None:
    """It is pressed after so long, shows as terminals show it, and only in its own step."""

    def wait(world: World) -> int:
        try:
            world.clock.sleep(timedelta(minutes=1))
        except KeyboardInterrupt:
            now(world)
            return 130
        return 0

    text = f'{STEP}ctrl_c = "5s"\n{STEP}ctrl_c = "2m"\n{STEP}'
    first, second, third = observe(text, wait, wait, wait)
    assert (first.screen, first.exit) == ("^C22 12:00:05\n", 130)
    assert first.does == ("sleep 1m -> ^C",)
    assert (second.exit, third.exit) == (0, 0)


def test_faults_are_the_steps_and_must_happen() -> None:
    """One that does not come due is a mistake in the story, and does not stay for the next."""
    fault = 'fault = [{ on = "keyring.get", answer = "locked" }]\n'
    text = f"{STEP}{fault}{STEP}"
    assert observe(text, nothing, nothing)[0].troubles == (
        "the fault on keyring.get does not happen",
    )

    def read(world: World) -> None:
        world.keyring.get_password("authkit", "dev-admin")

    assert observe(text, nothing, read)[1].does == ("keyring get dev-admin -> none",)
    assert not observe(text.replace('"locked"', '"locked", times = 0'), nothing, read)[0].troubles


def test_events_that_cannot_happen_are_the_storys_fault() -> None:
    """The message is the directory's; the line is the step's."""
    with pytest.raises(BadStory, match=r"a-story.toml:4: 'delete key AKIA' cannot happen: .*AKIA"):
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
    """The administrator's work, and the keyring's state."""
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
    """A key made active again and a keyring unlocked let the next login through."""
    (observed,) = observe(f"{KEYS}{LOGIN}events = {undone}\n")
    assert (observed.exit, list(observed.sessions)) == (0, ["dev-admin"])


def test_another_login_holds_the_lock_and_leaves_its_session() -> None:
    """This one waits for it, and then asks STS for nothing but whether the session is good."""
    event = 'events = ["another login for dev-admin holds the lock for 1s and logs in"]\n'
    (observed,) = observe(f"{KEYS}{LOGIN}{event}")
    assert observed.exit == 0
    assert "lock acquire dev-admin -> busy" in observed.does
    assert not any("GetSessionToken" in effect for effect in observed.does)
    assert list(observed.sessions) == ["dev-admin"]


def test_what_is_written_past_the_world_is_seen() -> None:
    """Argparse's help goes to stdout by itself, and is on the screen all the same."""
    (observed,) = observe(STEP.replace("authkit it", "authkit --help"))
    assert observed.screen.startswith("usage: authkit ")
    assert observed.exit == 0


def test_who_has_keys_at_the_beginning_has_a_marker() -> None:
    """As whoever saved them has left one."""

    def show(world: World) -> None:
        world.screen.put(" ".join(world.sessions.marked()))

    assert observe(KEYS + STEP, show)[0].screen == "dev-admin\n"


def test_no_story_at_level_boto3_meets_the_one_before() -> None:
    """Another story's keys are nobody's in this one."""
    stories = [KEYS + LOGIN, KEYS.replace("keys.only", "keys.gone").replace("AKIAX", "AKIAY", 1)]
    answers = []
    for text in (stories[0], stories[1] + LOGIN):
        story = reading.parse(f"{HEAD}interactive = false\n{text}", FILE)
        with LEVELS["boto3"](story) as stage:
            answers.append(stage.run(story.steps[0]).exit)
    assert answers == [0, 1]


@pytest.mark.parametrize("name", ["rotation", "first-login"])
def test_a_step_at_level_boto3_is_the_step_at_level_fakes(name: str) -> None:
    """The same screen, effects and remains, through the real AWS library and moto's IAM."""
    story = reading.read(reading.story_file(name))
    seen = []
    for level in ("fakes", "boto3"):
        with LEVELS[level](story) as stage:
            ran = [stage.run(step) for step in story.steps]
        seen.append([(o.screen, o.exit, o.does, o.keyring, o.sessions) for o in ran])
    assert seen[0] == seen[1]
