"""Requests to S3 as policies name them: the action, and the bucket or object."""

from __future__ import annotations

import pytest

from sts_simulator.wire.http import HttpRequest
from sts_simulator.wire.s3_requests import read, source

BUCKET = "arn:aws:s3:::things"


@pytest.mark.parametrize(
    ("asked", "action", "resource"),
    [
        ("GET /?x-id=ListBuckets", "ListAllMyBuckets", "*"),
        ("GET /things?list-type=2&prefix=a%2F&encoding-type=url", "ListBucket", BUCKET),
        ("HEAD /things", "ListBucket", BUCKET),
        ("PUT /things/", "CreateBucket", BUCKET),
        ("GET /things?location", "GetBucketLocation", BUCKET),
        ("PUT /things?policy", "PutBucketPolicy", BUCKET),
        ("POST /things?delete", "DeleteObject", None),
        ("GET /things/a%20b/c?x-id=GetObject", "GetObject", f"{BUCKET}/a b/c"),
        ("HEAD /things/a", "GetObject", f"{BUCKET}/a"),
        ("PUT /things/a?partNumber=1&uploadId=x", "PutObject", f"{BUCKET}/a"),
        ("DELETE /things/a?versionId=1", "DeleteObjectVersion", f"{BUCKET}/a"),
        ("GET /things/a?X-Amz-Signature=0", "GetObject", f"{BUCKET}/a"),
        ("GET /things?inventory&id=1", "", BUCKET),
        ("PUT /things?analytics", "", BUCKET),
        ("POST /", "", "*"),
    ],
)
def test_actions_and_resources(asked: str, action: str, resource: str | None) -> None:
    """F20: what is not in the table has no action, and a policy that needs it cannot be judged."""
    method, target = asked.split()
    request = HttpRequest(method, target, {"host": "127.0.0.1:1234"})
    assert read(request, "aws") == (action, resource)


@pytest.mark.parametrize(
    "host", ["things.s3.us-west-2.amazonaws.com", "things.s3.amazonaws.com", "things.localhost:1"]
)
def test_a_bucket_in_the_host(host: str) -> None:
    """The path is then the key alone."""
    request = HttpRequest("GET", "/a/b", {"host": host})
    assert read(request, "aws-cn") == ("GetObject", "arn:aws-cn:s3:::things/a/b")
    endpoint = HttpRequest("GET", "/things/a", {"host": "s3.us-west-2.amazonaws.com"})
    assert read(endpoint, "aws") == ("GetObject", f"{BUCKET}/a")


@pytest.mark.parametrize(
    ("written", "action", "resource"),
    [
        ("things/a%20b", "GetObject", f"{BUCKET}/a b"),
        ("/things/a/b", "GetObject", f"{BUCKET}/a/b"),
        ("/things/a?versionId=1", "GetObjectVersion", f"{BUCKET}/a"),
        ("arn:aws:s3:us-west-2:123456789012:accesspoint/ap/object/a", "GetObject", None),
    ],
)
def test_what_is_copied_is_read(written: str, action: str, resource: str | None) -> None:
    """C, S3's API reference: a copy needs s3:GetObject of its source too."""
    request = HttpRequest("PUT", "/other/a", {"host": "x", "x-amz-copy-source": written})
    assert source(request, "aws") == (action, resource)
    assert source(HttpRequest("PUT", "/other/a", {"host": "x"}), "aws") is None
