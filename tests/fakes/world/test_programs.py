"""The scripted program."""

from __future__ import annotations

from datetime import timedelta

import pytest

from authkit.core.failures import CannotRun
from authkit.core.model import Secret
from fakes.world.children import Child
from fakes.world.programs import ScriptedPrograms
from fakes.world.prompter import Unscripted
from tests.support.stage import Pauses

WITHIN = timedelta(seconds=30)


def test_the_runs_come_in_order() -> None:
    """Each prints its line and takes its time; then there are none."""
    clock = Pauses()
    runs = [Child(says="123456", takes=timedelta(seconds=2)), Child(says="234567\n")]
    programs = ScriptedPrograms(runs, clock)
    assert programs.line(["code"], {"A": "1"}, WITHIN) == Secret("123456")
    assert (programs.environ, programs.unused) == ({"A": "1"}, 1)
    assert programs.line(["code"], {}, WITHIN) == Secret("234567")
    assert clock.slept == [timedelta(seconds=2)]
    with pytest.raises(Unscripted, match="'code' is run"):
        programs.line(["code", "secret"], {}, WITHIN)


@pytest.mark.parametrize(
    ("run", "status", "reason"),
    [
        (Child(fails="not found"), 127, "was not found"),
        (Child(fails="not executable"), 126, "cannot be run (Permission denied)"),
        (Child(takes=timedelta(hours=1)), 125, "took longer than 30 s"),
        (Child(exit=3, says="123456"), 125, "failed with exit status 3"),
        (Child(signal=9), 125, "died of signal 9"),
        (Child(says="a\nb"), 125, "printed more than one line"),
        (Child(says="1" * 5000), 125, "printed more than 4096 bytes"),
    ],
)
def test_what_fails(run: Child, status: int, reason: str) -> None:
    """It fails as the real end of the port does."""
    clock = Pauses()
    with pytest.raises(CannotRun) as raised:
        ScriptedPrograms([run], clock).line(["code"], {}, WITHIN)
    assert (raised.value.status, raised.value.reason) == (status, reason)
    assert sum(clock.slept, timedelta(0)) <= WITHIN
