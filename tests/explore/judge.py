"""The judge of a path: gives each event to the laws, and bounds how many there are."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from tests.explore import laws_of_asking, laws_of_calls, laws_of_ends, laws_of_keys
from tests.explore.events import Endless
from tests.explore.law import Case

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.explore.commands import Command
    from tests.explore.events import Event
    from tests.explore.law import Law
    from tests.explore.machine import Machine

LAWS: tuple[type[Law], ...] = (
    *laws_of_keys.LAWS,
    *laws_of_calls.LAWS,
    *laws_of_asking.LAWS,
    *laws_of_ends.LAWS,
)
# Laws that `explorer` holds a path against when it has ended.
THE_END, FURTHER, NEXT = "the end is an end", "one further login succeeds", "what is said works"
NAMES = tuple(dict.fromkeys([*(law.name for law in LAWS), THE_END, FURTHER, NEXT]))
# By the name of an event: the places of the laws that hear of it, and their methods.
HEARING: dict[str, list[tuple[int, Callable[[Any, Event], Any]]]] = {}
for _place, _law in enumerate(LAWS):
    for _what, _method in _law.hears().items():
        HEARING.setdefault(_what, []).append((_place, _method))
BOUND = 900  # events of a process: about ten times the longest sound path's


class Judge:
    """The laws of all processes of a path."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.complaints: dict[str, str] = {}
        self.events: list[Event] = []
        self._laws: dict[int, list[Law]] = {}
        self._count = 0

    def begin(
        self,
        command: Command,
        machine: Machine,
        process: int,
        environ: Mapping[str, str],
        *,
        attended: bool,
    ) -> None:
        """Begin to hold a process against the laws."""
        self._count = 0
        case = Case(command, machine, process, attended, self.counts, self.complaints, environ)
        self._laws[process] = [law(case) for law in LAWS]

    def see(self, event: Event) -> None:
        """Give an event to the laws that hear of it.  Raises Endless."""
        self._count += 1
        if self._count > BOUND:
            self.complaints.setdefault(THE_END, f"more than {BOUND} events")
            raise Endless
        self.events.append(event)
        if event.what == "others":
            event_count = self._machine(event).counts
            event_count["others"] = event_count.get("others", 0) + 1
        laws = self._laws[event.process]
        for place, hear in HEARING.get(event.what, ()):
            hear(laws[place], event)

    def _machine(self, event: Event) -> Machine:
        return self._laws[event.process][0].case.machine

    def clear(self) -> None:
        """Forget the processes of another path."""
        self._laws.clear()

    def end(self, process: int, status: int | None) -> None:
        """End a process; its exit status is None when it was killed."""
        for law in self._laws.pop(process):
            law.end(status)

    def memory(self) -> tuple[Any, ...]:
        """Return what the laws remember."""
        return tuple(
            (process, *(law.memory() for law in laws)) for process, laws in self._laws.items()
        )
