"""What a story claims: a claim that does not hold is said, and of others nothing is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scenarios.replay.runner.replay import DoesNotHold, replay
from scenarios.replay.stages.levels import LEVELS
from scenarios.replay.story import reading
from tests.support.story_tools import (
    FILE,
    HEAD,
    KEYS,
    LOGIN,
    STEP,
    ask,
    nothing,
    standing_in,
    wrong,
)

if TYPE_CHECKING:
    from authkit.core.ports import World
    from tests.support.story_tools import Program

# A step's claims, the program, and what is said of them.
BROKEN = [
    ("", lambda _: 3, ["the exit status is 3, not 0"]),
    ("shows = 'a'\n", nothing, ["the screen is not as told (- told, + seen, . effects)"]),
    ("does = []\n", lambda world: world.config.read() and 0, ["the effects are not as told"]),
    ("keyring.a = false\n", nothing, ["keyring.a is there, and should not be"]),
    ("keyring.b.x = '1'\n", nothing, ["keyring.b is not there"]),
    ("keyring.a.x = '2'\n", nothing, ["keyring.a.x is '1', not '2'"]),
    ("keyring.a.x = false\n", nothing, ["keyring.a.x is '1', and should not be there"]),
    ("keyring.a.y = '1'\n", nothing, ["keyring.a.y is not there"]),
    ("keyring.a = 'raw'\n", nothing, ['keyring.a is \'{"version": 1, "x": "1"}\', not \'raw\'']),
    ("keyring.c.x = '1'\n", nothing, ["keyring.c cannot be read (Expecting value: line 1"]),
    ("session.a = false\n", nothing, ["session.a is there, and should not be"]),
    ("session.a = '['\n", nothing, ["session.a is '{', not '['"]),
    ("session.a.account = '1'\n", nothing, ["session.a cannot be read (it is not JSON): '{'"]),
    ("session.b.account = '1'\n", nothing, ["session.b is not there"]),
    ("shows = 'MFA ARN: x'\n", nothing, ["nobody asks for 'MFA ARN'", "the screen is not"]),
    ("", ask("MFA ARN"), ["nobody answers 'MFA ARN (optional):'", "the screen is not as told"]),
    ("child.env.A = '1'\n", nothing, ["child.env.A is not there"]),
]
HOLD = [
    ("", nothing),
    ("exit = 3\n", lambda _: 3),
    ("keyring.a.x = '1'\nkeyring.b = false\nkeyring.c = 'raw'\n", nothing),
    ("keyring.a.y = false\n", nothing),
    ("session.a = '{'\nsession.b = false\n", nothing),
    ("does = ['config read -> none']\n", lambda world: world.config.read() and 0),
]
LEFT = "keyring.a.x = '1'\nkeyring.c = 'raw'\nsession.a = '{'\n"


@pytest.mark.parametrize(("claims", "program", "said"), BROKEN)
def test_a_claim_that_does_not_hold_is_said(claims: str, program: Program, said: list[str]) -> None:
    """What is claimed, and what is so."""
    texts = wrong(f"{LEFT}{STEP}{claims}", program)
    assert len(texts) == len(said)
    assert all(text.startswith(start) for text, start in zip(texts, said, strict=True))


@pytest.mark.parametrize(("claims", "program"), HOLD)
def test_a_claim_that_holds_is_not_mentioned(claims: str, program: Program) -> None:
    """The same claims, true."""
    assert wrong(f"{LEFT}{STEP}{claims}", program) == []


def test_what_is_left_of_a_session_is_compared_by_its_facts() -> None:
    """The instants, the duration asked for, and who it is; a difference names the fact."""
    login = f"{LOGIN}shows = '✓'\n"
    facts = "session.dev-admin.expires = 2024-12-23T01:00:00+01:00\n"
    facts += 'session.dev-admin.duration = "12h"\nsession.dev-admin.mfa_arn = ""\n'
    assert len(wrong(KEYS + login + facts)) == 1  # the screen alone
    assert wrong(KEYS + login + facts.replace("+01:00", "+02:00"))[1:] == [
        "session.dev-admin.expires is 2024-12-23T00:00:00+00:00, not 2024-12-23T01:00:00+02:00"
    ]


def test_a_childs_environment_is_compared() -> None:
    """What it must find, and what it must not."""
    run = STEP.replace("authkit it", "authkit exec dev-admin -- aws")
    text = f"{KEYS}{run}env = {{ AWS_PROFILE = 'x', PATH = '/bin' }}\nchild.exit = 0\n"
    good = "child.env = { AWS_REGION = 'us-east-1', AWS_PROFILE = false, PATH = '/bin' }\n"
    bad = "child.env = { AWS_REGION = 'here', PATH = false }\n"
    assert not any("child.env" in said for said in wrong(text + good))
    assert [said for said in wrong(text + bad) if "child.env" in said] == [
        "child.env.AWS_REGION is 'us-east-1', not 'here'",
        "child.env.PATH is '/bin', and should not be there",
    ]


def chatty(world: World) -> int:
    """Do a bit of everything."""
    world.screen.say("first")
    world.config.read()
    world.screen.say("second")
    ask("AWS Secret Access Key")(world)
    world.sessions.drop("dev-admin")
    return 1


REPORT = """\
scenarios/a-story.toml:4: at level fakes: authkit it
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
    """It points at the step's line, and shows both screens with the effects where they happened."""
    monkeypatch.setitem(LEVELS, "fakes", standing_in(chatty))
    shows = "first\n\nzweitens\n\nAWS Secret Access Key: ********  <- s3cret\n\ns3cret\n"
    does = 'does = ["config stamp", "session drop dev-admin -> none"]\n'
    story = reading.parse(f"{HEAD}{STEP}shows = '''\n{shows}'''\n{does}", FILE)
    with pytest.raises(DoesNotHold) as raised:
        replay(story, "fakes")
    assert str(raised.value) == REPORT


def test_replaying_ends_where_a_story_does_not_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes after would be told of another world."""
    ran: list[int] = []

    def count(_world: World) -> int:
        ran.append(len(ran))
        return ran[-1]

    monkeypatch.setitem(LEVELS, "fakes", standing_in(*[count] * 3))
    with pytest.raises(DoesNotHold, match=r"a-story\.toml:6:"):
        replay(reading.parse(HEAD + STEP * 3, FILE), "fakes")
    assert ran == [0, 1]
