"""MFA devices that IAM lists: which are offered, which answers are taken, what is saved."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from authkit.codes import devices
from authkit.core.entries import SERVICE
from authkit.core.failures import Refused
from authkit.core.model import AccessKeys, Marker, Secret
from authkit.login import form
from fakes.world.prompter import INTERRUPT
from sts_simulator.account.faults import Fault
from tests.support.people import (
    ACCOUNT,
    ID,
    KEYS,
    MFA,
    NAME,
    OLD_ENTRY,
    Obliging,
    a_scene,
    entry,
    run,
)
from tests.support.stage import Paper, Stage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from authkit.core.model import Question
    from fakes.world.scene import Scene

SHORT = "GAHT12345"  # as short as STS takes a serial number
FOB, SECURITY_KEY = "GAHT12345678", "arn:aws:iam::123456789012:u2f/user/dev-admin/blue-EXAMPLE"
HEADING = "of this user:"


def scene(*more: str, written: Mapping[str, str] | None = None) -> Scene:
    """Return a scene with these devices beside the account's own one."""
    owned = [ACCOUNT["mfa"], *({"arn": serial, "codes": ["000000"]} for serial in more)]
    return a_scene(written, {**ACCOUNT, "mfa": owned})


def person(*answers: str) -> Obliging:
    """Return a person who leaves the MFA ARN out, and gives these answers to the offer."""
    return Obliging({"MFA ARN": ("",), devices.TITLE: answers})


@pytest.mark.parametrize(
    ("answers", "saved"),
    [
        (("1",), MFA),
        (("2",), FOB),
        ((FOB,), FOB),
        ((SHORT,), SHORT),
        ((f" {MFA}\u200b ",), MFA),
        (("",), None),
        (("0",), None),
        (("-",), None),
        (("3", "01", "-1", "1.0", "\u0661", "one", SECURITY_KEY, "arn:aws:iam::1:mfa/x", "1"), MFA),
    ],
)
def test_what_is_chosen(answers: tuple[str, ...], saved: str | None) -> None:
    """B-K05: a number, or a serial number; any other answer is refused there, and asked again."""
    world, somebody = scene(SECURITY_KEY, FOB), person(*answers)
    ran = run(world, "user", "configure", NAME, person=somebody)
    assert ran.status == 0
    assert (entry(world) or {}).get("mfa_arn") == saved
    assert somebody.asked[devices.TITLE] == len(answers)
    assert ran.screen.count("✗") == len(answers) - 1


def test_why_an_answer_is_refused() -> None:
    """The numbers that there are are named, or the only one."""
    for question, numbers in (
        (devices.question([MFA, FOB]), "a number from 1 to 2, or by its ARN or serial number$"),
        (devices.question([MFA, f"{MFA}-2"]), "a number from 1 to 2, or by its ARN$"),
        (devices.question([MFA]), "1, or by its ARN; a blank is none"),
        (devices.question([FOB]), "1, or by its serial number; a blank is none"),
    ):
        with pytest.raises(ValueError, match=f"chosen by {numbers}"):
            question.checked("7")


def test_what_is_shown() -> None:
    """B-A01: the devices that can be chosen have numbers, a security key has none."""
    ran = run(scene(SECURITY_KEY, FOB), "login", NAME, person=person("1"))
    shown = ran.screen.partition(HEADING)[2].splitlines()[2:5]
    assert shown == [
        f"  Device 1       {MFA}",
        f"  Device 2       {FOB}",
        f"  Security key   {SECURITY_KEY} (STS takes none)",
    ]


def test_it_is_saved_by_a_login() -> None:
    """B-L13: it is put into the entry, and is the next login's default."""
    world = scene()
    ran = run(world, "login", NAME, person=person("1"))
    assert ran.status == 0
    assert entry(world) == KEYS | {"mfa_arn": MFA, "session_duration": "36h"}
    assert "✓ MFA ARN saved to keyring: dev-admin" in ran.screen


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        (("login", NAME), ""),
        (("user", "configure", NAME), f"mfa_arn = '{MFA}'\n"),
        (("user", "configure", NAME, "--no-verify"), ""),
    ],
)
def test_where_nothing_is_offered(words: tuple[str, ...], lines: str) -> None:
    """Keys that were not typed now; an ARN in the config file; keys that are not tried."""
    world = scene(written=KEYS)
    world.config = f"[identities.{NAME}]\n{lines}"
    ran = run(world, *words, person=person("1"))
    assert ran.status == 0
    assert HEADING not in ran.screen
    assert not [line for line in ran.journal.effects if line.startswith("iam")]


def test_nobody_is_asked_where_nobody_is() -> None:
    """B-C03: fields on standard input are what they are."""
    world = scene()
    written = f'{{"access_key_id": "{ID}", "secret_access_key": "new-secret"}}'
    ran = run(world, "user", "configure", NAME, "--stdin", stdin=written)
    assert (ran.status, HEADING in ran.screen) == (0, False)


@pytest.mark.parametrize("answer", ["AccessDenied", "InvalidClientTokenId", "timeout", "garbage"])
def test_whatever_iam_says(answer: str) -> None:
    """B-L02: a refusal or no answer is not shown, costs one call, and changes nothing."""
    world = scene()
    world.account.faults.add(Fault("iam:ListMFADevices", answer, times=0))
    ran = run(world, "login", NAME, person=person())
    assert ran.status == 0
    assert (HEADING in ran.screen, "✗" in ran.screen, "⚠ AWS c" in ran.screen) == (
        False,
        False,
        True,
    )
    assert sum(line.startswith("iam") for line in ran.journal.effects) == 1
    assert entry(world) == KEYS | {"session_duration": "36h"}


def test_new_keys_of_a_login() -> None:
    """B-L04: rotated keys keep the MFA ARN, so nothing is left out; without one it is offered."""
    kept, somebody = scene(written=OLD_ENTRY), person("1")
    assert run(kept, "login", NAME, person=somebody).status == 0
    assert somebody.asked[devices.TITLE] == 0
    written = {name: text for name, text in OLD_ENTRY.items() if name != "mfa_arn"}
    assert run(scene(written=written), "login", NAME, person=(again := person("1"))).status == 0
    assert again.asked[devices.TITLE] == 1


def test_cancelled() -> None:
    """B-L06: the keys that were saved stay; user configure saves nothing."""
    world = scene()
    ran = run(world, "login", NAME, person=person(INTERRUPT))
    assert (ran.status, entry(world)) == (130, KEYS | {"session_duration": "36h"})
    world = scene()
    assert run(world, "user", "configure", NAME, person=person(INTERRUPT)).status == 130
    assert entry(world) is None


@pytest.mark.parametrize(
    ("first", "then"), [((INTERRUPT,), 1), (("",), 0), (("0",), 0), (("1",), 0)]
)
def test_the_next_login(first: tuple[str, ...], then: int) -> None:
    """B-L13: who has not answered is asked again; who has, by "none" too, is not."""
    world = scene()
    run(world, "login", NAME, person=person(*first))
    for _ in range(2):  # an unattended login answers nothing
        assert run(world, "login", NAME, "--force").status == (1 if first == ("1",) else 0)
    somebody = person("")
    assert run(world, "login", NAME, "--force", person=somebody).status == 0
    assert somebody.asked[devices.TITLE] == then
    assert run(world, "login", NAME, "--force", person=(again := person(""))).status == 0
    assert again.asked[devices.TITLE] == 0


def test_none_said_to_user_configure() -> None:
    """B-L13: the next login does not ask for what was answered there."""
    world = scene()
    assert run(world, "user", "configure", NAME, person=person("0")).status == 0
    somebody = person("1")
    assert run(world, "login", NAME, person=somebody).status == 0
    assert somebody.asked[devices.TITLE] == 0


def test_none_holds_whatever_becomes_of_the_login() -> None:
    """The answer "none" is noted at once: the session that is not made then does not undo it."""
    world = scene()
    world.account.faults.add(Fault("GetSessionToken", "AccessDenied"))
    assert run(world, "login", NAME, person=person("")).status == 1
    assert run(world, "login", NAME, person=(again := person("1"))).status == 0
    assert again.asked[devices.TITLE] == 0


def test_none_listed_is_not_listed_again() -> None:
    """Where IAM does not list them, it is asked once: a login later makes no call for that."""
    world = scene()
    world.account.faults.add(Fault("iam:ListMFADevices", "AccessDenied", times=0))
    assert run(world, "login", NAME, person=person()).status == 0
    ran = run(world, "login", NAME, "--force", person=person())
    assert not [line for line in ran.journal.effects if line.startswith("iam")]


@pytest.mark.parametrize("words", [("user", "configure", NAME), ("import", "--env")])
def test_keys_that_were_saved_without_the_question(words: tuple[str, ...]) -> None:
    """Keys that STS could not be asked about, and imported ones: the next login offers devices."""
    world = scene()
    world.environ |= {"AWS_ACCESS_KEY_ID": ID, "AWS_SECRET_ACCESS_KEY": KEYS["secret_access_key"]}
    more = ("--profile", NAME) if "import" in words else ("--no-verify",)
    assert run(world, *words, *more, person=person("0")).status == 0
    somebody = person("1")
    assert run(world, "login", NAME, person=somebody).status == 0
    assert somebody.asked[devices.TITLE] == 1
    assert (entry(world) or {}).get("mfa_arn") == MFA


def test_fields_on_standard_input_are_an_answer() -> None:
    """B-C03: where no MFA ARN is given there, the next login asks for none."""
    world = scene()
    written = f'{{"access_key_id": "{ID}", "secret_access_key": "new-secret"}}'
    assert run(world, "user", "configure", NAME, "--stdin", stdin=written).status == 0
    somebody = person("1")
    assert run(world, "login", NAME, person=somebody).status == 0
    assert somebody.asked[devices.TITLE] == 0


def test_a_device_of_another_partition() -> None:
    """B-L19: user configure refuses one that is typed, and saves nothing."""
    world = scene()
    ran = run(world, "user", "configure", NAME, person=person(MFA.replace("aws", "aws-cn", 1)))
    assert (ran.status, entry(world)) == (1, None)
    assert "is in the partition aws-cn" in ran.screen


@pytest.mark.parametrize("region", ["eu-west-1", "cn-north-1"])
def test_the_region_that_is_asked(region: str) -> None:
    """B-L19: it decides which partition's IAM lists the devices."""
    asked = list[str]()

    class Refusing:
        def list_mfa_devices(self, keys: AccessKeys) -> NoReturn:
            raise Refused("ListMFADevices", "AccessDenied", keys.access_key_id)

    def sts(region: str) -> Any:  # noqa: ANN401 - a port with one method
        asked.append(region)
        return Refusing()

    screen = Paper()
    stage = Stage(prompter=screen, screen=screen, sts=sts)
    assert devices.chosen(stage, region, AccessKeys(ID, Secret("x")), form.ask) is None
    assert (asked, screen.everything) == ([region], "")


def test_none_that_cannot_be_noted() -> None:
    """B-S06: the login goes on where the marker cannot be written."""
    world = scene()

    class Spoiling(Obliging):
        """While the device is asked for, the marker becomes a folder."""

        def __call__(self, question: Question) -> str:
            if question.text.startswith(devices.TITLE):
                world.sessions.spoil(f"identities/{NAME}", "a folder")
            return super().__call__(question)

    somebody = Spoiling({"MFA ARN": ("",), devices.TITLE: ("",)})
    ran = run(world, "login", NAME, person=somebody)
    assert ran.status == 0
    assert "did not expect" not in ran.screen


def test_devices_of_another_partition() -> None:
    """B-L19: they are not offered; those behind them are."""
    world, somebody = scene(MFA.replace("aws", "aws-cn", 1), FOB), person("2", "0")
    assert run(world, "login", NAME, person=somebody).status == 1
    assert (entry(world) or {})["mfa_arn"] == FOB


def test_other_keys_meanwhile() -> None:
    """A device that is chosen for keys which another process replaces is not saved with theirs."""
    world = scene(FOB)
    theirs = {"access_key_id": "AKIAOTHEROTHEROTHERO", "secret_access_key": "others-secret"}
    world.account.administrator.add_key(NAME, "AKIAOTHEROTHEROTHERO", "others-secret")

    class Late(Obliging):
        """While the device is asked for, another process writes other keys."""

        def __call__(self, question: Question) -> str:
            if question.text.startswith(devices.TITLE):
                written = json.dumps({"version": 1, **theirs})
                world.keyring.write_meanwhile((SERVICE, NAME), written)
                world.sessions.markers.mark(NAME, Marker())
            return super().__call__(question)

    somebody = Late({"MFA ARN": ("",), devices.TITLE: ("2",)})
    ran = run(world, "login", NAME, person=somebody)
    assert ran.status == 0
    assert entry(world) == theirs
    assert "sts GetCallerIdentity AKIAOTHEROTHEROTHERO" in ran.journal.effects
