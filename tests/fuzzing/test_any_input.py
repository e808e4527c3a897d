"""Unknown input never breaks the simulator: no error of its own, no traceback, no hang."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.fuzzing.any_input import TARGETS

if TYPE_CHECKING:
    from tests.fuzzing.any_input import Target

FEW = settings(
    deadline=None,
    derandomize=True,
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
def test_any_input_has_an_answer(target: Target) -> None:
    """Few inputs of each kind; ``python -m tests.fuzz`` tries more."""
    settings(FEW, max_examples=target.few)(given(target.inputs)(target.check))()
