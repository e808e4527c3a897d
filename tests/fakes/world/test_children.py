"""The scripted child."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from authkit.core.ports import CannotRun
from fakes.world.children import Child, ScriptedChildren
from fakes.world.clock import VirtualClock
from fakes.world.journal import Journal
from fakes.world.prompter import Unscripted

NOON = datetime(2024, 12, 22, 12, tzinfo=UTC)


def test_a_child_does_what_the_script_says() -> None:
    """Exit status, signal, output, time, environment, and failure to start."""
    journal, clock = Journal(), VirtualClock(NOON)

    def run(child: Child | None) -> int:
        children = ScriptedChildren(child, journal, clock)
        status = children.run(["aws", "sts"], {"AWS_REGION": "us-east-1"})
        assert children.environ == {"AWS_REGION": "us-east-1"}
        return status

    assert run(Child(exit=255, says="oh", takes=timedelta(hours=1))) == 255
    assert run(Child(signal=15)) == 143
    assert journal.screen == "oh\n"
    assert clock.now() == NOON + timedelta(hours=1)
    with pytest.raises(CannotRun) as raised:
        run(Child(fails="not executable"))
    assert raised.value.status == 126
    with pytest.raises(Unscripted, match="aws sts"):
        run(None)
