"""stages.events: what comes before a command, and what the command then finds."""

from __future__ import annotations

import re
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
    text += STEP + "at = 2024-12-24T12:00:00-01:00\n"

    def nap(world: World) -> None:
        now(world)
        world.clock.sleep(timedelta(minutes=1))

    seen = [observed.screen.strip() for observed in observe(text, *[nap] * 5)]
    assert seen == ["22 12:00:00", "24 01:00:00", "24 03:01:00", "24 03:02:00", "24 13:00:00"]


def test_time_does_not_run_back() -> None:
    """A step cannot begin before the one above it has ended; both instants are told."""
    with pytest.raises(BadStory, match=r":7: 'at' is 2024-12-22 12:59:00.*13:00:00"):
        observe(f'{STEP}at = "1h"\n{STEP}at = "59m"\n', nothing, nothing)


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
    """The reason is the directory's; the line is that of the events."""
    with pytest.raises(BadStory, match=r"a-story\.toml:6: 'delete key AKIA' cannot happen: .*AKIA"):
        observe(f'{STEP}events = ["delete key AKIA"]\n', nothing)


@pytest.mark.parametrize(
    ("event", "answer"),
    [
        ("deactivate AKIAXXXXXXXXXXXXXXXX", "InvalidClientTokenId"),
        ("delete key AKIAXXXXXXXXXXXXXXXX", "InvalidClientTokenId"),
        ("rotate dev-admin", "InvalidClientTokenId"),
        ("rotate dev-admin to AKIANEWNEWNEWNEWNEWN another-secret", "InvalidClientTokenId"),
        ("delete user dev-admin", "InvalidClientTokenId"),
        ("an identity-based policy denies GetSessionToken to dev-admin", "AccessDenied"),
        ("a permissions boundary denies GetSessionToken to dev-admin", "AccessDenied"),
        ("a service control policy denies GetSessionToken to dev-admin", "AccessDenied"),
        ("deactivate STS in us-east-1", "RegionDisabledException"),
        ("disable region us-east-1", "InvalidClientTokenId"),
        ("suspend the account", "OptInRequired"),
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
        ["deactivate STS in us-east-1", "activate STS in us-east-1"],
        ["disable region us-east-1", "enable region us-east-1"],
        ["suspend the account", "reinstate the account"],
        [
            "a service control policy denies GetSessionToken to dev-admin",
            "nothing denies GetSessionToken to dev-admin",
        ],
        ["lock keyring", "unlock keyring"],
        ["break keyring", "mend keyring"],
    ],
)
def test_what_was_undone_is_as_before(undone: list[str]) -> None:
    """With the key active again or the keyring unlocked, the next login succeeds."""
    (observed,) = observe(f"{KEYS}{LOGIN}events = {undone}\n")
    assert (observed.exit, list(observed.sessions)) == (0, ["dev-admin"])


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ("disable region moon-1", "the partition aws has no region moon-1"),
        ("a permissions boundary denies AssumeRole to ann", "there is no user ann"),
        ("rotate dev-admn", "there is no user dev-admn; did you mean 'dev-admin'?"),
        ("a permissions boundary denies AssumeRol to dev-admin", "did you mean AssumeRole?"),
        ("a permissions boundary denies GetCallerIdentity to dev-admin", "no policy can deny"),
        ("nothing denies AssumeRole to dev-admin", "nothing denies AssumeRole"),
        ("remove device GAHT12345678", "there is no MFA device GAHT12345678"),
        ("revoke the sessions of dev-admin", "dev-admin has no session"),
    ],
)
def test_an_event_about_what_is_not_there(event: str, said: str) -> None:
    """The message says what is missing, and the nearest right word."""
    with pytest.raises(BadStory, match=f"cannot happen: .*{re.escape(said)}"):
        observe(f'{KEYS}{LOGIN}events = ["{event}"]\n')


def test_a_device_comes_and_goes() -> None:
    """A new device takes the codes that the event lists; a removed one takes none."""
    device = "arn:aws:iam::123456789012:mfa/user"
    answers = f"""shows = '''
Enter MFA Token: 111111
Enter MFA Token: 222222
MFA ARN (optional) [{device}]: ^C
'''
"""
    keyring = f'[keyring.dev-admin]\nmfa_arn = "{device}"\n'
    story = f"{KEYS}".replace("[keyring.dev-admin]\n", keyring)
    added = f"{LOGIN}events = ['add device {device} with 222222 to dev-admin']\n{answers}"
    removed = f"{LOGIN}events = ['remove device {device}']\n{answers}".replace(
        "login", "login --force"
    )
    first, second = observe(
        story + added + removed.replace("111111", "333333").replace("Enter MFA Token: 222222\n", "")
    )
    assert (first.exit, second.exit) == (0, 130)
    assert "-> AccessDenied" in " ".join(first.does)


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
