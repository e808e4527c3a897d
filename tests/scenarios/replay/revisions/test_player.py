"""revisions.player: stories are played to their end, and questions are answered by question."""

from __future__ import annotations

import pytest

from authkit.core.model import Question
from fakes.world.prompter import INTERRUPT, Answer, Unscripted
from scenarios.replay.revisions.player import ARN, CODE, KEY_ID, SECRET, ByQuestion, play
from scenarios.replay.story import reading
from tests.support.story_tools import KEYS, LOGIN, read

DEVICE = "arn:aws:iam::123456789012:mfa/user"
ACCOUNT = {
    "keys": {
        "old": {"id": "AKIAOLDOLDOLDOLDOLDO", "state": "deleted"},
        "new": {"id": "AKIAXXXXXXXXXXXXXXXX", "secret": "new-secret"},
    },
    "mfa": {"arn": DEVICE, "codes": ["123456", "654321"]},
}


def ask(person: ByQuestion, *questions: str) -> list[str]:
    """Return what a person types at each of these questions."""
    return [person(Question(question)) for question in questions]


def test_an_answer_is_found_by_its_question() -> None:
    """Answers may stand in another order than the questions come, each is used once."""
    person = ByQuestion([Answer(CODE, "111111"), Answer(KEY_ID, "AKIA1")], ACCOUNT)
    assert ask(person, f"{KEY_ID}: ", f"{CODE}: ") == ["AKIA1", "111111"]
    assert (person.asked, person.beyond) == ([KEY_ID, CODE], [])


def test_beyond_the_story_the_account_answers() -> None:
    """Good keys with their secret, and codes that were not typed yet; then the person gives up."""
    person = ByQuestion([Answer(CODE, "123456")], ACCOUNT)
    typed = ask(person, f"{KEY_ID}: ", f"{SECRET}: ", *[f"{CODE}: "] * 3)
    assert typed == ["AKIAXXXXXXXXXXXXXXXX", "new-secret", "123456", "654321", INTERRUPT]
    assert person.beyond == [KEY_ID, SECRET, CODE, CODE]


def test_a_default_that_is_not_there_is_typed() -> None:
    """A blank answer of the story takes a default: without one, the person types it again."""
    person = ByQuestion([Answer(KEY_ID, "AKIA1"), Answer(KEY_ID, "")], ACCOUNT)
    assert ask(person, f"{KEY_ID}: ", f"{ARN}: ", f"{KEY_ID}: ") == ["AKIA1", DEVICE, "AKIA1"]
    person = ByQuestion([Answer(KEY_ID, "")], ACCOUNT)
    assert ask(person, f"{KEY_ID} [AKIA1]: ") == [""]


def test_a_default_is_taken_once() -> None:
    """Beyond the story, a default is taken; asked again, what the account takes is typed."""
    person = ByQuestion([], ACCOUNT)
    assert ask(person, *[f"{KEY_ID} [AKIA1]: "] * 2) == ["", "AKIAXXXXXXXXXXXXXXXX"]
    assert ask(person, f"{SECRET} [********]: ") == [""]


def test_nobody_answers_for_ever() -> None:
    """An unknown question gets three blanks, then ^C; fifty questions are too many."""
    person = ByQuestion([], ACCOUNT)
    assert ask(person, *["Tenant: "] * 4) == ["", "", "", INTERRUPT]
    with pytest.raises(Unscripted, match="without an end"):
        ask(person, *["Tenant: "] * 50)


def test_every_story_ends_as_it_is_told() -> None:
    """By question or by order: the answers of each story lead to the screen that it shows."""
    for path in reading.stories():
        story = reading.read(path)
        played = play(story)
        told = [[line.shown for line in step.script.lines] for step in story.steps]
        assert [step["screen"] for step in played["steps"]] == told, path
        assert not played["ended"], path
        assert not [step["beyond"] for step in played["steps"] if step["beyond"]], path


def test_secrets_are_not_part_of_it() -> None:
    """Of an entry the secret's name is told, not its value; of a session, until when it is."""
    (step,) = play(read(f"{KEYS}{LOGIN}"))["steps"]
    assert "the-secret" not in str(step)
    assert step["keys"] == {"dev-admin": "AKIAXXXXXXXXXXXXXXXX, secret_access_key"}
    assert step["sessions"] == {"dev-admin": "until 2024-12-23T00:00:00Z"}


def test_a_story_that_cannot_go_on_says_why() -> None:
    """An event that cannot happen ends the story, and so does an error of the fakes."""
    broken = read('[[step]]\nrun = "authkit list"\nevents = ["deactivate AKIANOTTHERE"]\n')
    assert "cannot happen" in play(broken)["ended"]
