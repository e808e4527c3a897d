"""story.events: sentences are parsed into an action and its words."""

from __future__ import annotations

import re

import pytest

from scenarios.replay.story import events
from scenarios.replay.story.events import Action

WORDS = {
    "user": "a",
    "key": "AKIA",
    "secret": "s",
    "span": "2h",
    "name": "a",
    "code": "1",
    "process": "42",
    "path": "sessions/a.json",
    "device": "arn:mfa",
    "codes": "1,2",
    "region": "eu-west-1",
    "operation": "AssumeRole",
}


def switch(setting_name: str, change: str, region: str) -> dict[str, str]:
    """Return the words of an event that switches a region on or off."""
    return {"setting_name": setting_name, "change": change, "region": region}


@pytest.mark.parametrize("sentence", events.SENTENCES)
def test_every_event_has_its_sentence(sentence: str) -> None:
    """Each sentence, with its words filled in, is parsed as an event with those words."""
    text = sentence.format(**WORDS)
    event = events.parse(text)
    assert event.text == text
    for name, word in WORDS.items():
        assert (event.words.get(name) == word) == (f"{{{name}}}" in sentence)


@pytest.mark.parametrize(
    ("text", "action", "words"),
    [
        ("rotate ann", Action.ROTATE, {"user": "ann"}),
        ("rotate a to AKIA s", Action.ROTATE, {"user": "a", "key": "AKIA", "secret": "s"}),
        ("disable region a", Action.SWITCH_REGION, switch("not_enabled_regions", "add", "a")),
        ("activate STS in a", Action.SWITCH_REGION, switch("disabled_regions", "remove", "a")),
        (
            "a permissions boundary denies AssumeRole to a",
            Action.DENY,
            {"kind": "a permissions boundary", "operation": "AssumeRole", "user": "a"},
        ),
        ("lock keyring", Action.SET_KEYRING, {"state": "locked"}),
        ("mend keyring", Action.SET_KEYRING, {"state": "working"}),
        (
            "another login for a holds the lock for 2s and logs in with 123456",
            Action.LOG_IN,
            {"name": "a", "span": "2s", "code": "123456"},
        ),
    ],
)
def test_a_sentence_is_an_action_with_words(
    text: str, action: Action, words: dict[str, str]
) -> None:
    """The words are those of the sentence and those that its row adds."""
    event = events.parse(text)
    assert (event.action, event.words) == (action, words)


def test_every_action_has_a_sentence() -> None:
    """No action is left that a story cannot ask for."""
    found = {events.parse(sentence.format(**WORDS)).action for sentence in events.SENTENCES}
    assert found == set(Action)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("explode", "'explode' is no event; there are: rotate {user}; "),
        ("rotate", "'rotate' is no event"),
        ("advance soon", "'soon': a length of time is written like"),
    ],
)
def test_another_text_is_no_event(text: str, said: str) -> None:
    """The message names the sentences there are, or the length of time that is not one."""
    with pytest.raises(ValueError, match="^" + re.escape(said)):
        events.parse(text)
