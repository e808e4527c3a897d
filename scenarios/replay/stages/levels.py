"""The levels at which a story is replayed: how much of the world is real.

A level makes a `Stage` of a story, and the stage runs its steps one by one.
``fakes`` and ``boto3`` differ in the skin of STS, the directory behind it and
who else follows the clock, and in nothing else.  At ``terminal`` nothing but
AWS, the keyring and the time is a fake.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from authkit import cli
from authkit.core import entries
from fakes.world.clock import VirtualClock
from fakes.world.journal import Journal
from fakes.world.prompter import INTERRUPT, OffScript, Person
from fakes.world.scene import Cast, Scene, open_account, perform, port_skin
from scenarios.replay.stages.events import prepare
from scenarios.replay.stages.stage import Observed, troubles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from fakes.world.scene import Main
    from scenarios.replay.stages.stage import Stage
    from scenarios.replay.stages.terminal import TerminalStage
    from scenarios.replay.story.model import Step, Story
    from sts_simulator.account.faults import Fault


@contextmanager
def fakes(story: Story, main: Main = cli.main) -> Iterator[FakeStage]:
    """Everything in memory, STS behind authkit's own port."""
    clock = VirtualClock(story.now, story.zone)
    account = open_account(story.account, story.account_settings, clock)
    yield FakeStage(story, Scene(main, account, clock, port_skin(account, clock)))


@contextmanager
def boto3(story: Story, main: Main = cli.main) -> Iterator[FakeStage]:
    """A real boto3 client, IAM kept by moto, and the clock of the whole process frozen."""
    from scenarios.replay.stages.boto3 import frozen_scene  # noqa: PLC0415 - slow, and not needed for fakes

    with frozen_scene(story, main) as scene:
        yield FakeStage(story, scene)


@contextmanager
def terminal(story: Story) -> Iterator[TerminalStage]:
    """A real process on a real terminal, a keyring backend in a file, STS over HTTP."""
    from scenarios.replay.stages.terminal import opened  # noqa: PLC0415 - slow, and not needed for fakes

    with opened(story) as stage:
        yield stage


# A level is opened for one story and closed after it.
LEVELS: dict[str, Callable[[Story], AbstractContextManager[Stage]]] = {
    "fakes": fakes,
    "boto3": boto3,
    "terminal": terminal,
}


class FakeStage:
    """A stage on which only STS may be more than a fake."""

    def __init__(self, story: Story, scene: Scene) -> None:
        self._story = story
        self._scene = scene
        scene.environ.update(story.environ)
        scene.config = story.config
        scene.keyring.state = story.keyring_state
        for name, entry in story.keyring.items():
            scene.keyring.entries[entries.SERVICE, name] = entry
            scene.sessions.mark(name)  # as whoever saved it has done
        scene.sessions.texts.update(story.sessions)

    def run(self, step: Step) -> Observed:
        """Run a step: first what happens before it, then the command.  Raises BadStory."""
        prepare(self._scene, self._story, step)
        journal, person = Journal(), Person(step.script.answers)
        cast = Cast(person if step.interactive else None, step.child, step.stdin, step.environ)
        off_script: list[str] = []
        status = child_environ = None
        with self._faults(step) as pending, self._alarm(step, journal):
            try:
                status, child_environ = perform(self._scene, cast, step.arguments, journal)
            except OffScript as off:
                off_script.append(str(off))
        return Observed(
            journal,
            status,
            {name: entry for (_, name), entry in self._scene.keyring.entries.items()},
            dict(self._scene.sessions.texts),
            child_environ,
            troubles(off_script, person, pending),
        )

    @contextmanager
    def _faults(self, step: Step) -> Iterator[list[Fault]]:
        """Have the step's faults happen; afterwards the list holds those that did not."""
        left: list[Fault] = []
        scene = self._scene
        places = {"keyring": scene.keyring.faults, "session": scene.sessions.faults}
        places |= {"mark": scene.sessions.faults}
        for fault in step.faults:
            places.get(fault.on.partition(".")[0], scene.account.faults).add(fault)
        yield left
        for faults in (scene.keyring.faults, scene.sessions.faults, scene.account.faults):
            left += faults.pending()
            faults.clear()

    @contextmanager
    def _alarm(self, step: Step, journal: Journal) -> Iterator[None]:
        """Have Ctrl-C pressed when the step says so."""

        def ring() -> None:
            journal.wrote(INTERRUPT)
            raise KeyboardInterrupt

        if step.ctrl_c is not None:
            self._scene.clock.set_alarm(step.ctrl_c, ring)
        yield
        self._scene.clock.clear_alarm()
