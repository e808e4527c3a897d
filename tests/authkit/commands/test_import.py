"""`authkit import`: which options go together, and what it ends with.

What it does is told by scenarios/import.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from authkit.arguments import parse
from authkit.commands import import_
from authkit.commands.user_configure import Present
from authkit.core.failures import Failure, KeyringTrouble, Refused
from authkit.core.identity import Identity
from authkit.core.kinds import AWS_USER
from authkit.core.model import Values
from authkit.core.rules import RULES, Action, Rule
from tests.authkit.importing.shapes import PAIR
from tests.support.people import ENTRY
from tests.support.stage import CountedConfig, DictKeyring, Stage

if TYPE_CHECKING:
    from typing import NoReturn

PATH = "/home/dev/.aws/credentials"
IDENTITY = Identity("dev", AWS_USER, "us-east-1", {}, "")


def ended(stage: Stage, line: str) -> Failure:
    """Run a line that fails; return what it ends with."""
    with pytest.raises(Failure) as raised:
        import_.run(stage, parse(["import", *line.split()]))
    return raised.value


@pytest.mark.parametrize(
    "line",
    [
        *("--csv x --env", "--csv x --all", "--env --all", "--csv x --remove", "--env --remove"),
        "--all --profile dev",
    ],
)
def test_options_that_do_not_go_together(line: str) -> None:
    """B-A04: it is said before anything is read."""
    assert (ended(Stage(), line).name, ended(Stage(), line).status) == ("usage", 2)


def test_a_config_file_that_ends() -> None:
    """B-A06: identities cannot be kept in what is there for one command."""
    stage = Stage(config=CountedConfig("", "/dev/fd/63"))
    assert ended(stage, "--all").name == "import-config-ends"


# What ends it that AWS says of keys: the rest is waited for, or has words of import's own.
STOPPING = [
    rule
    for rule in RULES
    if rule.action in {Action.STOP, Action.SIGN_AGAIN} and rule.operation != "AssumeRole"
]


@pytest.mark.parametrize("rule", STOPPING, ids=lambda rule: rule.name)
def test_what_to_do_about_a_refusal(rule: Rule) -> None:
    """B-A04, B-L27: the profile is mended and imported again; there is no identity to log in to."""
    stage = Stage()
    present = Present(stage, IDENTITY)
    trial = import_.Imported(stage, present, Values(), verify=True)
    refused = Refused("GetCallerIdentity", "TeapotException", "no")
    with pytest.raises(import_.Refusal) as ended:
        trial.stop(rule, refused)
    hint = str(ended.value.values["hint"])
    assert "{login}" not in hint
    assert "{configure}" not in hint
    assert re.search(r"'\{again\}'", hint) or rule.name == "access-denied"
    assert "log in" not in hint
    assert hint.endswith(".")
    if "region" in rule.hint:
        assert "the profile" in hint


def test_without_verifying() -> None:
    """Nothing is asked of STS, and both files are written."""
    stage = Stage()
    stage.files.put(PATH, f"[dev]\n{PAIR}")
    line = parse(["import", "--all", "--no-verify", "--remove"])
    assert import_.run(stage, line) == 0
    assert stage.files.contents[PATH] == b"[dev]\n"
    assert stage.files.contents[stage.config.path] == b'[identities.dev]\nkind = "aws/user"\n'
    assert stage.markers.marked() == ["dev"]


def test_ctrl_c_while_keys_are_tried() -> None:
    """B-L06: no question was cancelled, so it ends like any other command."""

    def pressed(_region: str) -> NoReturn:
        raise KeyboardInterrupt

    stage = Stage(sts=pressed)
    trial = import_.Imported(stage, Present(stage, IDENTITY), AWS_USER.values(ENTRY), verify=True)
    with pytest.raises(KeyboardInterrupt):
        trial.run()


def test_a_keyring_that_keeps_nothing() -> None:
    """B-S05: nothing is saved, no table is written, and the keys stay."""
    stage = Stage()
    stage.keyring._forgetful = True  # noqa: SLF001 - a fake's own
    stage.files.put(PATH, f"[dev]\n{PAIR}")
    assert ended(stage, "--all --no-verify --remove").name == "keyring-not-kept"
    assert [*stage.files.contents] == [PATH]
    assert PAIR.encode() in stage.files.contents[PATH]


class CutOff(DictKeyring):
    """A keyring in which a write is made, and Ctrl-C pressed; it may be locked from then on."""

    def __init__(self, *, locks: bool = False) -> None:
        super().__init__()
        self._locks = locks

    def set_password(self, service: str, username: str, password: str) -> None:
        """Replace the entry.  Raises KeyboardInterrupt."""
        super().set_password(service, username, password)
        raise KeyboardInterrupt

    def get_password(self, service: str, username: str) -> str | None:
        """Return the entry.  Raises KeyringTrouble."""
        written = super().get_password(service, username)
        if written and self._locks:
            raise KeyringTrouble("locked", "it is locked")
        return written


@pytest.mark.parametrize("locks", [False, True])
def test_ctrl_c_once_keys_are_saved(*, locks: bool) -> None:
    """B-A04: they get their table, also where nobody can tell whether they are saved."""
    stage = Stage(keyring=CutOff(locks=locks))
    stage.files.put(PATH, f"[dev]\n{PAIR}")
    with pytest.raises(KeyboardInterrupt):
        import_.run(stage, parse(["import", "--all", "--no-verify"]))
    assert stage.files.contents[stage.config.path] == b'[identities.dev]\nkind = "aws/user"\n'


class Overwritten(DictKeyring):
    """A keyring in which another process replaces each entry once it has been read back."""

    def get_password(self, service: str, username: str) -> str | None:
        """Return the entry; the next time it is another."""
        written = super().get_password(service, username)
        if written:
            others = json.dumps({"version": 1, **ENTRY})
            super().set_password(service, username, others)
        return written


def test_keys_that_the_keyring_no_longer_holds() -> None:
    """B-S05: keys stay in AWS's file unless the keyring has them when they are taken out."""
    stage = Stage(keyring=Overwritten())
    stage.files.put(PATH, f"[dev]\n{PAIR}")
    assert import_.run(stage, parse(["import", "--all", "--no-verify", "--remove"])) == 1
    assert PAIR.encode() in stage.files.contents[PATH]
    assert "the keyring holds others by now" in stage.screen.everything


def test_profiles_of_other_kinds() -> None:
    """With --all they are no failure; one that is named is."""
    stage = Stage()
    stage.files.put(PATH, f"[dev]\n{PAIR}[sso]\nsso_role_name = x\n")
    assert import_.run(stage, parse(["import", "--all", "--no-verify"])) == 0
    named = ["import", "--profile", "sso", "--profile", "dev", "--no-verify"]
    assert import_.run(stage, parse(named)) == 1
