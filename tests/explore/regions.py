"""What the model knows of this world's regions: their partitions, and which are off at first."""

from __future__ import annotations

from functools import cache

# AWS General Reference, "Regions enabled and disabled by default": all others are off at first.
ALWAYS_ON = {
    *("us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1"),
    *("eu-west-1", "eu-west-2", "eu-west-3", "eu-central-1", "eu-north-1", "ap-south-1"),
    *("ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-southeast-1", "ap-southeast-2"),
}
OFF_AT_FIRST = ("af-south-1", "ap-southeast-4", "eu-south-2", "il-central-1", "mx-central-1")
# One of each partition but AWS's usual one, by the region.
PARTITIONS = {
    "cn-northwest-1": "aws-cn",
    "us-gov-east-1": "aws-us-gov",
    "us-iso-west-1": "aws-iso",
    "us-isob-east-1": "aws-iso-b",
    "eu-isoe-west-1": "aws-iso-e",
    "us-isof-south-1": "aws-iso-f",
    "eusc-de-east-1": "aws-eusc",
}


@cache
def partition(region: str) -> str:
    """Return the partition of a region: ``aws``, ``aws-cn``."""
    if region in PARTITIONS:
        return PARTITIONS[region]
    return "aws-cn" if region.startswith("cn-") else "aws"


@cache
def is_off_at_first(region: str) -> bool:
    """B-L19: tell whether accounts have to enable it, so that its STS may not know their keys."""
    return partition(region) == "aws" and region not in ALWAYS_ON
