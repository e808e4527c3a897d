"""A test of the stories: with a row of RULES removed or changed, at least one story fails."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from authkit.core import rules
from authkit.core.messages import MESSAGES
from authkit.core.rules import PAUSES, RULES, Action, Rule
from scenarios.replay.runner.replay import DoesNotHold, replay
from scenarios.replay.story import reading
from tests.authkit.core.refusals import CASES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scenarios.replay.story.model import Story

Table = tuple[Rule, ...]

# These actions show no hint, because login asks next; the hint is for the table in README.md.
ASKED_AT_ONCE = {Action.ASK_CODE, Action.ASK_DEVICE}
ONLY_WAITS = {"keys-spreading"}  # it does not apply without pauses left, so its action never runs
OF_ROLES = {Action.RENEW_SOURCE}
OF_EITHER = {Action.WAIT, Action.STOP}
BY_THE_PORT = {Action.SIGN_AGAIN}  # of a message without instants it does nothing


@cache
def stories() -> list[Story]:
    """Return every story that is replayed at level fakes."""
    read = (reading.read(path) for path in reading.stories())
    return [story for story in read if "fakes" not in story.excepted]


def is_said(rule: Rule, name: str) -> bool:
    """Tell whether the row's `meaning` or `hint` (by `name`) appears on the screen."""
    if name == "hint":
        return rule.action not in ASKED_AT_ONCE
    return not rule.says or "{meaning}" in MESSAGES[rule.says]


def changed(rule: Rule, **changes: object) -> Table:
    """Return the table with one row changed."""
    return tuple(row.replaced(**changes) if row is rule else row for row in RULES)


def swapped(one: Rule, other: Rule) -> Table:
    """Return the table with the actions and pauses of two rows exchanged."""
    does = {row.name: {"action": row.action, "pauses": row.pauses} for row in (one, other)}
    does[one.name], does[other.name] = does[other.name], does[one.name]
    return tuple(row.replaced(**does.get(row.name, {})) for row in RULES)


def stops(rule: Rule) -> bool:
    """Tell whether the row ends a login: also a row that waits, and has no pauses."""
    return rule.action is Action.STOP or (rule.action is Action.WAIT and not rule.pauses)


def like_stop(rule: Rule, action: Action) -> bool:
    """Return whether the action would end a login, as STOP does.

    An action of the other kind of identity does.  For rows of all operations,
    tests/explore/test_role_mixes.py shows that a role's login does not renew
    its source.
    """
    of_role = rule.operation == "AssumeRole"
    of_other = action not in OF_EITHER and (action in OF_ROLES) != of_role
    return stops(rule) and (action in {Action.STOP, *BY_THE_PORT} or of_other)


def other_actions(rule: Rule) -> list[Action]:
    """Return the actions that would change what the row does."""
    if rule.name in ONLY_WAITS:
        return []
    return [a for a in Action if a is not rule.action and not like_stop(rule, a)]


# Changes that other tests notice, because no story can reach them or shows the difference.
ELSEWHERE = {
    "keys-revoked without spent": "tests/explore/test_mixes.py",
    "secret-mismatch without of_session": "tests/authkit/core/test_check.py",
}


def mutants() -> Iterator[tuple[str, Table]]:
    """Yield each table with one change, and a name for the change."""
    for rule in RULES:
        yield f"{rule.name} dropped", tuple(row for row in RULES if row is not rule)
        for action in other_actions(rule):
            pauses = PAUSES if action is Action.WAIT else ()
            mutant = changed(rule, action=action, pauses=pauses)
            yield f"{rule.name} does {action.name}", mutant
        for name in ("words", "when", "server_fault", "pauses", "says", "spent", "of_session"):
            if getattr(rule, name):
                yield f"{rule.name} without {name}", changed(rule, **{name: getattr(Rule, name)})
        for name in ("meaning", "hint"):
            if getattr(rule, name) and is_said(rule, name):
                yield f"{rule.name} without {name}", changed(rule, **{name: ""})
    for one, other in pairwise(RULES):
        differ = one.action is not other.action and not (stops(one) and stops(other))
        if differ and not {one.name, other.name} & ONLY_WAITS:
            yield f"{one.name} and {other.name} swapped", swapped(one, other)


def misreads(table: Table) -> bool:
    """Tell whether some of AWS's own messages get another row with this table."""
    meant = (next(r for r in table if r.matches(trouble, seen)) for _, seen, trouble in CASES)
    return [rule.name for rule in meant] != [name for name, _, _ in CASES]


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
    """B-L20: every story holds with the unchanged table, which the next test assumes."""
    assert survives(RULES, stories(), monkeypatch)


@pytest.mark.parametrize(
    ("what", "table"), [pytest.param(*m, id=m[0]) for m in mutants() if m[0] not in ELSEWHERE]
)
def test_a_changed_table_is_noticed(
    what: str, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    """B-L04 to B-L20: a story fails when a row is dropped, or does or says something else."""
    if what.endswith(" without words") and misreads(table):
        return
    name = what.partition(" ")[0]
    likely_first = sorted(stories(), key=lambda story: name not in story.rules)
    assert not survives(table, likely_first, monkeypatch), f"no story notices: {what}"
