"""Stories that were replayed, as values: what was observed, and what does not hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from scenarios.replay.stages.stage import Observed
    from scenarios.replay.story.model import Step, Story


class Report(NamedTuple):
    """What does not hold: the place in the story's file, and a text without its levels."""

    place: str
    text: str

    def at(self, levels: Sequence[str]) -> str:
        """Return the whole report, for these levels."""
        noun = "level" if len(levels) == 1 else "levels"
        where = f" at {noun} {', '.join(levels)}:" if levels else ""
        blank = "" if self.text.startswith("\n") else " "
        return f"{self.place}:{where}{blank}{self.text}"


@dataclass
class Performance:
    """A story replayed at one level.

    `steps` end with the first that does not hold.  `wrong` is why it does not, a
    sentence for each claim, and `report` shows it; empty and None where the story holds.
    `excepted` is why the story is not replayed at this level.
    """

    level: str
    steps: list[tuple[Step, Observed]] = field(default_factory=list)
    wrong: tuple[str, ...] = ()
    report: Report | None = None
    excepted: str = ""
    seconds: float = 0.0

    @property
    def holds(self) -> bool:
        """Whether nothing was found to be wrong."""
        return self.report is None


@dataclass(frozen=True)
class Played:
    """A story's file and its performances by level.

    `story` is None for a file that cannot be read; `unreadable` says why.
    """

    path: Path
    story: Story | None
    performances: Mapping[str, Performance] = field(default_factory=dict)
    unreadable: Report | None = None

    @property
    def name(self) -> str:
        """The file's name without its suffix."""
        return self.path.stem

    @property
    def holds(self) -> bool:
        """Whether the file is a story that holds at every level."""
        return not self.unreadable and all(p.holds for p in self.performances.values())

    @property
    def shown(self) -> Performance | None:
        """The performance to show: the first that does not hold, else the first with steps."""
        performances = sorted(self.performances.values(), key=lambda each: each.holds)
        return next((each for each in performances if each.steps), None)


def failures(stories: Iterable[Played]) -> dict[Report, list[str]]:
    """Return what does not hold, each once, with the levels at which it was seen.

    A file that cannot be read has no levels.
    """
    found: dict[Report, list[str]] = {}
    for played in stories:
        if played.unreadable:
            found[played.unreadable] = []
        for performance in played.performances.values():
            if performance.report:
                found.setdefault(performance.report, []).append(performance.level)
    return found
