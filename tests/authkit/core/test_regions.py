"""Regions: names, partitions, and where keys are tried.  Compared with botocore's list."""

from __future__ import annotations

import pytest

from authkit.core import regions
from sts_simulator.account.regions import regions_of

PARTITIONS = (
    *("aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f"),
    "aws-eusc",
)


@pytest.mark.parametrize("partition", PARTITIONS)
def test_every_region_there_is(partition: str) -> None:
    """B-L19: each region that botocore knows is accepted, and its partition is known.

    That holds for a region that AWS adds, too.
    """
    try:
        there = sorted(regions_of(partition))
    except ValueError:
        pytest.skip("this botocore is from before the partition")
    assert [regions.check(region) for region in there] == there
    assert [regions.partition(region) for region in there] == [partition] * len(there)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "us-east",
        "us east 1",
        "US-EAST-1",
        "us-east-1a",
        "aws-global",
        "us-east-1\n",
        "../x-y-1",
    ],
)
def test_not_a_region(text: str) -> None:
    """B-L19: a zone, a partition and a path are refused, with a reason that shows a region."""
    with pytest.raises(ValueError, match="written like us-east-1 or eu-west-1"):
        regions.check(text)


@pytest.mark.parametrize(
    ("arn", "partition"),
    [
        ("arn:aws:iam::123456789012:mfa/user", "aws"),
        ("arn:aws-cn:iam::123456789012:mfa/user", "aws-cn"),
        ("arn:aws-us-gov:iam::123456789012:mfa/user", "aws-us-gov"),
        ("GAHT12345678", ""),
        ("", ""),
        ("barn:aws:iam", ""),
    ],
)
def test_partition_of_an_arn(arn: str, partition: str) -> None:
    """B-L19: the ARN of an MFA device has a partition, a hardware token's serial has none."""
    assert regions.partition_of_arn(arn) == partition


@pytest.mark.parametrize(
    ("region", "opt_in"),
    [
        ("us-east-1", False),
        ("eu-north-1", False),
        ("ap-northeast-3", False),
        ("af-south-1", True),
        ("ap-east-1", True),
        ("eu-south-2", True),
        ("me-south-1", True),
        ("mx-central-1", True),
        ("us-gov-west-1", False),
        ("cn-north-1", False),
    ],
)
def test_opt_in_regions(region: str, *, opt_in: bool) -> None:
    """B-L19: regions since March 2019 are opt-in; other partitions have no such regions."""
    assert regions.is_opt_in(region) is opt_in


# The regions from before 20 March 2019, by their codes (AWS Regions and Availability Zones,
# "AWS Regions": those without "Opt-in required").
ALWAYS_ON = {
    *("us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1"),
    *("eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3"),
    *("ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1"),
    *("ap-southeast-1", "ap-southeast-2"),
}


def test_each_region_that_is_always_on() -> None:
    """B-L19: these and no others, of all that botocore knows."""
    assert {r for r in regions_of("aws") if not regions.is_opt_in(r)} == ALWAYS_ON


@pytest.mark.parametrize(
    ("region", "tried_in"),
    [
        ("eu-west-1", "eu-west-1"),
        ("me-south-1", "us-east-1"),
        ("us-gov-west-1", "us-gov-west-1"),
        ("cn-north-1", "cn-north-1"),
    ],
)
def test_where_keys_are_tried(region: str, tried_in: str) -> None:
    """B-L19: keys are not tried in a region that may be off, where STS refuses valid keys."""
    assert regions.preflight(region) == tried_in
