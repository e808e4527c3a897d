"""What both directories do: users, keys, devices and roles."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from sts_simulator.account.directory import ROOT, Device, Directory, Key, Role, User
from sts_simulator.account.moto_directory import MotoDirectory
from tests.support.account_world import (
    DIRECTORIES,
    ID,
)

USER = User("me", "AIDAME", "arn:aws:iam::123456789012:user/me")
KEY = Key(ID, "a-secret", "me", spreads_after=3)
TOTP = Device("arn:aws:iam::123456789012:mfa/me", "me", seed="JBSWY3DPEHPK3PXPJBSWY3DP")
CODES = Device("GAHT12345678", "me", ("123456",))
ROLE = Role("deploy", "AROAX", "arn:aws:iam::123456789012:role/deploy", "{}", timedelta(hours=2))


@pytest.fixture(params=DIRECTORIES)
def filled(request: pytest.FixtureRequest) -> Directory:
    """A directory of each kind with a user, a key, two devices and a role."""
    made: Directory = request.param()
    if isinstance(made, MotoDirectory):
        made.clear()
    made.put_user(USER)
    made.put_key(KEY)
    made.put_device(TOTP)
    made.put_device(CODES)
    made.put_role(ROLE)
    return made


def test_what_was_put_is_found(filled: Directory) -> None:
    """Lookups by name, id, serial number and ARN return equal values."""
    assert filled.user("me") == USER
    assert filled.key(ID) == KEY
    assert list(filled.keys("me")) == [KEY]
    assert (filled.device(TOTP.serial_number), filled.device("GAHT12345678")) == (TOTP, CODES)
    assert filled.seed(TOTP.serial_number) == TOTP.seed
    listed = [device.serial_number for device in filled.devices("me")]
    assert listed == [TOTP.serial_number, CODES.serial_number]
    assert filled.role(ROLE.arn) == ROLE


def test_what_was_not_put_is_not_found(filled: Directory) -> None:
    """Lookups return None or an empty list; a removal raises KeyError."""
    found = [filled.user("x"), filled.key("x"), filled.device("x"), filled.role("x")]
    assert found == [None] * 4
    assert [filled.seed("GAHT12345678"), filled.seed("x")] == [None, None]
    assert [*filled.keys("x"), *filled.devices("x")] == []
    with pytest.raises(KeyError):
        filled.remove_key("x")
    with pytest.raises(KeyError):
        filled.remove_user("x")
    with pytest.raises(KeyError):
        filled.remove_device("x")


@pytest.mark.parametrize("device", [TOTP, CODES], ids=["TOTP", "codes"])
def test_a_removed_device_is_gone(filled: Directory, device: Device) -> None:
    """It can be added again, for another user too."""
    filled.remove_device(device.serial_number)
    assert filled.device(device.serial_number) is None
    assert filled.seed(device.serial_number) is None
    filled.put_user(User("you", "AIDAYOU", "arn:aws:iam::123456789012:user/you"))
    again = replace(device, user="you")
    filled.put_device(again)
    assert filled.device(device.serial_number) == again


def test_put_replaces_and_remove_removes(filled: Directory) -> None:
    """A key can be deactivated and deleted; a user is deleted with keys and devices."""
    off = Key(ID, "another", "me", active=False)
    filled.put_key(off)
    assert filled.key(ID) == off
    filled.remove_key(ID)
    assert filled.key(ID) is None
    filled.put_key(KEY)
    filled.remove_user("me")
    assert [filled.user("me"), filled.key(ID)] == [None, None]


def test_root_is_in_a_directory_as_a_user_is(filled: Directory) -> None:
    """The root user has the name `ROOT`, and can have keys and devices."""
    root = User(ROOT, "123456789012", "arn:aws:iam::123456789012:root")
    filled.put_user(root)
    filled.put_key(Key("AKIAROOTROOTROOTROOT", "x", ROOT))
    filled.put_device(Device("root-device", ROOT, seed="JBSWY3DPEHPK3PXPJBSWY3DP"))
    assert filled.user(ROOT) == root
    assert root.is_root
    assert not USER.is_root
    assert [key.access_key_id for key in filled.keys(ROOT)] == ["AKIAROOTROOTROOTROOT"]
    assert filled.device("root-device")
    filled.remove_user(ROOT)
    assert filled.user(ROOT) is None


def test_no_repr_shows_a_secret() -> None:
    """The reprs of keys and devices have neither secrets nor codes nor seeds."""
    shown = repr((KEY, TOTP, CODES))
    assert not [s for s in ("a-secret", "JBSWY3DPEHPK3PXPJBSWY3DP", "123456'") if s in shown]
