"""The levels at which a story is replayed.  They differ in how much of the world is real.

A level opens a `Stage` for one story and closes it after the story.

``fakes``
    Nothing is real.  STS is called through authkit's own port.
``boto3``
    The AWS library is real, moto keeps IAM, and the whole process stands at the story's instant.
``terminal``
    The authkit process and its terminal are real.  STS, the keyring and the time are not.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from authkit import cli
from fakes.world.clock import VirtualClock
from fakes.world.scene import Scene, open_account, port_skin
from scenarios.replay.stages.fakes import FakeStage
from sts_simulator.account.faults import Faults

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from fakes.world.scene import Main
    from scenarios.replay.stages.stage import Stage
    from scenarios.replay.stages.terminal import TerminalStage
    from scenarios.replay.story.model import Story


@contextmanager
def fakes(story: Story, main: Main = cli.main) -> Iterator[FakeStage]:
    """Open a stage in memory; `main` replaces authkit."""
    clock = VirtualClock(story.now, story.zone)
    account = open_account(story.account, story.account_settings, clock)
    network = Faults()
    skin = port_skin(account, clock, network)
    yield FakeStage(story, Scene(main, account, clock, skin, network=network))


@contextmanager
def boto3(story: Story, main: Main = cli.main) -> Iterator[FakeStage]:
    """Open a stage with a real boto3 client; `main` replaces authkit."""
    from scenarios.replay.stages.boto3 import frozen_scene  # noqa: PLC0415 - slow, and not needed for fakes

    with frozen_scene(story, main) as scene:
        yield FakeStage(story, scene)


@contextmanager
def terminal(story: Story) -> Iterator[TerminalStage]:
    """Open a stage with a real process at a real terminal."""
    from scenarios.replay.stages.terminal import opened  # noqa: PLC0415 - slow, and not needed for fakes

    with opened(story) as stage:
        yield stage


LEVELS: dict[str, Callable[[Story], AbstractContextManager[Stage]]] = {
    "fakes": fakes,
    "boto3": boto3,
    "terminal": terminal,
}
