"""Each law of each target can be broken: a fault for each, which the target's corpus shows.

``python -m tests.fuzz --faults`` tries those too whose inputs are drawn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fuzzing import target as targets
from tests.fuzzing.faults.fault import NOTHING_ELSE
from tests.fuzzing.faults.showing import ROWS, broken, shows
from tests.fuzzing.target import BOUNDED
from tests.fuzzing.targets import TARGETS

if TYPE_CHECKING:
    from tests.fuzzing.faults.fault import Fault

WITH_CORPUS = [name for name, target in TARGETS.items() if target.corpus]
SHOWN = [row for row in ROWS if row[0] in WITH_CORPUS]


@pytest.mark.parametrize(
    ("name", "fault"), SHOWN, ids=[f"{name}: {fault.law}" for name, fault in SHOWN]
)
def test_a_planted_fault_is_found(name: str, fault: Fault) -> None:
    """With the fault an input breaks the law that the row names."""
    assert bool(fault.raised) == (fault.law == NOTHING_ELSE)
    assert shows(name, fault)


@pytest.mark.parametrize("name", WITH_CORPUS)
def test_the_corpus(name: str) -> None:
    """Each kept input, those that once broke a target among them, holds what must hold.

    Each law that the inputs come to has a fault that breaks it, and so has that nothing else
    is raised.
    """
    targets.looked_at.clear()
    assert not broken(TARGETS[name])
    of_rows = {fault.law for row, fault in ROWS if row == name}
    assert of_rows == {*targets.looked_at, NOTHING_ELSE} | (of_rows & {BOUNDED})


def test_each_target_has_rows() -> None:
    """Where inputs are drawn, it is chance which laws they come to."""
    assert {name for name, _ in ROWS} == {*TARGETS}
