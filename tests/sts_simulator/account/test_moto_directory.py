"""A directory in moto's IAM: IAM and STS see each other's changes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from moto.iam.models import iam_backends

from sts_simulator.account.directory import Key, User
from sts_simulator.account.moto_directory import MotoDirectory


@pytest.fixture
def moto() -> MotoDirectory:
    """An empty directory with a user."""
    directory = MotoDirectory()
    directory.clear()
    directory.put_user(User("me", "AIDAME", "arn:aws:iam::123456789012:user/me"))
    return directory


def iam() -> Any:  # noqa: ANN401 - moto's backend is not typed for this
    """Return moto's IAM."""
    return iam_backends["123456789012"]["aws"]


def test_what_iam_does_is_in_the_directory(moto: MotoDirectory) -> None:
    """The directory shows keys that IAM creates, deactivates and deletes, and IAM's roles."""
    made = iam().create_access_key("me")
    assert [key.active for key in moto.keys("me")] == [True]
    iam().update_access_key("me", made.access_key_id, "Inactive")
    assert [key.active for key in moto.keys("me")] == [False]
    iam().delete_access_key(made.access_key_id, "me")
    assert moto.keys("me") == []
    role = iam().create_role("deploy", "{}", "/", None, "", [], None)
    found = moto.role(role.arn)
    assert found is not None
    assert found.max_session_duration == timedelta(hours=1)


def test_what_the_directory_does_is_in_iam(moto: MotoDirectory) -> None:
    """IAM shows a user's id, and three keys with the ids that they were given."""
    for number in range(3):
        moto.put_key(Key(f"AKIANUMBERNUMBERNUM{number}", "x", "me"))
    assert iam().get_user("me").id == "AIDAME"
    listed = iam().list_access_keys("me")
    assert [key.access_key_id[-1] for key in listed] == ["0", "1", "2"]


def test_a_deleted_users_key_is_not_found(moto: MotoDirectory) -> None:
    """Moto keeps the key; a new user of the same name does not get it."""
    made = iam().create_access_key("me")
    moto.remove_user("me")
    moto.put_user(User("me", "AIDANEW", "arn:aws:iam::123456789012:user/me"))
    assert moto.key(made.access_key_id) is None


def test_a_virtual_device_is_a_users_once_it_is_enabled(moto: MotoDirectory) -> None:
    """Before that the device has a seed, but no user."""
    made = iam().create_virtual_mfa_device("phone", "/")
    assert moto.device(made.serial_number) is None
    assert moto.seed(made.serial_number) == made.base32_string_seed
    iam().enable_mfa_device("me", made.serial_number, "000000", "000001")
    device = moto.device(made.serial_number)
    assert device is not None
    assert (device.user, device.seed) == ("me", made.base32_string_seed)


def test_accounts_and_partitions_are_apart(moto: MotoDirectory) -> None:
    """A directory holds one account in one partition."""
    other = MotoDirectory("210987654321", "aws-cn")
    other.clear()
    assert other.user("me") is None
    assert moto.user("me")


def test_tags_of_users_and_roles(moto: MotoDirectory) -> None:
    """IAM's tags are those of the directory, which conditions on aws:PrincipalTag read."""
    iam().tag_user("me", [{"Key": "team", "Value": "red"}])
    user = moto.user("me")
    assert user is not None
    assert user.tags == {"team": "red"}
    made = iam().create_role("r", "{}", "/", None, "", [{"Key": "env", "Value": "prod"}], "3600")
    role = moto.role(made.arn)
    assert role is not None
    assert role.tags == {"env": "prod"}


def test_managed_policies(moto: MotoDirectory) -> None:
    """The default version of a managed policy counts, and an ARN that names none is None."""
    first, second = (
        f'{{"Version": "2012-10-17", "Statement": {{"Effect": "{effect}", "Action": "*", '
        '"Resource": "*"}}'
        for effect in ("Allow", "Deny")
    )
    arn = iam().create_policy("", "/", first, "p", {}).arn
    assert moto.managed_policy(arn) == first
    iam().create_policy_version(arn, second, "true")
    assert moto.managed_policy(arn) == second
    assert moto.managed_policy(arn + "x") is None
