"""A test of the tests: with a row of RULES missing or changed, some scenario no longer holds."""

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

# What is asked for at once needs no hint: the row's is for the documentation of errors.
ASKED_AT_ONCE = {Action.ASK_CODE, Action.ASK_DEVICE}
OF_ROLES = {Action.RENEW_SOURCE}
OF_EITHER = {Action.WAIT, Action.STOP}


@cache
def stories() -> list[Story]:
    """Return every story that is told among the fakes."""
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
    """Tell whether the action would only end a login, as STOP does: it is the other kind's.

    That a role's login does not renew its source for a row of all operations is
    shown by tests/exploration/test_role_mixes.py.
    """
    of_role = rule.operation == "AssumeRole"
    return (
        rule.action is Action.STOP and action not in OF_EITHER and (action in OF_ROLES) != of_role
    )


def mutants() -> Iterator[tuple[str, Table]]:
    """Yield every way to spoil the table by one change, and what it is called."""
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
    """Tell whether every story holds with this table."""
    with monkeypatch.context() as patched:
        patched.setattr(rules, "RULES", table)
        try:
            for story in among:
                replay(story, "fakes")
        except DoesNotHold:
            return False
    return True


def test_the_stories_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    """B-L20: with the table as it is every story holds, so a failure below means something."""
    assert survives(RULES, stories(), monkeypatch)


@pytest.mark.parametrize(("what", "table"), [pytest.param(*m, id=m[0]) for m in mutants()])
def test_a_spoilt_table_is_noticed(
    what: str, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    """B-L04 to B-L20: no row can be dropped, and no row can do or say anything else, unnoticed."""
    name = what.partition(" ")[0]
    likely_first = sorted(stories(), key=lambda story: name not in story.rules)
    assert not survives(table, likely_first, monkeypatch), f"no story notices: {what}"
