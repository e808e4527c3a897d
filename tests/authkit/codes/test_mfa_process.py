"""`mfa_process`: codes that a command prints, each sent once; what is wrong with it is named."""

from __future__ import annotations

import shlex
from datetime import timedelta

import pytest

from authkit.codes import mfa_process
from authkit.core.failures import CannotRun, Failure
from authkit.core.identity import Identity
from authkit.core.kinds import AWS_USER
from authkit.core.model import Secret
from fakes.world.children import Child
from fakes.world.config import PATH
from fakes.world.programs import ScriptedPrograms
from tests.support.people import ENTRY, NAME, a_scene, run
from tests.support.stage import CountedConfig, Stage

SETTINGS = {"mfa_process": "print-code 'AWS dev'"}
IDENTITY = Identity(NAME, AWS_USER, "us-east-1", SETTINGS, PATH)
CONFIG = f'[identities.{NAME}]\nmfa_process = "print-code"\n'
OTHER_CONFIG = f'{CONFIG}[identities.audit]\nmfa_process = ["print-code"]\n'
WHERE = {"identity": NAME, "table": "identities.dev-admin", "path": PATH}


def stage(*printed: str, **fields: str) -> Stage:
    """Return a stage on which the runs of the command print these."""
    made = Stage(**fields)  # type: ignore[arg-type]  # the environment, in one test
    made.programs = ScriptedPrograms((Child(says=text) for text in printed), made.clock)
    return made


def never(_code: Secret) -> bool:
    """Take no code for a spent one."""
    return False


@pytest.mark.parametrize("printed", ["123456", "123 456", " 123456 \r\n", "123456\n"])
def test_a_code(printed: str) -> None:
    """Blanks and the line's end are no part of it; no time passes."""
    made = stage(printed)
    assert mfa_process.code(made, IDENTITY, never) == Secret("123456")
    assert made.clock.slept == []


@pytest.mark.parametrize(
    ("printed", "reason"),
    [
        ("12345", "did not print six digits"),
        ("1234567", "did not print six digits"),
        ("12345x", "did not print six digits"),
        ("１２３４５６", "did not print six digits"),  # noqa: RUF001 - wide digits
        ("123456\n234567", "printed more than one line"),
        ("", "printed no line"),
    ],
)
def test_what_is_no_code(printed: str, reason: str) -> None:
    """What is wrong is named, with the setting and its place; what was printed is not shown."""
    made = stage(printed)
    with pytest.raises(Failure) as ended:
        mfa_process.code(made, IDENTITY, never)
    assert (ended.value.name, ended.value.status) == ("mfa-process-failed", 1)
    assert ended.value.values == {**WHERE, "reason": reason}


@pytest.mark.parametrize("into", [0, 1, 29])
def test_a_spent_code(into: int) -> None:
    """B-L12: it is asked again when the device shows the next code: at each half minute.

    And a second later, since the clock that oathtool reads is some milliseconds late.
    """
    made = stage("111111", "222222")
    made.clock.sleep(timedelta(seconds=into))
    made.clock.slept.clear()
    assert mfa_process.code(made, IDENTITY, Secret("111111").__eq__) == Secret("222222")
    assert made.clock.slept == [timedelta(seconds=31 - into)]
    assert f"Asking it again in {31 - into}s." in made.screen.said[0]


def test_the_same_code_again_and_again() -> None:
    """A command that prints one code for ever is named after the third."""
    made = stage(*["111111"] * 4)
    with pytest.raises(Failure) as ended:
        mfa_process.code(made, IDENTITY, Secret("111111").__eq__)
    assert ended.value.values["reason"] == "keeps printing a code that was sent before"
    assert len(made.clock.slept) == 2


def test_what_the_command_is_given() -> None:
    """The words as a shell splits them; of the environment no credentials (B-E02); 30 s."""
    asked: list[object] = []

    class Noted:
        def line(self, *given: object) -> Secret:
            asked.extend(given)
            raise CannotRun(127, "was not found")

    kept = {"HOME": "/home/dev"}
    others = {"AWS_PROFILE": "x", "AWS_SECRET_ACCESS_KEY": "x", "AUTHKIT_KEYRING_PASSPHRASE": "x"}
    made = Stage(environ=kept | others)
    made.programs = Noted()
    with pytest.raises(Failure, match="mfa-process-failed"):
        mfa_process.code(made, IDENTITY, never)
    assert asked == [["print-code", "AWS dev"], kept, timedelta(seconds=30)]


@pytest.mark.parametrize(
    ("word", "shown"),
    [
        ("ykman", "ykman"),
        ("/opt/code", "/opt/code"),
        (" ", " "),
        ("oathtool --seed canary", "oathtool…"),
        ("SEED=canary", "SEED=…"),
        ("JBSWY3DPEHPK3PXP", "…"),
        ("jbswy3dpehpk3pxp", "…"),  # as it is shown to be typed
        ("3132333435363738393031323334353637383930", "…"),  # as oathtool takes it without --base32
    ],
)
def test_a_command_that_cannot_be_started(word: str, shown: str) -> None:
    """The program's word is shown, and nothing that may be an argument or a secret."""
    made = Stage()
    made.programs = ScriptedPrograms([Child(fails="not found")], made.clock)
    identity = IDENTITY.replaced(settings={"mfa_process": shlex.join([word, "canary"])})
    with pytest.raises(Failure) as ended:
        mfa_process.code(made, identity, never)
    assert ended.value.values["reason"] == f"was not found: {shown}"


def test_a_config_file_that_others_may_write() -> None:
    """B-S06: the command is not run, exit 2."""
    made = stage("123456")
    made.config = CountedConfig(CONFIG, written_by="its mode lets others write to it")
    with pytest.raises(Failure) as ended:
        mfa_process.code(made, IDENTITY, never)
    assert (ended.value.name, ended.value.status) == ("mfa-process-distrusted", 2)
    assert ended.value.values["reason"] == "its mode lets others write to it"
    assert str(ended.value.values["cure"]).startswith("Run 'chmod go-w ")
    made.config = CountedConfig(CONFIG, written_by="it belongs to another user (uid 7)")
    with pytest.raises(Failure) as ended:
        mfa_process.code(made, IDENTITY, never)
    assert "chmod" not in str(ended.value.values["cure"])


def test_one_device_of_two_identities() -> None:
    """A code that one identity has sent is not sent for another with the same device."""
    scene = a_scene(ENTRY)
    scene.config = OTHER_CONFIG
    scene.keyring.entries["authkit", "audit"] = scene.keyring.entries["authkit", NAME]
    assert run(scene, "login", NAME, programs=[Child(says="000001")]).status == 0
    runs = [Child(says="000001"), Child(says="000002")]
    done = run(scene, "login", "audit", programs=runs)
    assert done.status == 0
    assert "printed a code that was sent before" in done.screen


def test_one_command_at_a_time() -> None:
    """Another login's command is waited for, whatever identity it is for."""
    scene = a_scene(ENTRY)
    scene.config = CONFIG
    scene.locks.hold_elsewhere(mfa_process.LOCK, timedelta(seconds=2))
    done = run(scene, "login", NAME, programs=[Child(says="000001")])
    assert done.status == 0
    assert "⚠ Waiting for the mfa_process of another login" in done.screen
    assert scene.locks.is_free(mfa_process.LOCK)
