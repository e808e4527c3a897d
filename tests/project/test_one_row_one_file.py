"""An error case is one row of RULES and one story: for a row without a story a stub is printed."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from authkit.core import rules
from authkit.core.rules import RULES, Rule
from scenarios.replay.runner.replay import replay
from scenarios.replay.stages.levels import LEVELS
from scenarios.replay.story import reading

if TYPE_CHECKING:
    from authkit.core.failures import CallFailed
    from scenarios.replay.story.model import Story

STUB = '''\
#:schema ../scenario.schema.json
about = """
{about}
"""
shows_that = ["B-L20"]
rule = "{name}"
now  = 2024-12-22T16:58:00-07:00
zone = "America/Phoenix"

[account]
keys.new = {{ id = "AKIAXXXXXXXXXXXXXXXX", secret = "new-secret" }}

[keyring.dev-admin]
access_key_id = "AKIAXXXXXXXXXXXXXXXX"
secret_access_key = "new-secret"

[[step]]
run   = "authkit login dev-admin"
exit  = 1
shows = \'\'\'
\'\'\'

[[step.fault]]
on = "GetSessionToken"
answer = "{code}"

[step.keyring.dev-admin]
access_key_id = "AKIAXXXXXXXXXXXXXXXX"
secret_access_key = "new-secret"
'''


def stub(rule: Rule) -> str:
    """Return a story to begin with: STS answers with the row's code, and the keys are kept."""
    code = min(rule.codes, default="SomeOtherException")
    about = f"AWS refuses the login with {code}: say what that means for the person here."
    return STUB.format(name=rule.name, code=code, about=about)


def told() -> set[str]:
    """Return the names of the rows that a story claims to show."""
    return {name for story in stories() for name in story.rules}


def played(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Return the names of the rows that some story plays: they are the meaning of its trouble."""
    found = set[str]()
    meaning = rules.meaning

    def noted(trouble: CallFailed, seen: rules.Circumstances) -> Rule:
        rule = meaning(trouble, seen)
        found.add(rule.name)
        return rule

    monkeypatch.setattr(rules, "meaning", noted)
    for story in stories():
        replay(story, "fakes")
    return found


@cache
def stories() -> list[Story]:
    """Return every story that is told among the fakes."""
    read = (reading.read(path) for path in reading.stories())
    return [story for story in read if "fakes" not in story.excepted]


# Rows that apply after some history, or without an answer: stories play them and claim others.
PLAYED = {"keys-spreading", "mfa-code-spent", "unreachable", "unreadable"}
# An endpoint that cannot be one: no story can bring it yet; tests/authkit/adapters/test_sts.py can.
UNTOLD = {"cannot-ask"}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_row_has_a_story(rule: Rule) -> None:
    """A row without a story is a failure, whose message has the stub of one."""
    if rule.name not in told() | PLAYED | UNTOLD:
        pytest.fail(
            f"no scenario tells of the row {rule.name!r}.  Save this as "
            f"scenarios/denial/{rule.name}.toml, or in the folder of its theme, "
            f"let --update fill it in, and read what it shows:\n\n"
            f"{stub(rule)}",
            pytrace=False,
        )


def test_what_is_claimed_is_played(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each row that a story claims, or that is said to be played, is played by some story."""
    assert told() | PLAYED <= played(monkeypatch)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_stub_is_a_story(rule: Rule) -> None:
    """The stub can be read and replayed without a change."""
    story = reading.parse(stub(rule), Path("stub.toml"))
    with LEVELS["fakes"](story) as stage:
        stage.run(story.steps[0])
