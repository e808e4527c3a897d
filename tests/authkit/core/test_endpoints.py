"""The address where STS is asked: AWS's own or another, and what of it may be shown."""

from __future__ import annotations

import pytest

from authkit.core import endpoints


@pytest.mark.parametrize(
    ("environ", "foreign"),
    [
        ({}, ""),
        ({"AWS_ENDPOINT_URL": ""}, ""),
        ({"AWS_ENDPOINT_URL": "http://localhost:4566"}, "http://localhost:4566"),
        ({"AWS_ENDPOINT_URL_STS": "https://sts.eu-west-1.amazonaws.com"}, ""),
        ({"AWS_ENDPOINT_URL_STS": "https://vpce-1.sts.eu-west-1.vpce.amazonaws.com:443/x"}, ""),
        ({"AWS_ENDPOINT_URL": "https://sts.cn-north-1.amazonaws.com.cn"}, ""),
        ({"AWS_ENDPOINT_URL": "https://sts.eusc-de-east-1.amazonaws.eu"}, ""),
        ({"AWS_ENDPOINT_URL": "https://STS.US-EAST-1.API.AWS/"}, ""),
        ({"AWS_ENDPOINT_URL": "https://sts.cn-north-1.api.amazonwebservices.com.cn"}, ""),
        (
            {"AWS_ENDPOINT_URL": "https://amazonaws.com.example.org"},
            "https://amazonaws.com.example.org",
        ),
        ({"AWS_ENDPOINT_URL": "https://notamazonaws.com"}, "https://notamazonaws.com"),
        (
            {"AWS_ENDPOINT_URL": "http://a", "AWS_ENDPOINT_URL_STS": "http://b"},
            "http://b",
        ),
        (
            {"AWS_ENDPOINT_URL": "http://a", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "TRUE"},
            "",
        ),
        ({"AWS_ENDPOINT_URL": "no address"}, "no address"),
        ({"AWS_ENDPOINT_URL": "HTTPS://sts.us-east-1.amazonaws.com"}, ""),
    ],
)
def test_foreign(environ: dict[str, str], foreign: str) -> None:
    """B-L04: an address that is not AWS's, the service's own variable first."""
    assert endpoints.foreign(environ) == foreign


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://user:secret-canary@sandbox:4566/x", "http://sandbox:4566/x"),
        ("http://secret-canary@sandbox", "http://sandbox"),
        ("http://a@b:secret@canary@sandbox", "http://sandbox"),
        ("http://sandbox/x@y?q=@z", "http://…@z"),
        ("http://user:secret/canary@sandbox", "http://…@sandbox"),
        ("http://user:secret/\ncanary@sandbox", "http://…@sandbox"),
        ("http://user#secret:canary@sandbox", "http://…@sandbox"),
        ("user:secret-canary@sandbox:80", "…@sandbox:80"),
        ("http://a@b://c@d", "http://…@d"),
        ("sandbox", "sandbox"),
    ],
)
def test_no_password_is_shown(url: str, shown: str) -> None:
    """B-S08: a user name or password in an address is never shown."""
    assert endpoints.shown(url) == shown
    assert endpoints.foreign({"AWS_ENDPOINT_URL": url}) == shown


def test_the_address_of_another_service() -> None:
    """B-L04: each service has a variable of its own, which comes first for it alone."""
    environ = {"AWS_ENDPOINT_URL_IAM": "http://iam", "AWS_ENDPOINT_URL_STS": "http://sts"}
    assert endpoints.foreign(environ, ("AWS_ENDPOINT_URL_IAM", "AWS_ENDPOINT_URL")) == "http://iam"


@pytest.mark.parametrize(
    ("url", "host"),
    [("HTTP://A.b:80/x", "a.b"), ("http://[::1]:80", "[::1]"), ("sandbox", ""), ("", "")],
)
def test_host(url: str, host: str) -> None:
    """The host of an address in lower case, without its port; none in what is no address."""
    assert endpoints.host(url) == host
