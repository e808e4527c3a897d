"""How long a new key takes to reach STS."""

from __future__ import annotations

from datetime import timedelta

from sts_simulator.account.directory import Key
from sts_simulator.account.spreading import Spreading
from tests.support.account_world import START


def test_a_key_spreads_after_a_time_or_some_calls_from_its_first_use() -> None:
    """A key that says nothing is known at once; each key is counted by itself."""
    spreading = Spreading()
    at_once, later, third = (
        Key(str(n), "", "me", spreads_after=n) for n in (0, timedelta(seconds=5), 2)
    )
    assert spreading.has_spread(at_once, START)
    after = [START + timedelta(seconds=seconds) for seconds in (0, 4, 5)]
    assert [spreading.has_spread(later, at) for at in after] == [False, False, True]
    assert [spreading.has_spread(third, START) for _ in range(3)] == [False, False, True]
