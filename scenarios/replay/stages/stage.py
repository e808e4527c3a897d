"""What every level has in common: a stage runs steps, events happen to its setting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from scenarios.replay.story.model import BadStory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import timedelta

    from fakes.world.journal import Journal
    from fakes.world.prompter import Person
    from scenarios.replay.story.model import Step, Story
    from sts_simulator.account.account import Account
    from sts_simulator.account.faults import Fault


@dataclass(frozen=True)
class Observed:
    """What came of a step.

    `keyring` and `sessions` are the raw texts left behind.  `troubles` are
    what the story itself got wrong: questions without answers, answers without
    questions, faults that never came due.  `only` is the port whose effects
    alone could be seen, "" where all were.
    """

    journal: Journal
    exit: int | None
    keyring: Mapping[str, str]
    sessions: Mapping[str, str]
    child_environ: Mapping[str, str] | None = None
    troubles: tuple[str, ...] = ()
    only: str = ""

    @property
    def screen(self) -> str:
        """All that was to be seen."""
        return self.journal.screen

    @property
    def does(self) -> tuple[str, ...]:
        """The effects, in order."""
        return self.journal.effects

    def claimed(self, step: Step) -> tuple[str, ...]:
        """Return the effects that the step claims, of those that could be seen."""
        return tuple(line for line in step.does or () if line.startswith(self.only))


class Stage(Protocol):
    """A story's world, as it stands between two steps."""

    def run(self, step: Step) -> Observed:
        """Run a step."""


class Clock(Protocol):
    """The story's clock."""

    def sleep(self, pause: timedelta, /) -> None:
        """Let so much time pass at once."""

    def move_to(self, instant: datetime, /) -> None:
        """Make it this instant."""


class Keyring(Protocol):
    """The story's keyring: `state` is one of ``fakes.world.keyring.STATES``."""

    state: str


class Locks(Protocol):
    """The single-flight locks."""

    def hold_elsewhere(
        self, name: str, span: timedelta, then: Callable[[], object] = ..., /
    ) -> None:
        """Have another process hold one for so long, and do `then` right before it lets go."""


class Setting(Protocol):
    """What events happen to.  `config` is the config file's text, None: there is none."""

    config: str | None

    @property
    def account(self) -> Account:
        """The AWS account."""

    @property
    def clock(self) -> Clock:
        """The story's clock."""

    @property
    def keyring(self) -> Keyring:
        """The story's keyring."""

    @property
    def locks(self) -> Locks:
        """The single-flight locks."""

    def log_in(self, name: str, code: str) -> None:
        """Log in as somebody else does, in another process: nobody sees it."""


def move_on(setting: Setting, story: Story, step: Step) -> None:
    """Have everything happen that comes before a step's command.  Raises BadStory."""
    if step.at is not None:
        setting.clock.move_to(step.at if isinstance(step.at, datetime) else story.now + step.at)
    if step.config is not None:
        setting.config = step.config if isinstance(step.config, str) else None
    for event in step.events:
        try:
            event.happen(setting)
        except LookupError as error:
            reason = f"{event.text!r} cannot happen: {error.args[0]}"
            raise BadStory(story.path, step.line, reason) from None


def troubles(
    off_script: Iterable[str], person: Person, pending: Iterable[Fault]
) -> tuple[str, ...]:
    """Return what the story itself got wrong; `pending` are the faults that never came due."""
    unasked = (f"nobody asks for {answer.title!r}" for answer in person.unasked)
    idle = (f"the fault on {fault.on} does not happen" for fault in pending if fault.times)
    return (*off_script, *unasked, *idle)
