"""Every error of STS comes from its real cause, with AWS's code, status and message."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from sts_simulator.account.errors import AwsError
from sts_simulator.account.faults import Fault
from tests.support.account_world import SERIAL, START, World, a_key, key

if TYPE_CHECKING:
    from collections.abc import Callable

    from sts_simulator.account.answers import Answer


def _expired(world: World, **changes: object) -> Answer:
    session = world.session(DurationSeconds="900")
    world.clock.sleep(timedelta(seconds=900))
    return world.ask(who=session, **changes)


def refusal(code: str, status: int, *message: str | None) -> AwsError:
    """Return an error; a message of None means no Message element."""
    return AwsError(code, None if None in message else "".join(map(str, message)), status)


def _user_deleted(world: World) -> Answer:
    world.account.administrator.delete_user("dev-admin")
    return world.ask()


def _issuer_deleted(world: World) -> Answer:
    session = world.session()
    world.account.administrator.delete_user("dev-admin")
    return world.ask(who=session)


def _issuer_made_anew(world: World) -> Answer:
    session = world.session()
    world.account.administrator.delete_user("dev-admin")
    world.account.administrator.add_user("dev-admin")
    return world.ask(who=session)


def _code_used(world: World) -> Answer:
    world.session(SerialNumber=SERIAL, TokenCode="123456")
    return world.ask("GetSessionToken", SerialNumber=SERIAL, TokenCode="123456")


def _fault(world: World, **fault: object) -> Answer:
    world.account.faults.add(Fault.parse({"on": "*", **fault}))
    return world.ask()


WRONG = a_key(secret_access_key="wrong")
INVALID = "The security token included in the request is invalid."
WRONG_SECRET = (
    "The request signature we calculated does not match the signature you provided. Check your AWS "
    "Secret Access Key and signing method. Consult the service documentation for details."
)
LATER, EARLIER = START + timedelta(minutes=16), START - timedelta(minutes=16)

# A cause, and the error that it must give.  The messages are AWS's to the letter, spaces included.
REFUSALS: dict[str, tuple[Callable[[World], Answer], AwsError]] = {
    "a deleted key": (
        lambda w: w.ask(who=key("old")),
        refusal("InvalidClientTokenId", 403, INVALID),
    ),
    "an inactive key": (
        lambda w: w.ask(who=key("off")),
        refusal("InvalidClientTokenId", 403, INVALID),
    ),
    "a key of a deleted user": (
        _user_deleted,
        refusal("InvalidClientTokenId", 403, INVALID),
    ),
    "a key that has not spread": (
        lambda w: w.ask(who=key("late")),
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
        lambda w: w.ask(session_token="stray"),
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


@pytest.mark.parametrize(
    ("code", "status", "message"),
    [
        ("MalformedPolicyDocument", 400, "Syntax errors in policy."),
        ("PackedPolicyTooLarge", 400, "Packed size of session tags consumes"),
        ("ValidationError", 400, "1 validation error detected: "),
        ("RequestLimitExceeded", 400, "Request limit exceeded."),
        ("IDPCommunicationError", 400, "Could not retrieve verification key"),
        ("InvalidIdentityToken", 400, "Incorrect token audience"),
        ("IDPRejectedClaim", 403, "Not authorized to perform sts:AssumeRoleWithWebIdentity"),
        ("InvalidParameterValue", 400, "Duplicate tag keys found."),
        ("ExpiredTokenException", 400, "The security token included in the request is expired"),
    ],
)
def test_a_faults_likeliest_message(world: World, code: str, status: int, message: str) -> None:
    """simulator-gaps S4, S5: Java shows null without a message; statuses are the model's."""
    answer = _fault(world, answer=code)
    assert isinstance(answer, AwsError)
    assert (answer.code, answer.status) == (code, status)
    assert str(answer.message).startswith(message)
    assert world.account.calls[-1].reason == "a fault that was asked for"


@pytest.mark.parametrize(
    ("cause", "reason"),
    [
        ("a deleted key", "there is no key and no session AKIAOLDOLDOLDOLDOLDO"),
        ("an inactive key", "the key AKIAOFFOFFOFFOFFOFFO is inactive"),
        ("a key of a deleted user", "there is no key and no session AKIAXXXXXXXXXXXXXXXX"),
        ("a key that has not spread", "has not spread to STS yet"),
        ("a session without its token", "the request has no session token"),
        ("a session with another's token", "the request has another session's token"),
        ("a session of a deleted user", "user/dev-admin, whose session it is, is deleted"),
        ("a key with a stray token", "a long-lived key was used with a session token"),
        ("a region that is not enabled", "the account has not enabled the region me-south-1"),
        ("a wrong secret", "signature: another secret or another request"),
        ("a clock behind", "the request was signed 0:15:59 off the server's time"),
        ("another service", "the scope is us-east-1/iam/aws4_request"),
        ("an expired session", "the session ended at 20241223T001300Z, 0 s ago"),
    ],
)
def test_reasons(world: World, cause: str, reason: str) -> None:
    """Every refusal is recorded with the reason that AWS withholds (issue 17, item 6)."""
    REFUSALS[cause][0](world)
    assert reason in str(world.account.calls[-1].reason)


@pytest.mark.parametrize("cause", REFUSALS)
def test_refusal(world: World, cause: str) -> None:
    """The cause gives exactly the error."""
    does, expected = REFUSALS[cause]
    assert does(world) == expected
