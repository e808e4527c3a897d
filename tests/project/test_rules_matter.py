"""A test of the stories: with a row of RULES removed or changed, at least one does not hold."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from authkit.core import rules
from authkit.core.rules import RULES, Action, Rule
from scenarios.replay.runner.replay import DoesNotHold, replay
from scenarios.replay.story import reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scenarios.replay.story.model import Story

Table = tuple[Rule, ...]

# When login asks at once it shows no hint: the row's hint is for the table in README.md.
ASKED_AT_ONCE = {Action.ASK_CODE, Action.ASK_DEVICE}
OF_ROLES = {Action.RENEW_SOURCE}
OF_EITHER = {Action.WAIT, Action.STOP}


@cache
def stories() -> list[Story]:
    """Return every story that is replayed at level fakes."""
    read = (reading.read(path) for path in reading.stories())
    return [story for story in read if "fakes" not in story.excepted]


def changed(rule: Rule, **changes: object) -> Table:
    """Return the table with one row changed."""
    return tuple(row.replaced(**changes) if row is rule else row for row in RULES)


def swapped(one: Rule, other: Rule) -> Table:
    """Return the table with two rows' actions exchanged."""
    actions = {one.name: other.action, other.name: one.action}
    return tuple(row.replaced(action=actions.get(row.name, row.action)) for row in RULES)


def like_stop(rule: Rule, action: Action) -> bool:
    """Return whether the action would only end a login, as STOP does.

    This is so for an action of the other kind of identity.  For rows of all
    operations tests/exploration/test_role_mixes.py shows that a role's login
    does not renew its source.
    """
    of_role = rule.operation == "AssumeRole"
    return (
        rule.action is Action.STOP and action not in OF_EITHER and (action in OF_ROLES) != of_role
    )


def mutants() -> Iterator[tuple[str, Table]]:
    """Yield each table with one change, and a name for the change."""
    for rule in RULES:
        yield f"{rule.name} dropped", tuple(row for row in RULES if row is not rule)
        for action in Action:
            if action is not rule.action and not like_stop(rule, action):
                yield f"{rule.name} does {action.name}", changed(rule, action=action)
        for name in ("words", "opt_in_region", "server_fault"):
            if getattr(rule, name):
                yield f"{rule.name} without {name}", changed(rule, **{name: getattr(Rule, name)})
        for name in ("meaning",) if rule.action in ASKED_AT_ONCE else ("meaning", "hint"):
            yield f"{rule.name} without {name}", changed(rule, **{name: ""})
    for one, other in pairwise(RULES):
        if one.action is not other.action:
            yield f"{one.name} and {other.name} swapped", swapped(one, other)


def survives(table: Table, among: Sequence[Story], monkeypatch: pytest.MonkeyPatch) -> bool:
    """Return whether every story holds with this table."""
    with monkeypatch.context() as patched:
        patched.setattr(rules, "RULES", table)
        try:
            for story in among:
                replay(story, "fakes")
        except DoesNotHold:
            return False
    return True


def test_the_stories_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    """B-L20: every story holds with the unchanged table; the test below relies on it."""
    assert survives(RULES, stories(), monkeypatch)


@pytest.mark.parametrize(("what", "table"), [pytest.param(*m, id=m[0]) for m in mutants()])
def test_a_changed_table_is_noticed(
    what: str, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    """B-L04 to B-L20: a story notices when a row is dropped, or does or says something else."""
    name = what.partition(" ")[0]
    likely_first = sorted(stories(), key=lambda story: name not in story.rules)
    assert not survives(table, likely_first, monkeypatch), f"no story notices: {what}"
