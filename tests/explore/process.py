"""One process: a command that runs in a machine, and is judged."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from authkit import cli
from authkit.adapters import world as real_world
from tests.explore import seats
from tests.explore.commands import ALONE, ENVIRON, IN_CI, NO_INPUT, RECORD
from tests.explore.disk import recorded
from tests.explore.events import Crash, Endless, Event
from tests.explore.judge import THE_END
from tests.explore.seats import SEATS, Instead
from tests.explore.world import World

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from authkit.arguments import Options
    from tests.explore.chooser import Chooser
    from tests.explore.commands import Command
    from tests.explore.effects import Effects
    from tests.explore.judge import Judge
    from tests.explore.machine import Machine

NOT_CI = {"", "false", "0", "no"}  # values of CI that forbid nothing (docs/contract.md)
NEVER = {"credential-process", "doctor"}


class Surroundings(NamedTuple):
    """What a process stands in: the machine, who chooses, who judges.

    `ci` is the value of CI where the command's way of asking is that.
    """

    machine: Machine
    chooser: Chooser
    judge: Judge
    ci: str = "true"


def begun_with(command: Command) -> tuple[object, ...]:
    """Return what of a command tells what can follow, beside the machine that it begins in.

    Of two commands of the same line one may have failures that are common there and rare for
    the other, or a person who answers in another way.
    """
    line = (command.words, command.config, command.stdin, command.aws_files)
    return (*line, command.way, command.keeps, command.singly, bool(command.wrong), command.ways)


class Process:
    """A process, with a number of its own."""

    def __init__(
        self,
        command: Command,
        around: Surroundings,
        number: int,
        turn: Callable[[Effects, str], None] | None = None,
    ) -> None:
        self.command, self.number = command, number
        self.world: World | None = None
        self.status: int | None = None
        self._around, self._turn = around, turn
        ci = {"CI": around.ci} if command.way == IN_CI else {}
        self._environ: Mapping[str, str] = {**ENVIRON, **command.environ, **ci}
        self._begun_with = (*begun_with(command), *sorted(self._environ.items()))
        judge, machine = around.judge, around.machine
        judge.begin(command, machine, number, self._environ, attended=self.attended)

    @property
    def seat(self) -> str:
        """Where it sits (``seats``)."""
        return seats.ALONE if self.command.way == ALONE else self._around.machine.seat

    @property
    def attended(self) -> bool:
        """Whether anybody may be asked (docs/contract.md, "Streams and exit codes")."""
        command = self.command
        ci = self._environ.get("CI", "").lower()
        forbidden = ci not in NOT_CI or command.way == NO_INPUT or SEATS[self.seat].why
        return not (forbidden or "--stdin" in command.line or command.verb in NEVER)

    def state(self) -> tuple[object, ...]:
        """Return what it has beside its stack: what it was begun with, and what its World has."""
        world = self.world
        return (*self._begun_with, world and world.unasked, world and world.state())

    def run(self) -> int | None:
        """Run it; return its exit status, None when it was killed.  Raises Cut."""
        judge = self._around.judge
        try:
            self.status = cli.main(self.command.words, self._make_world)
        except Crash:
            pass
        except Endless:
            judge.complaints.setdefault(THE_END, "it never ends")
        if self.command.real == RECORD:
            self._see_recording()
        self._around.machine.free(self.number)
        judge.end(self.number, self.status)
        return self.status

    def _see_recording(self) -> None:
        """Have the laws see the recording, and remove it."""
        file = recorded()
        if file.exists():
            about = (file.read_text(encoding="utf-8"), file.stat().st_mode)
            self._around.judge.see(Event("recording", about, process=self.number))
            file.unlink()

    def _make_world(self, options: Options) -> World:
        """Return the World that authkit makes, with this one in the place of the real one."""
        with Instead(real_world, "RealWorld", self._world):
            self.world = cli._real_world(options)  # type: ignore[assignment]  # noqa: SLF001
        assert self.world
        return self.world

    def _world(self, config: str | None = None, *, no_input: bool, unasked: str) -> World:
        around = self._around
        world = World(
            *(around.machine, around.chooser, around.judge.see, config),
            no_input=no_input,
            unasked=unasked,
            environ=self._environ,
            seat=self.seat,
            real=self.command.real,
            narrowly=self.command.narrowly,
            stdin=self.command.stdin,
            keeps=self.command.keeps,
            process=self.number,
            turn=self._turn,
        )
        world.singly = self.command.singly
        return world
