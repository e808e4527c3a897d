"""The stage of the levels fakes and boto3: authkit runs in this process, among the fakes.

At level boto3 STS is called through the AWS library: ``scenarios.replay.stages.boto3``.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from authkit.core import entries
from authkit.core.model import Marker
from authkit.recording.applied_rules import noting_rules
from fakes.world import network
from fakes.world.journal import Journal
from fakes.world.prompter import INTERRUPT, Person, Unscripted
from fakes.world.scene import Inputs, run_command
from scenarios.replay.stages.events import prepare
from scenarios.replay.stages.stage import (
    Observed,
    Others,
    by_identity,
    finished,
    not_run,
    unanswered,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fakes.world.scene import Scene
    from scenarios.replay.story.model import Step, Story
    from sts_simulator.account.faults import Fault


class FakeStage:
    """A stage on which everything but STS is a fake.  Events act on `scene`."""

    def __init__(self, story: Story, scene: Scene) -> None:
        self._story = story
        self._scene = scene
        scene.environ.update(story.environ)
        if story.endpoint:
            scene.environ["AWS_ENDPOINT_URL"] = story.endpoint
        scene.config = story.config
        scene.keyring.state = story.keyring_state
        for name, entry in story.keyring.items():
            scene.keyring.entries[entries.SERVICE, name] = entry
            scene.sessions.markers.mark(
                name, Marker()
            )  # authkit leaves a marker when it saves keys
        scene.sessions.texts.update(story.sessions)
        for path, text in story.files.items():
            scene.files.put(path, text)

    def run(self, step: Step) -> Observed:
        """Apply what comes before the step's command, run the command.  Raises BadStory."""
        prepare(self._scene, self._story, step)
        with self._faults(step) as pending, self._alarms():
            observed = self._play(step)
        return finished(observed, pending)

    def _play(self, step: Step) -> Observed:
        """Run a command at a terminal of its own."""
        journal, others = Journal(now=self._scene.clock.now), Others(step, self._play)
        person = Person(step.script.answers, others.asked)
        somebody = person if step.interactive else None
        inputs = Inputs(somebody, step.child, step.stdin, step.environ, step.mfa_process)
        off_script: list[str] = []
        status, child_environ, unused = None, None, 0
        self._set_alarms(step, journal, others)
        with noting_rules() as found:
            try:
                result = run_command(self._scene, inputs, step.arguments, journal)
                status, child_environ, unused = result
            except Unscripted as off:
                off_script.append(str(off))
        return Observed(
            journal,
            status,
            {name: entry for (_, name), entry in self._scene.keyring.entries.items()},
            by_identity(self._scene.sessions.texts),
            self._scene.files.in_home(),
            child_environ,
            (*unanswered(off_script, person), *not_run(unused)),
            tuple(found),
            others.observed,
        )

    @contextmanager
    def _faults(self, step: Step) -> Iterator[list[Fault]]:
        """Inject the step's faults; the list holds those that did not happen, at the end."""
        left: list[Fault] = []
        scene = self._scene
        places = {"keyring": scene.keyring.faults}
        places |= dict.fromkeys(("session", "mark", "codes"), scene.sessions.faults)
        places["file"] = scene.files.faults
        for fault in step.faults:
            of_sts = scene.network if fault.answer in network.WORDS else scene.account.faults
            places.get(fault.on.partition(".")[0], of_sts).add(fault)
        yield left
        faulty = (scene.keyring, scene.sessions, scene.files, scene.account)
        for faults in (scene.network, *(place.faults for place in faulty)):
            left += faults.pending()
            faults.clear()

    @contextmanager
    def _alarms(self) -> Iterator[None]:
        """Forget the alarms of a step at its end."""
        yield
        self._scene.clock.clear_alarms()

    def _set_alarms(self, step: Step, journal: Journal, others: Others) -> None:
        """Have Ctrl-C pressed, and other commands run, at the times that the step gives."""

        def press() -> None:
            journal.wrote(INTERRUPT)
            raise KeyboardInterrupt

        others.set_alarms(self._scene.clock)
        if step.ctrl_c is not None:
            self._scene.clock.set_alarm(step.ctrl_c, press)
