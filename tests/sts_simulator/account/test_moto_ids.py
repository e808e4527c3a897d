"""The ids of what IAM creates.  Source: IAM user guide, "IAM identifiers"."""

from __future__ import annotations

import json
import re

import pytest

from tests.support.aws_client import fresh_client

ALL = {"Effect": "Allow", "Action": "*", "Resource": "*"}
POLICY = json.dumps({"Version": "2012-10-17", "Statement": [ALL]})
TRUST = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "*"}}


@pytest.mark.parametrize(
    ("kind", "prefix", "more"),
    [
        ("User", "AIDA", {}),
        ("Group", "AGPA", {}),
        ("Policy", "ANPA", {"PolicyDocument": POLICY}),
        ("InstanceProfile", "AIPA", {}),
        (
            "Role",
            "AROA",
            {"AssumeRolePolicyDocument": POLICY.replace(json.dumps(ALL), json.dumps(TRUST))},
        ),
    ],
)
def test_an_id_tells_what_it_is_of(kind: str, prefix: str, more: dict[str, str]) -> None:
    """The prefix is that of the kind, 17 characters of base32 follow, and no two are equal."""
    iam = fresh_client().aws("iam")
    create = getattr(iam, f"create_{re.sub('(?<!^)(?=[A-Z])', '_', kind).lower()}")
    made = [create(**{f"{kind}Name": name}, **more)[kind][f"{kind}Id"] for name in ("one", "two")]
    assert all(re.fullmatch(rf"{prefix}[A-Z2-7]{{17}}", found) for found in made), made
    assert made[0] != made[1]


def test_the_caller_has_the_id_of_iam() -> None:
    """GetCallerIdentity shows the UserId that CreateUser answered with."""
    client = fresh_client()
    iam = client.aws("iam")
    made = iam.create_user(UserName="alice")["User"]["UserId"]
    key = iam.create_access_key(UserName="alice")["AccessKey"]
    assert client.aws("sts", key).get_caller_identity()["UserId"] == made
