"""Every check with every SDK."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.sdks.checks import CHECKS, Check

if TYPE_CHECKING:
    from tests.sdks.caller import Caller


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
def test_check(caller: Caller, check: Check) -> None:
    """STS sees what is expected of the SDK, and so does the SDK."""
    expected = check.expected_of(caller.sdk.name)
    if expected is None:
        pytest.skip(f"not with {caller.sdk.title}")
    seen = [*check.run(caller)]
    said = [each.answer.get("message") for each in seen]
    assert [str(each) for each in seen] == [*expected], said
