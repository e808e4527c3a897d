"""The port Web in process."""

from __future__ import annotations

import pytest

from authkit.core.failures import Unreachable
from fakes.world.web import FakeWeb, serving


def test_a_service() -> None:
    """It answers for its address while it is lent; any other host has no name."""
    with serving("https://login.example/", lambda url, form: (200, f"{url} {dict(form)}")):
        answer = FakeWeb().post("https://login.example/token", {"a": "b"})
        assert answer == (200, "https://login.example/token {'a': 'b'}")
        with pytest.raises(Unreachable, match=r"other\.example: Name or service not known"):
            FakeWeb().post("https://other.example/", {})
    with pytest.raises(Unreachable):
        FakeWeb().post("https://login.example/token", {})
