"""Whole commands run among the fakes: a scene with one IAM user, and persons who answer."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from authkit import cli
from authkit.core import entries
from authkit.core.model import Marker
from fakes.world.clock import VirtualClock
from fakes.world.journal import Journal
from fakes.world.keyring import PASSPHRASE
from fakes.world.prompter import Person
from fakes.world.scene import Inputs, Scene, open_account, port_skin, run_command
from sts_simulator.account import account_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from authkit.core.model import Question
    from fakes.world.children import Child

NAME = "dev-admin"
AWS_CONFIG, AWS_CREDENTIALS = "/home/dev/.aws/config", "/home/dev/.aws/credentials"
ID, SECRET = "AKIAXXXXXXXXXXXXXXXX", "new-secret"
OLD_ID, OLD_SECRET = "AKIAOLDOLDOLDOLDOLDO", "old-secret"
MFA = "arn:aws:iam::123456789012:mfa/user"
NOW = datetime(2024, 12, 22, 23, 58, tzinfo=UTC)
CODES = tuple(f"{number:06}" for number in range(1, 100))
ACCOUNT: Mapping[str, Any] = {
    "keys": {"new": {"id": ID, "secret": SECRET}},
    "mfa": {"arn": MFA, "codes": list(CODES)},
}
KEYS = {"access_key_id": ID, "secret_access_key": SECRET}
ENTRY = KEYS | {"mfa_arn": MFA, "session_duration": "36h"}
OLD_ENTRY = ENTRY | {"access_key_id": OLD_ID, "secret_access_key": OLD_SECRET}

# The answers to each question of a person who knows the account.  The last one is repeated.
KNOWN: Mapping[str, Iterable[str]] = {
    "AWS Access Key ID": (ID,),
    "AWS Secret Access Key": (SECRET,),
    "MFA ARN": (MFA,),
    "Session Duration": ("36h",),
    "Device Number": ("1",),
    "Enter MFA Token": CODES,
    PASSPHRASE.title: (PASSPHRASE.typed,),
}


class Obliging(Person):
    """A person who answers every question from `known`, and counts them in `asked`."""

    def __init__(self, known: Mapping[str, Iterable[str]] | None = None) -> None:
        super().__init__()
        self._known = {
            title: list(answers) for title, answers in {**KNOWN, **(known or {})}.items()
        }
        self.asked: Counter[str] = Counter()

    def __call__(self, question: Question) -> str:
        """Return what the person types."""
        title = next(title for title in self._known if question.text.startswith(title))
        self.asked[title] += 1
        answers = self._known[title]
        return answers.pop(0) if len(answers) > 1 else answers[0]


class Ran(NamedTuple):
    """The exit status of a command, and its journal."""

    status: int
    journal: Journal

    @property
    def screen(self) -> str:
        """All that came on the screen."""
        return self.journal.screen


_checked: dict[str, dict[str, Any]] = {}  # the settings of each account that was checked


def settings_of(account: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of an account, which is checked once: thousands of scenes have it."""
    written = repr(account)
    if written not in _checked:
        _checked[written] = account_table.settings(account)
    return _checked[written]


def a_scene(
    entry: Mapping[str, str] | str | None = None, account: Mapping[str, Any] = ACCOUNT
) -> Scene:
    """Return a scene with this entry in its keyring: a text as it is, fields as JSON."""
    clock = VirtualClock(NOW)
    opened = open_account(account, settings_of(account), clock)
    scene = Scene(cli.main, opened, clock, port_skin(opened, clock))
    if entry is not None:
        written = entry if isinstance(entry, str) else json.dumps({"version": 1, **entry})
        scene.keyring.entries[entries.SERVICE, NAME] = written
        scene.sessions.markers.mark(NAME, Marker())
    return scene


def run(  # noqa: PLR0913 - what a command is given
    scene: Scene,
    *arguments: str,
    person: Person | None = None,
    child: Child | None = None,
    stdin: str = "",
    journal: Journal | None = None,
    programs: Sequence[Child] = (),
) -> Ran:
    """Run an authkit command in the scene; without a person there is no terminal."""
    journal = journal or Journal()
    ending = run_command(scene, Inputs(person, child, stdin, {}, programs), arguments, journal)
    return Ran(ending.status, journal)


def entry(scene: Scene) -> dict[str, str] | None:
    """Return the fields of the entry in the keyring, None when there is none."""
    written = scene.keyring.entries.get((entries.SERVICE, NAME))
    if written is None:
        return None
    fields: dict[str, Any] = json.loads(written)
    assert fields.pop("version") == 1
    return fields
