"""What every level has in common: a `Stage` runs the steps of a story; `Observed` is the result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from authkit.adapters.owned_files import named_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fakes.world.journal import Journal
    from fakes.world.prompter import Person
    from scenarios.replay.stages.applied_rules import Applied
    from scenarios.replay.story.model import Step
    from sts_simulator.account.faults import Fault


class Stage(Protocol):
    """A story's world, between two steps."""

    def run(self, step: Step) -> Observed:
        """Apply what comes before the step's command, run the command.  Raises BadStory."""


@dataclass(frozen=True)
class Observed:
    """What was observed of a step.

    `exit` is None when the command was ended because the story had no answer.
    `keyring` and `sessions` are the raw texts left behind, by identity.
    `child_environ` is the environment of exec's child, None when none was run.
    `troubles` are mistakes of the story itself: see `troubles`.  `rules` are the rows of the
    table of rules that applied, None where the level cannot observe them.  `only` is the
    port whose effects the level can observe, "" for all ports; with `unreached` it cannot
    observe calls that got no answer, since some of them did not reach STS.
    """

    journal: Journal
    exit: int | None
    keyring: Mapping[str, str]
    sessions: Mapping[str, str]
    child_environ: Mapping[str, str] | None = None
    troubles: tuple[str, ...] = ()
    rules: tuple[Applied, ...] | None = None
    only: str = ""
    unreached: bool = False

    @property
    def screen(self) -> str:
        """The whole screen."""
        return self.journal.screen

    @property
    def does(self) -> tuple[str, ...]:
        """The effects that the level can observe, in order."""
        return tuple(line for line in self.journal.effects if self._observes(line))

    def claimed(self, step: Step) -> tuple[str, ...]:
        """Return those effects of the step's `does` that the level can observe."""
        return tuple(line for line in step.does or () if self._observes(line))

    def _observes(self, line: str) -> bool:
        unseen = self.unreached and line.endswith("-> no answer")
        return line.startswith(self.only) and not unseen


def troubles(
    off_script: Iterable[str], person: Person, pending: Iterable[Fault]
) -> tuple[str, ...]:
    """Return the mistakes of the story itself, in words.

    They are questions without an answer (`off_script`), answers that nothing
    asked for, and faults that did not happen (`pending`).
    """
    unasked = (f"nobody asks for {answer.title!r}" for answer in person.unasked)
    idle = (f"the fault on {fault.on} does not happen" for fault in pending if fault.times)
    return (*off_script, *unasked, *idle)


def by_identity(texts: Mapping[str, str]) -> dict[str, str]:
    """Return session files by the name in them; one without a name by what it is called."""
    return {named_in(text) or file: text for file, text in texts.items()}
