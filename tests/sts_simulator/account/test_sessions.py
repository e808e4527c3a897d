"""Issued sessions: their ids, and how long they are kept."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sts_simulator.account.directory import DictDirectory, User
from sts_simulator.account.ids import Ids
from sts_simulator.account.sessions import KEPT, IssuedSession, Sessions
from tests.support.account_world import (
    START,
    a_world,
)

USER = User("me", "AIDAX", "arn:aws:iam::123456789012:user/me")

if TYPE_CHECKING:
    from datetime import datetime

    from sts_simulator.account.answers import Session


def issue(sessions: Sessions, now: datetime) -> Session:
    """Issue a session of 15 minutes."""
    fifteen = timedelta(minutes=15)
    return sessions.issue(
        now, fifteen, operation="GetSessionToken", issuer=USER, arn=USER.arn, user_id="AIDAX"
    )


def test_a_session_is_kept_with_its_identity() -> None:
    """It is found by its access key id; its expiration is in whole seconds."""
    sessions = Sessions(Ids("seed"))
    session = issue(sessions, START)
    assert session.access_key_id.startswith("ASIA")
    assert session.expiration == START.replace(microsecond=0) + timedelta(minutes=15)
    kept = sessions.get(session.access_key_id)
    assert kept == IssuedSession(session, "GetSessionToken", USER, USER.arn, "AIDAX")
    assert sessions.get("ASIAOTHER") is None


def test_long_expired_sessions_are_forgotten_in_the_end() -> None:
    """Thirty days after the expiration a session is pruned, and not before."""
    sessions = Sessions(Ids("seed"))
    old = issue(sessions, START)
    nearly = old.expiration + KEPT - timedelta(seconds=1)
    for _ in range(1100):
        issue(sessions, nearly)
    assert sessions.get(old.access_key_id)
    for _ in range(1100):
        issue(sessions, nearly + timedelta(seconds=1))
    assert sessions.get(old.access_key_id) is None
    assert len(sessions) == 2200


def test_an_expired_session_is_refused_as_such_until_it_is_forgotten() -> None:
    """The error is ExpiredToken first, and InvalidClientTokenId after the pruning."""
    world = a_world(DictDirectory)
    old = world.session(DurationSeconds="900")
    world.clock.sleep(timedelta(days=29))
    assert getattr(world.ask(who=old), "code", "") == "ExpiredToken"
    world.clock.sleep(timedelta(days=2))
    for _ in range(1100):
        world.session()
    assert getattr(world.ask(who=old), "code", "") == "InvalidClientTokenId"
