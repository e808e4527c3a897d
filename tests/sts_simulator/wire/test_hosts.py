"""What the name in a Host header means."""

from __future__ import annotations

import pytest

from sts_simulator.wire import hosts


@pytest.mark.parametrize(
    ("host", "region"),
    [
        ("sts.us-west-2.localhost:43210", "us-west-2"),
        ("sts.localhost", "us-east-1"),
        ("STS.amazonaws.com", "us-east-1"),
        ("sts.cn-north-1.amazonaws.com.cn", "cn-north-1"),
        ("sts-fips.us-east-2.amazonaws.com", "us-east-2"),
        ("sts.eu-west-1.api.aws:443", "eu-west-1"),
        ("iam.amazonaws.com", None),
        ("sts.us-west-2.localhost.evil.example", None),
        ("127.0.0.1:43210", None),
        ("", None),
    ],
)
def test_endpoints_of_sts(host: str, region: str | None) -> None:
    """A regional endpoint has its region, the global one us-east-1, another host none."""
    assert hosts.sts_region(host) == region


@pytest.mark.parametrize(
    ("host", "loopback", "aws"),
    [
        ("127.0.0.1", True, False),
        ("[::1]:80", True, False),
        ("LOCALHOST:1", True, False),
        ("sts.localhost", True, False),
        ("s3.amazonaws.com", False, True),
        ("amazonaws.com.evil.example", False, False),
        ("evilamazonaws.com", False, False),
        ("localhost.evil:80", False, False),
        ("10.0.0.1", False, False),
        ("", False, False),
    ],
)
def test_whose_name_it_is(host: str, *, loopback: bool, aws: bool) -> None:
    """Names of this machine and of AWS are told from others that look like them."""
    assert (hosts.is_loopback(host), hosts.is_aws(host)) == (loopback, aws)
