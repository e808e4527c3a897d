"""What of addresses in texts of libraries is shown."""

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
