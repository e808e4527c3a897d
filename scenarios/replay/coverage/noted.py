"""Plays stories at level fakes and notes what each shows: refusals, rules, messages, failures."""

from __future__ import annotations

import importlib
import pkgutil
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple
from unittest.mock import patch

from authkit import arguments, commands
from authkit.core import endings, messages, status_messages
from authkit.core.failures import Failure
from scenarios.replay.stages.levels import LEVELS
from scenarios.replay.story import reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from authkit.core.rules import Rule
    from scenarios.replay.stages.stage import Observed
    from scenarios.replay.story.model import Step, Story

    # A thing that can be shown, to the names of the stories that show it.
    Shown = defaultdict[Any, set[str]]

KEYS, SESSION = "keys", "session"
# By the beginning of an effect's line, the fault point that it is.
_POINTS = {
    "keyring get": "keyring.get",
    "keyring set": "keyring.set",
    "keyring delete": "keyring.delete",
    "session read": "session.read",
    "session replace": "session.replace",
    "session drop": "session.drop",
    "mark read": "mark.read",
    "unmark": "mark.remove",
    "codes read": "codes.read",
    "codes replace": "codes.replace",
    "file read": "file.read",
    "file replace": "file.replace",
    "mark list": "",
    "mark": "mark.set",
}
# Commands whose calls of STS are no cells of the table; ``cells.NOT_CALLED`` says why.
_NO_CELLS = {"doctor", "import", "credential-process"}
_NO_FAILURES = {"none"}  # outcomes of a port's call that are no failure


class Call(NamedTuple):
    """A call of STS by a command: with keys or a session.  `answer` is "" when it succeeds."""

    operation: str
    credentials: str
    command: str
    answer: str = ""


class Point(NamedTuple):
    """A call of keyring or state folder by a command; `failed` tells whether it did."""

    name: str
    command: str
    failed: bool


def _shown() -> Shown:
    return defaultdict(set)


@dataclass
class Noted:
    """What stories show: each thing with the names of the stories."""

    calls: Shown = field(default_factory=_shown)  # by Call
    points: Shown = field(default_factory=_shown)  # by Point
    words: Shown = field(default_factory=_shown)  # by the answer of a fault
    rules: Shown = field(default_factory=_shown)  # by the row's name, and the command's
    messages: Shown = field(default_factory=_shown)  # by name
    lines: Shown = field(default_factory=_shown)  # by the number of a line of behaviour

    def add(self, story: Story) -> None:
        """Play a story, which must hold, and note what it shows."""
        for number in story.shows_that:
            self.lines[number].add(story.name)
        if "fakes" in story.excepted:
            return
        with LEVELS["fakes"](story) as stage:
            for step in story.steps:
                self._add(story.name, step, stage.run)

    def _add(self, story: str, step: Step, run: Any) -> None:  # noqa: ANN401 - a Stage's
        command = command_of(step)
        with self.listening(story):
            observed: Observed = run(step)
        for applied in observed.rules or ():
            self._add_rule(applied.rule, story, command)
        for fault in step.faults:
            self.words[fault.answer].add(story)
            if "." in fault.on:  # another writer is none that the call itself fails by
                self.points[Point(fault.on, command, failed=True)].add(story)
        for line in observed.does:
            effect, _, outcome = line.partition(" -> ")
            if effect.startswith("sts "):
                if command in _NO_CELLS:
                    continue
                self.calls[_call(effect, outcome, command)].add(story)
            elif name := next((p for e, p in _POINTS.items() if effect.startswith(e)), ""):
                failed = outcome not in {"", *_NO_FAILURES}
                self.points[Point(name, command, failed)].add(story)

    @contextmanager
    def listening(self, story: str) -> Iterator[None]:
        """Note the messages that are filled within the context."""
        _import_commands()
        listened = _Listened(messages.MESSAGES, self.messages, story)
        status = _Listened(status_messages.STATUS_MESSAGES, self.messages, story)
        with (
            patch.object(status_messages, "STATUS_MESSAGES", status),
            patch.object(messages, "MESSAGES", listened),
            patch.object(endings, "MESSAGES", listened),
        ):
            yield

    def _add_rule(self, rule: Rule, story: str, command: str) -> None:
        self.rules[rule.name, command].add(story)
        for name, template in messages.MESSAGES.items():
            if template == rule.meaning:  # a row whose words stand among the messages
                self.messages[name].add(story)


class _Listened(dict[str, str]):
    """A table of messages; one that is looked up is noted."""

    def __init__(self, table: Mapping[str, str], shown: Shown, story: str) -> None:
        super().__init__(table)
        self._shown = shown
        self._story = story

    def __getitem__(self, name: str) -> str:
        self._shown[name].add(self._story)
        return super().__getitem__(name)


def noted(paths: Iterable[Path]) -> Noted:
    """Return what the stories in these files show.  Raises BadStory."""
    found = Noted()
    for path in paths:
        found.add(reading.read(path))
    return found


def command_of(step: Step) -> str:
    """Return the name of a step's command, "help" for a line that cannot be read."""
    try:
        return arguments.parse(step.arguments).name
    except Failure:
        return "help"


def _call(effect: str, outcome: str, command: str) -> Call:
    _, operation, access_key_id, *_ = effect.split()
    credentials = SESSION if access_key_id.startswith("ASIA") else KEYS
    return Call(operation, credentials, command, outcome)


def _import_commands() -> None:
    """Import what would otherwise be imported while a table is replaced."""
    for module in pkgutil.iter_modules(commands.__path__):
        importlib.import_module(f"authkit.commands.{module.name}")
