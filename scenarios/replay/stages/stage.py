"""What every level has in common: a `Stage` runs the steps of a story; `Observed` is the result."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Protocol

from authkit.adapters.owned_files import named_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from authkit.recording.applied_rules import Applied
    from fakes.world.journal import Journal
    from fakes.world.prompter import Person
    from scenarios.replay.story.model import Step
    from sts_simulator.account.clock import Clock
    from sts_simulator.account.faults import Fault


class Stage(Protocol):
    """A story's world, between two steps."""

    def run(self, step: Step) -> Observed:
        """Apply what comes before the step's command, run the command.  Raises BadStory."""


@dataclass(frozen=True)
class Observed:
    """What was observed of a step.

    `exit` is None when the command was ended because the story had no answer.
    `keyring` and `sessions` are the raw texts left behind, by identity; `files` are those of
    the person's own, by paths that begin with ``~/``.
    `child_environ` is the environment of exec's child, None when none was run.
    `troubles` are mistakes of the story itself, in words.  `rules` are the rows of the
    table of rules that applied, None where the level cannot observe them.  `meanwhile` are the
    results of the commands at other terminals.  `only` is the
    port whose effects the level can observe, "" for all ports; with `unreached` it cannot
    observe calls that got no answer, since some of them did not reach STS.
    """

    journal: Journal
    exit: int | None
    keyring: Mapping[str, str]
    sessions: Mapping[str, str]
    files: Mapping[str, str] = field(default_factory=dict)
    child_environ: Mapping[str, str] | None = None
    troubles: tuple[str, ...] = ()
    rules: tuple[Applied, ...] | None = None
    meanwhile: tuple[Observed | None, ...] = ()
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


def unanswered(off_script: Iterable[str], person: Person) -> tuple[str, ...]:
    """Return the questions without an answer (`off_script`), and answers without a question."""
    return (*off_script, *(f"nobody asks for {answer.title!r}" for answer in person.unasked))


def not_run(unused: int) -> tuple[str, ...]:
    """Return that so many runs of the command in `mfa_process` were not made."""
    return (f"{unused} run(s) of mfa_process are not made",) if unused else ()


def finished(observed: Observed, pending: Iterable[Fault]) -> Observed:
    """Return what was observed of a step, with the faults that did not happen."""
    idle = (
        f"the fault on {fault.on} does not happen" + f" {fault.times} times" * (fault.times > 1)
        for fault in pending
        if fault.times
    )
    return replace(observed, troubles=(*observed.troubles, *idle))


class Others:
    """The commands at other terminals, of one step.  `play` runs one, and returns its result."""

    def __init__(self, step: Step, play: Callable[[Step], Observed]) -> None:
        self._meanwhile = step.meanwhile
        self._play = play
        self._observed: dict[int, Observed] = {}

    def asked(self, question: str) -> None:
        """Run those that are due at a question."""
        for number, other in enumerate(self._meanwhile):
            if other.when_asked and question.startswith(other.when_asked):
                self._run(number)

    def set_alarms(self, clock: Clock) -> None:
        """Have those run that are due after a time."""
        for number, other in enumerate(self._meanwhile):
            if other.after is not None:
                clock.set_alarm(other.after, partial(self._run, number))

    def _run(self, number: int) -> None:
        if number not in self._observed:
            self._observed[number] = self._play(self._meanwhile[number].step)

    @property
    def observed(self) -> tuple[Observed | None, ...]:
        """The results, in the order of the story; None for one that was not run."""
        return tuple(self._observed.get(number) for number in range(len(self._meanwhile)))


def by_identity(texts: Mapping[str, str]) -> dict[str, str]:
    """Return session files by the name in them; one without a name by what it is called."""
    return {named_in(text) or file: text for file, text in texts.items()}
