"""Several processes in one machine: at every effect another one may go on.

Each process runs in a thread of its own, and one of them at a time: it hands a baton over
where the chooser says so.  A process that waits hands it over by itself.
"""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

from tests.explore.chooser import Cut, choice
from tests.explore.process import Process

if TYPE_CHECKING:
    from types import FrameType

    from tests.explore.commands import Command
    from tests.explore.effects import Effects
    from tests.explore.process import Surroundings

# Effects on what processes share: only before these it matters who goes on.
SHARED = {
    *("keyring get", "keyring set", "keyring delete", "keyring alone", "session read"),
    *("session replace", "session drop", "session names", "mark", "marker read", "unmark"),
    *("notes read", "note replace", "lock", "release", "GetSessionToken"),
}


class Interleaving:
    """The processes of a path; `run` runs them until all have ended."""

    def __init__(self, command: Command, around: Surroundings) -> None:
        around.machine.counts["processes"] = 1 + len(command.beside)
        commands = [command._replace(beside=()), *command.beside]
        self._chooser = around.chooser
        self._processes = [
            Process(each, around, number, self._turn) for number, each in enumerate(commands, 1)
        ]
        self._batons = [threading.Semaphore(0) for _ in self._processes]
        self._over = threading.Semaphore(0)
        self._frames: dict[int, FrameType | None] = {}
        self._ended: set[int] = set()
        self._present = 0
        self._cut: BaseException | None = None

    def run(self) -> int | None:
        """Run the processes; return the exit status of the first.  Raises Cut."""
        threads = [
            threading.Thread(target=self._thread, args=(place,), daemon=True)
            for place in range(len(self._processes))
        ]
        for thread in threads:
            thread.start()
        self._batons[0].release()
        self._over.acquire()
        for thread in threads:
            thread.join()
        if self._cut:
            raise self._cut
        return self._processes[0].status

    def stacks(self) -> list[tuple[Process, FrameType | None]]:
        """Return each process that has begun, and where it stands."""
        self._frames[self._present] = _frame()
        places = [self._present, *self._others(self._present)]  # the one that goes on comes first
        return [
            (self._processes[place], self._frames.get(place))
            for place in places
            if self._processes[place].world
        ]

    def _thread(self, place: int) -> None:
        self._batons[place].acquire()
        try:
            if not self._cut:
                self._processes[place].run()
        except BaseException as error:  # noqa: BLE001 - it is raised in the main thread
            self._cut = self._cut or error
        self._ended.add(place)
        others = self._others(place)
        if others:
            self._present = others[0]
            self._batons[others[0]].release()
        else:
            self._over.release()

    def _others(self, place: int) -> list[int]:
        """Return the processes that can go on, the next one first."""
        count = len(self._processes)
        ring = [(place + step) % count for step in range(1, count)]
        return [other for other in ring if other not in self._ended]

    def _turn(self, world: Effects, what: str) -> None:
        """Let another process go on, if the chooser says so, or if this one waits."""
        place = world.process - 1
        if self._cut:
            raise Cut
        others = self._others(place)
        if not others or (what not in SHARED and what != "pause"):
            return
        goes_on = place
        if what == "pause":
            goes_on = others[0]
        else:
            names = tuple(f"process {other + 1}" for other in others)
            option = self._chooser.choose(choice("goes on", f"process {place + 1}", *names))
            goes_on = int(option.removeprefix("process ")) - 1
        if goes_on == place:
            return
        self._frames[place] = _frame()
        self._present = goes_on
        self._batons[goes_on].release()
        self._batons[place].acquire()
        if self._cut:
            raise Cut


def _frame() -> FrameType:
    return sys._getframe(2)  # noqa: SLF001 - there is no other way to the stack
