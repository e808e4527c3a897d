"""MFA codes: which are valid, and how often."""

from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest

from sts_simulator.account import mfa
from sts_simulator.account.answers import Session
from sts_simulator.account.directory import Device
from tests.support.account_world import START, World


def test_totp_takes_one_step_either_way_and_each_once(world: World) -> None:
    """The codes of the present step, the previous and the next are valid, each once."""
    totp = pyotp.TOTP("JBSWY3DPEHPK3PXPJBSWY3DP")

    def good(steps: int) -> bool:
        code = totp.at(START + timedelta(seconds=30 * steps))
        answer = world.ask("GetSessionToken", SerialNumber="GAHT12345678", TokenCode=code)
        return isinstance(answer, Session)

    assert [good(steps) for steps in (-2, -1, 0, 0, 1, 2)] == [
        False,
        True,
        True,
        False,
        True,
        False,
    ]


SEED = "JBSWY3DPEHPK3PXPJBSWY3DP"


def test_a_listed_code_is_valid_once_on_its_device() -> None:
    """A code is valid once per device."""
    one, other = (Device(serial, "me", ("123456",)) for serial in ("one", "other"))
    used = mfa.UsedCodes()
    later = START + timedelta(seconds=12)
    assert used.take(one, "123456", START) == ""
    assert used.take(one, "123456", later) == "the code was used 12 s ago"
    assert used.take(other, "123456", later) == ""
    assert used.take(one, "000000", START) == "the device does not show this code"


def test_how_far_off_a_code_is() -> None:
    """A code of another time within an hour is told apart from one that never was."""
    device, totp = Device("one", "me", seed=SEED), pyotp.TOTP(SEED)
    for seconds, word in ((-600, "600 s ago"), (900, "900 s from now")):
        code = totp.at(START + timedelta(seconds=seconds))
        told = mfa.UsedCodes().take(device, code, START)
        assert told == f"the device does not show this code now: it is the one of {word}"


@pytest.mark.parametrize(
    ("steps", "expected"),
    [((0, 1), True), ((-1, 0), True), ((-2, -1), True), ((-3, -2), False), ((1, 2), False)],
)
def test_two_consecutive_codes(steps: tuple[int, int], *, expected: bool) -> None:
    """The first code is at most two steps old, and the second must follow it."""
    totp = pyotp.TOTP(SEED)
    first, second = (totp.generate_otp(totp.timecode(START) + step) for step in steps)
    assert mfa.consecutive(SEED, (first, second), START) is expected
    assert not mfa.consecutive(SEED, (second, first), START)
