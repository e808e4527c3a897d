"""A job that replaces an IAM user's access key.  It has no code for the simulator."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import boto3
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Callable

TRIES = 5


class Key(NamedTuple):
    """An access key."""

    access_key_id: str
    secret_access_key: str


class NotSpreadError(Exception):
    """Raised when STS still refuses the new key after all tries.  The old key is unchanged."""


def rotate(user: str, pause: Callable[[], None]) -> Key:
    """Replace the access key of this process, and return the new one.

    The old key is deleted once STS accepts the new one, which can take some
    seconds.  `pause` is called between two tries.  Raises NotSpreadError.
    """
    iam = boto3.client("iam")
    old = boto3.Session().get_credentials().access_key
    made = iam.create_access_key(UserName=user)["AccessKey"]
    new = Key(made["AccessKeyId"], made["SecretAccessKey"])
    for _ in range(TRIES):
        if _works(new):
            iam.delete_access_key(UserName=user, AccessKeyId=old)
            return new
        pause()
    iam.delete_access_key(UserName=user, AccessKeyId=new.access_key_id)
    raise NotSpreadError(new.access_key_id)


def _works(key: Key) -> bool:
    sts = boto3.client(
        "sts",
        aws_access_key_id=key.access_key_id,
        aws_secret_access_key=key.secret_access_key,
    )
    try:
        sts.get_caller_identity()
    except ClientError as refused:
        if refused.response["Error"]["Code"] == "InvalidClientTokenId":
            return False
        raise
    return True
