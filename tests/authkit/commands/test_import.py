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
from authkit.core import config
from authkit.core.failures import Failure, KeyringTrouble, Refused, StateTrouble
from authkit.core.identity import Identity
from authkit.core.kinds import AWS_USER
from authkit.core.model import Values
from authkit.core.rules import RULES, Action, Rule
from authkit.importing import plan
from authkit.importing.found import identity
from sts_simulator.account.faults import Fault
from tests.authkit.importing.shapes import PAIR
from tests.support.people import ENTRY, ID, KEYS, NAME, a_scene, run
from tests.support.stage import CountedConfig, DictKeyring, Stage

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import NoReturn

PATH = "/home/dev/.aws/credentials"
IDENTITY = Identity("dev", AWS_USER, "us-east-1", {}, "")


def ended(stage: Stage, line: str) -> Failure:
    """Run a line that fails; return what it ends with."""
    with pytest.raises(Failure) as raised:
        import_.run(stage, parse(["import", *line.split()]))
    return raised.value


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("--csv x --env", "--csv and --env do not go together"),
        ("--csv x --all", "--csv and --all do not go together"),
        ("--env --all", "--env and --all do not go together"),
        ("--csv x --remove", "--csv leaves nothing to --remove"),
        ("--env --remove", "--env leaves nothing to --remove"),
        ("--all --profile dev", "--all and --profile do not go together"),
    ],
)
def test_options_that_do_not_go_together(line: str, reason: str) -> None:
    """B-A04: it is said before anything is read."""
    failure = ended(Stage(), line)
    assert (failure.name, failure.status) == ("usage", 2)
    assert str(failure.values["reason"]).startswith(reason)


def test_a_config_file_that_ends() -> None:
    """B-A06: identities cannot be kept in what is there for one command."""
    stage = Stage(config=CountedConfig("", "/dev/fd/63"))
    failure = ended(stage, "--all")
    assert (failure.name, failure.status) == ("import-config-ends", 2)
    assert failure.values["path"] == "/dev/fd/63"


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


class Noted(DictKeyring):
    """A keyring that notes what it is opened for."""

    opened: bool | None = None

    def unlock(self, *, writing: bool = False, notice: Callable[[], str] = str) -> None:
        """Note it."""
        self.opened = writing
        assert notice() == ""


def test_a_keyring_that_is_to_be_written() -> None:
    """B-S09: a new one is made, and its passphrase asked for, before anything else is."""
    keyring = Noted()
    stage = Stage(keyring=keyring)
    stage.files.put(PATH, f"[dev]\n{PAIR}")
    import_.run(stage, parse(["import", "--all", "--no-verify"]))
    assert keyring.opened is True


@pytest.mark.parametrize(("more", "untried"), [((), False), (("--no-verify",), True)])
def test_keys_that_aws_has_taken(more: tuple[str, ...], untried: bool) -> None:  # noqa: FBT001
    """B-L07: of other keys a login does not say that they were rotated, if AWS refuses them."""
    world = a_scene()
    world.environ |= {"AWS_ACCESS_KEY_ID": ID, "AWS_SECRET_ACCESS_KEY": KEYS["secret_access_key"]}
    assert run(world, "import", "--env", "--profile", NAME, *more).status == 0
    marker = world.sessions.markers.read(NAME)
    assert marker
    assert (marker.untried is not None) == untried


def test_keys_of_seconds_ago() -> None:
    """B-L08: those of a CSV are waited for."""
    world = a_scene()
    world.account.faults.add(Fault("GetCallerIdentity", "InvalidClientTokenId"))
    secret = KEYS["secret_access_key"]
    world.files.put("x.csv", f"Access key ID,Secret access key\n{ID},{secret}\n")
    assert run(world, "import", "--csv", "x.csv", "--profile", NAME).status == 0


class Raced(DictKeyring):
    """A keyring into which another process writes once it was found empty."""

    def __init__(self, theirs: str) -> None:
        super().__init__()
        self._theirs = theirs

    def get_password(self, service: str, username: str) -> str | None:
        """Return the entry; the next time there is one."""
        written = super().get_password(service, username)
        self.entries.setdefault((service, username), self._theirs)
        return written


@pytest.mark.parametrize(
    "theirs", [json.dumps({"version": 1, **ENTRY}), json.dumps({"version": 9}), "{"]
)
def test_an_entry_of_another_process(theirs: str) -> None:
    """B-S04: what has come there meanwhile is not replaced, also what cannot be understood."""
    stage = Stage(keyring=Raced(theirs))
    stage.files.put(PATH, f"[dev]\n{PAIR.replace('AKIA', 'AKIB')}")
    assert import_.run(stage, parse(["import", "--all", "--no-verify"])) == 1
    assert stage.screen.said[1].startswith("✗ dev is not imported: its entry")
    assert {*stage.keyring.entries.values()} == {theirs}


class Full(DictKeyring):
    """A keyring that takes one entry, and then no more."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Replace the entry.  Raises KeyringTrouble."""
        if self.entries.keys() - {(service, username)}:
            raise KeyringTrouble("unreadable", "it is full")
        super().set_password(service, username, password)


def test_what_is_saved_already() -> None:
    """B-A04: the identities whose keys are saved are named, and their tables are written."""
    stage = Stage(keyring=Full())
    stage.files.put(PATH, f"[dev]\n{PAIR}[audit]\n{PAIR}")
    failure = ended(stage, "--all --no-verify")
    assert failure.name == "keyring-unreadable"
    assert failure.values["done"] == "The credentials of dev are saved in the keyring."
    assert b"[identities.dev]" in stage.files.contents[stage.config.path]
    assert b"audit" not in stage.files.contents[stage.config.path]


def test_what_else_was_done() -> None:
    """B-A04: beside what is saved, what the trouble itself says was done; not that nothing was."""
    stage = Stage()
    doing = import_.Doing(stage, parse(["import", "--all"]), fresh=False)
    for name in ("dev", "audit"):
        found = identity(name, AWS_USER, {}, values=AWS_USER.values(ENTRY))
        doing.done.append(plan.step(stage, config.read(stage.config), found))
    saved = "The credentials of dev, audit are saved in the keyring."
    for done, said in (("Half of it.", f"{saved} Half of it."), ("Nothing was saved.", saved)):
        assert doing.ended_by(Failure("x", done=done)).values["done"] == said
    assert doing.ended_by(StateTrouble("/state", "why")).values["done"] == saved


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
    assert stays(stage) == "the keyring holds others by now"


class BesideAnother(DictKeyring):
    """A keyring beside which another program takes the keys out of AWS's file."""

    stage: Stage

    def set_password(self, service: str, username: str, text: str) -> None:
        """Set the entry."""
        super().set_password(service, username, text)
        self.stage.files.put(PATH, "[dev]\nregion = eu-west-1\n")


def test_keys_that_another_program_has_taken_out() -> None:
    """B-A04: it is no failure, and said: nothing is left to take out."""
    keyring = BesideAnother()
    stage = keyring.stage = Stage(keyring=keyring)
    stage.files.put(PATH, f"[dev]\n{PAIR}")
    assert import_.run(stage, parse(["import", "--all", "--no-verify", "--remove"])) == 0
    assert f"The keys of dev are not in {PATH} any more." in " ".join(stage.screen.said)


def stays(stage: Stage) -> str:
    """Return the reason that is shown for keys to stay in AWS's file."""
    said = " ".join(" ".join(stage.screen.said).split())
    found = re.search(r"stay in \S+: (.*?)\.(?= |$)", said)
    assert found, said
    return found[1]


class Closed(DictKeyring):
    """A keyring that is locked once it has been read back."""

    reads = 0

    def get_password(self, service: str, username: str) -> str | None:
        """Return the entry.  Raises KeyringTrouble."""
        written = super().get_password(service, username)
        self.reads += written is not None
        if self.reads > 1:
            raise KeyringTrouble("locked", "it was locked just now")
        return written


def test_keys_that_cannot_be_read_back() -> None:
    """B-S05: nor are they taken out where the keyring does not tell whether it has them."""
    stage = Stage(keyring=Closed())
    stage.files.put(PATH, f"[dev]\n{PAIR}")
    assert import_.run(stage, parse(["import", "--all", "--no-verify", "--remove"])) == 1
    assert PAIR.encode() in stage.files.contents[PATH]
    assert stays(stage) == "the keyring cannot be read: it was locked just now"


def test_lines_of_two_files() -> None:
    """The lines that are named are those of each file, as it was before."""
    stage = Stage()
    stage.files.put(PATH, f"[dev]\n{PAIR}[audit]\n{PAIR}")
    stage.files.put("/home/dev/.aws/config", f"[profile of-config]\nregion = eu-west-1\n{PAIR}")
    assert import_.run(stage, parse(["import", "--all", "--no-verify", "--remove"])) == 0
    said = " ".join(" ".join(stage.screen.said).split())
    assert re.findall(r"lines? (\d+ and \d+)", said) == ["3 and 4", "2 and 3", "5 and 6"]


def test_profiles_of_other_kinds() -> None:
    """With --all they are no failure; one that is named is."""
    stage = Stage()
    sso = "[sso]\nsso_role_name = x\n[other]\nsso_role_name = x\n"
    stage.files.put(PATH, f"[dev]\n{PAIR}{sso}")
    assert import_.run(stage, parse(["import", "--all", "--no-verify"])) == 0
    assert "sso, other" in stage.screen.said[-1]
    named = ["import", "--profile", "sso", "--profile", "dev", "--no-verify"]
    assert import_.run(stage, parse(named)) == 1
