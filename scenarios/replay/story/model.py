"""A story as values: checked, parsed and immutable."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime, timedelta, tzinfo
    from pathlib import Path

    from fakes.world.children import Child
    from scenarios.replay.story.events import Event
    from scenarios.replay.story.transcript import Script
    from sts_simulator.account.faults import Fault

    # A claim about an entry or a session file: its fields (False for one that must be
    # absent), its raw text, or False when there must be none.
    Expected = Mapping[str, Any] | str | bool

LEVELS = ("fakes", "boto3", "terminal")


class BadStory(Exception):
    """Raised for mistakes in a story's file, each with the file, the line and the reason.

    `line` and `reason` are those of the first mistake; `more` are the others.
    """

    def __init__(
        self, path: Path, line: int, reason: str, more: Iterable[tuple[int, str]] = ()
    ) -> None:
        self.path = path
        self.line = line
        self.reason = reason
        self.mistakes = [(line, reason), *more]
        super().__init__("\n".join(f"{path}:{at}: {said}" for at, said in self.mistakes))


@dataclass(frozen=True)
class Meanwhile:
    """A command that is run at a terminal of its own while a step's command waits.

    It is run so long `after` the step's command began, if something waits then, or when that asks
    a question that begins with `when_asked`.  It has ended before the step's command goes on.
    """

    step: Step
    after: timedelta | None = None
    when_asked: str = ""

    @property
    def when(self) -> str:
        """When it is run, in words."""
        return f"when {self.when_asked!r} is asked" if self.when_asked else f"after {self.after}"


@dataclass(frozen=True)
class Step:
    """One command, what happens before and during it, and the claims about it.

    `at` is None when the step begins where the step before it ended.  `does` is
    None when effects are not compared.  `child_environ` holds variables of the
    child's environment (False for one that must be absent).
    """

    line: int
    run: str
    arguments: tuple[str, ...]
    script: Script
    at: timedelta | datetime | None = None
    events: tuple[Event, ...] = ()
    events_line: int = 0
    faults: tuple[Fault, ...] = ()
    environ: Mapping[str, str] = field(default_factory=dict)
    config: str | bool | None = None  # None: unchanged, False: removed
    interactive: bool = True
    stdin: str = ""
    piped: bool = False  # `stdin` is the child's, and there is a terminal to ask on
    ctrl_c: timedelta | None = None
    meanwhile: tuple[Meanwhile, ...] = ()
    child: Child | None = None
    child_environ: Mapping[str, str | bool] = field(default_factory=dict)
    mfa_process: tuple[Child, ...] = ()  # the runs of that command, in order
    exit: int = 0
    does: tuple[str, ...] | None = None
    keyring: Mapping[str, Expected] = field(default_factory=dict)
    session: Mapping[str, Expected] = field(default_factory=dict)
    files: Mapping[str, str | bool] = field(default_factory=dict)  # False: it must not be there


@dataclass(frozen=True)
class Story:
    """A story: the world that it starts in, and its steps.

    `account` is the table of the file; `account_settings` is what
    ``sts_simulator.account.account_table.settings`` returned for it.
    `excepted` holds the levels at which the story is not replayed, each with
    the reason.
    """

    path: Path
    about: str
    shows_that: tuple[str, ...]
    rules: tuple[str, ...]
    rule_line: int  # of the key `rule`, or 1
    now: datetime
    zone: tzinfo
    account: Mapping[str, Any]
    account_settings: Mapping[str, Any]
    keyring: Mapping[str, str]
    keyring_state: str
    sessions: Mapping[str, str]
    files: Mapping[str, str]  # the person's own, by paths that begin with ~/
    environ: Mapping[str, str]
    config: str | None
    endpoint: str  # the address at which STS is asked, "" for AWS's own
    excepted: Mapping[str, str]
    steps: tuple[Step, ...]

    @property
    def name(self) -> str:
        """The file's name without its suffix."""
        return self.path.stem
