"""stages.terminal: a real process at a real terminal is observed like the fakes."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

from scenarios.replay.runner.compare import mismatches
from scenarios.replay.stages.levels import LEVELS
from tests.support.story_tools import KEYS, LOGIN, read

if TYPE_CHECKING:
    from scenarios.replay.stages.stage import Observed


WHOAMI = LOGIN.replace("login", "whoami")
EXEC = '[[step]]\nrun = "authkit exec dev-admin -- it --now"\n'
DEVICE = (
    'mfa = { arn = "arn:aws:iam::123456789012:mfa/user", codes = ["123456", "234567"] }\n[keyring'
)
WITH_MFA = KEYS.replace("[keyring", DEVICE, 1) + 'mfa_arn = "arn:aws:iam::123456789012:mfa/user"\n'
ELSEWHERE = 'events = ["another login for dev-admin holds the lock for 20s"]\n'
FORCED = f"{LOGIN.replace('dev-admin', 'dev-admin --force')}shows = 'Enter MFA Token: 234567'\n"

# Cases that no story shows, and in which both levels must agree.
ALIKE = {
    "Ctrl-C while it waits for another login": f'{KEYS}{LOGIN}{ELSEWHERE}ctrl_c = "5s"\n',
    "Ctrl-C that comes too late": f'{KEYS}{LOGIN}{ELSEWHERE}ctrl_c = "1h"\n',
    "an answer that takes too long for a check": f"{KEYS}{LOGIN}{WHOAMI}"
    'fault = [{ on = "*", latency = "4s" }]\n',
    "an answer that takes its time": f'{KEYS}{LOGIN}fault = [{{ on = "*", latency = "4s" }}]\n',
    "a connection that is cut": f'{KEYS}{LOGIN}fault = [{{ on = "*", answer = "reset" }}]\n',
    "a keyring that fails once": f"{KEYS}{LOGIN}"
    'fault = [{ on = "keyring.get", answer = "failing", message = "no bus" }]\n',
    "nobody to ask": f"{LOGIN}interactive = false\n",
    "no questions wanted": f'{LOGIN}env = {{ CI = "1" }}\n',
    "fields on standard input": '[[step]]\nrun = "authkit user configure dev-admin --stdin"\n'
    'stdin = "no JSON"\n',
    "a config file that cannot be meant": f'config = "regoin = 1"\n{LOGIN}',
    "a child without a script": f"{KEYS}{EXEC}".replace("it --now", "nosuch")
    + 'child = { fails = "not found" }\n',
    "a network that is gone and comes back": f"{KEYS}{LOGIN}"
    'fault = [{ on = "GetSessionToken", answer = "name unknown", times = 2 }]\n',
    "a command at another terminal": f"{WITH_MFA}{LOGIN}shows = 'Enter MFA Token: 123456'\n"
    '[[step.meanwhile]]\nwhen_asked = "Enter MFA Token"\nrun = "authkit login dev-admin"\n'
    'ctrl_c = "2s"\n',
    "a command at another terminal that asks STS": f"{WITH_MFA}{LOGIN}"
    f"shows = 'Enter MFA Token: 123456'\n{FORCED}"
    '[[step.meanwhile]]\nwhen_asked = "Enter MFA Token"\nrun = "authkit whoami dev-admin"\n',
    "usage": '[[step]]\nrun = "authkit logn"\n',
}

# A claim, and the mismatches.  The first claim holds.
CLAIMS = {
    'does = ["not seen", "sts GetCallerIdentity AKIAXXXXXXXXXXXXXXXX", '
    '"sts GetSessionToken AKIAXXXXXXXXXXXXXXXX 43200"]\n': [],
    "exit = 3\n": ["the exit status is 0, not 3"],
    "shows = 'x'\n": ["the screen is not as told (- told, + seen, . effects)"],
    'does = ["session read dev-admin", "sts GetCallerIdentity AKIAXXXXXXXXXXXXXXXX"]\n': [
        "the effects are not as told (- told, + seen)"
    ],
    "keyring.dev-admin = false\n": ["keyring.dev-admin is there, and should not be"],
    "session.dev-admin.duration = '1h'\n": ["session.dev-admin.duration is '12h', not '1h'"],
    "child.env = { AWS_REGION = 'here', AWS_PROFILE = false }\n": [
        "child.env.AWS_REGION is 'us-east-1', not 'here'"
    ],
    "fault = [{ on = 'AssumeRole', answer = 'Throttling' }]\n": [
        "the fault on AssumeRole does not happen"
    ],
    "fault = [{ on = 'keyring.delete', answer = 'failing' }]\n": [
        "the fault on keyring.delete does not happen"
    ],
    "shows = 'Enter MFA Token: 123456'\n": [
        "nobody asks for 'Enter MFA Token'",
        "the screen is not as told (- told, + seen, . effects)",
    ],
}


def observed(text: str, level: str) -> list[Observed]:
    """Return what is observed of a story's steps at a level."""
    story = read(text)
    with LEVELS[level](story) as stage:
        return [stage.run(step) for step in story.steps]


@cache
def screen_of(text: str) -> str:
    """Return a story's last screen at level fakes."""
    return observed(text, "fakes")[-1].screen


def as_sts_knows(seen: Observed, *, unreached: bool) -> list[str]:
    """Return the calls as STS knows them: without whether the caller waited for the answer.

    With `unreached` it does not know of those without an answer.
    """
    calls = [line for line in seen.does if line.startswith("sts ")]
    if unreached:
        return [line for line in calls if not line.endswith("-> no answer")]
    return [line.removesuffix(" -> no answer") for line in calls]


@pytest.mark.parametrize("text", ALIKE.values(), ids=ALIKE.keys())
def test_a_real_terminal_shows_what_the_fakes_show(text: str) -> None:
    """Screen, exit status, calls, keyring and session files are the same, step by step."""
    for there, here in zip(observed(text, "terminal"), observed(text, "fakes"), strict=True):
        assert there.screen == here.screen
        assert there.exit == here.exit
        calls = [as_sts_knows(seen, unreached=there.unreached) for seen in (there, here)]
        assert calls[0] == calls[1]
        others = [[(o and o.screen, o and o.exit) for o in s.meanwhile] for s in (there, here)]
        assert others[0] == others[1]
        assert there.keyring == here.keyring
        assert there.sessions.keys() == here.sessions.keys()
        assert there.troubles == here.troubles


@pytest.mark.parametrize(("claim", "said"), CLAIMS.items())
def test_a_claim_that_does_not_hold_there_is_said(claim: str, said: list[str]) -> None:
    """A mismatch is reported for each claim that does not hold, and for no other."""
    text = f"{KEYS}{EXEC}child.exit = 0\n"
    shows = "" if "shows" in claim else f"shows = '''\n{screen_of(text)}'''\n"
    step = read(text + shows + claim).steps[-1]
    (there,) = observed(text + shows + claim, "terminal")
    assert [mismatch.text for mismatch in mismatches(step, there)] == said


def test_a_question_without_an_answer_ends_the_story() -> None:
    """The program is ended at once, and the question is named."""
    (seen,) = observed(WITH_MFA + LOGIN, "terminal")
    assert seen.exit is None
    assert seen.troubles == ("nobody answers 'Enter MFA Token:': the story has no (more) answers",)


def test_the_machine_is_the_storys_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable of this process reaches authkit's child."""
    monkeypatch.setenv("AUTHKIT_IDENTITY", "of this process")
    monkeypatch.setenv("AWS_CA_BUNDLE", "of this process")
    (seen,) = observed(f"{KEYS}{EXEC}child.exit = 0\n", "terminal")
    assert seen.child_environ is not None
    assert seen.child_environ["AUTHKIT_IDENTITY"] == "dev-admin"
    assert "of this process" not in seen.child_environ.values()
