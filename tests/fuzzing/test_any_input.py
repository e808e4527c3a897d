"""Unknown input breaks neither authkit nor the simulator: an answer, or an error that is named."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.fuzzing.target import CORPUS, TooManyStepsError, within_steps
from tests.fuzzing.targets import TARGETS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.fuzzing.target import Target

FEW = settings(
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)
MOST_FILES, MOST_BYTES = 300, 300_000  # of the corpus


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
def test_any_input_has_an_answer(target: Target) -> None:
    """Few inputs of each kind; ``python -m tests.fuzz`` tries more."""
    settings(FEW, max_examples=target.few)(given(target.inputs)(target.check))()


def test_the_corpus_is_small() -> None:
    """Every folder of it is a target's, and it stays of a size that is replayed in seconds."""
    with_corpus = {name for name, target in TARGETS.items() if target.corpus}
    assert {folder.name for folder in CORPUS.iterdir() if any(folder.iterdir())} == with_corpus
    sizes = [file.stat().st_size for file in CORPUS.glob("*/*")]
    assert len(sizes) <= MOST_FILES
    assert sum(sizes) <= MOST_BYTES


def test_a_loop_without_an_end_is_found() -> None:
    """What takes too many steps for its length is a finding, and nothing counts afterwards."""
    if sys.gettrace() is not None:
        pytest.skip("another tracer counts lines")

    def endless(_data: bytes) -> None:
        while True:
            pass

    with pytest.raises(TooManyStepsError):
        within_steps(endless, b"")
    assert sys.gettrace() is None


def test_an_input_that_breaks_a_target_is_kept(tmp_path: Path) -> None:
    """It is a file of the corpus, named by what is in it."""
    target = TARGETS["durations"]._replace(corpus=tmp_path)
    path = target.keep(b"36h")
    assert path == target.keep(b"36h")
    assert path.read_bytes() == b"36h"
