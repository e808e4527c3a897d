"""The checks of a signature: which one answers when several fail, and their limits."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from sts_simulator.account import errors
from sts_simulator.account.answers import Answer, CallerIdentity
from sts_simulator.account.calls import Request
from sts_simulator.account.errors import AwsError
from tests.support.account_world import START, World, a_key, code, key

WRONG = a_key(secret_access_key="wrong")
LATER = START + timedelta(minutes=16)


def _expired(world: World, **changes: object) -> Answer:
    session = world.session(DurationSeconds="900")
    world.clock.sleep(timedelta(seconds=900))
    return world.ask(who=session, **changes)


@pytest.mark.parametrize(
    ("causes", "expected"),
    [
        ({"signed_at": LATER, "region": "mars-1", "who": key("off")}, "SignatureDoesNotMatch"),
        ({"region": "mars-1", "who": key("old")}, "SignatureDoesNotMatch"),
        ({"who": a_key("AKIAOFFOFFOFFOFFOFFO", "wrong")}, "InvalidClientTokenId"),
        ({"who": WRONG, "DurationSeconds": "1"}, "SignatureDoesNotMatch"),
        ({"who": WRONG, "session_token": "stray"}, "SignatureDoesNotMatch"),
        ({"DurationSeconds": "1", "TokenCode": "123456"}, "ValidationError"),
    ],
)
def test_the_first_check_that_fails_answers(
    world: World, causes: dict[str, Any], expected: str
) -> None:
    """The order is date, scope, key, signature, unexpected token, parameters, permission."""
    assert code(world.ask("GetSessionToken", **causes)) == expected


def test_expired_before_signature_but_after_token(world: World) -> None:
    """An expired session with a wrong secret is expired; without its token it is invalid."""
    assert code(_expired(world, made_with=lambda _secret: False)) == "ExpiredToken"
    without = _expired(world, session_token=None)
    assert code(without) == "InvalidClientTokenId"


def test_which_of_two_reasons_is_told(world: World) -> None:
    """The key is checked before the region, and expiry before the issuer and the secret."""
    wrong = {"made_with": lambda _secret: False}
    assert world.ask(who=key("off"), region="me-south-1") == errors.INVALID_TOKEN
    session = world.session(DurationSeconds="900")
    world.account.administrator.delete_user("dev-admin")
    assert world.ask(who=session, **wrong) == errors.INVALID_TOKEN
    world.clock.sleep(timedelta(seconds=900))
    assert code(world.ask(who=session, **wrong)) == "ExpiredToken"


def test_limits_to_the_second(world: World) -> None:
    """15 minutes off is accepted, a second more is not; a session ends at its Expiration."""
    whole = START.replace(microsecond=0)
    for off in (timedelta(minutes=15), timedelta(minutes=-15)):
        assert isinstance(world.ask(signed_at=whole + off), CallerIdentity)
        further = off + off / 900
        assert isinstance(world.ask(signed_at=whole + further), AwsError)
    session = world.session(DurationSeconds="900")
    world.clock.move_to(session.expiration - timedelta(microseconds=1))
    assert isinstance(world.ask(who=session), CallerIdentity)
    world.clock.move_to(session.expiration)
    assert isinstance(world.ask(who=session), AwsError)


def test_unsigned(world: World) -> None:
    """An unsigned call is refused, and recorded without an access key id."""
    outcome = world.account.call(Request("GetCallerIdentity", {}, None))
    assert outcome.answer == errors.UNSIGNED
    assert world.account.calls[-1].access_key_id is None
