"""Authentication errors of other services: their codes and formats."""

from __future__ import annotations

import json

import pytest

from sts_simulator.account import errors
from sts_simulator.account.errors import AwsError
from sts_simulator.wire.http import FORM, HttpRequest
from sts_simulator.wire.service_errors import error_answer

QUERY = HttpRequest("POST", "/", {"content-type": FORM}, b"Action=ListUsers&Version=2010-05-08")
TARGET = HttpRequest("POST", "/", {"x-amz-target": "DynamoDB_20120810.ListTables"})
REST = HttpRequest("GET", "/2015-03-31/functions/", {})


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
    answer = error_answer(request_, errors.INVALID_TOKEN, service, "the-id")
    assert answer.status == status
    assert written in answer.body.decode()
    assert "the-id" in "".join(answer.headers.values()) + answer.body.decode()


def test_a_message_that_no_table_gives_is_stss() -> None:
    """If a table changes only the code, the message is STS's."""
    answer = error_answer(TARGET, errors.WRONG_SECRET, "dynamodb", "id")
    said = json.loads(answer.body)
    assert said == {"__type": "InvalidSignatureException", "message": errors.WRONG_SECRET.message}
    assert answer.headers["x-amzn-ErrorType"] == "InvalidSignatureException"


def test_a_code_that_no_table_gives_stays() -> None:
    """A code that is in no table is not changed."""
    answer = error_answer(REST, AwsError("InternalFailure", "moto: x", 500), "lambda", "id")
    assert (answer.status, json.loads(answer.body)["__type"]) == (500, "InternalFailure")
