"""A scenario file as values, everything in it checked and parsed.  Nothing here does anything."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta, tzinfo
    from pathlib import Path

    from fakes.world.children import Child
    from scenarios.replay.story.events import Event
    from scenarios.replay.story.transcript import Script
    from sts_simulator.account.faults import Fault

    # What an entry or a session file is to be: these fields (False: absent), or
    # this text, or (False) not there at all.
    Expected = Mapping[str, Any] | str | bool

LEVELS = ("fakes", "boto3", "terminal")


class BadStory(Exception):
    """A scenario file is not one: which file, which line, and why."""

    def __init__(self, path: Path, line: int, reason: str) -> None:
        super().__init__(f"{path}:{line}: {reason}")
        self.path = path
        self.line = line
        self.reason = reason


@dataclass(frozen=True)
class Step:
    """One command, what happens around it, and what is claimed about it.

    `at` None: time flows on from the step before.  `does` None: the journal is
    not compared.  `child_environ` is what the child must find (False: must not).
    """

    line: int
    run: str
    arguments: tuple[str, ...]
    script: Script
    at: timedelta | datetime | None = None
    events: tuple[Event, ...] = ()
    faults: tuple[Fault, ...] = ()
    environ: Mapping[str, str] = field(default_factory=dict)
    config: str | bool | None = None  # None: as before, False: none any more
    interactive: bool = True
    stdin: str = ""
    ctrl_c: timedelta | None = None
    child: Child | None = None
    child_environ: Mapping[str, str | bool] = field(default_factory=dict)
    exit: int = 0
    does: tuple[str, ...] | None = None
    keyring: Mapping[str, Expected] = field(default_factory=dict)
    session: Mapping[str, Expected] = field(default_factory=dict)


@dataclass(frozen=True)
class Story:
    """A scenario: the world it starts in, and its steps.

    `account` is the table, `account_settings` what ``sts_simulator.account.account_table`` made
    of it; `excepted` are the levels it does not hold at, and why.
    """

    path: Path
    about: str
    shows_that: tuple[str, ...]
    rules: tuple[str, ...]
    now: datetime
    zone: tzinfo
    account: Mapping[str, Any]
    account_settings: Mapping[str, Any]
    keyring: Mapping[str, str]
    keyring_state: str
    sessions: Mapping[str, str]
    environ: Mapping[str, str]
    config: str | None
    excepted: Mapping[str, str]
    steps: tuple[Step, ...]

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        return self.path.stem
