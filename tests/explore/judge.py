"""The judge of a path: gives each event to the laws, and bounds how many there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.explore import (
    laws_of_asking,
    laws_of_calls,
    laws_of_codes,
    laws_of_devices,
    laws_of_doctor,
    laws_of_elsewhere,
    laws_of_ends,
    laws_of_files,
    laws_of_imports,
    laws_of_keys,
    laws_of_naming,
    laws_of_profiles,
    laws_of_requests,
    laws_of_saving,
    laws_of_sessions,
    laws_of_showing,
    laws_of_sources,
    laws_of_telling,
    laws_of_use,
    laws_of_waiting,
    laws_of_what_is_kept,
    laws_of_words,
)
from tests.explore.configs import is_brought
from tests.explore.events import Endless, Event
from tests.explore.law import About, Case, Law

if TYPE_CHECKING:
    from tests.explore.commands import Command
    from tests.explore.machine import Machine

LAWS: tuple[type[Law], ...] = (
    *laws_of_keys.LAWS,
    *laws_of_calls.LAWS,
    *laws_of_codes.LAWS,
    *laws_of_saving.LAWS,
    *laws_of_waiting.LAWS,
    *laws_of_asking.LAWS,
    *laws_of_ends.LAWS,
    *laws_of_what_is_kept.LAWS,
    *laws_of_sessions.LAWS,
    *laws_of_sources.LAWS,
    *laws_of_telling.LAWS,
    *laws_of_use.LAWS,
    *laws_of_showing.LAWS,
    *laws_of_files.LAWS,
    *laws_of_words.LAWS,
    *laws_of_naming.LAWS,
    *laws_of_requests.LAWS,
    *laws_of_elsewhere.LAWS,
    *laws_of_doctor.LAWS,
    *laws_of_profiles.LAWS,
    *laws_of_devices.LAWS,
    *laws_of_imports.LAWS,
)
# Laws that `explorer` holds a path against when it has ended.
THE_END, FURTHER, NEXT = "the end is an end", "one further login succeeds", "what is said works"
NAMES = tuple(dict.fromkeys([*(law.name for law in LAWS), THE_END, FURTHER, NEXT]))
# Effects that change what other processes look at.
CHANGES = {"set", "delete", "replace", "drop", "mark", "unmark"}
DAYS = " days"  # in an outcome: so long it took, and a session may be over by then
# By the name of an event: the places of the laws that hear of it, and their methods.
Hearing = Mapping[str, Sequence[tuple[int, Callable[[Any, Event], Any]]]]


class Laws(NamedTuple):
    """The laws about some processes.

    `heard` are those that hear of an event, `heard_of_ok` those that hear of it also where its
    outcome is "ok"; `ending` has the places of those that look at a process's end.  `made` has
    what is made at each place: where a law says nothing of them one that remembers nothing.
    """

    made: tuple[type[Law], ...]
    heard: Hearing
    heard_of_ok: Hearing
    ending: tuple[int, ...]


@cache
def laws_about(about: About) -> Laws:
    """Return the laws about such processes, by their places in `LAWS`."""
    heard: dict[str, list[tuple[int, Any]]] = {}
    heard_of_ok: dict[str, list[tuple[int, Any]]] = {}
    concerned = [(place, law) for place, law in enumerate(LAWS) if law.concerns(about)]
    for place, law in concerned:
        for what, method in law.hears().items():
            heard.setdefault(what, []).append((place, method))
            if not hasattr(method, "of_trouble"):
                heard_of_ok.setdefault(what, []).append((place, method))
    ending = tuple(place for place, law in concerned if law.end is not Law.end)
    made = tuple(law if law.concerns(about) else Law for law in LAWS)
    return Laws(made, heard, heard_of_ok, ending)


BOUND = 900  # events of a process: about ten times the longest sound path's


class Mark(NamedTuple):
    """What a judge knows at a choice: with it another path can be judged from there on.

    The laws in it are shared: whoever gives them an event copies them first.
    """

    laws: Mapping[int, Sequence[Law]]
    seen: int  # events of the present process
    events: Sequence[Event]
    complaints: Mapping[str, str]
    said: str
    before: Mapping[str, int]  # how often each law was exercised when the path began
    counts: Mapping[str, int]  # and at the choice
    noted: Mapping[str, float]  # of the machine
    others: int  # of the machine's counts


class Judge:
    """The laws of all processes of a path.

    Paths that branch off a path have seen the same up to there.  So a `Mark` is kept of a
    choice, and a path that begins with one is judged from there on.
    """

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.complaints: dict[str, str] = {}
        self.events: list[Event] = []
        self._laws: dict[int, list[Law]] = {}
        self._own: dict[int, set[int]] = {}  # the places of the laws that are in no mark
        self._about: dict[int, Laws] = {}
        self._cases: dict[int, Case] = {}  # one for each number: laws in marks keep it
        self._seen = 0
        self._before: Mapping[str, int] = {}
        self._awaited: Mark | None = None
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
        case = self._cases.setdefault(process, Case())
        case.command, case.verb, case.machine = command, command.verb, machine
        case.process, case.environ, case.attended = process, environ, attended
        case.identity = command.identity
        case.brought = is_brought(command.config, case.identity)
        case.counts, case.complaints = self.counts, self.complaints
        about = laws_about(About(case.verb, command.real, case.brought, command.wrong is not None))
        self._about[process] = about
        if not self._awaited:
            self._seen = 0
            silent = Law(case)
            self._laws[process] = [silent if law is Law else law(case) for law in about.made]
            self._own[process] = {*range(len(LAWS))}

    def see(self, event: Event) -> None:
        """Give an event to the laws that hear of it.  Raises Endless."""
        if self.closed or self._awaited:
            return
        self._seen += 1
        if self._seen > BOUND:
            self.complaints.setdefault(THE_END, f"more than {BOUND} events")
            raise Endless
        self.events.append(event)
        what, process = event.what, event.process
        if what == "say" and "'authkit " in event.about:
            self.said = event.about
        if what == "others":
            self._cases[process].machine.counts["others"] = 1
        self._hear(what, process, event)
        changes = what == "others" or what in CHANGES or DAYS in event.outcome
        if changes and len(self._laws) > 1:
            self._cases[process].machine.counts["others"] = 1
            for other in self._laws.keys() - {process}:
                self._hear("others", other, Event("others", process=other))

    def _hear(self, what: str, process: int, event: Event) -> None:
        laws, own, about = self._laws[process], self._own[process], self._about[process]
        hearing = about.heard_of_ok if event.outcome == "ok" else about.heard
        for place, hear in hearing.get(what, ()):
            if place not in own:
                own.add(place)
                laws[place] = laws[place].like()
            hear(laws[place], event)

    def clear(self, mark: Mark | None = None) -> None:
        """Begin another path; with the mark of a choice, judge nothing until `resume` there."""
        self._laws, self._own = {}, {}
        self._before = self.counts.copy()
        self.events, self.complaints, self.said = [], {}, ""
        self.closed = False
        self._awaited = mark

    @property
    def waits(self) -> bool:
        """Whether what happens was judged before."""
        return self._awaited is not None

    def mark(self, machine: Machine) -> Mark:
        """Return what is known here."""
        self._own = {process: set() for process in self._laws}
        return Mark(
            {process: [*laws] for process, laws in self._laws.items()},
            self._seen,
            [*self.events],
            dict(self.complaints),
            self.said,
            self._before,
            self.counts.copy(),
            dict(machine.noted),
            machine.counts.get("others", 0),
        )

    def resume(self, machine: Machine) -> None:
        """Judge from here on, as one that has seen what led to the mark."""
        mark, self._awaited = self._awaited, None
        if mark is None:
            return
        self._laws = {process: [*laws] for process, laws in mark.laws.items()}
        self._own = {process: set() for process in mark.laws}
        self._seen, self.said = mark.seen, mark.said
        self.events[:] = mark.events
        self.complaints.update(mark.complaints)
        for name, count in mark.counts.items():
            self.counts[name] += count - mark.before.get(name, 0)
        machine.noted = dict(mark.noted)
        if mark.others:
            machine.counts["others"] = mark.others

    def close(self) -> None:
        """Hear nothing more of this path."""
        self.closed = True

    def end(self, process: int, status: int | None) -> None:
        """End a process; its exit status is None when it was killed."""
        laws = self._laws.pop(process, None)
        if laws and not self.closed:
            for place in self._about[process].ending:
                laws[place].end(status)

    def memory(self) -> tuple[Any, ...]:
        """Return what the laws remember."""
        return tuple(
            (process, *(law.memory() for law in laws)) for process, laws in self._laws.items()
        )
