"""Tests of the job against a simulated AWS: success, a slow new key, a failure."""

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
    """The simulator, with dev-admin's keys in the environment of this process."""
    for name, value in sts_simulator.environ("dev-admin").items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)  # it has the keys of the previous test
    return sts_simulator


def keys() -> list[str]:
    """Return the access key ids of the user, from IAM."""
    listed = boto3.client("iam").list_access_keys(UserName="dev-admin")["AccessKeyMetadata"]
    return [key["AccessKeyId"] for key in listed]


def test_the_old_key_is_replaced(aws: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """Afterwards the new key is the user's only key."""
    new = rotate("dev-admin", pause=pytest.fail)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", new.access_key_id)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", new.secret_access_key)
    boto3.setup_default_session()
    assert boto3.client("sts").get_caller_identity()["Account"] == aws.account
    assert keys() == [new.access_key_id]


def test_a_key_that_is_slow_to_spread(aws: Simulator) -> None:
    """The job tries again after each of two refusals."""
    aws.fault("GetCallerIdentity", "InvalidClientTokenId", times=2)
    pauses: list[str] = []
    assert isinstance(rotate("dev-admin", pause=lambda: pauses.append("")), Key)
    assert len(pauses) == 2


def test_a_key_that_never_spreads(aws: Simulator) -> None:
    """The old key stays, and the new one is deleted."""
    aws.fault("GetCallerIdentity", "InvalidClientTokenId", times=0)
    with pytest.raises(NotSpreadError):
        rotate("dev-admin", pause=lambda: None)
    assert keys() == [aws.users["dev-admin"]["access_key_id"]]
    assert [call["code"] for call in aws.calls()] == ["InvalidClientTokenId"] * TRIES


def test_a_connection_that_breaks_is_tried_again(aws: Simulator) -> None:
    """boto3 retries after a reset connection, so the job does not fail."""
    aws.fault("*", "reset")
    rotate("dev-admin", pause=pytest.fail)
    assert [call["code"] for call in aws.calls()] == ["reset", None]
