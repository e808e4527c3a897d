"""B-L12: which MFA codes are remembered and for how long, and invalid notes."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authkit.core.model import Secret
from authkit.login.spent_codes import SpentCodes
from sts_simulator.account.faults import Fault
from tests.support.anything import ODD, QUICK, anything, written
from tests.support.people import MFA
from tests.support.stage import Stage

CODE = Secret("123456")
LIFE, SECOND = timedelta(seconds=90), timedelta(seconds=1)  # three steps of a TOTP device


def remembered(
    stage: Stage, name: str = "dev-admin", serial: str = MFA, code: Secret = CODE
) -> bool:
    """Tell whether the next run knows the code."""
    return SpentCodes(stage, name).has(serial, code)


@pytest.fixture
def stage() -> Stage:
    """Return a stage on which a code has just been spent."""
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
def test_how_long_a_code_is_remembered(stage: Stage, later: timedelta, *, known: bool) -> None:
    """B-L12: for a TOTP step and one either way; a clock that was set back makes it no longer."""
    stage.clock.sleep(later)
    assert remembered(stage) is known


def test_a_run_remembers_its_own_codes() -> None:
    """B-L12: a run remembers the codes that it has sent until it ends."""
    stage = Stage()
    codes = SpentCodes(stage, "dev-admin")
    codes.add(MFA, CODE)
    stage.clock.sleep(10 * LIFE)
    assert codes.has(MFA, CODE)


def test_a_code_belongs_to_its_device(stage: Stage) -> None:
    """B-L12: a code is remembered for its device, whichever identity it was sent for."""
    assert not remembered(stage, serial="GAHT12345678")
    assert not remembered(stage, code=Secret("234567"))
    assert remembered(stage, name="audit")


def test_old_codes_leave_the_note(stage: Stage) -> None:
    """B-L12: codes that are old enough are left out of the next note."""
    stage.clock.sleep(LIFE / 2)
    SpentCodes(stage, "dev-admin").add(MFA, Secret("234567"))
    assert remembered(stage)
    assert remembered(stage, code=Secret("234567"))
    stage.clock.sleep(LIFE * 0.7)
    SpentCodes(stage, "dev-admin").add(MFA, Secret("345678"))
    note = json.loads(stage.sessions.notes.texts["dev-admin"])
    assert note["identity"] == "dev-admin"
    assert len(note["codes"]) == 2


def test_a_note_without_a_name(stage: Stage) -> None:
    """B-S10: a note of before 2026-11-25 is its codes alone, and is read."""
    notes = stage.sessions.notes.texts
    notes["dev-admin"] = json.dumps(json.loads(notes["dev-admin"])["codes"])
    assert remembered(stage)


def test_no_code_is_written_down(stage: Stage) -> None:
    """B-S01: a note contains neither the code nor the device's ARN."""
    note = stage.sessions.notes.texts["dev-admin"]
    assert CODE.reveal() not in note
    assert MFA not in note


@QUICK
@given(note=st.sampled_from(ODD) | written(anything))
def test_an_arbitrary_note(note: str) -> None:
    """B-S04: an invalid note has no codes, and the next one replaces it."""
    stage = Stage()
    stage.sessions.notes.texts["dev-admin"] = note
    codes = SpentCodes(stage, "dev-admin")
    assert not codes.has(MFA, CODE)
    codes.add(MFA, CODE)
    assert remembered(stage)


def test_a_code_that_another_identity_spends_meanwhile() -> None:
    """B-L12: the notes are read again each time, so another login's code is seen."""
    stage = Stage()
    here, there = SpentCodes(stage, "dev-admin"), SpentCodes(stage, "audit")
    assert not here.has(MFA, CODE)
    there.add(MFA, CODE)
    assert here.has(MFA, CODE)


@pytest.mark.parametrize("operation", ["codes.read", "codes.replace"])
def test_a_note_in_trouble_is_no_error(operation: str) -> None:
    """B-L12: a note that cannot be read or written is no error; STS refuses a code it has seen."""
    stage = Stage()
    stage.sessions.faults.add(Fault(operation, "Permission denied", times=0))
    codes = SpentCodes(stage, "dev-admin")
    assert not codes.has(MFA, CODE)
    codes.add(MFA, CODE)
    assert codes.has(MFA, CODE)
    said = "Permission denied. Check that path" in stage.screen.everything
    assert said == (operation == "codes.replace"), "what cannot be written is said"
