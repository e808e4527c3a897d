"""What STS answers, as values."""

from __future__ import annotations

from sts_simulator.account.answers import Session
from tests.support.account_world import (
    START,
)


def test_a_session_shows_no_secret() -> None:
    """The repr has neither secret access key nor session token; equality compares them."""
    session = Session("ASIAX", "secret-canary", "token-canary", START)
    assert "canary" not in repr(session)
    assert "ASIAX" in repr(session)
    assert session == Session("ASIAX", "secret-canary", "token-canary", START)
    assert session != Session("ASIAX", "secret-canary", "another", START)
