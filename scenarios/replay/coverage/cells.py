"""The table of what there is to be shown, and which of it stories show.  Pure.

A refusal is an AWS error code of the table of rules, any other code, or an answer that
does not come or cannot be read.  Two refusals of a call are alike when the same rows of
the table are about them: one of them is enough.
"""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from authkit.arguments import COMMANDS
from authkit.core.failures import BROKEN_ANSWER, NO_ANSWER
from authkit.core.rules import RULES
from scenarios.replay.coverage.noted import KEYS, SESSION, Call, Point
from scenarios.replay.story.faults import CODES, FILES, KEYRING, STATE

if TYPE_CHECKING:
    from scenarios.replay.coverage.noted import Noted

SPECIFICATION = Path(__file__).parents[3] / "docs" / "specification.md"
OTHER = "another code"
_ANSWERS = {NO_ANSWER: "no answer", BROKEN_ANSWER: "broken answer"}  # as effects say it
REFUSALS = (*sorted(CODES), OTHER, *_ANSWERS.values())

# The calls of STS that commands make: operation, made with, command.
CALLS = (
    Call("GetCallerIdentity", KEYS, "login"),
    Call("GetCallerIdentity", SESSION, "login"),
    Call("GetSessionToken", KEYS, "login"),
    Call("AssumeRole", SESSION, "login"),
    Call("GetCallerIdentity", SESSION, "whoami"),
    Call("GetCallerIdentity", KEYS, "exec"),
    Call("GetCallerIdentity", SESSION, "exec"),
    Call("GetSessionToken", KEYS, "exec"),
    Call("AssumeRole", SESSION, "exec"),
    Call("GetCallerIdentity", KEYS, "user configure"),
)
# Commands that make no other calls, and why.
NOT_CALLED = {
    "whoami": "it makes one call, GetCallerIdentity with the session (B-W01, B-W03)",
    "user configure": "it tries the keys with GetCallerIdentity, and makes no session (B-C01)",
    "logout": "it drops what is kept here",
    "list": "it calls no service (B-I01)",
    "env": "it hands on the cached session",
    "credential-process": "it hands on the cached session, or logs in as exec does, by the same "
    "rows of the table",
    "import": "it tries each key with GetCallerIdentity, and saves none that is refused",
    "profile add": "it writes a line for AWS programs",
    "profile remove": "it removes that line",
    "doctor": "it makes one call with the keys and one with the session, shows what STS answers, "
    "and does nothing about it",
    "help": "it prints a page",
}
# The calls of keyring, state folder and files that may fail.
POINTS = (*KEYRING, *STATE, *FILES)

# Refusals and failures that no story shows, and why they wait: (refusal or fault point,
# operation or "", command).
WAITS: dict[tuple[str, str, str], str] = {}
_TERMINAL = "only at level terminal: "
_SURROUNDINGS = "no level has such surroundings: "
# Messages that no story shows, and why; what shows them instead stands behind the colon.
MESSAGES_WAIT = {
    "granted-nothing": "STS grants 15 minutes at least: tests/authkit/login/test_obtain.py",
    "kept-elsewhere": "a level has one keyring backend: tests/explore/situations.py",
    "entry-lost": "another process writes between two effects: tests/explore/claims_heard.py",
    "writer-wait": "no level has a second writer: tests/authkit/adapters/test_one_writer.py",
    "cannot-run": "a child cannot be started in two ways: tests/authkit/commands/test_exec.py",
    "keyring-backend-named": f"{_SURROUNDINGS}tests/authkit/adapters/test_keyring.py",
    "state-limit": f"{_SURROUNDINGS}tests/authkit/adapters/test_trust.py",
    **dict.fromkeys(
        (
            *("recorded", "recorded-with-texts", "recording-impossible", "recording-broken"),
            "recording-lost",
        ),
        "a story has no recording of itself: tests/authkit/commands/test_record.py",
    ),
    "stdin-is-a-terminal": f"{_SURROUNDINGS}tests/terminal/test_process.py",
    "question-unasked": f"{_SURROUNDINGS}tests/authkit/adapters/test_prompt.py",
    "state-sudo": f"{_SURROUNDINGS}tests/authkit/adapters/test_trust.py",
    "limit-reached": f"{_SURROUNDINGS}tests/authkit/adapters/test_limits.py",
    "stdout-trouble": f"{_SURROUNDINGS}tests/authkit/adapters/test_terminal.py",
    "cannot-unset": "it follows a secret, which no story shows: tests/authkit/commands/test_env.py",
    "setting-wrong": f"{_TERMINAL}scenarios/keyring/setting-misspelt.toml",
    "state-dir-relative": f"{_TERMINAL}scenarios/state/folder-named-relatively.toml",
    "unexpected": "no error is both known and not expected: tests/authkit/test_cli.py",
    **dict.fromkeys(
        ("stdin-unreadable", "config-unreadable", "no-home"),
        f"{_SURROUNDINGS}tests/authkit/adapters/test_world.py",
    ),
    **dict.fromkeys(
        (
            *("keyring-file-extra", "keyring-file-unasked", "keyring-file-setting"),
            *("keyring-file-typed", "keyring-file-unmade", "keyring-file-damaged"),
            *("keyring-file-later", "passphrase-of-new-file", "passphrase-refused"),
            *("passphrase-empty", "passphrases-differ"),
        ),
        "no level keeps keys in the encrypted file: tests/terminal/test_encrypted_keyring.py",
    ),
}
# Rows of the table of rules that no story can show, and why.
RULES_WAIT: dict[str, str] = {}


class Cell(NamedTuple):
    """A thing that can happen: `answer` to a call of STS, or a failure at a fault point.

    `stories` show it, or `alike` is a refusal that is enough, or `waits` says why there is
    none.  With none of the three it is missing.
    """

    answer: str
    call: Call
    stories: tuple[str, ...] = ()
    alike: str = ""
    waits: str = ""

    @property
    def missing(self) -> bool:
        """Whether a story of it is wanted."""
        return not (self.stories or self.alike or self.waits)


def refusal(answer: str) -> str:
    """Return the refusal that the outcome of a call is."""
    return answer if answer in REFUSALS else OTHER


def about(answer: str, operation: str) -> tuple[str, ...]:
    """Return the names of the rows that are about a refusal of an operation, by its code."""
    code = next((code for code, spelt in _ANSWERS.items() if spelt == answer), answer)
    rows = [rule for rule in RULES if rule.operation in {"", operation}]
    named = tuple(rule.name for rule in rows if code in rule.codes)
    return named or tuple(rule.name for rule in rows if not rule.codes)


def refusals(found: Noted) -> list[Cell]:
    """Return a cell for each refusal of each call."""
    stories: dict[tuple[str, Call], set[str]] = {}
    for call, names in found.calls.items():
        if call.answer:
            key = refusal(call.answer), call._replace(answer="")
            stories[key] = stories.get(key, set()) | names
    return [_cell(answer, call, stories) for call, answer in product(CALLS, REFUSALS)]


def _cell(answer: str, call: Call, stories: dict[tuple[str, Call], set[str]]) -> Cell:
    if names := stories.get((answer, call)):
        return Cell(answer, call, tuple(sorted(names)))
    rows = about(answer, call.operation)
    alike = [a for a in REFUSALS if a != answer and about(a, call.operation) == rows]
    shown = next((other for other in alike if (other, call) in stories), "")
    why = WAITS.get((answer, call.operation, call.command), "")
    return Cell(answer, call, alike=shown, waits="" if shown else why)


def failures(found: Noted) -> list[Cell]:
    """Return a cell for each fault point that each command comes to."""
    cells = []
    for name, command in product(POINTS, COMMANDS):
        reached, failed = (Point(name, command, failed) for failed in (False, True))
        if reached in found.points or failed in found.points:
            names = tuple(sorted(found.points.get(failed, ())))
            why = "" if names else WAITS.get((name, "", command), "")
            cells.append(Cell(name, Call("", "", command), names, waits=why))
    return cells


def specified() -> list[str]:
    """Return the numbers of the lines of docs/specification.md, in their order."""
    text = SPECIFICATION.read_text("utf-8")
    return re.findall(r"^- \*\*(B-[A-Z]\d\d)\*\*", text, re.MULTILINE)
