"""stages.stage: which effects are compared at a level, and what a story got wrong."""

from __future__ import annotations

from fakes.world.journal import Journal
from fakes.world.prompter import Answer, Person
from scenarios.replay.stages.stage import Observed, finished, unanswered
from sts_simulator.account.faults import Fault
from tests.support.story_tools import STEP, read


def test_only_effects_that_can_be_observed_are_claimed() -> None:
    """Level terminal observes the calls of STS alone; the other levels observe everything."""
    (step,) = read(f'{STEP}does = ["lock acquire a", "sts GetCallerIdentity AKIA"]\n').steps
    everything = Observed(Journal(), 0, {}, {})
    calls = Observed(Journal(), 0, {}, {}, only="sts ")
    assert everything.claimed(step) == step.does
    assert calls.claimed(step) == ("sts GetCallerIdentity AKIA",)
    assert everything.claimed(read(STEP).steps[0]) == ()


def test_mistakes_of_the_story_are_told() -> None:
    """Questions without answers, answers without questions, faults that did not happen."""
    person = Person([Answer("MFA ARN", "x")])
    due = Fault.parse({"on": "AssumeRole", "answer": "Throttling"})
    endless = Fault.parse({"on": "*", "answer": "Throttling", "times": 0})
    observed = Observed(Journal(), 0, {}, {}, troubles=unanswered(["nobody answers"], person))
    assert finished(observed, [due, endless]).troubles == (
        "nobody answers",
        "nobody asks for 'MFA ARN'",
        "the fault on AssumeRole does not happen",
    )
    assert unanswered([], Person()) == ()
