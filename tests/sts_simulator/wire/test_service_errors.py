"""Authentication errors of other services: their codes and formats."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from sts_simulator.account import errors
from sts_simulator.account.errors import AwsError
from sts_simulator.wire.http import FORM, HttpAnswer, HttpRequest
from sts_simulator.wire.service_errors import error_answer, reworded

QUERY = HttpRequest("POST", "/", {"content-type": FORM}, b"Action=ListUsers&Version=2010-05-08")
TARGET = HttpRequest("POST", "/", {"x-amz-target": "DynamoDB_20120810.ListTables"})
REST = HttpRequest("GET", "/2015-03-31/functions/", {})


def answered(request: HttpRequest, error: AwsError, service: str, request_id: str) -> HttpAnswer:
    """Return what a client gets for an error of authentication."""
    return error_answer(request, reworded(request, error, service), service, request_id)


@pytest.mark.parametrize(
    ("service", "request_", "status", "written"),
    [
        ("iam", QUERY, 403, '<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">'),
        ("ec2", QUERY, 401, "<Response>\n  <Errors>\n    <Error>\n      <Code>AuthFailure</Code>"),
        ("s3", REST, 403, "<Error>\n  <Code>InvalidAccessKeyId</Code>"),
        ("dynamodb", TARGET, 400, '"__type": "UnrecognizedClientException"'),
        ("lambda", REST, 403, '"__type": "UnrecognizedClientException"'),
    ],
)
def test_an_unknown_key_by_service(
    service: str, request_: HttpRequest, status: int, written: str
) -> None:
    """Each protocol has its own format, and each service its own code."""
    answer = answered(request_, errors.INVALID_TOKEN, service, "the-id")
    assert answer.status == status
    assert written in answer.body.decode()
    assert "the-id" in "".join(answer.headers.values()) + answer.body.decode()


def test_a_message_that_no_table_gives_is_stss() -> None:
    """If a table changes only the code, the message is STS's."""
    answer = answered(TARGET, errors.WRONG_SECRET, "dynamodb", "id")
    said = json.loads(answer.body)
    assert said == {"__type": "InvalidSignatureException", "message": errors.WRONG_SECRET.message}
    assert answer.headers["x-amzn-ErrorType"] == "InvalidSignatureException"


def test_a_code_that_no_table_gives_stays() -> None:
    """A code that is in no table is not changed."""
    answer = answered(REST, AwsError("InternalFailure", "moto: x", 500), "lambda", "id")
    assert (answer.status, json.loads(answer.body)["__type"]) == (500, "InternalFailure")


def test_a_denial_by_policy() -> None:
    """Each protocol names it in its own way, with the same message."""
    denied = AwsError("AccessDenied", "User: me is not authorized", 403)
    told = {
        service: (answer.status, answer.body.decode())
        for service, request in (
            *(("iam", QUERY), ("ec2", QUERY), ("s3", REST)),
            *(("dynamodb", TARGET), ("lambda", REST)),
        )
        for answer in [answered(request, denied, service, "id")]
    }
    codes = (
        "AccessDenied",
        "UnauthorizedOperation",
        "AccessDenied",
        *["AccessDeniedException"] * 2,
    )
    assert [status for status, _ in told.values()] == [403, 403, 403, 400, 403]
    for (_, written), code in zip(told.values(), codes, strict=True):
        assert code in written
        assert "User: me is not authorized" in written


def test_s3_names_a_clock_that_is_off() -> None:
    """S2: RequestTimeTooSkewed with both times (aws-sdk-php#612, aws-cli#6358)."""
    at = datetime(2024, 12, 22, 23, 58, tzinfo=UTC)
    error = replace(errors.TOO_EARLY, skewed=(at - timedelta(minutes=20), at))
    answer = answered(REST, error, "s3", "the-id")
    written = answer.body.decode()
    assert answer.status == 403
    for element in (
        "<Code>RequestTimeTooSkewed</Code>",
        "<Message>The difference between the request time and the current time is too large.<",
        "<RequestTime>20241222T233800Z</RequestTime>",
        "<ServerTime>2024-12-22T23:58:00Z</ServerTime>",
        "<MaxAllowedSkewMilliseconds>900000</MaxAllowedSkewMilliseconds>",
        "<RequestId>the-id</RequestId>",
        "<HostId>",
    ):
        assert element in written
    assert b"SignatureDoesNotMatch" in answered(QUERY, error, "iam", "id").body
