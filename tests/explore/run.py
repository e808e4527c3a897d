"""A run of the exploration: which paths are walked in which order, for how long."""

from __future__ import annotations

import signal
import time
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple, TextIO

from tests.explore import depths, merge
from tests.explore.chooser import RARE, MisfitError, Walk, trimmed
from tests.explore.commands import by_name
from tests.explore.events import Endless
from tests.explore.explorer import Explorer
from tests.explore.judge import NAMES
from tests.explore.remembered import remembering

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import FrameType

    from tests.explore.chooser import Node, Prefix
    from tests.explore.commands import Command
    from tests.explore.explorer import Path

    HowOften = Counter[tuple[str, ...]]  # an option was the last of a path, by the verb

NEAR = 1  # how deep paths go of which those with an option that is seldom walked go first
TURN = 10  # paths of a command before the next one has its turn
PATIENCE = 5  # seconds of work of a path without an end; a sound one takes milliseconds
STUCK = 120  # seconds of the clock, for one that waits without an end on a machine that is busy
TICK = 0.5  # seconds between two looks at the clock


class Bounds(NamedTuple):
    """How far to go."""

    depth: int | None = None
    minutes: float | None = None
    seed: int = 0
    shard: int = 1
    shards: int = 1
    full: bool = False  # whether paths go on at states that are known
    whole: bool = False  # whether the walk goes on behind a complaint


class Run:
    """One run.  `complaints` are the laws that were broken, each with its path."""

    def __init__(self, bounds: Bounds, progress: TextIO | None = None) -> None:
        self.bounds = bounds
        self.explorer = Explorer(full=bounds.full)
        self.complaints: list[dict[str, str]] = []
        self.paths = 0
        self._progress = progress
        self._begun = time.monotonic()
        self._shown = self._begun
        self._path_begun = self._times()
        self._last = ""
        self._first: Path | None = None  # with a complaint, where the walk goes on behind it

    # What to walk.

    def explore(self, commands: Sequence[Command]) -> Path | None:
        """Walk what the bounds allow; return the shortest path of the first complaint."""
        old = self._watch()
        try:
            with remembering():
                for depths, alone in self._levels(commands):
                    found = self._level(depths, alone=alone)
                    if found or self._is_over():
                        return found
            return self._first
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, old)
            self._show(end=True)

    def replay(self, name: str, prefix: Prefix) -> Path:
        """Walk one path."""
        path = self.explorer.walk(by_name(name), prefix)
        self.paths += 1
        self._complain(path)
        return path

    def _levels(self, commands: Sequence[Command]) -> Iterator[tuple[dict[str, int], bool]]:
        """Yield the depth to walk each command to, and whether with one option alone.

        With `minutes` every rare option is taken once before two are combined: what one of
        them shows is found soon.
        """
        bounds = self.bounds
        if bounds.depth is None and bounds.minutes is None:
            yield {command.name: depths.depth(command.name) for command in commands}, False
            return
        depth = 0
        while bounds.depth is None or depth <= bounds.depth:
            if depth == RARE and bounds.depth is None:
                yield {command.name: depth for command in commands}, True
            yield {command.name: depth for command in commands}, False
            depth += 1

    def _level(self, depths: dict[str, int], *, alone: bool) -> Path | None:
        """Walk all commands to their depths in turn; return the first path with a complaint."""
        bounds = self.bounds
        self.explorer.new_level()
        near = bounds.minutes is not None and max(depths.values(), default=0) <= NEAR
        how_often: HowOften | None = Counter() if near or alone else None
        turns = [
            (
                by_name(name),
                Walk(depth, bounds.seed, bounds.shard, bounds.shards, alone=alone),
            )
            for name, depth in depths.items()
        ]
        while turns:
            still = []
            for command, walk in turns:
                going_on, found = self._turn(command, walk, how_often)
                if found or self._is_over():
                    return found
                if going_on:
                    still.append((command, walk))
            turns = still
        return None

    def _turn(
        self, command: Command, walk: Walk, how_often: HowOften | None
    ) -> tuple[bool, Path | None]:
        """Walk some paths of a command; tell whether there are more, and return a complaint.

        Those go first whose last option was walked least often: a thing that nothing else
        shows is found soon.
        """
        if how_often is not None:
            walk.sort(lambda node: how_often[command.verb, *node.option()])
        for number, node in enumerate(walk):
            if how_often is not None:
                how_often[command.verb, *node.option()] += 1
            path = self._walked(command, node)
            walk.expand(node, self.explorer.chooser)
            if path is None or not walk.owns(node):
                continue
            self.paths += 1
            if path.complaints and not self.bounds.whole:
                return True, self._shrunk(path, min(path.complaints, key=NAMES.index))
            for law in path.complaints.keys() - {one["law"] for one in self.complaints}:
                found = self._shrunk(path, law)
                self._first = self._first or found
            if number >= TURN or self._is_over():
                return True, None
        return False, None

    def _walked(self, command: Command, node: Node) -> Path:
        self._path_begun = self._times()
        self._last = command.name
        return self.explorer.walk(command, node.prefix, node.left, node.mark)

    # Complaints.

    def _shrunk(self, path: Path, law: str) -> Path:
        """Return the shortest path that breaks the same law, and note it."""
        explorer = Explorer(full=True)
        best, improved = path, True
        while improved:
            improved = False
            prefix = trimmed(best.taken)
            for place in [place for place, index in enumerate(prefix) if index]:
                shorter = trimmed((*prefix[:place], 0, *prefix[place + 1 :]))
                self._path_begun = self._times()
                try:
                    tried = explorer.walk(path.command, shorter)
                except MisfitError:  # the choices behind it are others now
                    continue
                if law in tried.complaints and tried.taken != best.taken:
                    best, improved = tried, True
                    break
        self._complain(best._replace(complaints={law: best.complaints.get(law, "")}))
        return best

    def _complain(self, path: Path) -> None:
        for law in path.complaints:
            self.complaints.append({"law": law, "path": path.words})

    # Time.

    def _is_over(self) -> bool:
        minutes = self.bounds.minutes
        return minutes is not None and time.monotonic() - self._begun >= minutes * 60

    @staticmethod
    def _times() -> tuple[float, float]:
        return time.monotonic(), time.process_time()

    def _watch(self) -> Any:  # noqa: ANN401 - what a signal's handler is
        """Have a path that never ends, and does nothing, ended; show how far it is."""
        old = signal.signal(signal.SIGALRM, self._tick)
        signal.setitimer(signal.ITIMER_REAL, TICK, TICK)
        return old

    def _tick(self, _signal: int, _frame: FrameType | None) -> None:
        now = time.monotonic()
        since, worked = self._path_begun
        if now - since > STUCK or time.process_time() - worked > PATIENCE:
            self._path_begun = self._times()
            raise Endless
        if now - self._shown > 2:
            self._show()

    def _show(self, *, end: bool = False) -> None:
        self._shown = now = time.monotonic()
        if self._progress:
            seconds = max(now - self._begun, 0.001)
            rate = self.paths / seconds
            states = len(self.explorer.known)
            self._progress.write(
                f"\r{seconds:6.1f} s  {self.paths} paths  {states} states  {rate:.0f} a second  "
                f"{self._last:30}" + "\n" * end
            )
            self._progress.flush()

    def save_states(self, file: str, walk: object) -> None:
        """Write the states of the last level, and the summary; `walk` tells which walk it is."""
        bounds = self.bounds
        head = {"walk": walk, "shard": bounds.shard, "shards": bounds.shards, **self.summary()}
        merge.write(file, head, self.explorer.known)

    def summary(self) -> dict[str, object]:
        """Return what was done: the last line of the program."""
        seconds = time.monotonic() - self._begun
        explorer = self.explorer
        return {
            "paths": self.paths,
            "states": max(explorer.states, len(explorer.known)),
            "laws": {name: explorer.counts[name] for name in NAMES},
            "never_taken": sorted(f"{w}: {o}" for w, o in explorer.offered - explorer.taken.keys()),
            "seconds": round(seconds, 2),
            "paths_a_second": round(self.paths / max(seconds, 0.001), 1),
            "complaints": self.complaints,
        }
