"""Host names: which are AWS's, and the region of which endpoint of STS one names.

``localhost`` stands for AWS's own domains: ``sts.us-west-2.localhost`` is the regional
endpoint and ``sts.localhost`` the global one, which takes us-east-1's signatures.
"""

from __future__ import annotations

import re

_DOMAIN = r"(amazonaws\.com(\.cn)?|amazonaws\.eu|api\.aws|api\.amazonwebservices\.(com\.cn|eu))"
_AWS = re.compile(rf"([a-z0-9-]+\.)*{_DOMAIN}")
_STS = re.compile(rf"sts(-fips)?(\.(?P<region>[a-z0-9-]+))?\.({_DOMAIN}|localhost)")
_LOOPBACK = re.compile(r"127(\.[0-9]{1,3}){3}|([a-z0-9-]+\.)*localhost|\[::1\]")
_PORT = re.compile(r":[0-9]*$")
GLOBAL_REGION = "us-east-1"


def name_of(host: str) -> str:
    """Return the name in a Host header, in lower case and without the port."""
    return _PORT.sub("", host).lower()


def is_loopback(host: str) -> bool:
    """Return whether a Host header names this machine by its loopback interface."""
    return _LOOPBACK.fullmatch(name_of(host)) is not None


def is_aws(host: str) -> bool:
    """Return whether a Host header names an endpoint of AWS's, whatever the service."""
    return _AWS.fullmatch(name_of(host)) is not None


def sts_region(host: str) -> str | None:
    """Return the region of the endpoint of STS that a Host header names, None for another host."""
    named = _STS.fullmatch(name_of(host))
    return named and (named["region"] or GLOBAL_REGION)
