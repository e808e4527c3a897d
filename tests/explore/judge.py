"""The judge of a path: gives each event to the laws, and bounds how many there are."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from tests.explore import (
    laws_of_asking,
    laws_of_calls,
    laws_of_ends,
    laws_of_files,
    laws_of_keys,
    laws_of_requests,
    laws_of_words,
)
from tests.explore.events import Endless, Event
from tests.explore.law import Case

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.explore.commands import Command
    from tests.explore.law import Law
    from tests.explore.machine import Machine

LAWS: tuple[type[Law], ...] = (
    *laws_of_keys.LAWS,
    *laws_of_calls.LAWS,
    *laws_of_asking.LAWS,
    *laws_of_ends.LAWS,
    *laws_of_files.LAWS,
    *laws_of_words.LAWS,
    *laws_of_requests.LAWS,
)
# Laws that `explorer` holds a path against when it has ended.
THE_END, FURTHER, NEXT = "the end is an end", "one further login succeeds", "what is said works"
NAMES = tuple(dict.fromkeys([*(law.name for law in LAWS), THE_END, FURTHER, NEXT]))
# Effects that change what other processes look at.
CHANGES = {"set", "delete", "replace", "drop", "mark", "unmark"}
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
        self.closed = False  # the path was cut: what a process does when it is ended is nothing
        self.said = ""  # the last text that names a command

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
        case = Case(
            command, machine, process, attended, self.counts, self.complaints, environ, command.verb
        )
        self._laws[process] = [law(case) for law in LAWS]

    def see(self, event: Event) -> None:
        """Give an event to the laws that hear of it.  Raises Endless."""
        if self.closed:
            return
        self._count += 1
        if self._count > BOUND:
            self.complaints.setdefault(THE_END, f"more than {BOUND} events")
            raise Endless
        self.events.append(event)
        if event.what == "say" and "'authkit " in event.about:
            self.said = event.about
        if event.what == "others":
            self._machine(event).counts["others"] = 1
        laws = self._laws[event.process]
        for place, hear in HEARING.get(event.what, ()):
            hear(laws[place], event)
        if len(self._laws) > 1 and (event.what in CHANGES or event.what == "others"):
            for process in self._laws.keys() - {event.process}:
                self._others_changed(process)

    def _others_changed(self, process: int) -> None:
        """Tell a process's laws that another one has changed what is kept."""
        counts = self._laws[process][0].case.machine.counts
        counts["others"] = 1
        event = Event("others", process=process)
        for place, hear in HEARING.get("others", ()):
            hear(self._laws[process][place], event)

    def _machine(self, event: Event) -> Machine:
        return self._laws[event.process][0].case.machine

    def clear(self) -> None:
        """Forget the processes of another path."""
        self._laws.clear()
        self.events, self.complaints, self.said = [], {}, ""
        self.closed = False

    def close(self) -> None:
        """Hear nothing more of this path."""
        self.closed = True

    def end(self, process: int, status: int | None) -> None:
        """End a process; its exit status is None when it was killed."""
        for law in self._laws.pop(process):
            if not self.closed:
                law.end(status)

    def memory(self) -> tuple[Any, ...]:
        """Return what the laws remember."""
        return tuple(
            (process, *(law.memory() for law in laws)) for process, laws in self._laws.items()
        )
