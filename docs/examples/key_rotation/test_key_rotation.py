"""The job, against a simulated AWS that behaves, that is slow to spread news, and that breaks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import boto3
import pytest

from key_rotation import (  # type: ignore[import-not-found]  # found by pytest.ini's pythonpath
    TRIES,
    Key,
    NotSpreadError,
    rotate,
)

if TYPE_CHECKING:
    from sts_simulator.client import Simulator


@pytest.fixture
def aws(sts_simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> Simulator:
    """AWS, with dev-admin's keys in this process's environment."""
    for name, value in sts_simulator.environ("dev-admin").items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)  # it would remember the last test's keys
    return sts_simulator


def keys() -> list[str]:
    """Return the ids of the user's keys, as an administrator sees them."""
    listed = boto3.client("iam").list_access_keys(UserName="dev-admin")["AccessKeyMetadata"]
    return [key["AccessKeyId"] for key in listed]


def test_the_old_key_is_replaced(aws: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """The new key is the only one, and it is the user's."""
    new = rotate("dev-admin", pause=pytest.fail)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", new.access_key_id)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", new.secret_access_key)
    boto3.setup_default_session()
    assert boto3.client("sts").get_caller_identity()["Account"] == aws.account
    assert keys() == [new.access_key_id]


def test_a_key_that_is_slow_to_spread(aws: Simulator) -> None:
    """Two refusals are waited out."""
    aws.fault("GetCallerIdentity", "InvalidClientTokenId", times=2)
    pauses: list[str] = []
    assert isinstance(rotate("dev-admin", pause=lambda: pauses.append("")), Key)
    assert len(pauses) == 2


def test_a_key_that_never_spreads(aws: Simulator) -> None:
    """The old key stays, and the useless one is cleared away."""
    aws.fault("GetCallerIdentity", "InvalidClientTokenId", times=0)
    with pytest.raises(NotSpreadError):
        rotate("dev-admin", pause=lambda: None)
    assert keys() == [aws.users["dev-admin"]["access_key_id"]]
    assert [call["code"] for call in aws.calls()] == ["InvalidClientTokenId"] * TRIES


def test_a_connection_that_breaks_is_tried_again(aws: Simulator) -> None:
    """A reset is boto3's to retry: the job does not see it."""
    aws.fault("*", "reset")
    rotate("dev-admin", pause=pytest.fail)
    assert [call["code"] for call in aws.calls()] == ["reset", None]
