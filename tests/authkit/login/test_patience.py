"""Waiting before a call is made again: how often, how long, and what is said of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from authkit.core import render, rules
from authkit.core.identity import Identity
from authkit.core.kinds import AWS_USER
from authkit.core.model import Values
from authkit.core.ports import Refused, Unreachable
from authkit.login.patience import Patience, exhausted
from tests.support.stage import Stage

UNREACHABLE = Unreachable("GetSessionToken", "no answer within 10 s", answered=False, sent=True)
BROKEN = Unreachable("GetSessionToken", "the answer is not STS's", answered=True, sent=True)
LASTING = Unreachable(
    "GetSessionToken", "Invalid endpoint: x", answered=False, sent=False, lasting=True
)
THROTTLED = Refused("GetSessionToken", "Throttling", "Rate exceeded")
UNKNOWN_KEY = Refused("GetCallerIdentity", "InvalidClientTokenId", status=403)
DENIED = Refused("GetSessionToken", "AccessDenied", "no", status=403)


def waited(patience: Patience, trouble: Refused | Unreachable, *, new_keys: bool = False) -> bool:
    """Tell whether patience waited for this trouble."""
    rule = rules.meaning(trouble, "us-east-1") if isinstance(trouble, Refused) else None
    return patience.waited(trouble, rule, lambda: new_keys)


def spend(patience: Patience, trouble: Refused | Unreachable, *, new_keys: bool = False) -> int:
    """Return how often patience waits for this trouble before it does no more."""
    times = 0
    while waited(patience, trouble, new_keys=new_keys):
        times += 1
    return times


def seconds(stage: Stage) -> list[float]:
    """Return the pauses that were taken."""
    return [pause.total_seconds() for pause in stage.clock.slept]


@pytest.mark.parametrize("trouble", [UNREACHABLE, BROKEN, THROTTLED], ids=str)
def test_four_calls_at_most(trouble: Refused | Unreachable) -> None:
    """B-L18: three growing pauses, so four calls in all."""
    stage = Stage()
    assert spend(Patience(stage), trouble) == 3
    assert seconds(stage) == [1, 2, 4]


def test_a_new_key_is_given_ten_seconds() -> None:
    """B-L08: keys typed seconds ago are tried again for about ten seconds, with growing pauses."""
    stage = Stage()
    assert spend(Patience(stage), UNKNOWN_KEY, new_keys=True) == 4
    assert seconds(stage) == sorted(seconds(stage))
    assert sum(seconds(stage)) == 10


@pytest.mark.parametrize(
    ("trouble", "new_keys"),
    [(UNKNOWN_KEY, False), (DENIED, True), (DENIED, False), (LASTING, True), (LASTING, False)],
    ids=["old keys", "denied to new keys", "denied", "lasting for new keys", "lasting"],
)
def test_not_worth_waiting(trouble: Refused | Unreachable, *, new_keys: bool) -> None:
    """B-L04, B-L15, B-L18: what no pause can mend is not waited for."""
    stage = Stage()
    assert not waited(Patience(stage), trouble, new_keys=new_keys)
    assert stage.clock.slept == []
    assert stage.screen.said == []


def test_pauses_over_a_second_are_said() -> None:
    """B-L18: with what went wrong, and how long; the lines after the first close to it."""
    stage = Stage()
    spend(Patience(stage), UNREACHABLE)
    assert stage.screen.said == [
        f"⚠ STS cannot be reached: no answer within 10 s. Trying again in {pause}."
        for pause in ("2s", "4s")
    ]
    assert stage.screen.close == [False, True]


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (THROTTLED, "⚠ AWS is being asked too often (Throttling). Trying again in 2s."),
        (UNKNOWN_KEY, "⚠ AWS does not know this new key yet. Trying again in 2s."),
        (
            Refused("GetSessionToken", "InternalFailure", status=500),
            "⚠ STS itself is in trouble (InternalFailure, HTTP 500). Trying again in 2s.",
        ),
    ],
    ids=str,
)
def test_what_is_said_of_a_pause(trouble: Refused, said: str) -> None:
    """B-L08, B-L18: why there is a pause, in the words of the rule."""
    stage = Stage()
    spend(Patience(stage), trouble, new_keys=True)
    assert stage.screen.said[0] == said


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (UNREACHABLE, UNKNOWN_KEY),
        (UNKNOWN_KEY, UNREACHABLE),
        (UNREACHABLE, Unreachable("GetCallerIdentity", "gone", answered=False, sent=False)),
        (THROTTLED, Refused("GetCallerIdentity", "Throttling")),
    ],
    ids=["network, key", "key, network", "two operations", "two throttled operations"],
)
def test_one_budget_does_not_shorten_another(
    one: Refused | Unreachable, other: Refused | Unreachable
) -> None:
    """B-L14: each kind of trouble, and each operation, has pauses of its own."""
    fresh, patience = Patience(Stage()), Patience(Stage())
    spend(patience, one, new_keys=True)
    assert spend(patience, other, new_keys=True) == spend(fresh, other, new_keys=True)


def test_what_is_mixed_is_four_calls_in_all() -> None:
    """B-L18: a throttled call, a lost answer, a broken one: of one operation, four calls."""
    stage = Stage()
    patience = Patience(stage)
    mixed = (THROTTLED, UNREACHABLE, BROKEN, THROTTLED)
    assert [waited(patience, trouble) for trouble in mixed] == [True, True, True, False]


def test_other_keys_begin_anew() -> None:
    """B-L08: the next pair of keys has ten seconds of its own."""
    patience = Patience(Stage())
    spend(patience, UNKNOWN_KEY, new_keys=True)
    patience.renew()
    assert spend(patience, UNKNOWN_KEY, new_keys=True) == 4


def test_time_passes_on_the_injected_clock() -> None:
    """B-L18: patience sleeps where it is told to."""
    stage = Stage()
    before = stage.clock.now()
    spend(Patience(stage), UNREACHABLE)
    assert stage.clock.now() - before == timedelta(seconds=7)


@pytest.mark.parametrize(
    ("trouble", "what", "calls"),
    [
        (UNREACHABLE, "✗ STS cannot be reached: no answer within 10 s.", 4),
        (BROKEN, "✗ STS cannot be understood: the answer is not STS's.", 4),
        (LASTING, "✗ STS cannot be reached: Invalid endpoint: x.", 1),
    ],
    ids=["no answer", "a broken answer", "lasting"],
)
def test_exhausted(trouble: Unreachable, what: str, calls: int) -> None:
    """B-L18: an error that tells network trouble from AWS trouble, and how often was tried."""
    identity = Identity("dev-admin", AWS_USER, "eu-west-1", Values(), "config.toml")
    failure = exhausted(trouble, identity, done="What was done.")
    said = render.text(failure.name, **failure.values).split("\n")
    assert failure.status == 1
    assert trouble.answered or "region eu-west-1" in said[2]
    assert said[:2] == [what, f"  Calls made: {calls}. What was done."]
    assert "authkit login --identity dev-admin" in said[-1]
