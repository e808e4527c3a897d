"""Which action a request to S3 is, and which bucket or object it is about.

Source: Service Authorization Reference (C), "Actions, resources, and condition keys for
Amazon S3".  Requests to S3 do not name their action: method, path and subresource tell it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from sts_simulator.wire.hosts import name_of

if TYPE_CHECKING:
    from sts_simulator.wire.http import HttpRequest

_BUCKET_IN_HOST = re.compile(r"(?P<bucket>[a-z0-9.-]+)\.(s3[.-].+|localhost)")
# By method and subresource ("" for none).
_OF_BUCKET = {
    ("DELETE", ""): "DeleteBucket",
    ("GET", ""): "ListBucket",
    ("HEAD", ""): "ListBucket",
    ("PUT", ""): "CreateBucket",
    ("GET", "location"): "GetBucketLocation",
    ("GET", "uploads"): "ListBucketMultipartUploads",
    ("GET", "versions"): "ListBucketVersions",
    ("POST", "delete"): "DeleteObject",
    ("DELETE", "policy"): "DeleteBucketPolicy",
    **{
        (method, name): f"{verb}Bucket{action}"
        for method, verb in (("GET", "Get"), ("PUT", "Put"))
        for name, action in (
            ("acl", "Acl"),
            ("policy", "Policy"),
            ("tagging", "Tagging"),
            ("versioning", "Versioning"),
        )
    },
}
_OF_OBJECT = {
    ("DELETE", ""): "DeleteObject",
    ("GET", ""): "GetObject",
    ("HEAD", ""): "GetObject",
    ("PUT", ""): "PutObject",
    ("DELETE", "versionId"): "DeleteObjectVersion",
    ("GET", "versionId"): "GetObjectVersion",
    ("HEAD", "versionId"): "GetObjectVersion",
    ("GET", "acl"): "GetObjectAcl",
    ("PUT", "acl"): "PutObjectAcl",
    ("GET", "tagging"): "GetObjectTagging",
    ("PUT", "tagging"): "PutObjectTagging",
    ("DELETE", "tagging"): "DeleteObjectTagging",
    ("POST", "uploads"): "PutObject",
    ("PUT", "uploadId"): "PutObject",
    ("POST", "uploadId"): "PutObject",
    ("DELETE", "uploadId"): "AbortMultipartUpload",
    ("GET", "uploadId"): "ListMultipartUploadParts",
}
# Query parameters that are no subresource.
_PLAIN = re.compile(
    r"x-id|list-type|prefix|delimiter|max-.+|marker|start-after|continuation-token|fetch-owner"
    r"|encoding-type|partnumber|key-marker|.+-marker|response-.+|x-amz-.+|bucket-region",
    re.IGNORECASE,
)


class S3Request(NamedTuple):
    """An action like ``GetObject``, "" for one that is not known, and its resource.

    `resource` is an ARN, ``*`` for the list of all buckets, None where it is not known.
    """

    action: str
    resource: str | None


def read(request: HttpRequest, partition: str) -> S3Request:
    """Return what a request to S3 is about."""
    named = _BUCKET_IN_HOST.fullmatch(name_of(request.headers.get("host", "")))
    path = unquote(request.path).lstrip("/")
    bucket, _, key = (named["bucket"], "", path) if named else path.partition("/")
    fields = (field.partition("=")[0] for field in request.query.split("&") if field)
    subresources = [name for name in map(unquote, fields) if not _PLAIN.fullmatch(name)]
    if not bucket:
        return S3Request("ListAllMyBuckets" if request.method == "GET" else "", "*")
    asked = request.method, subresources[0] if subresources else ""
    action = "" if len(subresources) > 1 else (_OF_OBJECT if key else _OF_BUCKET).get(asked, "")
    if asked == ("POST", "delete"):
        return S3Request(action, None)  # the objects are named in the body
    return S3Request(action, f"arn:{partition}:s3:::{bucket}" + (f"/{key}" if key else ""))


def source(request: HttpRequest, partition: str) -> S3Request | None:
    """Return what a copy reads, None for what is no copy."""
    written = request.headers.get("x-amz-copy-source")
    if written is None:
        return None
    path, _, version = written.partition("?versionId=")
    path = unquote(path).lstrip("/")
    known = not path.startswith("arn:")  # an access point
    action = "GetObjectVersion" if version else "GetObject"
    return S3Request(action, f"arn:{partition}:s3:::{path}" if known else None)
