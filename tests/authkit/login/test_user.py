"""The login of an IAM user: what it asks for, what it changes, and when it stops."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from authkit.core import sessions
from authkit.core.failures import Unreachable
from authkit.core.kinds import AWS_USER
from authkit.core.model import Marker
from sts_simulator.account.faults import Fault
from tests.authkit.examples import IDENTITY
from tests.support.people import (
    CODES,
    ENTRY,
    KEYS,
    MFA,
    NAME,
    OLD_ENTRY,
    OLD_ID,
    OLD_SECRET,
    Obliging,
    a_scene,
    entry,
    run,
)

if TYPE_CHECKING:
    from typing import Any

    from authkit.core.model import AccessKeys, Session
    from authkit.core.ports import Sts
    from fakes.world.scene import Scene

CHINA = {"MFA ARN": ("arn:aws-cn:iam::123456789012:mfa/user",)}


def test_a_device_of_another_partition_after_the_keys_were_replaced() -> None:
    """B-A04, B-L19: the message says that this run has removed and replaced the keys."""
    scene = a_scene(OLD_ENTRY)
    done = run(scene, "login", NAME, person=Obliging(CHINA))
    assert done.status == 1
    assert "in aws.\n  Removed the refused keys; the new ones are saved." in done.screen


@pytest.mark.parametrize(
    ("since", "fault", "tries"),
    [
        (timedelta(seconds=30), None, 5),
        (timedelta(seconds=60), None, 1),
        (timedelta(hours=-2), None, 5),
        (timedelta(seconds=0), Fault("mark.read", "Permission denied"), 1),
    ],
    ids=["new", "a minute old", "to come", "a marker that cannot be read"],
)
def test_how_long_keys_are_new(since: timedelta, fault: Fault | None, tries: int) -> None:
    """B-L08: keys saved less than a minute ago are tried five times, others once."""
    scene = a_scene(OLD_ENTRY)
    scene.sessions.markers.mark(NAME, Marker(untried=scene.clock.now() - since))
    if fault:
        scene.sessions.faults.add(fault)
    assert run(scene, "login", NAME).status == 1
    assert entry(scene) == OLD_ENTRY
    assert len(scene.account.calls) == tries


def calls(scene: Scene) -> list[str]:
    """Return the operations that STS was called with, in order."""
    return [call.operation for call in scene.account.calls]


def test_dead_keys_are_replaced() -> None:
    """B-L04, B-L05: refused keys go, their settings stay, and the new keys are used at once."""
    scene, person = a_scene(OLD_ENTRY), Obliging()
    done = run(scene, "login", NAME, person=person)
    assert (done.status, entry(scene)) == (0, ENTRY)
    assert "✗ Key AKIAOLDOLDOLDOLDOLDO was rotated or revoked; removed it" in done.screen
    assert calls(scene) == ["GetCallerIdentity", "GetCallerIdentity", "GetSessionToken"]


def test_a_wrong_secret_keeps_the_id() -> None:
    """B-L09: the id is the default, so that only the secret has to be typed."""
    scene = a_scene(ENTRY | {"secret_access_key": "wrong-secret"})
    person = Obliging({"AWS Access Key ID": ("",)})
    assert run(scene, "login", NAME, person=person).status == 0
    assert entry(scene) == ENTRY


def test_dead_keys_and_nobody_to_ask() -> None:
    """B-L05: nothing is removed, which the message says: they may be the only copy."""
    scene = a_scene(OLD_ENTRY)
    done = run(scene, "login", NAME)
    assert (done.status, entry(scene)) == (1, OLD_ENTRY)
    assert "Nothing was removed from the keyring." in done.screen


def test_three_wrong_keys() -> None:
    """B-L07: the third refusal of keys that were typed ends the run."""
    scene = a_scene()
    person = Obliging({"AWS Access Key ID": (OLD_ID,), "AWS Secret Access Key": (OLD_SECRET,)})
    done = run(scene, "login", NAME, person=person)
    assert done.status == 1
    assert person.asked["AWS Access Key ID"] == 3
    assert "✗ 3 times, AWS refused what was entered with InvalidClientTokenId." in done.screen


@pytest.mark.parametrize("typed", ["12345", "1234567", "abcdef", "", "１２３４５６"])  # noqa: RUF001 - wide digits
def test_what_is_no_code(typed: str) -> None:
    """B-L11: a code is six ASCII digits; anything else is asked for again, and not sent."""
    scene = a_scene(ENTRY)
    person = Obliging({"Enter MFA Token": (typed, CODES[0])})
    done = run(scene, "login", NAME, person=person)
    assert done.status == 0
    assert "✗ An MFA code is six digits." in done.screen
    assert calls(scene).count("GetSessionToken") == 1


def test_a_code_with_a_blank() -> None:
    """B-L11: a code may be typed in two groups."""
    scene = a_scene(ENTRY)
    person = Obliging({"Enter MFA Token": ("000 001",)})
    assert run(scene, "login", NAME, person=person).status == 0


def test_a_code_is_not_sent_twice() -> None:
    """B-L12: a code that was refused is not accepted at the next prompt."""
    scene = a_scene(ENTRY)
    person = Obliging({"Enter MFA Token": ("999999", "999999", CODES[0])})
    done = run(scene, "login", NAME, person=person)
    assert done.status == 0
    assert "✗ AWS refused the code." in done.screen
    assert "✗ That code was sent before" in done.screen
    assert calls(scene).count("GetSessionToken") == 2


def test_three_wrong_codes() -> None:
    """B-L11: the third refused code ends the run; the keys stay."""
    scene = a_scene(ENTRY)
    person = Obliging({"Enter MFA Token": ("999997", "999998", "999999")})
    done = run(scene, "login", NAME, person=person)
    assert (done.status, entry(scene)) == (1, ENTRY)
    assert f"✗ AWS refused 3 codes of {MFA}." in done.screen


def test_the_last_refused_code_is_not_sent_by_the_next_login() -> None:
    """B-L12: the code that ends a run is noted too."""
    scene = a_scene(ENTRY)
    person = Obliging({"Enter MFA Token": ("999997", "999998", "999999")})
    assert run(scene, "login", NAME, person=person).status == 1
    person = Obliging({"Enter MFA Token": ("999999", CODES[0])})
    done = run(scene, "login", NAME, person=person)
    assert "✗ That code was sent before" in done.screen
    assert calls(scene).count("GetSessionToken") == 4


@pytest.mark.parametrize(("lost", "sent"), [(1, 3), (2, 4), (3, 4)])
def test_a_lost_answer(lost: int, sent: int) -> None:
    """B-L12: a code is sent again until it is 30 s old, then the next one is asked for.

    Each answer is waited for 10 s, and STS has used the code up: a refusal of it
    costs no attempt.
    """
    scene, person = a_scene(ENTRY), Obliging()
    scene.account.faults.add(Fault("GetSessionToken", "timeout", times=lost))
    done = run(scene, "login", NAME, person=person)
    assert done.status == 0
    assert done.screen.count("⚠ An answer was lost, and its code may be used up") == 1
    assert calls(scene).count("GetSessionToken") == sent
    assert person.asked["Enter MFA Token"] == 2


class SlowSts:
    """STS whose first answer to GetSessionToken is lost after some seconds."""

    def __init__(self, scene: Scene, seconds: int) -> None:
        self._scene, self._seconds, self._account = scene, seconds, scene.sts

    def __call__(self, region: str) -> Any:  # noqa: ANN401 - itself, as ports.Sts
        """Return STS in a region."""
        self._sts: Sts = self._account(region)
        return self

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - any attribute
        return getattr(self._sts, name)

    def get_session_token(self, *who: AccessKeys, **asked: Any) -> Session:  # noqa: ANN401
        """Lose the first answer."""
        seconds, self._seconds = self._seconds, 0
        if seconds:
            self._scene.clock.sleep(timedelta(seconds=seconds))
            raise Unreachable("GetSessionToken", "no answer", answered=False, sent=True)
        return self._sts.get_session_token(*who, **asked)


@pytest.mark.parametrize(("seconds", "codes"), [(29, 1), (30, 2)])
def test_how_long_a_code_is_sent_again(seconds: int, codes: int) -> None:
    """B-L12: a code is sent again until it is 30 s old; there is a pause of 1 s between."""
    scene, person = a_scene(ENTRY), Obliging()
    scene.sts = SlowSts(scene, seconds)
    assert run(scene, "login", NAME, person=person).status == 0
    assert person.asked["Enter MFA Token"] == codes


def test_answers_that_are_lost_without_a_trace() -> None:
    """B-L12: the pages of a load balancer that STS never saw cost no second code."""
    scene, person = a_scene(ENTRY), Obliging()
    scene.account.faults.add(Fault("GetSessionToken", "html", times=3))
    done = run(scene, "login", NAME, person=person)
    assert (done.status, person.asked["Enter MFA Token"]) == (0, 1)
    assert calls(scene).count("GetSessionToken") == 4
    assert "used up" not in done.screen


def test_a_clock_that_is_put_right_makes_no_code_older() -> None:
    """B-L10, B-L12: the age of a code is no matter of what the clock says."""
    scene, person = a_scene(ENTRY), Obliging()
    signed, theirs = scene.clock.now(), scene.clock.now() + timedelta(minutes=10)
    times = [f"{instant:%Y%m%dT%H%M%SZ}" for instant in (signed, theirs)]
    expired = f"Signature expired: {times[0]} is now earlier than {times[1]} ({times[1]} - 15 min.)"
    wrong_time = Fault("GetSessionToken", "SignatureDoesNotMatch", message=expired)
    scene.account.faults.add(wrong_time)
    scene.account.faults.add(Fault("GetSessionToken", "html"))
    done = run(scene, "login", NAME, person=person)
    assert (done.status, person.asked["Enter MFA Token"]) == (0, 1)
    assert "your clock is 10 m behind AWS" in done.screen
    assert calls(scene).count("GetSessionToken") == 3


def test_a_code_that_was_lost_and_refused_costs_no_attempt() -> None:
    """B-L11, B-L12: after a lost answer there are still three codes to be refused."""
    scene = a_scene(ENTRY)
    person = Obliging({"Enter MFA Token": ("000001", "999997", "999998", "999999")})
    scene.account.faults.add(Fault("GetSessionToken", "timeout"))
    done = run(scene, "login", NAME, person=person)
    assert (done.status, person.asked["Enter MFA Token"]) == (1, 4)
    assert f"✗ AWS refused 3 codes of {MFA}." in done.screen


def test_another_device() -> None:
    """B-L13: a refused device is asked for, and saved; then a code of it is asked for."""
    scene = a_scene(ENTRY | {"mfa_arn": "arn:aws:iam::123456789012:mfa/other"})
    person = Obliging()
    done = run(scene, "login", NAME, person=person)
    assert (done.status, entry(scene)) == (0, ENTRY)
    assert person.asked == {"Enter MFA Token": 2, "MFA ARN": 1}


def test_a_session_without_a_device() -> None:
    """B-L11: without an MFA ARN no code is asked for."""
    scene, person = a_scene(KEYS), Obliging()
    assert run(scene, "login", NAME, person=person).status == 0
    assert person.asked == {}


def test_what_the_session_remembers() -> None:
    """B-S03, B-L25: the keys, device, duration and principal that it was made with."""
    scene = a_scene(ENTRY)
    assert run(scene, "login", NAME, person=Obliging()).status == 0
    cached = sessions.decode(scene.sessions.texts[NAME])
    values = AWS_USER.values(ENTRY)
    assert cached.keys == IDENTITY.keys_fingerprint(values)
    assert (cached.mfa_arn, cached.duration) == (MFA, 36 * 3600)
    assert cached.principal == "arn:aws:iam::123456789012:user/dev-admin"
    assert IDENTITY.made(cached, values)


def test_keys_that_aws_takes_are_no_longer_new() -> None:
    """B-L08: the marker says so from then on."""
    scene = a_scene(KEYS)
    scene.sessions.markers.mark(NAME, Marker(untried=scene.clock.now()))
    assert run(scene, "login", NAME).status == 0
    marker = scene.sessions.markers.read(NAME)
    assert marker is not None
    assert marker.untried is None
