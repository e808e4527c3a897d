"""An error case is one row of RULES and one story: for a row without a story a stub is printed."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from authkit.core.rules import RULES, Rule
from scenarios.replay.stages.levels import LEVELS
from scenarios.replay.story import reading

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
    """Return the names of the rows that a story shows."""
    files = (tomllib.loads(path.read_text("utf-8")) for path in reading.stories())
    return {name for file in files for name in _names(file.get("rule", []))}


def _names(rule: Any) -> list[str]:  # noqa: ANN401 - a text or a list of texts
    return [rule] if isinstance(rule, str) else list(rule)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_row_has_a_story(rule: Rule) -> None:
    """A row without a story is a failure, whose message has the stub of one."""
    if rule.name not in told():
        pytest.fail(
            f"no scenario tells of the row {rule.name!r}.  Save this as "
            f"scenarios/denial/{rule.name}.toml, or in the folder of its theme, "
            f"let --update fill it in, and read what it shows:\n\n"
            f"{stub(rule)}",
            pytrace=False,
        )


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_stub_is_a_story(rule: Rule) -> None:
    """The stub can be read and replayed without a change."""
    story = reading.parse(stub(rule), Path("stub.toml"))
    with LEVELS["fakes"](story) as stage:
        stage.run(story.steps[0])
