"""Which laws inputs break: those of a target's corpus, or the same few that are drawn."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, Phase, given, settings

from tests.fuzzing.faults import of_files, of_services, of_words
from tests.fuzzing.faults.fault import planted
from tests.fuzzing.target import BrokenLawError, Target
from tests.fuzzing.targets import TARGETS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.fuzzing.faults.fault import Fault

FAULTS = (*of_files.FAULTS, *of_words.FAULTS, *of_services.FAULTS)
ROWS = [(name, fault) for fault in FAULTS for name in fault.names]
MOST = 100  # inputs that are drawn
DRAWN = settings(phases=(Phase.generate,), suppress_health_check=list(HealthCheck))


def shows(name: str, fault: Fault) -> bool:
    """Tell whether an input of a target breaks the fault's law while it is planted."""
    law = fault.raised or fault.law
    with planted(fault):
        return law in broken(TARGETS[name], law)


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
    """Return the corpus, small files first, or as many drawn inputs as the tests try."""
    if target.corpus:
        texts = [path.read_bytes() for path in target.corpus.iterdir()]
        return sorted(texts, key=lambda text: (len(text), text))
    return drawn(target)


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
