"""The session cache: a session as text, and which one a command means.

Where the text is kept is the port Sessions' affair (``statefolder.py``).  This
module is on the cached path.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from authkit.core.model import LATEST, CachedSession, Secret, Session, sendable
from authkit.core.render import text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from authkit.core.ports import World

VERSION = 2
_LONGEST_NAME = 64


def encode(cached: CachedSession) -> str:
    """Return the text that `decode` reads back."""
    session = cached.session
    return json.dumps(
        {
            "version": VERSION,
            "access_key_id": session.access_key_id,
            "secret_access_key": session.secret_access_key.reveal(),
            "session_token": session.session_token.reveal(),
            "expiration": int(session.expiration.timestamp()),
            "granted": int(session.granted.timestamp()),
            "kind": cached.kind,
            "region": cached.region,
            "account": cached.account,
            "principal": cached.principal,
            "source": cached.source,
            "mfa_arn": cached.mfa_arn,
            "duration": int(cached.duration.total_seconds()),
            "origin": cached.origin,
            "config_stamp": cached.config_stamp,
        }
    )


def decode(written: str) -> CachedSession:
    """Return the session in a text.  Raises ValueError, with a reason, when there is none."""
    try:
        stored = json.loads(written)
        if stored.pop("version") != VERSION:
            raise ValueError("it is of another version")
        texts = {key: value for key, value in stored.items() if isinstance(value, str)}
        session = Session(
            access_key_id=texts.pop("access_key_id"),
            secret_access_key=Secret(texts.pop("secret_access_key")),
            session_token=Secret(texts.pop("session_token")),
            expiration=_instant(stored["expiration"]),
            granted=_instant(stored["granted"]),
        )
        if not sendable(session):
            raise ValueError("its credentials cannot be sent")
        duration = timedelta(seconds=stored["duration"])
        return CachedSession(session=session, duration=duration, **texts)
    except (KeyError, TypeError, AttributeError, OverflowError, OSError, RecursionError):
        raise ValueError("it is not what authkit writes") from None
    except json.JSONDecodeError:
        raise ValueError("it is not JSON") from None


def load(world: World, name: str) -> CachedSession | None:
    """Return the cached session; None when there is none, or (and said so) a corrupt one.

    Raises StateTrouble.
    """
    written = world.sessions.read(name)
    if written is None:
        return None
    try:
        return decode(written)
    except ValueError as error:
        world.screen.say(text("session-corrupt", identity=name, reason=error))
        return None


def current(world: World, given: str, command: str) -> tuple[str, CachedSession | None]:
    """Return the identity that is meant and its cached session.

    `given` is the name on the command line, or "".  With an identity named and
    the config file as it was at login, the file is not parsed.  Raises Failure,
    StateTrouble.
    """
    name = given or world.environ.get("AUTHKIT_IDENTITY", "")
    cached = load(world, name) if is_name(name) else None
    if cached and cached.config_stamp == world.config.stamp():
        return name, cached
    from authkit.core import config

    identity = config.resolve(world, given, command)
    if identity.name != name:
        cached = load(world, identity.name)
    if cached is None or not identity.may_own(cached):  # the config says another role by now
        return identity.name, None
    return identity.name, cached.replaced(region=identity.region)


def is_name(name: str) -> bool:
    """Tell whether it can be an identity's name, and so part of a file's name."""
    plain = name.isascii() and all(letter.isalnum() or letter in "._-" for letter in name)
    return plain and name[:1].isalnum() and len(name) <= _LONGEST_NAME


def _instant(seconds: float) -> datetime:
    if not 0 < seconds < LATEST:
        raise ValueError("its instants are out of bounds")
    return datetime.fromtimestamp(seconds, UTC)
