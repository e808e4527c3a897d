"""What IAM makes of parameters whose form is wrong, as any client sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

from sts_simulator.server import iam_parameters

if TYPE_CHECKING:
    from tests.support.aws_client import Client


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"Action": "CreateUser"}, "Value null at 'userName' failed to satisfy constraint"),
        ({"Action": "TagUser", "Tags.member.1.Key": "x"}, "1 validation error detected"),
        ({"Action": "ListUsers", "MaxItems": ""}, "missing value for decimal type"),
        ({"Action": "ListUsers", "MaxItems": "x"}, None),
    ],
)
def test_what_iam_refuses(asked: dict[str, str], message: str | None) -> None:
    """A required parameter is missing, or a number is none."""
    refused = iam_parameters.refusal(asked)
    assert refused is not None
    assert refused.status == 400
    assert message in refused.message if message and refused.message else refused.message is None


@pytest.mark.parametrize(
    "asked",
    [
        {"Action": "CreateUser", "UserName": "me"},
        {"Action": "TagUser", "UserName": "me", "Tags.member.1.Key": "x"},
        {"Action": "ListUsers", "MaxItems": "7"},
        {"Action": "GetUser"},
        {"Action": "Fly"},
        {},
    ],
)
def test_what_moto_may_answer(asked: dict[str, str]) -> None:
    """The form is right, or IAM does not know the action."""
    assert iam_parameters.refusal(asked) is None


def test_a_client_is_refused(client: Client) -> None:
    """A client that checks nothing itself gets AWS's ValidationError, not an error of moto's."""
    iam = client.aws("iam", parameter_validation=False)
    with pytest.raises(ClientError, match=r"ValidationError.*'userName'.*must not be null"):
        iam.create_user()


def test_what_moto_cannot_do(client: Client) -> None:
    """An action that moto has not is 501, which no client tries again."""
    iam = client.aws("iam")
    with pytest.raises(ClientError, match=r"NotImplemented.*moto: NotImplementedError") as caught:
        iam.get_service_last_accessed_details(JobId="j" * 36)
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501
