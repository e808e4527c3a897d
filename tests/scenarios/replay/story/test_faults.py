"""story.faults: which answers a fault may have, and which levels can play it."""

from __future__ import annotations

import pytest

from authkit.core.rules import RULES
from fakes.world import network
from scenarios.replay.story import faults
from scenarios.replay.story.faults import CODES, mistakes, parse
from sts_simulator.account.faults import BREAKAGES, Fault

ANYWHERE = {"except": {"terminal": "why"}, "env": {"HTTPS_PROXY": "http://proxy"}}


def wrong(fault: dict[str, object], **story: object) -> list[str]:
    """Return the keys of a fault that are wrong in a story."""
    return [key for key, _ in mistakes(fault, story)]


@pytest.mark.parametrize("answer", [*sorted(CODES), *BREAKAGES, *network.WORDS])
def test_what_a_call_of_sts_may_be_answered(answer: str) -> None:
    """A code of the table, a broken answer, or trouble on the way."""
    assert wrong({"on": "*", "answer": answer}, **ANYWHERE) == []


def test_the_codes_are_aws_own() -> None:
    """The table's own codes for calls without an answer are none."""
    assert all(code.isalnum() for code in CODES)
    assert {code for rule in RULES for code in rule.codes} - CODES == {
        "no answer",
        "broken answer",
        "cannot ask",
    }


def test_a_code_is_unheard_of_on_purpose_or_a_mistake() -> None:
    """And one that the table knows is not unheard of."""
    assert wrong({"on": "*", "answer": "Teapot"}) == ["answer"]
    assert wrong({"on": "*", "answer": "Teapot", "unheard_of": True}) == []
    assert wrong({"on": "*", "answer": "Throttling", "unheard_of": True}) == ["unheard_of"]
    assert wrong({"on": "*", "latency": "2s"}) == []


@pytest.mark.parametrize("on", faults.STATE)
def test_a_fault_of_the_state_folder_is_not_played_at_a_terminal(on: str) -> None:
    """The system's own texts are answers as well as the known troubles."""
    assert wrong({"on": on, "answer": "no room"}) == ["on"]
    assert wrong({"on": on, "answer": "Permission denied"}, **ANYWHERE) == []
    assert wrong({"on": on, "answer": "no rom"}, **ANYWHERE) == ["answer"]


@pytest.mark.parametrize("on", faults.FILES)
def test_a_fault_of_a_file_is_not_played_at_a_terminal(on: str) -> None:
    """It has words of its own, beside those of the state folder and the system's texts."""
    assert wrong({"on": on, "answer": "a mount"}) == ["on"]
    for answer in ("a mount", "no room", "another program writes", "Permission denied"):
        assert wrong({"on": on, "answer": answer}, **ANYWHERE) == []
    assert wrong({"on": on, "answer": "a mont"}, **ANYWHERE) == ["answer"]


@pytest.mark.parametrize("word", network.OF_A_PROXY)
def test_a_proxys_fault_needs_a_proxy(word: str) -> None:
    """There is none at level terminal, whose endpoint is plain http."""
    assert wrong({"on": "*", "answer": word}) == ["answer", "on"]


def test_what_comes_before_sts_has_nothing_of_an_answer() -> None:
    """No status, message or latency, and STS has not told whose keys they are."""
    more = {"status": 503, "message": "x", "latency": "1s", "user": "ann", "unheard_of": True}
    assert wrong({"on": "*", "answer": "no route", **more}) == [*more]


def test_the_simulator_is_given_what_it_knows() -> None:
    """The key for the author of a story is not part of a fault."""
    assert parse({"on": "*", "answer": "Teapot", "unheard_of": True}) == Fault("*", "Teapot")
