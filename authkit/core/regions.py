"""Regions: their partitions, and whether an account has to enable them.  Pure.

Source: AWS General Reference, "Regions enabled and disabled by default": regions
launched before 20 March 2019 are on in every account and later ones are opt-in,
so the list below does not grow.
"""

from __future__ import annotations

import re

from authkit.core.model import DEFAULT_REGION

_PARTITIONS = (  # the first prefix that fits
    ("cn-", "aws-cn"),
    ("us-gov-", "aws-us-gov"),
    ("us-isob-", "aws-iso-b"),
    ("us-isof-", "aws-iso-f"),
    ("us-iso-", "aws-iso"),
    ("eu-isoe-", "aws-iso-e"),
    ("eusc-", "aws-eusc"),
    ("", "aws"),
)
_ALWAYS_ON = {
    *("us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1"),
    *("eu-west-1", "eu-west-2", "eu-west-3", "eu-central-1", "eu-north-1"),
    *("ap-northeast-1", "ap-northeast-2", "ap-northeast-3"),
    *("ap-southeast-1", "ap-southeast-2", "ap-south-1"),
}
_SHAPE = re.compile(r"[a-z]{2,8}(-[a-z]+){1,3}-[0-9]{1,2}")


def check(text: str) -> str:
    """Return the region.  Raises ValueError when it cannot be one."""
    if not _SHAPE.fullmatch(text):
        raise ValueError(f"a region is written like {DEFAULT_REGION} or eu-west-1")
    return text


def partition(region: str) -> str:
    """Return the partition's name: ``aws``, ``aws-cn``, ``aws-us-gov`` and so on."""
    return next(name for prefix, name in _PARTITIONS if region.startswith(prefix))


def partition_of_arn(arn: str) -> str:
    """Return the partition in an ARN, "" if the text is no ARN."""
    return arn.split(":")[1] if arn.startswith("arn:") else ""


def is_opt_in(region: str) -> bool:
    """Tell whether accounts have to enable this region before its STS knows their keys."""
    return partition(region) == "aws" and region not in _ALWAYS_ON


def preflight(region: str) -> str:
    """Return the region to try keys in: an opt-in region that is off refuses good keys as dead."""
    return DEFAULT_REGION if is_opt_in(region) else region
