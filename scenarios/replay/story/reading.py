"""Finds the files of stories, and reads one into a `Story`.

A mistake in a file is a `BadStory`, with the line that it is in.
"""

from __future__ import annotations

import json
import shlex
import tomllib
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, available_timezones

from authkit.core.entries import VERSION
from fakes.world.children import Child
from fakes.world.keyring import WORKING
from scenarios.replay.story import events, faults, transcript
from scenarios.replay.story.folding import unfolded
from scenarios.replay.story.mistakes import mistakes
from scenarios.replay.story.model import BadStory, Meanwhile, Step, Story
from scenarios.replay.story.nearest import did_you_mean
from scenarios.replay.story.schema_errors import errors
from scenarios.replay.story.toml_errors import explained
from scenarios.replay.story.toml_places import places
from sts_simulator.account import account_table
from sts_simulator.account.durations import parse_duration

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import timedelta

    from scenarios.replay.story.toml_places import Path as Keys
    from scenarios.replay.story.toml_places import Place

STORIES = Path(__file__).parents[2]
DEFAULT_NOW = datetime(2024, 12, 22, 12, tzinfo=UTC)


def stories() -> list[Path]:
    """Return the files of all stories in all folders, sorted by file name."""
    return sorted(STORIES.rglob("*.toml"), key=lambda path: path.name)


def story_file(name: str) -> Path:
    """Return the file of the story of this name.  Raises LookupError."""
    for path in stories():
        if path.stem == name:
            return path
    raise LookupError(f"there is no scenario {name}")


def read(path: Path) -> Story:
    """Return the story in a file.  Raises BadStory, OSError."""
    written = path.read_bytes()
    try:
        return parse(written.decode("utf-8").replace("\r\n", "\n"), nearby(path))
    except UnicodeDecodeError as error:
        line = written.count(b"\n", 0, error.start) + 1
        byte = f"0x{written[error.start]:02x}"
        raise BadStory(nearby(path), line, f"it is not UTF-8: the byte {byte}") from None


def nearby(path: Path) -> Path:
    """Return the path relative to the current folder, where it is inside of it."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


@cache  # several tests are made of every story
def parse(text: str, path: Path) -> Story:
    """Return the story in a text.  Raises BadStory."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadStory(path, *explained(text, error)) from None
    return _Reader(table, places(text), path).story()


class _Reader:
    def __init__(self, table: dict[str, Any], found: dict[Keys, Place], path: Path) -> None:
        self._table = table
        self._places = found
        self._path = path

    def story(self) -> Story:
        table = self._table
        self._refuse(errors(table))
        self._refuse(list(mistakes(table)))
        steps = self._steps()
        account = table.get("account", {})
        rules = table.get("rule", [])
        return Story(
            path=self._path,
            about=table["about"].strip(),
            shows_that=tuple(table["shows_that"]),
            rules=(rules,) if isinstance(rules, str) else tuple(rules),
            rule_line=self._line(("rule",)),
            now=self._instant(("now",), table.get("now", DEFAULT_NOW)),
            zone=self._understood(("zone",), _zone, table.get("zone", "UTC")),
            account=account,
            account_settings=self._understood(("account",), account_table.settings, account),
            keyring={name: _entry(written) for name, written in table.get("keyring", {}).items()},
            keyring_state=table.get("keyring_state", WORKING),
            sessions=table.get("session", {}),
            files=table.get("file", {}),
            environ=table.get("env", {}),
            config=table.get("config"),
            endpoint=table.get("endpoint", ""),
            excepted=table.get("except", {}),
            steps=steps,
        )

    def _refuse(self, mistakes: list[tuple[Keys, str]]) -> None:
        """Raise BadStory with these mistakes, by their lines, if there are any."""
        if found := sorted((self._line(at), reason) for at, reason in mistakes):
            raise BadStory(self._path, *found[0], found[1:])

    def _steps(self) -> tuple[Step, ...]:
        """Return the steps.  Raises BadStory with the first mistake of each step."""
        interactive = self._table.get("interactive", True)
        steps, mistakes = [], []
        for number, table in enumerate(self._table["step"]):
            try:
                steps.append(self._step(("step", number), table, interactive=interactive))
            except BadStory as bad:
                mistakes += bad.mistakes
        if mistakes:
            raise BadStory(self._path, *mistakes[0], mistakes[1:])
        return tuple(steps)

    def _step(self, at: Keys, table: Mapping[str, Any], *, interactive: bool) -> Step:
        child = dict(table.get("child", {}))
        child_environ = child.pop("env", {})
        return Step(
            line=self._line(at),
            run=table["run"],
            arguments=tuple(self._understood((*at, "run"), shlex.split, table["run"])[1:]),
            script=self._script((*at, "shows"), table.get("shows", "")),
            at=self._when((*at, "at"), table.get("at")),
            events=tuple(
                self._understood((*at, "events"), events.parse, text)
                for text in table.get("events", ())
            ),
            events_line=self._line((*at, "events")),
            faults=tuple(
                self._understood((*at, "fault", number), faults.parse, fault)
                for number, fault in enumerate(table.get("fault", ()))
            ),
            environ=table.get("env", {}),
            config=table.get("config"),
            interactive=table.get("interactive", interactive) and "stdin" not in table,
            stdin=table.get("stdin", table.get("pipe", "")),
            piped="pipe" in table,
            ctrl_c=parse_duration(table["ctrl_c"]) if "ctrl_c" in table else None,
            meanwhile=tuple(
                self._meanwhile((*at, "meanwhile", number), other)
                for number, other in enumerate(table.get("meanwhile", ()))
            ),
            child=_child(child) if "child" in table else None,
            mfa_process=tuple(map(_child, table.get("mfa_process", ()))),
            child_environ=child_environ,
            exit=table.get("exit", 0),
            does=tuple(
                self._understood((*at, "does"), lambda lines: [*unfolded(lines)], table["does"])
            )
            if "does" in table
            else None,
            keyring=table.get("keyring", {}),
            session=table.get("session", {}),
            files=table.get("file", {}),
        )

    def _meanwhile(self, at: Keys, table: Mapping[str, Any]) -> Meanwhile:
        after = parse_duration(table["after"]) if "after" in table else None
        step = self._step(at, table, interactive=True)
        return Meanwhile(step, after, table.get("when_asked", ""))

    def _script(self, at: Keys, text: str) -> transcript.Script:
        try:
            return transcript.parse(text)
        except ValueError as error:
            reason, number = error.args
            place = self._places[at]
            raise BadStory(self._path, place.line + 1 + number, reason) from None

    def _when(self, at: Keys, written: str | datetime | None) -> timedelta | datetime | None:
        if isinstance(written, str):
            return self._understood(at, parse_duration, written)  # type: ignore[no-any-return]  # a timedelta
        return None if written is None else self._instant(at, written)

    def _instant(self, at: Keys, written: object) -> datetime:
        if isinstance(written, datetime) and written.tzinfo:
            return written
        raise self._bad(at, "an instant is written like 2024-12-22T16:58:00-07:00, without quotes")

    def _understood(self, at: Keys, understand: Callable[[Any], Any], written: object) -> Any:  # noqa: ANN401 - whatever `understand` returns
        try:
            return understand(written)
        except LookupError as error:
            raise self._bad(at, str(error.args[0])) from None
        except (ValueError, OSError) as error:
            raise self._bad(at, str(error)) from None

    def _bad(self, at: Keys, reason: str) -> BadStory:
        return BadStory(self._path, self._line(at), reason)

    def _line(self, at: Keys) -> int:
        """Return the line of a key, or of the innermost table around it that has a line."""
        while at and at not in self._places:
            first = (*at, 0)  # of a list of tables
            at = first if first in self._places else at[:-1]
        return self._places[at].line if at else 1


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        near = did_you_mean(name, available_timezones(), or_list=False)
        raise ValueError(f"there is no time zone {name!r}{near and f'; {near}'}") from None


def _child(table: Mapping[str, Any]) -> Child:
    """Return what a child, or one run of `mfa_process`, does."""
    takes = {"takes": parse_duration(table["takes"])} if "takes" in table else {}
    return Child(**{**table, **takes})


def _entry(written: str | Mapping[str, str]) -> str:
    """Return the text of a keyring entry as authkit writes it, or the raw text as given."""
    return written if isinstance(written, str) else json.dumps({"version": VERSION, **written})
