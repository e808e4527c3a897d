"""The regions of each partition."""

from __future__ import annotations

import pytest

from sts_simulator.account import regions


@pytest.mark.parametrize(
    ("partition", "region"),
    [("aws", "us-east-1"), ("aws-cn", "cn-north-1"), ("aws-us-gov", "us-gov-west-1")],
)
def test_a_partition_has_its_own_regions(partition: str, region: str) -> None:
    """Each has its own regions only, and none of the names that end in -global."""
    known = regions.regions_of(partition)
    assert known & {"us-east-1", "cn-north-1", "us-gov-west-1"} == {region}
    assert not [name for name in known if "global" in name]


def test_there_is_no_such_partition() -> None:
    """The error names the partition."""
    with pytest.raises(ValueError, match="'mars'"):
        regions.regions_of("mars")
