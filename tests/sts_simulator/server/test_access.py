"""Who may change the simulation, and what the server answers as a proxy."""

from __future__ import annotations

import pytest

from sts_simulator.server.access import Access
from sts_simulator.wire.http import HttpRequest


def asked(host: str = "127.0.0.1", **headers: str) -> HttpRequest:
    """Return a request to the control interface."""
    return HttpRequest("POST", "/_sim/reset", {"host": host, **headers})


@pytest.mark.parametrize("address", ["127.0.0.1", "127.9.9.9", "::1"])
def test_on_loopback_the_host_counts(address: str) -> None:
    """Loopback names and the allowed ones are let in, without a token."""
    access = Access(address, ["Host.docker.internal"])
    assert access.token is None
    for host in ("localhost:80", "host.docker.internal:43210"):
        assert access.refusal(asked(host)) is None
    refused = access.refusal(asked("evil.example", authorization="Bearer "))
    assert refused is not None
    assert refused.status == 403


def test_a_web_page_of_elsewhere_changes_nothing() -> None:
    """A page may post to 127.0.0.1 by that name; its browser says in Origin where it is from."""
    access = Access("127.0.0.1", ["app.test"])
    for origin in ("http://localhost:3000", "https://app.test", "http://[::1]:80"):
        assert access.refusal(asked(origin=origin)) is None
    for origin in ("https://evil.example", "null", "http://127.0.0.1.evil.example:80", ""):
        assert access.refusal(asked(origin=origin)) is not None


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.0.2.1"])  # noqa: S104 - not bound here
def test_beyond_loopback_the_token_counts(address: str) -> None:
    """Only the token is let in, by whatever name; another server has another token."""
    access = Access(address, ["host.docker.internal"])
    assert access.token
    assert access.token != Access(address).token
    assert access.refusal(asked("any", authorization=f"Bearer {access.token}")) is None
    for shown in ("", access.token, "Bearer ", "Bearer wrong", "Bearer \u00e9"):
        refused = access.refusal(asked("host.docker.internal", authorization=shown))
        assert refused is not None
        assert refused.status == 403
        assert access.token.encode() not in refused.body
    assert access.refusal(asked()) is not None


@pytest.mark.parametrize(
    ("method", "host", "refused"),
    [
        ("POST", None, False),
        ("POST", "sts.amazonaws.com", False),
        ("POST", "localhost:43210", False),
        ("POST", "allowed", False),
        ("GET", "example.com", True),
        ("CONNECT", None, True),
    ],
)
def test_a_proxy_that_connects_to_nowhere(method: str, host: str | None, *, refused: bool) -> None:
    """As a proxy it answers for AWS's names and its own alone, and never for TLS."""
    access = Access("127.0.0.1", ["allowed"])
    answer = access.proxy_refusal(HttpRequest(method, "/", {}, proxied_to=host))
    assert (answer is not None and answer.status == 403) is refused
