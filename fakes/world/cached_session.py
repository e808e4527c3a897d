"""A cached session as a login leaves it, for what starts from one instead of logging in."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from authkit.adapters.state_folder import StateFolder
from authkit.core import sessions
from authkit.core.model import CachedSession, Secret, Session

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

NAME = "dev-admin"


def session(
    granted: datetime, duration: timedelta = timedelta(hours=36), **changes: object
) -> Session:
    """Return a session that was granted at an instant; `changes` are fields of Session."""
    made = Session(
        access_key_id="ASIAXXXXXXXXXXXXXXXX",
        secret_access_key=Secret("session-secret-canary"),
        session_token=Secret("session-token-canary"),
        expiration=int((granted + duration).timestamp()),
        granted=int(granted.timestamp()),
    )
    return made.replaced(**changes)


def cached_session(made: Session, **changes: object) -> CachedSession:
    """Return the session of the IAM user `NAME` as it is cached.

    The duration asked for is the one that was granted; `changes` are fields of
    CachedSession.
    """
    cached = CachedSession(
        session=made,
        kind="aws/user",
        region="us-east-1",
        account="123456789012",
        principal=f"arn:aws:iam::123456789012:user/{NAME}",
        keys="0123456789abcdef",
        mfa_arn="",
        duration=made.expiration - made.granted,
    )
    return cached.replaced(**changes)


def write_session(state: Path, cached: CachedSession, name: str = NAME) -> None:
    """Write the session file of an identity into a state folder."""
    StateFolder(str(state)).replace(name, sessions.encode(cached, name))
