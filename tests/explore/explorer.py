"""Walks one path: begins a machine, runs the command in it, and has it judged."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, NamedTuple

from authkit import cli
from tests.explore import answers, starts
from tests.explore.chooser import Chooser, Cut, spelt
from tests.explore.commands import ALONE, COMMANDS, ENVIRON, IN_CI, NO_INPUT, Command
from tests.explore.events import Crash, Endless
from tests.explore.judge import FURTHER, NEXT, THE_END, Judge
from tests.explore.law import is_strange
from tests.explore.machine import NAME
from tests.explore.world import World

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from authkit.arguments import Options
    from tests.explore.events import Event
    from tests.explore.machine import Machine

NOT_CI = {"", "false", "0", "no"}  # values of CI that forbid nothing (docs/contract.md)
NEVER = {"credential-process", "doctor"}


class Path(NamedTuple):
    """One path: its command, its choices, its events, how it ended and what laws it breaks.

    `status` is None when the process was killed, and `cut` tells that the rest of it was
    walked before.
    """

    command: Command
    taken: tuple[int, ...]
    named: tuple[tuple[str, str], ...]
    events: tuple[Event, ...]
    status: int | None
    complaints: dict[str, str]
    cut: bool = False

    @property
    def words(self) -> str:
        """The path as it is given to --path."""
        return f"{self.command.name}:{spelt(self.taken)}"


class Explorer:
    """Walks paths; `counts` is how often each law was exercised, `taken` which options were."""

    def __init__(self, *, full: bool = False) -> None:
        self.full = full
        self.known: dict[Hashable, int] = {}
        self.states = 0
        self.chooser = Chooser()
        self.judge = Judge()
        self.counts = self.judge.counts
        self.taken: set[tuple[str, str]] = set()
        self.offered: set[tuple[str, str]] = set()
        self._ends: dict[Hashable, dict[str, str]] = {}
        self._noted: set[int] = set()
        self.machine: Machine | None = None

    def new_level(self) -> None:
        """Forget the states that are known: paths of another depth begin."""
        self.states = max(self.states, len(self.known))
        self.known.clear()

    def walk(self, command: Command, chooser: Chooser, left: int = 0) -> Path:
        """Walk the path that a chooser chooses; `left` is what its other options may cost."""
        self.chooser = chooser
        judge = self.judge
        judge.complaints, judge.events = {}, []
        judge.clear()
        machine = self.machine = starts.begin(command, chooser)
        cut, status = False, None
        try:
            status = self._run(command, machine, chooser, 1)
        except Cut:
            cut = True
        self._note_choices(chooser)
        if not cut and not judge.complaints:
            machine.free(1)
            self._afterwards(command, machine, status)
        return Path(
            command,
            tuple(chooser.taken),
            tuple(chooser.named()),
            tuple(judge.events),
            status,
            judge.complaints,
            cut,
        )

    def _run(
        self, command: Command, machine: Machine, chooser: Chooser, process: int
    ) -> int | None:
        environ = dict(ENVIRON)
        if command.way == IN_CI:
            value = next(
                (
                    c.options[i]
                    for c, i in zip(chooser.choices, chooser.taken, strict=True)
                    if c is answers.CI
                ),
                "true",
            )
            environ["CI"] = value
        attended = self._attended(command, environ.get("CI", ""))
        judge = self.judge
        judge.begin(command, machine, process, environ, attended=attended)

        def make_world(options: Options) -> World:
            return World(
                *(machine, chooser, judge.see, options),
                environ=environ,
                terminal=command.way != ALONE,
                stdin=command.stdin,
                process=process,
            )

        status: int | None = None
        try:
            status = cli.main(command.words, make_world)
        except Crash:
            pass
        except Endless:
            judge.complaints.setdefault(THE_END, "it never ends")
        judge.end(process, status)
        return status

    @staticmethod
    def _attended(command: Command, ci: str) -> bool:
        """Tell whether anybody may be asked (docs/contract.md, "Streams and exit codes")."""
        forbidden = ci.lower() not in NOT_CI or command.way in {ALONE, NO_INPUT}
        return not (forbidden or "--stdin" in command.line or command.verb in NEVER)

    def _note_choices(self, chooser: Chooser) -> None:
        for choice, index in zip(chooser.choices, chooser.taken, strict=True):
            if id(choice) not in self._noted:
                self._noted.add(id(choice))
                self.offered |= {(choice.what, option) for option in choice.options}
            self.taken.add((choice.what, choice.options[index]))

    # What holds once a path has ended.

    def _afterwards(self, command: Command, machine: Machine, status: int | None) -> None:
        """Hold the end against the laws about what comes next: once for each end that differs."""
        next_ = "" if status in {None, 0} else self._said()
        place = (command.config, machine.end(), next_, command.aws_files)
        if place not in self._ends:
            events, complaints = self.judge.events, self.judge.complaints
            found: dict[str, str] = {}
            if not command.aws_files:
                found = self._login_works(command, machine.copy())
            if next_:
                found |= self._next_works(command, machine.copy(), next_)
            self._ends[place] = found
            self.judge.events, self.judge.complaints = events, complaints
        self.counts[FURTHER] += 1
        self.counts[NEXT] += bool(next_)
        self.judge.complaints |= self._ends[place]

    def _said(self) -> str:
        """Return the last text that says what to run."""
        texts = [event.about for event in self.judge.events if event.what == "say"]
        return next((text for text in reversed(texts) if "'authkit " in text), "")

    def _login_works(self, command: Command, machine: Machine) -> dict[str, str]:
        """B-A04: a person with right answers logs in, after configuring what was corrupt."""
        mended(machine)
        plain = COMMANDS["login"]._replace(config=command.config)
        entry = machine.entries.get(NAME)
        if is_strange(entry) or ":aws-cn:" in (entry or ""):
            self._further(COMMANDS["configure"]._replace(config=command.config), machine)
        return self._further(plain, machine)

    def _further(self, command: Command, machine: Machine) -> dict[str, str]:
        judge = self.judge
        judge.events, judge.complaints = [], {}
        chooser = Chooser()
        status = self._run(command, machine, chooser, 9)
        if judge.complaints:
            return {FURTHER: f"{' '.join(command.line)}: {judge.complaints}"}
        if status != 0:
            said = [event.about for event in judge.events if event.what == "say"]
            return {FURTHER: f"{' '.join(command.line)}: exit {status}: {said[-1:]}"}
        return {}

    def _next_works(self, command: Command, machine: Machine, said: str) -> dict[str, str]:
        """B-L27: the command that a message names works, with a person who has right answers."""
        mended(machine)
        for line in re.findall(r"'authkit ([^']*)'", said):
            if any(word in line for word in ("…", "NAME", "FILE", "DEBUG", "--help")):
                continue
            try:
                words = shlex.split(line.replace("COMMAND", "x"))
            except ValueError:
                return {NEXT: f"{line!r} is no line of a shell"}
            follows = command._replace(line=tuple(words), way="", starts=())
            judge = self.judge
            judge.events, judge.complaints = [], {}
            status = self._run(follows, machine.copy(), Chooser(), 9)
            if status != 0 or judge.complaints:
                texts = [event.about for event in judge.events if event.what == "say"]
                return {NEXT: f"{line}: exit {status}: {texts[-1:]} {judge.complaints}"}
        return {}


def mended(machine: Machine) -> None:
    """End what was wrong with the world: what remains is what authkit has left."""
    machine.answers = {name: said for name, said in machine.answers.items() if _of_pair(name)}
    machine.locks, machine.writer = {}, None


def _of_pair(name: str) -> bool:
    return name.startswith("AKIA")


def walked(name: str, prefix: Sequence[int]) -> Path:
    """Walk one path of a command anew."""
    return Explorer().walk(COMMANDS[name], Chooser(prefix))
