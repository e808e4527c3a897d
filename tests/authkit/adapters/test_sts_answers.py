"""What boto3 returns and raises, as authkit's values and failures: real bytes on a socket.

The endpoint is a small HTTP server that gives the answer a test has chosen.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from botocore import exceptions as errors

from authkit.adapters.sts_answers import Reading, serial_numbers, session, trouble
from authkit.core.failures import LONGEST_CODE, LONGEST_MESSAGE, Unreachable
from tests.authkit.adapters.sts_calls import caller, granted, refused, unreachable
from tests.authkit.adapters.sts_server import (
    BROKEN,
    CREDENTIALS,
    IDENTITY,
    Answer,
    Server,
    error,
    result,
)

if TYPE_CHECKING:
    from collections.abc import Mapping


@pytest.mark.parametrize(
    ("answer", "code", "message", "status"),
    [
        (error("Throttling", "Rate exceeded", 400), "Throttling", "Rate exceeded", 400),
        (
            error("InvalidClientTokenId", "It is invalid."),
            "InvalidClientTokenId",
            "It is invalid.",
            403,
        ),
        (error("InternalFailure", "", 500), "InternalFailure", "", 500),
        (error("MalformedInput", "", 400), "MalformedInput", "", 400),
        (error("ServiceUnavailable", "", 503), "ServiceUnavailable", "", 503),
    ],
)
def test_refused(server: Server, answer: Answer, code: str, message: str, status: int) -> None:
    """B-L18, B-L20: code, message, status, operation and request id, of one request."""
    server.answer = answer
    refusal = refused()
    assert (refusal.code, refusal.message, refusal.status) == (code, message, status)
    assert (refusal.operation, refusal.request_id) == ("GetSessionToken", "req-1")
    assert len(server.asked) == 1


def test_a_5xx_keeps_its_status(server: Server) -> None:
    """B-L18: a code of a 5xx answer says nothing of keys, so the status goes with it."""
    server.answer = error("InvalidClientTokenId", "It is invalid.", 500)
    assert refused().status == 500


@pytest.mark.parametrize("length", [1_000, 1_000_000])
def test_long_messages_are_cut(server: Server, length: int) -> None:
    """B-L26: a message of any length is cut to 500 characters, a code and a request id to 100."""
    said = error("C" * length, "m" * length)
    server.answer = replace(said, body=str(said.body).replace("req-1", "r" * length))
    refusal = refused()
    assert refusal.code == "C" * LONGEST_CODE
    assert refusal.message == "m" * LONGEST_MESSAGE
    assert refusal.request_id == "r" * LONGEST_CODE
    assert len(str(refusal)) < 700


@pytest.mark.parametrize("odd", ["\x9b2J", "\u202e", "\n", "long" * 1_000])
def test_an_identity_that_is_none(server: Server, odd: str) -> None:
    """B-A01, B-L26: a principal that a terminal would obey, or that fills it, is no principal."""
    server.answer = result("GetCallerIdentity", IDENTITY.replace("user/dev", f"user/{odd}dev"))
    with pytest.raises(Unreachable) as caught:
        caller()
    assert caught.value.answered


def test_an_answer_that_is_over_at_arrival(server: Server) -> None:
    """B-L26: a session that is over when it arrives is handed on: login judges it."""
    over = CREDENTIALS.replace("2024-12-24T11:58:00Z", "2024-12-22T23:57:00Z")
    server.answer = result("GetSessionToken", over)
    session = granted()
    assert session.expiration < session.granted


@pytest.mark.parametrize("answer", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_answer(server: Server, answer: Answer) -> None:
    """B-L18: a broken answer is AWS trouble, with a short reason; a code may be spent."""
    server.answer = answer
    trouble = unreachable()
    assert (trouble.answered, trouble.sent) == (True, True)
    assert trouble.operation == "GetSessionToken"
    assert len(trouble.reason) < 60
    assert trouble.reason.isprintable()
    assert len(server.asked) == 1


def test_an_identity_that_lacks_its_account(server: Server) -> None:
    """B-L18: an answer that lacks a field is a broken one."""
    server.answer = result("GetCallerIdentity", "<Arn>arn:aws:iam::1:user/x</Arn>")
    with pytest.raises(Unreachable) as caught:
        caller()
    assert (caught.value.answered, caught.value.operation) == (True, "GetCallerIdentity")


URL = "https://sts.eu-west-1.amazonaws.com/"
OS_ERROR = "HTTPSConnection: Failed to connect: [Errno 111] Connection refused"


@pytest.mark.parametrize(
    ("raised", "reason", "sent"),
    [
        (errors.ConnectTimeoutError(endpoint_url=URL), "no connection within 5 s", False),
        (errors.ReadTimeoutError(endpoint_url=URL), "no answer within 10 s", True),
        (
            errors.ProxyConnectionError(proxy_url="http://p", error=OS_ERROR),
            "the proxy cannot be reached (Connection refused)",
            False,
        ),
        (
            errors.SSLError(endpoint_url=URL, error="[SSL: WRONG_VERSION_NUMBER] wrong version"),
            "TLS trouble (wrong version)",
            False,
        ),
        (
            errors.EndpointConnectionError(endpoint_url=URL, error=OS_ERROR),
            f"{URL}: Connection refused",
            False,
        ),
        (errors.ConnectionClosedError(endpoint_url=URL), "the connection closed unanswered", True),
        (errors.HTTPClientError(error=OS_ERROR), "the connection broke (Connection refused)", True),
        (errors.NoRegionError(), "You must specify a region.", False),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
@pytest.mark.usefixtures("no_proxies")
def test_no_answer(raised: Exception, reason: str, *, sent: bool) -> None:
    """B-L18: why there was none, and whether STS can have seen the request."""
    found = trouble("GetSessionToken", raised, 5, 10, URL)
    assert (found.reason, found.answered, found.sent) == (reason, False, sent)


GRANTED: Mapping[str, Any] = {
    "AccessKeyId": "ASIAXXXXXXXXXXXXXXXX",
    "SecretAccessKey": "secret-canary",
    "SessionToken": "token-canary",
    "Expiration": datetime(2024, 12, 24, 11, 58, tzinfo=UTC),
}


@pytest.mark.parametrize(
    ("credentials", "date"),
    [
        (GRANTED, "Fri, 31 Dec 9999 23:59:59 -0100"),  # no datetime in UTC
        ({**GRANTED, "Expiration": "soon"}, "Sun, 22 Dec 2024 23:58:00 GMT"),
        (None, "Sun, 22 Dec 2024 23:58:00 GMT"),
    ],
    ids=["a date beyond every calendar", "an expiration that is a text", "no credentials"],
)
def test_what_no_session_can_be_made_of(credentials: object, date: str) -> None:
    """B-L18: whatever goes wrong while an answer is read, it is a broken one."""
    answer = {"Credentials": credentials, "ResponseMetadata": {"HTTPHeaders": {"date": date}}}
    with pytest.raises(Unreachable) as caught, Reading("GetSessionToken"):
        session(answer)
    assert caught.value.reason == "the answer lacks what STS answers"


def test_how_many_devices_are_taken() -> None:
    """B-S07: a hundred of 256 characters; one more, or a longer one, is not IAM's."""
    longest = [{"SerialNumber": "x" * 256}] * 100
    assert serial_numbers([], {"MFADevices": longest}) == ["x" * 256] * 100
    for before, devices in (["y"], longest), ([], [{"SerialNumber": "x" * 257}]):
        with pytest.raises(ValueError, match="devices that nobody has"):
            serial_numbers(before, {"MFADevices": devices})
