"""A World in which nothing begins that could end after a deadline."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from authkit.core.failures import Failure, Refused
from authkit.core.model import AccessKeys, Secret
from authkit.deadline import Deadline
from fakes.world.children import Child
from fakes.world.programs import ScriptedPrograms
from tests.authkit.examples import FailingSts
from tests.support.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Callable

SECOND = timedelta(seconds=1)
KEYS = AccessKeys("AKIAXXXXXXXXXXXXXXXX", Secret("the-secret"))


def stage() -> Stage:
    """Return a stage whose program prints a code, and whose STS refuses."""
    made = Stage(sts=lambda _region: FailingSts(Refused("GetCallerIdentity", "AccessDenied")))
    made.programs = ScriptedPrograms([Child(says="123456")], made.clock)
    return made


def call(world: Deadline) -> object:
    """Call STS."""
    with pytest.raises(Refused):
        world.sts("us-east-1").get_caller_identity(KEYS)
    return None


USES: dict[str, tuple[Callable[[Deadline], object], int]] = {
    "a call": (call, 35),
    "a pause": (lambda world: world.clock.sleep(5 * SECOND), 30),
    "a program": (lambda world: world.programs.line(["print-code"], {}, 30 * SECOND), 34),
}


@pytest.mark.parametrize("name", USES)
def test_what_still_fits(name: str) -> None:
    """It is done while a call of STS fits in after it, and not a second later."""
    use, latest = USES[name]
    in_time, late = stage(), stage()
    worlds = [Deadline(in_time, 50 * SECOND), Deadline(late, 50 * SECOND)]
    in_time.clock.sleep(latest * SECOND)
    use(worlds[0])
    late.clock.sleep((latest + 1) * SECOND)
    with pytest.raises(Failure) as ended:
        use(worlds[1])
    assert (ended.value.name, ended.value.values) == ("deadline", {"asked": "50s"})


@pytest.mark.parametrize(("gone", "within"), [(0, 30), (5, 30), (20, 15)])
def test_how_long_a_program_gets(gone: int, within: int) -> None:
    """Its own bound, or what is left before the last call."""
    made = stage()
    asked: list[timedelta] = []

    class Noted:
        def line(self, _command: object, _environ: object, within: timedelta) -> Secret:
            asked.append(within)
            return Secret("123456")

    made.programs = Noted()
    world = Deadline(made, 50 * SECOND)
    made.clock.sleep(gone * SECOND)
    world.programs.line(["print-code"], {}, 30 * SECOND)
    assert asked == [within * SECOND]


def test_all_else_is_the_worlds() -> None:
    """Every other port, and the rest of the clock, is the other World's."""
    made = stage()
    world = Deadline(made, 50 * SECOND)
    assert world.keyring is made.keyring
    assert world.clock.now() == made.clock.now()
    assert world.prompter is None
