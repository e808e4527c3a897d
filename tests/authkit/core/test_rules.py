"""RULES: every row can be reached, every row matters, and the order is right."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import pytest

from authkit.core import rules
from authkit.core.failures import BROKEN_ANSWER, CANNOT_ASK, NO_ANSWER, CallFailed, Refused
from authkit.core.messages import MESSAGES
from authkit.core.rules import RULES, Action, Circumstances, Rule
from tests.authkit.core.refusals import CASES, EXAMPLES, HOME, INVALID, OPT_IN, Seen, named

if TYPE_CHECKING:
    from collections.abc import Iterable

NAMES = [rule.name for rule in RULES]
TROUBLE = Refused("GetCallerIdentity", "NeverHeardOf")
NO_CODES = {NO_ANSWER, BROKEN_ANSWER, CANNOT_ASK}

# Pairs of which the upper row does not ask for more than the lower one: each has a question of
# its own, and an answer that was lost explains more than a code that was sent.
AS_NARROW = {("mfa-code-spent", "mfa-code-refused")}


def matches(rule: Rule, name: str) -> bool:
    """Tell whether a row matches the example of the row `name`."""
    seen, trouble = EXAMPLES[name]
    return rule.matches(trouble, seen)


def first(table: Iterable[Rule], name: str) -> Rule | None:
    """Return the first row of a table that matches the example of the row `name`."""
    return next((rule for rule in table if matches(rule, name)), None)


@pytest.mark.parametrize(("name", "seen", "trouble"), CASES)
def test_what_trouble_means(name: str, seen: Circumstances, trouble: CallFailed) -> None:
    """B-L20: the code decides, and the message where AWS uses a code for several things."""
    assert rules.meaning(trouble, seen).name == name


def test_every_row_can_be_reached() -> None:
    """B-L20: each row has an example, and no name occurs twice."""
    assert set(EXAMPLES) == set(NAMES)
    assert len(NAMES) == len(set(NAMES))


def effect(rule: Rule) -> tuple[object, ...]:
    """Return what a row does and shows."""
    return rule.action, rule.meaning, rule.says, rule.spent


@pytest.mark.parametrize("name", NAMES)
def test_every_row_matters(name: str) -> None:
    """B-L20: without a row, another one with another effect matches its example."""
    without = first([rule for rule in RULES if rule.name != name], name)
    row = named(name)
    assert without is None or effect(without) != effect(row)


@pytest.mark.parametrize("name", NAMES)
def test_every_code_of_a_row_is_enough(name: str) -> None:
    """B-L16, B-L18: each code of a row leads to the row."""
    seen, trouble = EXAMPLES[name]
    for code in named(name).codes:
        same = Refused(trouble.operation, code, trouble.message, status=400)
        assert rules.meaning(same, seen).name == name


def demands(rule: Rule) -> set[str]:
    """Return what a row asks for beside its code."""
    return {*rule.when, rule.words, rule.operation} - {""}


@pytest.mark.parametrize(("upper", "lower"), list(combinations(RULES[:-1], 2)))
def test_a_special_case_is_above_the_general_one(upper: Rule, lower: Rule) -> None:
    """B-L10, B-L13, B-L19: of two rows that match the same example the upper one asks for more."""
    if matches(lower, upper.name) and (upper.name, lower.name) not in AS_NARROW:
        assert demands(upper) > demands(lower)


@pytest.mark.parametrize("name", NAMES)
def test_a_row_is_not_hidden_by_one_above_it(name: str) -> None:
    """B-L20: the first row that matches a row's example is the row itself."""
    found = first(RULES, name)
    assert found is named(name), f"never reached: {found and found.name} above it takes it"


def test_the_last_row_matches_everything() -> None:
    """B-L20: the last row matches any trouble."""
    assert all(RULES[-1].matches(trouble, seen) for _, seen, trouble in CASES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_questions_and_messages_exist(rule: Rule) -> None:
    """The methods in `when` exist, and so do the messages that a row names."""
    assert all(hasattr(Circumstances, question) for question in rule.when)
    assert {rule.says, rule.spent, rule.ending} - {""} <= set(MESSAGES)


@pytest.mark.parametrize("status", [500, 502, 503, 504, 599])
@pytest.mark.parametrize("code", sorted({code for rule in RULES for code in rule.codes} - NO_CODES))
def test_a_5xx_is_a_5xx(code: str, status: int) -> None:
    """B-L18: whatever error code the body of a 5xx has, it says nothing about keys or a session."""
    for operation in ("GetCallerIdentity", "GetSessionToken", "AssumeRole"):
        trouble = Refused(operation, code, INVALID, status=status)
        for seen in (HOME, OPT_IN, Seen("us-east-1", "new keys", "never taken", "lost answer")):
            assert rules.meaning(trouble, seen).name == "aws-trouble"


@pytest.mark.parametrize(
    ("action", "names"),
    [
        (Action.REPLACE_KEYS, {"keys-unknown", "keys-revoked"}),
        (Action.REPLACE_SECRET, {"secret-mismatch"}),
        (Action.SIGN_AGAIN, {"clock-skew"}),
        (Action.ASK_CODE, {"mfa-code-spent", "mfa-code-refused"}),
        (Action.ASK_DEVICE, {"mfa-device-refused"}),
        (
            Action.WAIT,
            {"keys-spreading", "throttled", "aws-trouble"}
            | {"unreachable", "unreadable", "cannot-ask"},
        ),
    ],
    ids=["keys", "secret", "clock", "code", "device", "wait"],
)
def test_which_rows_do_something(action: Action, names: set[str]) -> None:
    """B-L10, B-L15 to B-L20: which rows change keys, code or device, or wait; the others stop."""
    assert {rule.name for rule in RULES if rule.action is action} == names


def test_a_call_that_no_flow_made() -> None:
    """B-L19: by default a row with `when` does not apply; of a region only its name is known."""
    bare = Circumstances("us-east-1")
    assert bare.region == "us-east-1"
    questions = {question for rule in RULES for question in rule.when} - {"region_may_be_off"}
    assert not any(getattr(bare, question)(TROUBLE) for question in questions)
    assert Circumstances("me-south-1").region_may_be_off(TROUBLE)
    assert not Circumstances("us-east-1").region_may_be_off(TROUBLE)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_row_that_asks_says_why(rule: Rule) -> None:
    """B-A04: a row after which something is asked has a message in `says`, shown before it."""
    asks = {Action.REPLACE_KEYS, Action.REPLACE_SECRET, Action.ASK_CODE, Action.ASK_DEVICE}
    assert bool(rule.says) == (rule.action in asks)


def test_codes_of_a_rule() -> None:
    """docs/write-a-kind.md: those that are named; of none, a rule matches any."""
    assert rules.codes("ExpiredToken", "Throttling") == {"ExpiredToken", "Throttling"}
    assert rules.codes() == frozenset()
