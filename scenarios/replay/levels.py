"""The levels at which a story is replayed: how much of the world is real.

A level makes a `Stage` of a story, and the stage runs its steps one by one.
``fakes`` and ``boto3`` differ in the skin of STS, the directory behind it and
who else follows the clock, and in nothing else.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from authkit import cli, vault
from fakes.clock import VirtualClock
from fakes.journal import Journal
from fakes.prompter import INTERRUPT, OffScript, Person
from fakes.world import Cast, Scene, open_account, perform, port_skin
from scenarios.replay.story import BadStory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from contextlib import AbstractContextManager

    from fakes.faults import Fault
    from fakes.world import Main
    from scenarios.replay.story import Step, Story


@dataclass(frozen=True)
class Observed:
    """What came of a step.

    `keyring` and `sessions` are the raw texts left behind.  `troubles` are
    what the story itself got wrong: questions without answers, answers without
    questions, faults that never came due.
    """

    journal: Journal
    exit: int | None
    keyring: Mapping[str, str]
    sessions: Mapping[str, str]
    child_environ: Mapping[str, str] | None = None
    troubles: tuple[str, ...] = ()

    @property
    def screen(self) -> str:
        """All that was to be seen."""
        return self.journal.screen

    @property
    def does(self) -> tuple[str, ...]:
        """The effects, in order."""
        return self.journal.effects


class Stage(Protocol):
    """A story's world, as it stands between two steps."""

    def run(self, step: Step) -> Observed:
        """Run a step."""


@contextmanager
def fakes(story: Story, main: Main = cli.main) -> Iterator[FakeStage]:
    """Everything in memory, STS behind authkit's own port."""
    clock = VirtualClock(story.now, story.zone)
    account = open_account(story.account, story.account_settings, clock)
    yield FakeStage(story, Scene(main, account, clock, port_skin(account, clock)))


@contextmanager
def boto3(story: Story, main: Main = cli.main) -> Iterator[FakeStage]:
    """A real boto3 client, IAM kept by moto, and the clock of the whole process frozen."""
    from scenarios.replay.aws import frozen_scene  # noqa: PLC0415 - slow, and not needed for fakes

    with frozen_scene(story, main) as scene:
        yield FakeStage(story, scene)


# A level is opened for one story and closed after it.  `terminal`, a real process
# behind a real terminal, has its place here and is not built yet.
LEVELS: dict[str, Callable[[Story], AbstractContextManager[Stage]]] = {
    "fakes": fakes,
    "boto3": boto3,
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
            scene.keyring.entries[vault.SERVICE, name] = entry
            scene.sessions.mark(name)  # as whoever saved it has done
        scene.sessions.texts.update(story.sessions)

    def run(self, step: Step) -> Observed:
        """Run a step: first what happens before it, then the command.  Raises BadStory."""
        self._move_on(step)
        journal, person = Journal(), Person(step.script.answers)
        cast = Cast(person if step.interactive else None, step.child, step.stdin, step.environ)
        off_script: list[str] = []
        status = child_environ = None
        with self._faults(step) as pending, self._alarm(step, journal):
            try:
                status, child_environ = perform(self._scene, cast, step.arguments, journal)
            except OffScript as off:
                off_script.append(str(off))
        unasked = [f"nobody asks for {answer.title!r}" for answer in person.unasked]
        return Observed(
            journal,
            status,
            {name: entry for (_, name), entry in self._scene.keyring.entries.items()},
            dict(self._scene.sessions.texts),
            child_environ,
            (
                *off_script,
                *unasked,
                *(f"the fault on {fault.on} does not happen" for fault in pending),
            ),
        )

    def _move_on(self, step: Step) -> None:
        scene, story = self._scene, self._story
        if step.at is not None:
            scene.clock.move_to(step.at if isinstance(step.at, datetime) else story.now + step.at)
        if step.config is not None:
            scene.config = step.config if isinstance(step.config, str) else None
        for event in step.events:
            try:
                event.happen(scene)
            except LookupError as error:
                reason = f"{event.text!r} cannot happen: {error.args[0]}"
                raise BadStory(story.path, step.line, reason) from None

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
            left += [fault for fault in faults.pending() if fault.times]
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
