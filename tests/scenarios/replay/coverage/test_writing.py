"""coverage.writing: the text of a story, which holds."""

from __future__ import annotations

import pytest

from scenarios.replay.coverage.starts import Command, start
from scenarios.replay.coverage.writing import NAME, Plan, planned, tried, written
from scenarios.replay.runner.replay import replay
from scenarios.replay.story import reading

BUSY = {"on": "GetSessionToken", "answer": "ThrottlingException"}


def test_the_story_holds_and_claims() -> None:
    """Rule, exit, screen, effects, keyring: what happened is claimed, at two levels."""
    plan = planned(start("GetSessionToken", "exec"), BUSY | {"times": 4}, "It is busy.")
    story = reading.parse(written(plan, tried(plan)), NAME)
    (step,) = story.steps
    assert (story.about, story.rules, step.exit) == ("It is busy.", ("throttled",), 125)
    assert "sts GetSessionToken AKIAXXXXXXXXXXXXXXXX 43200 -> ThrottlingException" in (
        step.does or ()
    )
    assert step.keyring == {
        "dev-admin": {"access_key_id": "AKIAXXXXXXXXXXXXXXXX", "secret_access_key": "new-secret"}
    }
    for level in ("fakes", "boto3"):
        replay(story, level)


def test_questions_are_answered() -> None:
    """By what the account takes; the answers stand in the story, the unseen ones behind arrows."""
    refused = {"on": "GetCallerIdentity", "answer": "InvalidClientTokenId"}
    plan = planned(start("GetCallerIdentity", ""), refused, "Gone.")
    text = written(plan, tried(plan))
    assert "AWS Secret Access Key: ********                      <- new-secret" in text
    replay(reading.parse(text, NAME), "fakes")


def test_what_the_plan_says_stands_in_the_story() -> None:
    """Time, events, a role, a device, no terminal, a child, answers of one's own."""
    commands = (
        Command("authkit login dev-admin", answers="Enter MFA Token: 234567\n"),
        Command("authkit whoami dev-admin", at="+1h", events=["lock keyring"], interactive=False),
    )
    plan = Plan("All.", ["B-L01"], commands, role=True, mfa=True)
    story = reading.parse(written(plan, tried(plan)), NAME)
    assert [answer.typed for answer in story.steps[0].script.answers] == ["234567"]
    assert (len(story.steps[1].events), story.steps[1].interactive) == (1, False)
    assert "deploy" in (story.config or "")


def test_a_level_without_the_fault_is_excepted() -> None:
    """No file of the state folder fails on demand at level terminal."""
    plan = planned(start("mark.set", ""), {"on": "mark.set", "answer": "no room"}, "Full.")
    assert [*reading.parse(written(plan, tried(plan)), NAME).excepted] == ["terminal"]


def test_an_entry_that_is_gone_is_claimed_to_be() -> None:
    """False: it must not be there."""
    plan = Plan("Gone.", ["B-O01"], [Command("authkit logout dev-admin --keys", claims=True)])
    assert reading.parse(written(plan, tried(plan)), NAME).steps[0].keyring == {"dev-admin": False}


def test_a_fault_that_does_not_happen() -> None:
    """The message names the command and the fault."""
    plan = Plan("No.", ["B-L01"], [Command("authkit list", faults=[BUSY])])
    with pytest.raises(LookupError, match="authkit list: the fault on GetSessionToken does not"):
        tried(plan)
