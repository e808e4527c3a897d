"""recording.applied_rules: which rows applied while a command ran."""

from __future__ import annotations

from authkit.core import rules
from authkit.recording.applied_rules import noting_rules
from tests.authkit.core.refusals import HOME, refusal
from tests.support.story_tools import KEYS, LOGIN, observe


def test_the_last_answer_about_a_call_counts() -> None:
    """The port asks first and knows less of the call than the flow, which asks next."""
    unknown, trouble = refusal("NeverHeardOf"), refusal("Throttling")
    with noting_rules() as found:
        for seen in (rules.Circumstances("us-east-1"), HOME):
            rules.meaning(unknown, seen)
        rules.meaning(trouble, HOME)
    assert [(one.rule.name, one.seen) for one in found] == [("unknown", HOME), ("throttled", HOME)]
    rules.meaning(trouble, HOME)
    assert len(found) == 2


def test_a_step_knows_the_rows_that_applied_in_it() -> None:
    """Each call that failed, in order."""
    fault = '[[step.fault]]\non = "*"\nanswer = "Throttling"\ntimes = 2\n'
    (observed,) = observe(f"{KEYS}{LOGIN}{fault}")
    assert observed.rules is not None
    assert [one.rule.name for one in observed.rules] == ["throttled", "throttled"]
