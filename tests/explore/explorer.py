"""Walks one path: begins a machine, runs commands in it, and has them judged."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from tests.explore import answers, beginnings, history, interleaving
from tests.explore.afterwards import Afterwards
from tests.explore.chooser import Chooser, Cut, spelt
from tests.explore.commands import COMMANDS
from tests.explore.judge import FURTHER, NEXT, Judge
from tests.explore.process import Process, Surroundings
from tests.explore.reduction import Known, digest, fingerprint

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.explore.chooser import Choice
    from tests.explore.commands import Command
    from tests.explore.events import Event
    from tests.explore.judge import Mark
    from tests.explore.machine import Machine


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
    """Walks paths.

    `counts` is how often each law was exercised, and `taken` how often each option of those that
    were `offered`, the `plain` ones too.
    `machine` is that of the last path, None where it was cut before there was one.

    With `full` no path is cut at a state that is `known`.
    """

    def __init__(self, *, full: bool = False) -> None:
        self.full = full
        self.known: dict[bytes, int] = {}
        self.states = 0  # that were met, at the depth that met most
        self.chooser = Chooser()
        self.taken = Counter[tuple[str, str]]()
        self.offered: set[tuple[str, str]] = set()
        self.plain: set[tuple[str, str]] = set()
        self._judge = Judge()
        self.counts = self._judge.counts
        self._afterwards = Afterwards()
        self._noted: set[int] = set()
        self._command = COMMANDS["login"]
        self.machine: Machine | None = None
        self._process: Process | None = None
        self._many: interleaving.Interleaving | None = None
        self._ended: object = None  # of the command that has ended, what later ones depend on

    def new_level(self) -> None:
        """Forget the states that are known: paths of another depth begin."""
        self.states = max(self.states, len(self.known))
        self.known.clear()

    def walk(
        self, command: Command, prefix: Sequence[int], left: int = 0, mark: Mark | None = None
    ) -> Path:
        """Walk the path of a prefix; `left` is what the options behind it may cost.

        With the `mark` of the choice at which it branches off it is judged from there on.
        Raises MisfitError.
        """
        judge = self._judge
        judge.clear(mark)
        self._command = command
        self.machine = self._process = self._many = None
        self._ended = None
        known = None if self.full else Known(self.known, left, self._state, judge.close)
        chooser = self.chooser = Chooser(prefix, self._behind(known, left), self._branches_off)
        cut, status = False, None
        try:
            status = self._walked(command, chooser)
        except Cut:
            cut = True
        if chooser.misfit:
            raise chooser.misfit
        self._note_choices(chooser)
        taken, named = tuple(chooser.taken), tuple(chooser.named())
        events = tuple(judge.events)
        return Path(command, taken, named, events, status, judge.complaints, cut)

    def _walked(self, command: Command, chooser: Chooser) -> int | None:
        """Run a command, and what comes after it; return the last exit status."""
        judge, command = self._judge, beginnings.come_to(command, chooser)
        machine = self.machine = beginnings.begin(command, chooser)
        around = Surroundings(machine, chooser, judge, _value_of_ci(chooser))
        number = 0
        while True:
            number += 1
            if command.beside:
                self._many = interleaving.Interleaving(command, around)
                status = self._many.run()
            else:
                self._process = Process(command, around, number)
                status = self._process.run()
            self._process = None
            self._ended = (number, command.config, command.aws_files, command.way, around.ci)
            if judge.complaints:
                return status
            if not judge.waits:
                self._held_afterwards(command, machine, status)
            follows = history.after(command, machine, chooser, judge, number)
            if follows is None or judge.complaints:
                return status
            command = follows

    def _branches_off(self) -> None:
        """Judge the path from here on."""
        if self.machine:
            self._judge.resume(self.machine)

    def _behind(self, known: Known | None, left: int) -> Callable[[Choice], bool] | None:
        """Return what is called before a choice behind the prefix: it tells where to cut."""
        if not left:
            return known

        def look(choice: Choice) -> bool:
            if known and known(choice):
                return True
            chooser, machine = self.chooser, self.machine
            if machine and any(0 < cost <= left for cost in choice.costs):
                chooser.marks[len(chooser.taken)] = self._judge.mark(machine)
            return False

        return look

    def _held_afterwards(self, command: Command, machine: Machine, status: int | None) -> None:
        said = "" if status in {None, 0} or command.beside else self._judge.said
        self.counts[FURTHER] += 1
        self.counts[NEXT] += bool(said)
        self._judge.complaints |= self._afterwards.complaints(command, machine, said)

    def _state(self) -> bytes:
        """Return the state of the path: before its command begins, the choices are all of it.

        They are too where real code runs: what libraries hold, and their clocks, differ each time.
        """
        process = self._process
        machine = None if self._command.real else self.machine
        if machine and self._many:
            return fingerprint(machine, self._judge, self._many.stacks())
        if machine and process and process.world:
            frame = sys._getframe(2)  # noqa: SLF001 - there is no other way to the stack
            return fingerprint(machine, self._judge, [(process, frame)])
        if machine and self._ended:  # a history goes on
            return digest([self._ended, machine.state()])
        return repr((self._command.name, self.chooser.taken)).encode()

    def _note_choices(self, chooser: Chooser) -> None:
        for choice, index in zip(chooser.choices, chooser.taken, strict=True):
            if id(choice) not in self._noted:
                self._noted.add(id(choice))
                self.offered |= {(choice.what, option) for option in choice.options}
                self.plain.add((choice.what, choice.options[0]))
            self.taken[choice.what, choice.options[index]] += 1


def _value_of_ci(chooser: Chooser) -> str:
    """Return the value of CI that was chosen at the start."""
    taken = zip(chooser.choices, chooser.taken, strict=True)
    return next((c.options[i] for c, i in taken if c is answers.CI), "true")
