"""The account: each refusal from its real cause, and which comes first."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from authkit.core.model import AccessKeys, Caller, Secret
from sts_simulator.account.calls import Answer, Request
from sts_simulator.account.errors import AwsError
from sts_simulator.account.faults import Fault
from tests.support.account_world import DIRECTORIES, ID, SERIAL, START, World, a_world, keys

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture(params=DIRECTORIES)
def world(request: pytest.FixtureRequest) -> World:
    """The table's account, in a dict and in moto's IAM."""
    return a_world(request.param)


def _expired(world: World, **changes: object) -> Answer:
    session = world.session(DurationSeconds="900")
    world.clock.sleep(timedelta(seconds=900))
    return world.ask(who=session, **changes)


def refusal(code: str, status: int, *message: str | None) -> AwsError:
    """Return a refusal; a message of None is no message at all."""
    return AwsError(code, None if None in message else "".join(map(str, message)), status)


def _user_deleted(world: World) -> Answer:
    world.account.events.delete_user("dev-admin")
    return world.ask()


def _issuer_deleted(world: World) -> Answer:
    session = world.session()
    world.account.events.delete_user("dev-admin")
    return world.ask(who=session)


def _issuer_made_anew(world: World) -> Answer:
    session = world.session()
    world.account.events.delete_user("dev-admin")
    world.account.events.add_user("dev-admin")
    return world.ask(who=session)


def _code_used(world: World) -> Answer:
    world.session(SerialNumber=SERIAL, TokenCode="123456")
    return world.ask("GetSessionToken", SerialNumber=SERIAL, TokenCode="123456")


def _fault(world: World, **fault: object) -> Answer:
    world.account.faults.add(Fault.parse({"on": "*", **fault}))
    return world.ask()


WRONG = AccessKeys(ID, Secret("wrong"))
INVALID = "The security token included in the request is invalid."
INVALID_TOKEN = ("InvalidClientTokenId", 403, INVALID)
WRONG_SECRET = (
    "The request signature we calculated does not match the signature you provided. Check your AWS "
    "Secret Access Key and signing method. Consult the service documentation for details."
)
VALIDATION = "failed to satisfy constraint: Member must"
LATER, EARLIER = START + timedelta(minutes=16), START - timedelta(minutes=16)

# What is done, and what comes of it.  The messages are AWS's to the letter, blanks included.
REFUSALS: dict[str, tuple[Callable[[World], Answer], AwsError]] = {
    "a deleted key": (
        lambda w: w.ask(who=keys("old")),
        refusal("InvalidClientTokenId", 403, INVALID),
    ),
    "an inactive key": (
        lambda w: w.ask(who=keys("off")),
        refusal("InvalidClientTokenId", 403, INVALID),
    ),
    "a key of a deleted user": (
        _user_deleted,
        refusal("InvalidClientTokenId", 403, INVALID),
    ),
    "a key that has not spread": (
        lambda w: w.ask(who=keys("late")),
        refusal("InvalidClientTokenId", 403, INVALID),
    ),
    "a session without its token": (
        lambda w: w.ask(who=w.session(), session_token=None),
        refusal("InvalidClientTokenId", 403, INVALID),
    ),
    "a session with another's token": (
        lambda w: w.ask(who=w.session(), session_token=w.session().session_token),
        refusal("InvalidClientTokenId", 403, INVALID),
    ),
    "a session of a deleted user": (
        _issuer_deleted,
        refusal("InvalidClientTokenId", 403, INVALID),
    ),
    "a session of a user made anew": (
        _issuer_made_anew,
        refusal("InvalidClientTokenId", 403, INVALID),
    ),
    "a key with a stray token": (
        lambda w: w.ask(session_token=Secret("stray")),
        refusal("InvalidClientTokenId", 403, INVALID),
    ),
    "a region that is not enabled": (
        lambda w: w.ask(who=w.session(), region="me-south-1"),
        refusal("InvalidClientTokenId", 403, INVALID[:-1]),
    ),
    "a wrong secret": (
        lambda w: w.ask(who=WRONG),
        refusal("SignatureDoesNotMatch", 403, WRONG_SECRET),
    ),
    "a clock behind": (
        lambda w: w.ask(signed_at=EARLIER),
        refusal(
            "SignatureDoesNotMatch",
            403,
            "Signature expired: 20241222T234200Z is now earlier than 20241222T234300Z ",
            "(20241222T235800Z - 15 min.)",
        ),
    ),
    "a clock ahead": (
        lambda w: w.ask(signed_at=LATER),
        refusal(
            "SignatureDoesNotMatch",
            403,
            "Signature not yet current: 20241223T001400Z is still later than 20241223T001300Z ",
            "(20241222T235800Z + 15 min.)",
        ),
    ),
    "a region that is none": (
        lambda w: w.ask(region="mars-1"),
        refusal("SignatureDoesNotMatch", 403, "Credential should be scoped to a valid region. "),
    ),
    "a region of another partition": (
        lambda w: w.ask(region="cn-north-1"),
        refusal("SignatureDoesNotMatch", 403, "Credential should be scoped to a valid region. "),
    ),
    "another service": (
        lambda w: w.ask(service="iam"),
        refusal(
            "SignatureDoesNotMatch", 403, "Credential should be scoped to correct service: 'sts'. "
        ),
    ),
    "another service, and no region": (
        lambda w: w.ask(service="iam", region="mars-1"),
        refusal(
            "SignatureDoesNotMatch",
            403,
            "Credential should be scoped to a valid region. ",
            "Credential should be scoped to correct service: 'sts'. ",
        ),
    ),
    "another day in the scope": (
        lambda w: w.ask(day="20241221"),
        refusal(
            "SignatureDoesNotMatch",
            403,
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from ",
            "HTTP: '20241221' != '20241222', from '20241222T235800Z'. ",
        ),
    ),
    "another terminator": (
        lambda w: w.ask(terminator="aws5_request"),
        refusal(
            "SignatureDoesNotMatch",
            403,
            "Credential should be scoped with a valid terminator: 'aws4_request', ",
            "not 'aws5_request'. ",
        ),
    ),
    "an expired session": (
        _expired,
        refusal("ExpiredToken", 403, "The security token included in the request is expired"),
    ),
    "a wrong code": (
        lambda w: w.ask("GetSessionToken", SerialNumber=SERIAL, TokenCode="000000"),
        refusal(
            "AccessDenied",
            403,
            "MultiFactorAuthentication failed with invalid MFA one time pass code. ",
        ),
    ),
    "a used code": (
        _code_used,
        refusal(
            "AccessDenied",
            403,
            "MultiFactorAuthentication failed with invalid MFA one time pass code. ",
        ),
    ),
    "another user's device": (
        lambda w: w.ask("GetSessionToken", SerialNumber=SERIAL[:-4] + "else", TokenCode="111111"),
        refusal(
            "AccessDenied",
            403,
            "MultiFactorAuthentication failed, unable to validate MFA code.  ",
            "Please verify your MFA serial number is valid and associated with this user.",
        ),
    ),
    "a device without a code": (
        lambda w: w.ask("GetSessionToken", SerialNumber=SERIAL),
        refusal(
            "AccessDenied",
            403,
            "MultiFactorAuthentication failed, ",
            "must provide both MFA serial number and one time pass code.",
        ),
    ),
    "a code without a device": (
        lambda w: w.ask("GetSessionToken", TokenCode="123456"),
        refusal(
            "AccessDenied",
            403,
            "MultiFactorAuthentication failed, ",
            "must provide both MFA serial number and one time pass code.",
        ),
    ),
    "a session asking for a session": (
        lambda w: w.ask("GetSessionToken", who=w.session()),
        refusal("AccessDenied", 403, "Cannot call GetSessionToken with session credentials"),
    ),
    "a disabled region": (
        lambda w: w.ask("GetSessionToken", region="eu-west-3"),
        refusal(
            "RegionDisabledException",
            403,
            "STS is not activated in this region for account:123456789012. ",
            "Your account administrator can activate STS in this region using the IAM Console.",
        ),
    ),
    "too short": (
        lambda w: w.ask("GetSessionToken", DurationSeconds="600"),
        refusal(
            "ValidationError",
            400,
            f"1 validation error detected: Value '600' at 'durationSeconds' {VALIDATION} ",
            "have value greater than or equal to 900",
        ),
    ),
    "too long": (
        lambda w: w.ask("GetSessionToken", DurationSeconds="129601"),
        refusal(
            "ValidationError",
            400,
            f"1 validation error detected: Value '129601' at 'durationSeconds' {VALIDATION} ",
            "have value less than or equal to 129600",
        ),
    ),
    "two things wrong": (
        lambda w: w.ask("GetSessionToken", SerialNumber=SERIAL, TokenCode="12a"),
        refusal(
            "ValidationError",
            400,
            f"2 validation errors detected: Value '12a' at 'tokenCode' {VALIDATION} ",
            r"satisfy regular expression pattern: [\d]*; ",
            f"Value '12a' at 'tokenCode' {VALIDATION} have length greater than or equal to 6",
        ),
    ),
    "a serial number that is too short": (
        lambda w: w.ask("GetSessionToken", SerialNumber="GAHT1234", TokenCode="123456"),
        refusal(
            "ValidationError",
            400,
            f"1 validation error detected: Value 'GAHT1234' at 'serialNumber' {VALIDATION} have ",
            "length greater than or equal to 9",
        ),
    ),
    "no number": (
        lambda w: w.ask("GetSessionToken", DurationSeconds="abc"),
        refusal("MalformedInput", 400, None),
    ),
    "no integer": (
        lambda w: w.ask("GetSessionToken", DurationSeconds="900.0"),
        refusal("MalformedInput", 400, None),
    ),
    "beyond 32 bits": (
        lambda w: w.ask("GetSessionToken", DurationSeconds="2147483648"),
        refusal("MalformedInput", 400, None),
    ),
    "an empty number": (
        lambda w: w.ask("GetSessionToken", DurationSeconds=""),
        refusal("MalformedInput", 400, "missing value for decimal type"),
    ),
    "throttling": (
        lambda w: _fault(w, answer="Throttling"),
        refusal("Throttling", 400, "Rate exceeded"),
    ),
    "a failure": (
        lambda w: _fault(w, answer="InternalFailure"),
        refusal("InternalFailure", 500, None),
    ),
    "a denial by policy": (
        lambda w: _fault(w, answer="AccessDenied"),
        refusal(
            "AccessDenied",
            403,
            "User: arn:aws:iam::123456789012:user/dev-admin is not authorized to perform: ",
            "sts:GetCallerIdentity",
        ),
    ),
    "a code nobody knows": (
        lambda w: _fault(w, answer="TeapotException", message="short and stout", status=418),
        refusal("TeapotException", 418, "short and stout"),
    ),
}


@pytest.mark.parametrize("cause", REFUSALS)
def test_refusal(world: World, cause: str) -> None:
    """Each refusal comes from its real cause, with AWS's code, status and message."""
    does, expected = REFUSALS[cause]
    assert does(world) == expected


@pytest.mark.parametrize(
    ("causes", "code"),
    [
        ({"signed_at": LATER, "region": "mars-1", "who": keys("off")}, "SignatureDoesNotMatch"),
        ({"region": "mars-1", "who": keys("old")}, "SignatureDoesNotMatch"),
        ({"who": AccessKeys("AKIAOFFOFFOFFOFFOFFO", Secret("wrong"))}, "InvalidClientTokenId"),
        ({"who": WRONG, "DurationSeconds": "1"}, "SignatureDoesNotMatch"),
        ({"who": WRONG, "session_token": Secret("stray")}, "SignatureDoesNotMatch"),
        ({"DurationSeconds": "1", "TokenCode": "123456"}, "ValidationError"),
    ],
)
def test_the_first_check_that_fails_answers(
    world: World, causes: dict[str, Any], code: str
) -> None:
    """Date, scope, key, signature, stray token, parameters, permission: in this order."""
    answer = world.ask("GetSessionToken", **causes)
    assert isinstance(answer, AwsError)
    assert answer.code == code


def test_expired_before_signature_but_after_token(world: World) -> None:
    """An expired session with a wrong secret is expired; without its token it is invalid."""
    assert getattr(_expired(world, made_with=lambda _secret: False), "code", "") == "ExpiredToken"
    without = _expired(world, session_token=None)
    assert getattr(without, "code", "") == "InvalidClientTokenId"


def test_which_of_two_reasons_is_told(world: World) -> None:
    """A dead key's region does not matter, nor a deleted user's secret; expiry comes first."""
    wrong = {"made_with": lambda _secret: False}
    assert world.ask(who=keys("off"), region="me-south-1") == refusal(*INVALID_TOKEN)
    session = world.session(DurationSeconds="900")
    world.account.events.delete_user("dev-admin")
    assert world.ask(who=session, **wrong) == refusal(*INVALID_TOKEN)
    world.clock.sleep(timedelta(seconds=900))
    assert getattr(world.ask(who=session, **wrong), "code", "") == "ExpiredToken"


def test_limits_to_the_second(world: World) -> None:
    """15 minutes off is good, a second more is not; a session ends at its Expiration, not after."""
    whole = START.replace(microsecond=0)
    for off in (timedelta(minutes=15), timedelta(minutes=-15)):
        assert isinstance(world.ask(signed_at=whole + off), Caller)
        further = off + off / 900
        assert isinstance(world.ask(signed_at=whole + further), AwsError)
    session = world.session(DurationSeconds="900")
    world.clock.move_to(session.expiration - timedelta(microseconds=1))
    assert isinstance(world.ask(who=session), Caller)
    world.clock.move_to(session.expiration)
    assert isinstance(world.ask(who=session), AwsError)


def test_unsigned(world: World) -> None:
    """An unsigned call is refused, and remembered as nobody's."""
    outcome = world.account.call(Request("GetCallerIdentity", {}, None))
    assert outcome.answer == AwsError(
        "MissingAuthenticationToken", "Request is missing Authentication Token", 403
    )
    assert world.account.calls[-1].access_key_id is None
