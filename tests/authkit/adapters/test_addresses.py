"""What of addresses in texts of libraries is shown, and which addresses are warned of."""

from __future__ import annotations

import pytest

from authkit.adapters import addresses


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("Invalid endpoint: http://me:sec/ret@sandbox", "Invalid endpoint: http://sandbox"),
        ("Failed to parse: me:sec/ret@sandbox", "Failed to parse: sandbox"),
        ('Bad proxy: "http://proxy-user@[x"', 'Bad proxy: "http://[x"'),
        ("Bad proxy: http://else:where@proxy", "Bad proxy: http://proxy"),
        ("mail to me@sandbox", "mail to me@sandbox"),
    ],
)
def test_texts_of_others(said: str, left: str) -> None:
    """B-S08: known user names and passwords go, malformed or not, and those of any address."""
    environ = {
        "AWS_ENDPOINT_URL": "http://me:sec/ret@sandbox",
        "https_proxy": "http://proxy-user@[x",
        "HTTP_PROXY": "",
        "OTHER": "http://me@sandbox",
    }
    assert addresses.without_credentials(said, environ) == left


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
    assert addresses.is_exposed({"AWS_ENDPOINT_URL": url}) is exposed


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
    assert addresses.is_exposed(environ) is exposed


def test_the_warning_names_the_address() -> None:
    """B-S08: one line, without a password; none for what is not exposed."""
    warning = addresses.warning({"AWS_ENDPOINT_URL_STS": "http://user:secret@sandbox:4566"})
    assert warning == (
        "⚠ Requests go to http://sandbox:4566 unencrypted (http): others on the way can read them."
    )
    assert addresses.warning({"AWS_ENDPOINT_URL_STS": "https://sandbox:4566"}) == ""
    assert addresses.warning({}) == ""


SANDBOX, HERE, OURS = "http://sandbox:4566", "http://127.0.0.1:4566", "https://aws.example.org"
OF_AWS = "https://sts.eu-west-1.amazonaws.com"


@pytest.mark.parametrize(
    ("sts", "iam", "both", "asked"),
    [
        ("", "", "", True),
        (OF_AWS, "", "", True),
        (OURS, "", "", False),
        (HERE, "", "", False),
        (OURS, OURS, "", True),
        (HERE, HERE, "", True),
        ("", "", OURS, True),
        ("", "", SANDBOX, True),  # it is warned of already
        ("", SANDBOX, "", False),
        (OF_AWS, SANDBOX, OURS, False),
        (OURS, "", OURS, True),
    ],
)
def test_where_iam_is_asked(sts: str, iam: str, both: str, *, asked: bool) -> None:
    """B-S08: not with keys of an STS that is not AWS's, nor in the clear without a warning."""
    environ = {
        "AWS_ENDPOINT_URL_STS": sts,
        "AWS_ENDPOINT_URL_IAM": iam,
        "AWS_ENDPOINT_URL": both,
    }
    assert (addresses.why_not_iam(environ) == "") is asked


def test_no_password_of_any_service() -> None:
    """B-S08: what stands before the host is hidden in every service's address."""
    environ = {"AWS_ENDPOINT_URL_IAM": "https://me:sec/ret@sandbox"}
    assert addresses.without_credentials("to me:sec/ret@sandbox", environ) == "to sandbox"
