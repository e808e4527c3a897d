"""Level terminal: a real authkit process on a real terminal, the simulator behind HTTP.

The simulator is served from this process, one for all stories; authkit, the
commands that `exec` runs and other logins are processes of their own.

All of them live by one clock, the simulator's, and it stands still: time passes
only when somebody waits, at once, and for everybody.  A process that ticked on
from a step's instant would show ``35h 59m`` or ``36h 0m`` as the machine is
slow or quick.  So the latency of the story's account is what makes it 35h 59m
here as at the other levels, and a screen is the story's to the letter.
"""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from authkit.core.entries import SERVICE
from fakes.world.journal import Journal
from fakes.world.prompter import Answer, OffScript, Person
from scenarios.replay.stages.events import prepare
from scenarios.replay.stages.machine import Machine
from scenarios.replay.stages.meanwhile import RealLocks, StoryClock
from scenarios.replay.stages.sitting import Program, Sitting
from scenarios.replay.stages.stage import Observed, troubles
from sts_simulator.account.account import SEED
from sts_simulator.account.faults import BREAKAGES
from sts_simulator.server.server import Server
from sts_simulator.server.simulation import Simulation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scenarios.replay.story.model import Step, Story
    from sts_simulator.account.account import Account
    from sts_simulator.account.calls import Call
    from sts_simulator.account.faults import Fault

_PORT = "sts "  # whose effects can be seen from outside
_SHOWN = ("DurationSeconds", "SerialNumber", "RoleArn")  # of a call's parameters, in this order

_served: list[Server] = []


def _server() -> Server:
    """Return the one there is; its threads end with this process."""
    if not _served:
        _served.append(Server(Simulation({})).__enter__())
    return _served[0]


@contextmanager
def opened(story: Story) -> Iterator[TerminalStage]:
    """Open a story's stage: an empty machine, and the simulator as its account."""
    server = _server()
    clock = StoryClock(story.now)
    server.simulation.clock = clock
    server.simulation.faults.clear()
    server.simulation.load(story.account, SEED)
    with tempfile.TemporaryDirectory(prefix="authkit-story-") as folder:
        machine = Machine(Path(folder), server.endpoint, str(story.zone))
        yield TerminalStage(story, server.simulation.account, clock, machine)


class TerminalStage:
    """A stage, and the setting that events happen to."""

    def __init__(self, story: Story, account: Account, clock: StoryClock, machine: Machine) -> None:
        self.account = account
        self.clock = clock
        self.keyring = machine.keyring
        self.locks = RealLocks(machine.state / "locks", clock)
        self._story = story
        self._machine = machine
        self.config = story.config
        self.keyring.state = story.keyring_state
        self.keyring.put(SERVICE, story.keyring)
        machine.put_sessions(story.sessions, marked=[*story.keyring])

    @property
    def config(self) -> str | None:
        """The config file's text, None: there is none."""
        return self._config

    @config.setter
    def config(self, text: str | None) -> None:
        self._config = text
        self._machine.configure(text)

    def log_in(self, name: str, code: str) -> None:
        """Log in as somebody else, at a terminal of her own."""
        program = self._machine.authkit(("login", "--identity", name), {}, None)
        person = Person([Answer("Enter MFA Token", code)] if code else [])
        Sitting().play(program, person)

    def run(self, step: Step) -> Observed:
        """Run a step: first what happens before it, then the command.  Raises BadStory."""
        prepare(self, self._story, step)
        already = len(self.account.calls)
        program, person = self._program(step), Person(step.script.answers)
        off_script, status = [], None
        with self._faults(step) as pending, self._sitting(step) as sitting:
            try:
                status = sitting.play(program, person)
            except OffScript as off:
                off_script.append(str(off))
        return Observed(
            self._journal(sitting.screen, self.account.calls[already:]),
            status,
            self.keyring.entries(SERVICE),
            self._machine.sessions(),
            self._machine.found() if step.child else None,
            troubles(off_script, person, pending),
            only=_PORT,
        )

    def _program(self, step: Step) -> Program:
        """Return the step's command, with the program there that it is to run in turn."""
        if step.child:
            command = step.arguments[step.arguments.index("--") + 1]
            self._machine.install(command, step.child)
        stdin = None if step.interactive else step.stdin
        return self._machine.authkit(step.arguments, {**self._story.environ, **step.environ}, stdin)

    @contextmanager
    def _sitting(self, step: Step) -> Iterator[Sitting]:
        """Sit down at a terminal, to press Ctrl-C there when the step says so."""
        sitting = Sitting()
        if step.ctrl_c is not None:
            self.clock.set_alarm(step.ctrl_c, sitting.interrupt)
        yield sitting
        self.clock.clear_alarms()

    def _journal(self, screen: str, calls: Sequence[Call]) -> Journal:
        journal = Journal()
        journal.wrote(self._machine.as_told(screen))
        for call in calls:
            journal.did(_effect(call))
        return journal

    @contextmanager
    def _faults(self, step: Step) -> Iterator[list[Fault]]:
        """Have the step's faults happen; afterwards the list holds those that did not."""
        left: list[Fault] = []
        keyring = [fault for fault in step.faults if fault.on.startswith("keyring.")]
        self.keyring.faults = keyring
        self.account.faults.add(*[fault for fault in step.faults if fault not in keyring])
        yield left
        left += [*self.keyring.faults, *self.account.faults.pending()]
        self.account.faults.clear()


def _effect(call: Call) -> str:
    """Return a call's line, as ``fakes.world.journaled`` writes it."""
    words = [call.operation, call.access_key_id or "", *_shown(call)]
    came_of_it = _came_of(call)
    return f"{_PORT}{' '.join(words)}" + (f" -> {came_of_it}" if came_of_it else "")


def _shown(call: Call) -> list[str]:
    return [call.parameters[name] for name in _SHOWN if name in call.parameters]


def _came_of(call: Call) -> str:
    if call.code in BREAKAGES:
        return "no answer" if call.status is None else "broken answer"
    return call.code or ""
