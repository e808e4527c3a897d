"""Calls of STS by boto3, as the tests of the port make them."""

from __future__ import annotations

import socket
from contextlib import closing

import pytest

from authkit.adapters.sts import Boto3Sts
from authkit.core.failures import Refused, Unreachable
from authkit.core.model import AccessKeys, Caller, MfaCode, Secret, Session
from fakes.world.cached_session import session
from tests.support.stage import START

KEYS = AccessKeys("AKIAXXXXXXXXXXXXXXXX", Secret("secret-canary"))
MFA = MfaCode("arn:aws:iam::123456789012:mfa/user", Secret("123456"))
SESSION = session(START)
HOURS_36 = 36 * 3600  # seconds


def granted(mfa: MfaCode | None = None, duration: int = HOURS_36) -> Session:
    """Return a new session."""
    return Boto3Sts("us-east-1").get_session_token(KEYS, duration=duration, mfa=mfa)


def caller(who: AccessKeys | Session = KEYS) -> Caller:
    """Return the caller identity."""
    return Boto3Sts("us-east-1").get_caller_identity(who)


def refused(mfa: MfaCode | None = None, duration: int = HOURS_36) -> Refused:
    """Return the refusal of a call for a session."""
    with pytest.raises(Refused) as caught:
        granted(mfa, duration)
    return caught.value


def unreachable() -> Unreachable:
    """Return the trouble of a call for a session that gets no readable answer."""
    with pytest.raises(Unreachable) as caught:
        granted()
    return caught.value


def closed_port() -> int:
    """Return a port on which nothing listens."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        return int(listener.getsockname()[1])
