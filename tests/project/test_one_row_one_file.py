"""Every row of RULES has a story; for a row without one the test prints a stub."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from authkit.core import rules
from authkit.core.failures import BROKEN_ANSWER, CANNOT_ASK, NO_ANSWER
from authkit.core.rules import RULES, Action, Rule, codes
from scenarios.replay.runner import compare
from scenarios.replay.stages.levels import LEVELS
from scenarios.replay.story import reading
from tests.authkit.core.refusals import invented, message_of, named

if TYPE_CHECKING:
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
{config}
[account]
keys.new = {{ id = "AKIAXXXXXXXXXXXXXXXX", secret = "new-secret" }}

[keyring.dev-admin]
access_key_id = "AKIAXXXXXXXXXXXXXXXX"
secret_access_key = "new-secret"

[[step]]
run   = "authkit login {identity}"
exit  = 1
shows = \'\'\'
\'\'\'

[[step.fault]]
on = "{operation}"
answer = "{code}"
{message}
[step.keyring.dev-admin]
access_key_id = "AKIAXXXXXXXXXXXXXXXX"
secret_access_key = "new-secret"
'''


# Faults that lead to the codes which are authkit's own.
WORDS = {NO_ANSWER: "timeout", BROKEN_ANSWER: "garbage", CANNOT_ASK: "certificate unknown"}
OF_A_ROLE = """\
config = '''
[identities.dev-admin]
kind = "aws/user"
[identities.deploy]
kind = "aws/assume-role"
source = "dev-admin"
role_arn = "arn:aws:iam::123456789012:role/deploy"
'''
"""


def stub(rule: Rule) -> str:
    """Return the text of a first story: STS answers as the row expects it, the keys stay.

    The message is the simplest one that has the row's words.
    """
    code = min(rule.codes, default="SomeOtherException")
    code = WORDS.get(code, code)
    message = ""
    if rule.words:
        said = json.dumps(message_of(rule))
        message = f"message = {said}  # AWS's own text instead; it must match {rule.words!r}\n"
    if not rule.codes:
        message += "unheard_of = true\n"
    of_a_role = rule.operation == "AssumeRole"
    return STUB.format(
        name=rule.name,
        code=code,
        about=f"AWS refuses the login with {code}: say what that means for the person here.",
        operation=rule.operation or "GetSessionToken",
        message=message,
        identity="deploy" if of_a_role else "dev-admin",
        config=OF_A_ROLE if of_a_role else "",
    )


def claimed() -> set[str]:
    """Return the names of the rows that stories claim to show."""
    return {name for story in stories() for name in story.rules}


@cache
def stories() -> list[Story]:
    """Return every story that is replayed at level fakes."""
    read = (reading.read(path) for path in reading.stories())
    return [story for story in read if "fakes" not in story.excepted]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_row_has_a_story(rule: Rule) -> None:
    """A row without a story fails the test, and the message has a stub of the story."""
    if rule.name not in claimed():
        pytest.fail(
            f"no scenario tells of the row {rule.name!r}.  Save this as "
            f"scenarios/denial/{rule.name}.toml, or in the folder of its theme, "
            f"let --update fill it in, and read what it shows:\n\n"
            f"{stub(rule)}",
            pytrace=False,
        )


@pytest.mark.parametrize("rule", [rule for rule in RULES if not rule.when and rule.codes])
def test_the_stub_shows_its_row(rule: Rule) -> None:
    """Replayed as it is, its row applies; a row with `when` needs more of a story."""
    story = reading.parse(stub(rule), Path("stub.toml"))
    with LEVELS["fakes"](story) as stage:
        applied = stage.run(story.steps[0]).rules
    assert applied is not None
    assert rule.name in {one.rule.name for one in applied}


# A row as a contributor writes it: its own words tell it from the row of the same code below.
WITH_WORDS = Rule(
    "region-closed",
    codes("AccessDenied"),
    Action.STOP,
    words="explicit deny in a (service|resource) control policy",
    meaning="The organization closed it ({code})",
    hint="Ask.",
)


def test_a_row_with_words_needs_its_row_and_its_file_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its example and its stub come from its words; below the general row it is never reached."""
    seen, trouble = invented(WITH_WORDS)
    at = RULES.index(named("access-denied"))
    story = reading.parse(
        stub(WITH_WORDS).replace(WITH_WORDS.name, "access-denied"), Path("s.toml")
    )
    story = replace(story, rules=(WITH_WORDS.name,))
    for place, said in (
        (at, []),
        (at + 1, ["access-denied applied", "never reached: access-denied"]),
    ):
        table = (*RULES[:place], WITH_WORDS, *RULES[place:])
        with monkeypatch.context() as patched:
            patched.setattr(rules, "RULES", table)
            patched.setattr(compare, "RULES", table)
            assert (rules.meaning(trouble, seen) is WITH_WORDS) == (not said)
            with LEVELS["fakes"](story) as stage:
                applied = stage.run(story.steps[0]).rules or ()
            wrong = compare.wrong_rules(story, applied)
        assert len(wrong) == len(said)
        assert all(part in text for part, text in zip(said, wrong, strict=True))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_stub_is_a_story(rule: Rule) -> None:
    """The stub can be parsed and replayed as it is."""
    story = reading.parse(stub(rule), Path("stub.toml"))
    with LEVELS["fakes"](story) as stage:
        stage.run(story.steps[0])
