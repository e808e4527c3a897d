"""B-L12: which MFA codes are remembered, for how long, and whatever the note has become."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authkit.login.spent_codes import LIFE, SpentCodes
from sts_simulator.account.faults import Fault
from tests.support.anything import ODD, QUICK, anything, written
from tests.support.people import MFA
from tests.support.stage import Stage

CODE = "123456"
SECOND = timedelta(seconds=1)


def remembered(stage: Stage, name: str = "dev-admin", serial: str = MFA, code: str = CODE) -> bool:
    """Tell whether the next run knows the code."""
    return SpentCodes(stage, name).has(serial, code)


@pytest.fixture
def stage() -> Stage:
    """Return a world where a code has just been spent."""
    made = Stage()
    SpentCodes(made, "dev-admin").add(MFA, CODE)
    return made


@pytest.mark.parametrize(
    ("later", "known"),
    [
        (-LIFE, False),
        (SECOND - LIFE, True),
        (0 * SECOND, True),
        (LIFE - SECOND, True),
        (LIFE, False),
    ],
)
def test_for_as_long_as_a_device_may_show_it(
    stage: Stage, later: timedelta, *, known: bool
) -> None:
    """A step of TOTP and one either way; a clock that was set back does not remember for ever."""
    stage.clock.sleep(later)
    assert remembered(stage) is known


def test_in_the_run_that_spent_it_for_good() -> None:
    """However long a person takes over the next one."""
    stage = Stage()
    codes = SpentCodes(stage, "dev-admin")
    codes.add(MFA, CODE)
    stage.clock.sleep(10 * LIFE)
    assert codes.has(MFA, CODE)


def test_that_code_of_that_device_alone(stage: Stage) -> None:
    """Another device may show the same code, and this one others; two identities may share it."""
    assert not remembered(stage, serial="GAHT12345678")
    assert not remembered(stage, code="234567")
    assert remembered(stage, name="audit")


def test_several_and_the_old_ones_go(stage: Stage) -> None:
    """The note does not grow: what has outlived its use is left out of the next one."""
    stage.clock.sleep(LIFE / 2)
    SpentCodes(stage, "dev-admin").add(MFA, "234567")
    assert remembered(stage)
    assert remembered(stage, code="234567")
    stage.clock.sleep(LIFE * 0.7)
    SpentCodes(stage, "dev-admin").add(MFA, "345678")
    assert stage.sessions.notes["dev-admin"].count(":") == 2


def test_no_code_is_written_down(stage: Stage) -> None:
    """B-S01: nor the device's ARN."""
    note = stage.sessions.notes["dev-admin"]
    assert CODE not in note
    assert MFA not in note


@QUICK
@given(note=st.sampled_from(ODD) | written(anything))
def test_a_note_of_any_sort(note: str) -> None:
    """B-S04: it is a note of nothing, and the next one replaces it."""
    stage = Stage()
    stage.sessions.notes["dev-admin"] = note
    codes = SpentCodes(stage, "dev-admin")
    assert not codes.has(MFA, CODE)
    codes.add(MFA, CODE)
    assert remembered(stage)


def test_a_code_that_another_identity_spends_meanwhile() -> None:
    """Two logins side by side for one device: the notes are looked at each time."""
    stage = Stage()
    here, there = SpentCodes(stage, "dev-admin"), SpentCodes(stage, "audit")
    assert not here.has(MFA, CODE)
    there.add(MFA, CODE)
    assert here.has(MFA, CODE)


@pytest.mark.parametrize("operation", ["codes.read", "codes.replace"])
def test_a_note_in_trouble_stops_nobody(operation: str) -> None:
    """STS refuses a code that it has seen; a note that cannot be kept costs no login."""
    stage = Stage()
    stage.sessions.faults.add(Fault(operation, "Permission denied", times=0))
    codes = SpentCodes(stage, "dev-admin")
    assert not codes.has(MFA, CODE)
    codes.add(MFA, CODE)
    assert codes.has(MFA, CODE)
