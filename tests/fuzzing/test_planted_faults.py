"""Each law of each target can be broken: a fault for each, which the target's inputs show."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import Phase, given, settings

from tests.fuzzing import target as targets
from tests.fuzzing.planted_faults import FAULTS, NOTHING_ELSE, planted
from tests.fuzzing.target import BOUNDED, BrokenLawError, Target
from tests.fuzzing.targets import TARGETS
from tests.fuzzing.test_any_input import FEW

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tests.fuzzing.planted_faults import Fault

ROWS = [(name, fault) for fault in FAULTS for name in fault.names]
IN_A_THREAD = "framing"  # what escapes there has a law of its own
MOST = 100  # inputs that are drawn
DRAWN = settings(FEW, phases=(Phase.generate,))


def broken(target: Target, *wanted: str) -> set[str]:
    """Return what breaks: laws, and the names of other exceptions; no more once all wanted are."""
    found: set[str] = set()
    for data in inputs(target):
        try:
            target.check(data)
        except BrokenLawError as error:
            found.add(error.law)
        except Exception as error:  # noqa: BLE001 - whatever escapes is what is looked for
            found.add(type(error).__name__)
        if found.issuperset(wanted) and wanted:
            break
    return found


def inputs(target: Target) -> Iterable[object]:
    """Return the corpus, or for a target without one as many inputs as the tests try."""
    if target.corpus:
        return [path.read_bytes() for path in sorted(target.corpus.iterdir(), key=size)]
    return drawn(target)


def size(path: Path) -> int:
    """Return the bytes of a file: small ones are tried first."""
    return path.stat().st_size


@cache
def drawn(target: Target) -> list[object]:
    """Return inputs that hypothesis draws, the same for every fault."""
    found: list[object] = []

    @settings(DRAWN, max_examples=min(target.few, MOST))
    @given(target.inputs)
    def note(value: object) -> None:
        found.append(value)

    note()
    return found


@pytest.mark.parametrize(
    ("name", "fault"), ROWS, ids=[f"{name}: {fault.law}" for name, fault in ROWS]
)
def test_a_planted_fault_is_found(name: str, fault: Fault) -> None:
    """With the fault an input breaks the law that the row names."""
    law = fault.raised or fault.law
    assert (law == fault.law) == (fault.law != NOTHING_ELSE)
    with planted(fault):
        assert law in broken(TARGETS[name], law)


@pytest.mark.parametrize("name", TARGETS)
def test_every_law_has_a_fault(name: str) -> None:
    """Each law that the corpus comes to is in a row, and so is that nothing else is raised.

    Which laws drawn inputs come to is chance: they come to those of the rows.
    """
    targets.looked_at.clear()
    assert not broken(TARGETS[name])
    rows = {fault.law for row, fault in ROWS if row == name}
    escapes = {NOTHING_ELSE} - {NOTHING_ELSE if name == IN_A_THREAD else ""}
    looked_at = {*targets.looked_at} | escapes
    assert rows - {BOUNDED} <= looked_at
    assert rows >= looked_at or not TARGETS[name].corpus
