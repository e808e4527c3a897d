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
    ],
)
def test_foreign(environ: dict[str, str], foreign: str) -> None:
    """B-L04: an address that is not AWS's, the service's own variable first."""
    assert endpoints.foreign(environ) == foreign


@pytest.mark.parametrize(
    ("url", "exposed"),
    [
        ("http://sandbox:4566", True),
        ("http://sts.eu-west-1.amazonaws.com", True),
        ("HTTP://10.0.0.1", True),
        ("http://user:pass@sandbox", True),
        ("http://localhost.example.org", True),
        ("http://127.0.0.1.example.org", True),
        ("https://sandbox:4566", False),
        ("http://localhost:4566", False),
        ("http://LOCALHOST", False),
        ("http://sts.us-west-2.localhost:1", False),
        ("http://127.9.8.7:80", False),
        ("http://[::1]:4566", False),
        ("http://[::1]:port", False),
        ("http://127.0.0.1:port", False),
        ("http://sandbox:port", True),
        ("http://user:pass@127.0.0.1", False),
    ],
)
def test_exposed(url: str, *, exposed: bool) -> None:
    """B-S08: plain http to a host that is not this machine; what is this machine."""
    assert endpoints.is_exposed({"AWS_ENDPOINT_URL": url}) is exposed


@pytest.mark.parametrize(
    ("environ", "exposed"),
    [
        ({"HTTP_PROXY": "http://proxy:3128"}, True),
        ({"http_proxy": "http://proxy:3128"}, True),
        ({"HTTPS_PROXY": "http://proxy:3128"}, False),
        ({"HTTP_PROXY": ""}, False),
        ({"HTTP_PROXY": "http://proxy:3128", "NO_PROXY": "internal, localhost"}, False),
        ({"HTTP_PROXY": "http://proxy:3128", "no_proxy": "*"}, False),
        ({"HTTP_PROXY": "http://proxy:3128", "NO_PROXY": "host, example.org,"}, True),
    ],
)
def test_loopback_by_a_proxy(environ: dict[str, str], *, exposed: bool) -> None:
    """B-S08: a request to this machine that a proxy is sent leaves it in the clear."""
    environ |= {"AWS_ENDPOINT_URL": "http://localhost:4566"}
    assert endpoints.is_exposed(environ) is exposed


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://user:secret-canary@sandbox:4566/x", "http://sandbox:4566/x"),
        ("http://secret-canary@sandbox", "http://sandbox"),
        ("http://a@b:secret@canary@sandbox", "http://sandbox"),
        ("http://sandbox/x@y?q=@z", "http://…@z"),
        ("http://user:secret/canary@sandbox", "http://…@sandbox"),
        ("http://user#secret:canary@sandbox", "http://…@sandbox"),
        ("user:secret-canary@sandbox:80", "…@sandbox:80"),
        ("sandbox", "sandbox"),
    ],
)
def test_no_password_is_shown(url: str, shown: str) -> None:
    """B-S08: a user name or password in an address is never shown."""
    assert endpoints.shown(url) == shown
    assert endpoints.foreign({"AWS_ENDPOINT_URL": url}) == shown


def test_the_warning_names_the_address() -> None:
    """B-S08: one line, without a password; none for what is not exposed."""
    warning = endpoints.warning({"AWS_ENDPOINT_URL_STS": "http://user:secret@sandbox:4566"})
    assert warning == (
        "⚠ Requests go to http://sandbox:4566 unencrypted (http): others on the way can read them."
    )
    assert endpoints.warning({"AWS_ENDPOINT_URL_STS": "https://sandbox:4566"}) == ""
    assert endpoints.warning({}) == ""
