"""stages.fakes: what a step sets up, and what is observed of it.

Small programs replace authkit where it does not matter which command runs.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.support.story_tools import KEYS, STEP, ask, nothing, now, observe, wrong

if TYPE_CHECKING:
    from authkit.core.ports import World


def test_the_environment_is_the_storys_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """It holds no variable of this process, and a step's variables are for that step."""
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
    """There is a prompter if there is a terminal and nothing forbids questions."""

    def show(world: World) -> None:
        world.screen.put(f"{world.prompter is not None} {world.stdin()}")

    (observed,) = observe(top + STEP + step, show)
    assert observed.screen.startswith(str(asked))
    assert observed.screen.endswith("{}\n") == ("stdin" in step)


def test_ctrl_c_ends_a_wait() -> None:
    """It is pressed after the given time, is shown as ^C, and only in its own step."""

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
    """A fault that does not happen is a mistake of the story, and is not left for the next step."""
    fault = 'fault = [{ on = "keyring.get", answer = "locked" }]\n'
    text = f"{STEP}{fault}{STEP}"
    assert observe(text, nothing, nothing)[0].troubles == (
        "the fault on keyring.get does not happen",
    )

    def read(world: World) -> None:
        world.keyring.get_password("authkit", "dev-admin")

    assert observe(text, nothing, read)[1].does == ("keyring get dev-admin -> none",)
    assert not observe(text.replace('"locked"', '"locked", times = 0'), nothing, read)[0].troubles


def test_what_is_written_past_the_world_is_seen() -> None:
    """Help is written to stdout directly, and is on the screen all the same."""
    (observed,) = observe(STEP.replace("authkit it", "authkit --help"))
    assert observed.screen.startswith("usage: authkit ")
    assert observed.exit == 0


def test_who_has_keys_at_the_beginning_has_a_marker() -> None:
    """Authkit leaves a marker when it saves keys, so a story's keys have one."""

    def show(world: World) -> None:
        world.screen.put(" ".join(world.markers.marked()))

    assert observe(KEYS + STEP, show)[0].screen == "dev-admin\n"


MEANWHILE = """
[[step.meanwhile]]
{when}
run = "authkit it"
"""
AT_A_QUESTION = MEANWHILE.format(when='when_asked = "MFA ARN"')
AFTER_A_TIME = MEANWHILE.format(when='after = "7s"')


def test_a_command_at_another_terminal_has_a_screen_of_its_own() -> None:
    """At a question it ends before the answer; after a time it ends before the wait does."""
    ran: list[str] = []

    def first(world: World) -> None:
        ran.append("first")
        ask("MFA ARN")(world)
        world.clock.sleep(timedelta(seconds=4))
        now(world)

    def other(world: World) -> None:
        ran.append("other")
        now(world)
        world.clock.sleep(timedelta(seconds=5))

    shows = 'shows = "MFA ARN (optional): an-arn"\n'
    text = f"{STEP}{shows}{AT_A_QUESTION}"
    (observed,) = observe(text + AFTER_A_TIME, first, other, other)
    assert ran == ["first", "other", "other"]
    screens = [seen.screen for seen in observed.meanwhile if seen]
    assert screens == ["22 12:00:00\n", "22 12:00:07\n"]
    assert observed.screen.splitlines()[-1] == "22 12:00:12"


def test_a_command_at_another_terminal_that_is_not_run() -> None:
    """Nobody asked, or the step's command did not wait that long: the story is mistaken."""
    about = "at another terminal, {}, authkit it: it is not run"
    assert wrong(STEP + AT_A_QUESTION, nothing) == [about.format("when 'MFA ARN' is asked")]
    assert wrong(STEP + AFTER_A_TIME, nothing) == [about.format("after 0:00:07")]


def test_what_is_claimed_of_another_terminal_has_to_hold() -> None:
    """Its screen, its exit status, and that all its answers are asked for."""

    def first(world: World) -> None:
        world.clock.sleep(timedelta(seconds=8))

    claims = 'exit = 3\nshows = "told\\nMFA ARN (optional): x"\n'
    found = wrong(f"{STEP}{AFTER_A_TIME}{claims}", first, now)
    about = "at another terminal, after 0:00:07, authkit it: "
    seen = "\n    + 22 12:00:07\n    - told\n    - MFA ARN (optional): x"
    assert found == [
        f"{about}nobody asks for 'MFA ARN'",
        f"{about}the screen is not as told{seen}",
        f"{about}the exit status is 0, not 3",
    ]


def test_files_of_the_persons_own() -> None:
    """They are there before the first step, what a step leaves is there in the next."""

    def edit(world: World) -> None:
        path = world.files.path("~/.aws/config")
        was = world.files.read(path)
        assert world.files.replace(path, (was or b"") + b"b", was)

    text = f"file.'~/.aws/config' = 'a'\n{STEP}{STEP}"
    assert [seen.files for seen in observe(text, edit, edit)] == [
        {"~/.aws/config": "ab"},
        {"~/.aws/config": "abb"},
    ]
