"""The stage of level terminal: a real authkit process at a real terminal, STS over HTTP.

This process serves the simulator, one server for all stories.  authkit, the
commands that `exec` runs and other logins are processes of their own.

All processes use one clock, the simulator's.  It stands still: time passes only
when a process waits, at once and for all of them.  If a process's clock ticked
on from the step's instant, a screen would show ``35h 59m`` on a slow machine and
``36h 0m`` on a quick one.  As it is, the latency of the story's account decides,
as at the other levels, and the screen is the same to the letter.
"""

from __future__ import annotations

import re
import tempfile
from contextlib import contextmanager
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from authkit.arguments import parse
from authkit.core.entries import SERVICE
from fakes.world import network
from fakes.world.children import Child
from fakes.world.journal import Journal
from fakes.world.launcher import ENDPOINT
from fakes.world.prompter import Answer, Person, Unscripted
from scenarios.replay.stages.events import prepare
from scenarios.replay.stages.lock_files import LockFiles
from scenarios.replay.stages.machine import Machine
from scenarios.replay.stages.pty_session import Program, PtySession
from scenarios.replay.stages.stage import Observed, Others, finished, not_run, unanswered
from scenarios.replay.stages.state_files import StateFiles
from sts_simulator.account.clock import Clock
from sts_simulator.account.faults import BREAKAGES
from sts_simulator.account.ids import SEED
from sts_simulator.server.server import Server
from sts_simulator.server.simulation import Simulation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from scenarios.replay.story.model import Step, Story
    from sts_simulator.account.account import Account
    from sts_simulator.account.calls import Call
    from sts_simulator.account.faults import Fault

MFA_PROCESS = "print-code"  # what stories call the command in `mfa_process`
_PORT = "sts "  # the only port whose effects can be observed from outside the process
_SHOWN = ("DurationSeconds", "SerialNumber", "RoleArn")  # the parameters in a call's line, in order


@cache
def _server() -> Server:
    """Return the server of all stories.  Its threads end with this process."""
    return Server(Simulation({})).__enter__()


@contextmanager
def opened(story: Story) -> Iterator[TerminalStage]:
    """Open a stage with an empty machine, and the story's account in the simulator."""
    server = _server()
    clock = Clock(story.now)
    server.simulation.clock = clock
    server.simulation.faults.clear()
    server.simulation.load(story.account, SEED)
    with tempfile.TemporaryDirectory(prefix="authkit-story-") as folder:
        machine = Machine(Path(folder), server.endpoint, str(story.zone))
        yield TerminalStage(story, server.simulation.account, clock, machine)


class TerminalStage:
    """A stage, and the `Setting` that events act on."""

    def __init__(self, story: Story, account: Account, clock: Clock, machine: Machine) -> None:
        self.account = account
        self.clock = clock
        self.keyring = machine.keyring
        self.locks = LockFiles(machine.state, clock)
        self.state = StateFiles(machine.state)
        self.files = StateFiles(machine.home)
        self._story = story
        self._machine = machine
        self._of_others: list[Call] = []  # of the present step
        self._sessions: list[PtySession] = []  # the same
        self.config = story.config
        self.keyring.state = story.keyring_state
        self.keyring.put(SERVICE, story.keyring)
        machine.put_sessions(story.sessions, marked=[*story.keyring])
        machine.put_files(story.files)

    @property
    def config(self) -> str | None:
        """The text of the config file, None when there is none."""
        return self._config

    @config.setter
    def config(self, text: str | None) -> None:
        self._config = text
        self._machine.configure(text)

    def open_config(self) -> None:
        """Let others than the user write to the config file."""
        self._machine.open_config()

    def log_in(self, name: str, code: str) -> None:
        """Log in to the identity in another process, at another terminal."""
        if code:
            self._machine.install_runs(MFA_PROCESS, [Child(says=code)])
        program = self._machine.authkit(("login", "--identity", name), {}, None)
        person = Person([Answer("Enter MFA Token", code)] if code else [])
        PtySession().play(program, person)

    def run(self, step: Step) -> Observed:
        """Apply what comes before the step's command, run the command.  Raises BadStory."""
        prepare(self, self._story, step)
        self._of_others, self._sessions = [], []
        with self._faults(step) as pending, self._alarms(step):
            observed = self._play(step)
        return finished(observed, pending)

    def _play(self, step: Step) -> Observed:
        """Run a command at a terminal of its own."""
        already, began = len(self.account.calls), self.clock.now()
        others = Others(step, self._play)
        program, person = self._program(step), Person(step.script.answers, others.asked)
        session, off_script, status = PtySession(), [], None
        self._sessions.append(session)
        others.set_alarms(self.clock)
        if step.ctrl_c is not None:
            self.clock.set_alarm(step.ctrl_c, session.interrupt)
        try:
            status = session.play(program, person)
        except Unscripted as off:
            off_script.append(str(off))
        unused = self._machine.unused() if step.mfa_process else 0
        return Observed(
            self._journal(session.screen, self._own_calls(already), began),
            status,
            self.keyring.entries(SERVICE),
            self._machine.sessions(),
            self._machine.files([*step.files]),
            self._machine.found() if step.child else None,
            (*unanswered(off_script, person), *not_run(unused)),
            meanwhile=others.observed,
            only=_PORT,
            unreached=any(fault.answer in network.WORDS for fault in step.faults),
        )

    def _own_calls(self, already: int) -> list[Call]:
        """Return the calls since the first `already` ones, without those of other commands."""
        others = {id(call) for call in self._of_others}
        own = [call for call in self.account.calls[already:] if id(call) not in others]
        self._of_others += own
        return own

    def _program(self, step: Step) -> Program:
        """Return the step's command; the program that `exec` is to run is installed."""
        stdin = step.stdin if step.piped or not step.interactive else None
        named = {ENDPOINT: self._story.endpoint}
        environ = {**self._story.environ, **named, **step.environ}
        if step.child:
            command = [*parse(step.arguments).child, environ.get("SHELL", "")]
            self._machine.install(command[0], step.child)
        self._machine.install_runs(MFA_PROCESS, step.mfa_process)
        return self._machine.authkit(step.arguments, environ, stdin, own_terminal=step.interactive)

    @contextmanager
    def _alarms(self, step: Step) -> Iterator[None]:
        """Forget the alarms of a step at its end."""
        yield
        if step.ctrl_c is not None or step.meanwhile:
            self.clock.clear_alarms()

    def _journal(self, screen: str, calls: Sequence[Call], began: datetime) -> Journal:
        journal = Journal()
        journal.began = began  # when each line came on the screen is not known
        journal.wrote(self._machine.as_told(screen, [each.process for each in self._sessions]))
        for call, then in pairwise([*calls, None]):
            if call and not _is_signed_again(call, then):
                journal.did(_effect(call))
        return journal

    @contextmanager
    def _faults(self, step: Step) -> Iterator[list[Fault]]:
        """Inject the step's faults; the list holds those that did not happen, at the end."""
        left: list[Fault] = []
        keyring = [fault for fault in step.faults if fault.on.startswith("keyring.")]
        on_the_way = [fault for fault in step.faults if fault.answer in network.WORDS]
        self.keyring.faults = keyring
        self._machine.network.faults = on_the_way
        elsewhere = [*keyring, *on_the_way]
        self.account.faults.add(*[fault for fault in step.faults if fault not in elsewhere])
        yield left
        left += [*self.keyring.faults, *self._machine.network.faults]
        left += self.account.faults.pending()
        self.account.faults.clear()


def _is_signed_again(call: Call, then: Call | None) -> bool:
    """Tell whether authkit made the same call again since STS refused its time (B-L10).

    The two are one effect.
    """
    if then is None or not re.match("Signature (expired|not yet)", call.message or ""):
        return False
    return (call.operation, call.access_key_id) == (then.operation, then.access_key_id)


def _effect(call: Call) -> str:
    """Return a call's line, as ``authkit.core.effects`` writes it."""
    words = [call.operation, call.access_key_id or "unsigned", *_shown(call)]
    came_of_it = _came_of(call)
    return f"{_PORT}{' '.join(words)}" + (f" -> {came_of_it}" if came_of_it else "")


def _shown(call: Call) -> list[str]:
    return [call.parameters[name] for name in _SHOWN if name in call.parameters]


def _came_of(call: Call) -> str:
    if call.code in BREAKAGES:
        return "no answer" if call.status is None else "broken answer"
    return call.code or ""
