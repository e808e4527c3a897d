"""Every row of RULES has a story; for a row without one the test prints a stub."""

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
    """Return the text of a first story: STS answers with the row's code, the keys stay."""
    code = min(rule.codes, default="SomeOtherException")
    about = f"AWS refuses the login with {code}: say what that means for the person here."
    return STUB.format(name=rule.name, code=code, about=about)


def claimed() -> set[str]:
    """Return the names of the rows that stories claim to show."""
    return {name for story in stories() for name in story.rules}


def played(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Return the names of the rows that apply in some story when it is replayed."""
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
    """Return every story that is replayed at level fakes."""
    read = (reading.read(path) for path in reading.stories())
    return [story for story in read if "fakes" not in story.excepted]


# Rows that apply only after earlier calls, or without an answer: they apply in stories that
# claim other rows.
PLAYED = {"keys-spreading", "mfa-code-spent", "unreachable", "unreadable"}
# An invalid endpoint: no story can have one yet; tests/authkit/adapters/test_sts.py tests it.
WITHOUT_STORY = {"cannot-ask"}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_row_has_a_story(rule: Rule) -> None:
    """A row without a story fails the test, and the message has a stub of the story."""
    if rule.name not in claimed() | PLAYED | WITHOUT_STORY:
        pytest.fail(
            f"no scenario tells of the row {rule.name!r}.  Save this as "
            f"scenarios/denial/{rule.name}.toml, or in the folder of its theme, "
            f"let --update fill it in, and read what it shows:\n\n"
            f"{stub(rule)}",
            pytrace=False,
        )


def test_what_is_claimed_is_played(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each row that a story claims, or that PLAYED lists, applies in some story."""
    assert claimed() | PLAYED <= played(monkeypatch)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_stub_is_a_story(rule: Rule) -> None:
    """The stub can be parsed and replayed as it is."""
    story = reading.parse(stub(rule), Path("stub.toml"))
    with LEVELS["fakes"](story) as stage:
        stage.run(story.steps[0])
