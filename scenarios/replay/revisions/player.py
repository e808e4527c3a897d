"""Plays stories to their end in one revision, and tells what was observed as lines of JSON.

This file is run as a program, with the folder of any revision first on the path: it uses
that revision's authkit, fakes and ``scenarios.replay``, and no other module of its own
revision.  What a story claims is not compared.  A person answers by question, not by
order: first what the story answers to it, then what the story's account would take.

It reads a JSON array of ``{"path": …, "text": …}`` and writes a line for each: an object
with `steps` and `ended`, or with `unreadable`, the reason.  What is typed unseen, and
secrets in the keyring, are not part of it.
"""

from __future__ import annotations

import json
import re
import sys
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import authkit
from fakes.world import prompter
from scenarios.replay.stages.levels import LEVELS
from scenarios.replay.story import faults, reading
from scenarios.replay.story.model import BadStory
from scenarios.replay.story.transcript import screen_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from contextlib import AbstractContextManager

    from authkit.core.model import Question
    from scenarios.replay.stages.stage import Observed
    from scenarios.replay.story.model import Story

KEY_ID, SECRET, ARN, CODE = (
    "AWS Access Key ID",
    "AWS Secret Access Key",
    "MFA ARN",
    "Enter MFA Token",
)
# A story's claim of rows, which are not compared: another revision may not have such a row.
_RULE = re.compile(r"^rule *= *(?:\"[^\"\n]*\"|\[[^\]]*\])", re.MULTILINE)
_PATIENCE = 3  # how often the person answers a question that the story has no answer for
_MOST_QUESTIONS = 50  # of one command, after which it is said not to end


class ByQuestion:
    """``prompter.Person``, whose answers are found by question.

    `account` is the story's table.  `asked` holds the titles of the questions so far, and
    `beyond` of those that the story has no answer for (any more).
    """

    def __init__(
        self,
        answers: Iterable[prompter.Answer],
        account: Mapping[str, Any],
        before: Callable[[str], object] = lambda _: None,
    ) -> None:
        """`before` is called with each question before it is answered."""
        self._before = before
        self.asked: list[str] = []
        self.beyond: list[str] = []
        self._answers = list(answers)
        self._account = _Account(account)
        self._typed: dict[str, list[str]] = {}  # by title, without blanks
        self._taken: dict[str, str] = {}  # by title, once another question followed

    def __call__(self, question: Question) -> str:
        """Return what the person types.  Raises Unscripted when the questions do not end."""
        asked = question.text.strip()
        self._before(asked)
        title = next((t for t in self._titles() if asked.startswith(t)), asked.partition(" (")[0])
        if self.asked[-1:] not in ([], [title]):
            before = self.asked[-1]
            self._taken[before] = self._typed.get(before, [""])[-1]
        self.asked.append(title)
        if len(self.asked) > _MOST_QUESTIONS:
            raise prompter.Unscripted(f"{title!r} is asked without an end")
        default = asked.partition("[")[2].partition("]")[0]
        typed = self._answer(title, default)
        if not typed and not default and title in {KEY_ID, SECRET}:
            typed = self._taken.get(title, "")  # the story takes a default that is not there
        if typed or default:
            self._typed.setdefault(title, []).append(typed or default)
        return typed

    @property
    def unasked(self) -> tuple[prompter.Answer, ...]:
        """The answers whose questions were not asked: none, for they are no mistake here."""
        return ()

    def _titles(self) -> list[str]:
        return [*(answer.title for answer in self._answers), KEY_ID, SECRET, ARN, CODE]

    def _answer(self, title: str, default: str) -> str:
        """Return the story's next answer to a question, else what the account takes, else ^C.

        A default is taken once.
        """
        for answer in self._answers:
            if answer.title == title:
                self._answers.remove(answer)
                return answer.typed
        self.beyond.append(title)
        if title == CODE:
            fresh = (c for c in self._account.codes if c not in self._typed.get(CODE, ()))
            return next(fresh, prompter.INTERRUPT)
        values = self._account.values(title, self._typed.get(KEY_ID, [""])[-1])
        times = self.beyond.count(title)
        if default and times == 1:
            return ""
        return values[0] if times <= _PATIENCE else prompter.INTERRUPT


class _Account:
    """What the account of a story takes, by its table."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        keys = [k for k in table.get("keys", {}).values() if k.get("state", "active") == "active"]
        self._secrets = {key.get("id", ""): key.get("secret", "") for key in keys}
        devices = table.get("mfa", [])
        devices = devices if isinstance(devices, list) else [devices]
        self._arns = [device["arn"] for device in devices]
        self.codes = [code for device in devices for code in device.get("codes", ())]

    def values(self, title: str, key_id: str) -> list[str]:
        """Return what can be typed for a question, the best first; a blank takes any default."""
        found = {
            KEY_ID: [*self._secrets],
            SECRET: [self._secrets.get(key_id, ""), *self._secrets.values()],
            ARN: self._arns,
        }
        return [value for value in found.get(title, ()) if value] or [""]


@contextmanager
def answered_by_question(story: Story) -> Iterator[list[ByQuestion]]:
    """Have questions answered so within the context; the list holds the person of each command."""
    persons: list[ByQuestion] = []

    def person(answers: Iterable[prompter.Answer] = (), *before: Any) -> ByQuestion:  # noqa: ANN401 - what other revisions give
        persons.append(ByQuestion(answers, story.account, *before))
        return persons[-1]

    # The stages import the class by name, and each revision has its own stages.
    theirs = prompter.Person
    known = [m for m in [*sys.modules.values()] if getattr(m, "Person", None) is theirs]
    patches = [patch.object(module, "Person", person) for module in known]
    for each in patches:
        each.start()
    try:
        yield persons
    finally:
        for each in patches:
            each.stop()


def play(story: Story) -> dict[str, Any]:
    """Return what is observed of a story's steps, and what ended it early, "" for nothing."""
    level = next(name for name in LEVELS if name not in story.excepted)
    steps: list[dict[str, Any]] = []
    try:
        with LEVELS[level](story) as stage, answered_by_question(story) as persons:
            for step in story.steps:
                persons.clear()
                observed = stage.run(step)
                steps.append({"run": step.run, **_told(observed), **_asked(persons)})
    except Exception as error:  # noqa: BLE001 - of another revision; the other stories go on
        return {"steps": steps, "ended": f"{type(error).__name__}: {error}"}
    return {"steps": steps, "ended": ""}


def _told(observed: Observed) -> dict[str, Any]:
    return {
        "screen": screen_lines(observed.screen),
        "effects": list(observed.does),
        "exit": "it does not end" if observed.exit is None else observed.exit,
        "keys": {name: _entry(raw) for name, raw in observed.keyring.items()},
        "sessions": {name: _session(raw) for name, raw in observed.sessions.items()},
    }


def _asked(persons: list[ByQuestion]) -> dict[str, Any]:
    """Return the questions of a command; the first person is at its terminal."""
    first = persons[:1]
    return {
        "asked": [t for p in first for t in p.asked],
        "beyond": [t for p in first for t in p.beyond],
    }


def _entry(raw: str) -> str:
    """Return an entry of the keyring without secrets."""
    try:
        entry = json.loads(raw)
        fields = {name: value for name, value in entry.items() if name != "version"}
    except (ValueError, AttributeError):
        return "unreadable"
    shown = [fields.pop("access_key_id", "no keys")]
    shown += [name if "secret" in name else f"{name} {fields[name]}" for name in sorted(fields)]
    return ", ".join(map(str, shown))


def _session(raw: str) -> str:
    """Return until when a session is, as far as its file can be read."""
    try:
        return (
            f"until {datetime.fromtimestamp(json.loads(raw)['expiration'], UTC):%Y-%m-%dT%H:%M:%SZ}"
        )
    except (ValueError, LookupError, TypeError):
        return "unreadable"


def codes_unchecked() -> AbstractContextManager[object]:
    """Read faults within the context whether their codes are in the table of rules or not.

    A code that is in a row of one revision may be in none of the other.
    """
    return patch.object(faults, "_of_code", lambda *_, **__: iter(()), create=True)


def main() -> int:
    """Play the stories on standard input."""
    here = Path.cwd()
    if not Path(authkit.__file__).is_relative_to(here):
        sys.stderr.write(f"there is no package authkit in {here}\n")
        return 1
    for told in json.load(sys.stdin):
        try:
            text = _RULE.sub("", told["text"], count=1)
            with codes_unchecked():
                story = reading.parse(text, Path(told["path"]))
            played = play(story)
        except BadStory as bad:
            played = {"unreadable": bad.reason}
        sys.stdout.write(json.dumps(played) + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
