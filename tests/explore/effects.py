"""What every port of a process does: takes a choice, records the call, and may end it there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.explore import others
from tests.explore.answers import CTRL_C, FOR_GOOD, KILLED, OK
from tests.explore.events import Crash, Event
from tests.explore.failures import CTRL_C_FIRST, KINDS, MORE, ONE, widened
from tests.explore.mixed import FAILING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from authkit.adapters.clock import CorrectedClock
    from tests.explore.chooser import Choice, Chooser
    from tests.explore.machine import Machine

    Record = Callable[[Event], None]
    Turn = Callable[["Effects", str], None]


PLAIN = {OK, "0"}


class Effects:
    """The effects of one process on a machine."""

    clock: CorrectedClock
    choose: Callable[[Choice], str]
    unasked = ""  # why nobody can be asked
    environ: Mapping[str, str]
    singly = False  # whether every failure is an option (``failures``)

    def __init__(
        self, machine: Machine, chooser: Chooser, record: Record, process: int, turn: Turn | None
    ) -> None:
        self.machine, self.process = machine, process
        self.choose = chooser.choose
        self.dead = False
        self.typed_at = machine.now  # when a code was typed last
        self.time_refused = False  # of the call before
        self._record, self._turn = record, turn

    def state(self) -> tuple[object, ...]:
        """Return what this process has beside its stack."""
        return (
            self.process,
            self.typed_at.timestamp(),
            self.time_refused,
            self.clock.offset,
            self.dead,
            self.unasked,
        )

    def note(self, what: str, about: Any = None, outcome: str = OK) -> None:  # noqa: ANN401
        """Record a call."""
        self._record(Event(what, about, outcome, self.process))

    def enter(self, what: str = "") -> None:
        """Begin an effect: a dead process has none, and another process may go on first."""
        if self.dead:
            raise Crash
        if self._turn:
            self._turn(self, what)

    def chosen(self, choice: Choice, about: object = None) -> str:
        """Begin an effect, and return its outcome: `about` is whose it is.

        Raises KeyboardInterrupt.
        """
        self.enter(choice.what)
        if self.machine.failing and type(about) is str:
            failing = FAILING[self.machine.failing]
            return failing.get((choice.what, about), choice.options[0])
        outcome = self._failing(choice) if self.singly else self.choose(choice)
        if (
            outcome not in PLAIN
            and (done := others.act(self.machine, outcome)) is not others.UNABLE
        ):
            self.note("others", (outcome, done))
        return outcome

    def seldom(self, choice: Choice) -> str:
        """Begin an effect that fails only where every failure is an option."""
        return self.chosen(choice) if self.singly else OK

    def _failing(self, choice: Choice) -> str:
        """Return an outcome: one that was chosen for good, or one of all that there are."""
        said, kind = self.machine.answers, KINDS.get(choice.what, "")
        for name in (kind, f"{ONE}{choice.what}"):
            if name in said:
                return said[name]
        outcome = self.choose(widened(choice))
        if outcome == CTRL_C_FIRST:
            self.note("cancel", choice.what, outcome)
            raise KeyboardInterrupt
        if outcome in MORE.get(choice.what, ()) and outcome.endswith(FOR_GOOD):
            outcome = said[kind] = outcome.removesuffix(FOR_GOOD)
        return outcome

    def after(self, outcome: str) -> None:
        """End an effect.  Raises Crash, KeyboardInterrupt."""
        if outcome == KILLED:
            self.dead = True
            raise Crash
        if outcome == CTRL_C:
            raise KeyboardInterrupt
