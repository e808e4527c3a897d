"""The keys of a run: what it does to the entry in the keyring, and what it says it has done."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from authkit.adapters.clock import CorrectedClock
from authkit.core import entries
from authkit.core.failures import Failure
from authkit.core.identity import access_keys
from authkit.core.kinds import AWS_USER
from authkit.core.model import AccessKeys, Marker, Secret
from authkit.login.keys import NEW, Keys
from sts_simulator.account.faults import Fault
from tests.authkit.examples import IDENTITY, NAME
from tests.authkit.login.keyrings import CutOff, Locking, ReadOnly, Shared, a_stage, stored
from tests.support.people import ENTRY, ID, KEYS, MFA, OLD_ENTRY, OLD_ID, SECRET
from tests.support.simulator import ROLE_CONFIG

SETTINGS = {"mfa_arn": MFA, "session_duration": "36h"}
VALUES = AWS_USER.values(ENTRY)
SESSION_KEYS = ENTRY | {"access_key_id": "ASIAXXXXXXXXXXXXXXXX"}
CONFIGURED = IDENTITY.replaced(settings={"mfa_arn": "GAHT12345678"})


# What a run has done.


def test_done_without_an_entry() -> None:
    """B-A04: no keys before, none now."""
    assert Keys(a_stage(None), IDENTITY).done() == "Nothing was changed."


def test_done_where_a_role_is_reached_from_it() -> None:
    """B-A04: the role's login may have made a session before it came to ask for keys again."""
    stage = a_stage(None)
    stage.config.text = ROLE_CONFIG
    assert Keys(stage, IDENTITY, direct=False).done() == "Nothing was removed from the keyring."
    assert Keys(stage, IDENTITY, direct=True).done() == "Nothing was changed."


def test_done_with_untouched_keys() -> None:
    """B-A04: keys that the run did not touch are still there."""
    keys = Keys(a_stage(ENTRY), IDENTITY)
    assert keys.done() == "Nothing was removed from the keyring. No {session_made}."


@pytest.mark.parametrize(
    ("entry", "kept"),
    [
        (ENTRY, " Kept in the keyring: MFA ARN and Session Duration."),
        (KEYS | {"mfa_arn": MFA}, " Kept in the keyring: MFA ARN."),
        (KEYS, ""),
    ],
    ids=["settings", "one setting", "no settings"],
)
def test_done_after_a_removal(entry: dict[str, str], kept: str) -> None:
    """B-L04, B-A04: the keys are gone, and the settings that stay are named."""
    stage = a_stage(entry)
    keys = Keys(stage, IDENTITY)
    keys.remove()
    assert keys.done() == f"Removed the refused keys.{kept}"
    assert stored(stage) == ({n: v for n, v in entry.items() if n in SETTINGS} or None)


def test_done_after_a_replacement() -> None:
    """B-L04, B-A04: new keys were saved in place of the removed ones."""
    stage = a_stage(OLD_ENTRY)
    keys = Keys(stage, IDENTITY)
    keys.remove()
    keys.save(VALUES)
    assert keys.done() == ("Removed the refused keys; the new ones are saved. No {session_made}.")
    assert stored(stage) == ENTRY


@pytest.mark.parametrize(
    ("written", "done"),
    [
        (False, "Nothing was removed from the keyring. No new session of {meant} was kept."),
        (
            True,
            "Removed the refused keys. Kept in the keyring: MFA ARN and Session Duration.",
        ),
    ],
    ids=["before it was written", "after it was written"],
)
def test_done_after_a_removal_that_was_cut_off(done: str, *, written: bool) -> None:
    """B-L06: the entry is read again, since the write may have happened or not."""
    stage = a_stage(None)
    stage.keyring = CutOff(written=written)
    stage.keyring.entries[entries.SERVICE, NAME] = json.dumps({"version": 1, **ENTRY})
    keys = Keys(stage, IDENTITY)
    with pytest.raises(KeyboardInterrupt):
        keys.remove()
    assert keys.done(cut_off=True) == done


def test_done_when_the_entry_cannot_be_read_again() -> None:
    """B-L06: nothing is claimed that cannot be known."""
    stage = a_stage(None)
    stage.keyring = locking = Locking()
    keys = Keys(stage, IDENTITY)
    locking.locked = True
    assert keys.done(cut_off=True) == "It stopped there."


# The pair.


def test_the_pair_is_the_entrys() -> None:
    """The keys that STS is called with change with the entry."""
    keys = Keys(a_stage(OLD_ENTRY), IDENTITY)
    assert access_keys(keys.values).access_key_id == OLD_ID
    keys.save(VALUES)
    assert access_keys(keys.values) == AccessKeys(ID, Secret(SECRET))


@pytest.mark.parametrize(
    ("entry", "stored_", "usable"),
    [
        (ENTRY, True, True),
        (SETTINGS, False, False),
        (None, False, False),
        (SESSION_KEYS, True, False),
        (KEYS | {"session_token": "t"}, True, False),
    ],
    ids=["keys", "settings alone", "no entry", "a session's id", "a session token"],
)
def test_usable(entry: dict[str, str] | None, *, stored_: bool, usable: bool) -> None:
    """B-L17: session credentials in the entry count as no keys."""
    keys = Keys(a_stage(entry), IDENTITY)
    assert (bool(keys.fingerprint), keys.usable) == (stored_, usable)


# New keys.


@pytest.mark.parametrize(
    ("age", "new"),
    [
        (timedelta(0), True),
        (NEW - timedelta(seconds=1), True),
        (NEW, False),
        (-timedelta(hours=2), True),
        (None, False),
    ],
    ids=["now", "59 s", "60 s", "to come, for a clock that is behind", "AWS took them"],
)
def test_are_new(age: timedelta | None, *, new: bool) -> None:
    """B-L08: saved less than a minute ago, and not taken by AWS since."""
    stage = a_stage(ENTRY)
    untried = None if age is None else stage.clock.now() - age
    stage.sessions.markers.mark(NAME, Marker(untried=untried))
    assert Keys(stage, IDENTITY).are_new() is new


def test_a_marker_that_cannot_be_read() -> None:
    """B-L08: where the marker tells nothing, the keys are taken for old ones."""
    stage = a_stage(ENTRY)
    stage.sessions.faults.add(Fault("mark.read", "Permission denied"))
    assert not Keys(stage, IDENTITY).are_new()


@pytest.mark.parametrize("fault", [None, Fault("mark.read", "Permission denied")])
def test_keys_that_another_backend_keeps(fault: Fault | None) -> None:
    """B-S09: said before anything is asked; a marker that cannot be read says nothing."""
    stage = a_stage(None)
    stage.markers.mark(NAME, Marker(backend="another.Keyring"))
    if fault:
        stage.sessions.faults.add(fault)
    with pytest.raises(Failure):
        Keys(stage, IDENTITY).ask()
    assert [said[:34] for said in stage.screen.said] == (
        [] if fault else ["⚠ The keys of dev-admin were saved"]
    )


def test_keys_that_another_backend_keeps_are_told_once() -> None:
    """B-S09: not again where it was said before the passphrase was asked for."""
    stage = a_stage(None)
    stage.markers.mark(NAME, Marker(backend="another.Keyring"))
    stage.keyring.noticed = True
    with pytest.raises(Failure):
        Keys(stage, IDENTITY).ask()
    assert stage.screen.said == []


# Saving and asking.


@pytest.mark.parametrize("taken", [False, True])
def test_save(*, taken: bool) -> None:
    """B-S05, B-L08: the entry, the marker and the message; AWS may have taken the keys already."""
    stage = a_stage(None)
    Keys(stage, IDENTITY).save(VALUES, taken=taken)
    assert stored(stage) == ENTRY
    untried = None if taken else stage.clock.now()
    assert stage.markers.read(NAME) == Marker(backend=stage.keyring.backend, untried=untried)
    assert stage.screen.said == ["✓ Credentials saved to keyring: dev-admin"]


def test_save_in_the_clear() -> None:
    """B-S05: an unencrypted backend is named."""
    stage = a_stage(None)
    stage.keyring.in_the_clear = True
    Keys(stage, IDENTITY).save(VALUES)
    (said,) = stage.screen.said
    assert said == (
        "✓ Credentials saved to keyring: dev-admin\n"
        "⚠ The keyring backend tests.support.stage.DictKeyring keeps them unencrypted."
    )


def test_ask() -> None:
    """B-L02: the four fields with the settings as defaults; what was typed is saved."""
    stage = a_stage(SETTINGS, ID, SECRET, "", "")
    keys = Keys(stage, IDENTITY)
    keys.ask()
    assert stage.screen.asked[0] == "AWS Access Key ID: "
    assert stage.screen.asked[2] == f"MFA ARN (optional) [{MFA}]: "
    assert stored(stage) == ENTRY
    assert (keys.typed, keys.are_new(), keys.usable) == (True, True, True)
    stage.clock.sleep(NEW)
    assert not keys.are_new(), "typed a minute ago"


def test_keys_are_new_by_a_clock_that_was_put_right() -> None:
    """B-L08, B-L10: how long ago keys were typed is not told by a clock that AWS corrects."""
    stage = a_stage(None, ID, SECRET, "", "")
    stage.clock = clock = CorrectedClock(stage.clock)  # type: ignore[assignment]
    keys = Keys(stage, IDENTITY)
    keys.ask()
    of_next_run = Keys(stage, IDENTITY)
    clock.offset = 86400.0
    assert keys.are_new()
    assert of_next_run.are_new()
    clock.sleep(NEW)
    assert not of_next_run.are_new()


def test_nobody_writes_between_the_look_and_the_write() -> None:
    """B-S02: keys and a device are saved while no other process writes to the keyring."""
    stage = a_stage(None, ID, SECRET, "", "", MFA)
    stage.keyring = shared = Shared()
    keys = Keys(stage, IDENTITY)
    keys.ask()
    keys.ask_device()
    assert shared.undisturbed == [True, True]


def test_ask_with_an_id() -> None:
    """B-L09: after a wrong secret the id is the default, and the secret is asked for again."""
    stage = a_stage(SETTINGS, "", SECRET, "", "")
    Keys(stage, IDENTITY).ask(AWS_USER.values(KEYS))
    assert stage.screen.asked[:2] == [f"AWS Access Key ID [{ID}]: ", "AWS Secret Access Key: "]
    assert stored(stage) == ENTRY


def test_ask_leaves_out_what_the_config_file_sets() -> None:
    """B-L02: such a field is not asked for, and one line says where it is set."""
    stage = a_stage(None, ID, SECRET, "")
    Keys(stage, CONFIGURED).ask()
    assert len(stage.screen.asked) == 3
    assert "MFA ARN is set in" in stage.screen.said[0]
    assert stored(stage) == KEYS


@pytest.mark.parametrize(
    ("entry", "name"),
    [(None, "no-keys"), (SESSION_KEYS, "session-credentials-stored")],
    ids=["no entry", "session credentials"],
)
def test_ask_with_nobody_there(entry: dict[str, str] | None, name: str) -> None:
    """B-L05, B-L17: the command ends, and the entry stays."""
    stage = a_stage(entry)
    with pytest.raises(Failure, match=name):
        Keys(stage, IDENTITY).ask()
    assert stored(stage) == entry


def test_ask_over_session_credentials() -> None:
    """B-L17: they are said to be no keys, and are replaced."""
    stage = a_stage(SESSION_KEYS, ID, SECRET, "", "")
    Keys(stage, IDENTITY).ask()
    assert stage.screen.said[0].startswith("⚠ The keyring holds session credentials (ASIA")
    assert stored(stage) == ENTRY


# The MFA device.


@pytest.mark.parametrize(
    ("answer", "device", "said"),
    [
        ("GAHT12345678", "GAHT12345678", "✓ MFA ARN saved to keyring: dev-admin"),
        ("", MFA, "✓ MFA ARN saved to keyring: dev-admin"),
        ("-", "", "✓ MFA ARN removed from keyring: dev-admin"),
    ],
    ids=["another", "the same", "none"],
)
def test_ask_device(answer: str, device: str, said: str) -> None:
    """B-L13: the answer is saved; a dash removes the setting."""
    stage = a_stage(ENTRY, answer)
    keys = Keys(stage, IDENTITY)
    keys.ask_device()
    assert stage.screen.said == [said]
    assert keys.values.text("mfa_arn") == device
    assert (stored(stage) or {}).get("mfa_arn", "") == device


def test_what_was_saved_before_is_not_denied() -> None:
    """B-A04: where the keyring fails after the device was saved, only the credentials are not."""
    stage = a_stage(SETTINGS, f"{MFA}-2")
    stage.keyring = keyring = ReadOnly(stage.keyring.entries)
    keys = Keys(stage, IDENTITY)
    keys.ask_device()
    keyring.closed = True
    with pytest.raises(Failure) as trouble:
        keys.save(VALUES)
    assert trouble.value.values["done"] == "The credentials were not saved."


def test_ask_device_that_the_config_file_sets() -> None:
    """B-L13: the answer holds for this run only, and the entry stays as it is."""
    stage = a_stage(KEYS, MFA)
    keys = Keys(stage, CONFIGURED)
    keys.ask_device()
    assert keys.identity.settings == {"mfa_arn": MFA}
    assert stored(stage) == KEYS
    assert "holds for this run only" in stage.screen.said[0]
