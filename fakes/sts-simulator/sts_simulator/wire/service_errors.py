"""The authentication errors of services other than STS: their codes and their formats.

Every service reports the same few errors in its own protocol.  How they are
known: the codes for expired sessions are documented (C) and quoted in public
threads (B), the others documented (C); services with the Query protocol answer
as IAM does (A).
"""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import TYPE_CHECKING

from sts_simulator.account import errors
from sts_simulator.account.authentication import SKEW_ALLOWED, amz_date
from sts_simulator.account.errors import AwsError
from sts_simulator.wire import body
from sts_simulator.wire.http import HttpAnswer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sts_simulator.wire.body import Element
    from sts_simulator.wire.http import HttpRequest

_JSON = {
    "InvalidClientTokenId": AwsError(
        "UnrecognizedClientException", errors.INVALID_TOKEN.message, 400
    ),
    "ExpiredToken": AwsError("ExpiredTokenException", errors.EXPIRED_TOKEN.message, 400),
    "SignatureDoesNotMatch": AwsError("InvalidSignatureException", None, 400),
    "MissingAuthenticationToken": AwsError("MissingAuthenticationTokenException", None, 400),
    "IncompleteSignature": AwsError("IncompleteSignatureException", None, 400),
    "AccessDenied": AwsError("AccessDeniedException", None, 400),
}
_REST_JSON = {code: replace(error, status=403) for code, error in _JSON.items()}
_S3 = {
    "InvalidClientTokenId": AwsError(
        "InvalidAccessKeyId",
        "The AWS Access Key Id you provided does not exist in our records.",
        403,
    ),
    "ExpiredToken": AwsError("ExpiredToken", "The provided token has expired.", 400),
    "MissingAuthenticationToken": AwsError("AccessDenied", "Access Denied", 403),
}
_EC2_FAILURE = AwsError(
    "AuthFailure", "AWS was not able to validate the provided access credentials", 401
)
_EC2 = {
    "InvalidClientTokenId": _EC2_FAILURE,
    "SignatureDoesNotMatch": _EC2_FAILURE,
    "ExpiredToken": AwsError("RequestExpired", "Request has expired.", 400),
    "AccessDenied": AwsError("UnauthorizedOperation", None, 403),
}
_S3_SKEWED = AwsError(  # B aws-sdk-php#612, aws-cli#6358
    "RequestTimeTooSkewed",
    "The difference between the request time and the current time is too large.",
    403,
)


def reworded(request: HttpRequest, error: AwsError, service: str) -> AwsError:
    """Return an error of authentication as the service of the request has it, with its reason."""
    rewordings, _ = _protocol(request, service)
    own = rewordings.get(error.code, error)
    if service == "s3" and error.skewed:
        own = replace(_S3_SKEWED, skewed=error.skewed)
    message = error.message if own.message is None else own.message
    return replace(own, message=message, reason=error.reason or error.message or "")


def error_answer(
    request: HttpRequest, error: AwsError, service: str, request_id: str
) -> HttpAnswer:
    """Return an error of the service of the request in that service's format."""
    _, show = _protocol(request, service)
    return show(error, request, service, request_id)


def _protocol(
    request: HttpRequest, service: str
) -> tuple[Mapping[str, AwsError], Callable[[AwsError, HttpRequest, str, str], HttpAnswer]]:
    if service == "s3":
        return _S3, _in_s3
    if service == "ec2":
        return _EC2, _in_ec2
    if "x-amz-target" in request.headers:
        return _JSON, _in_json
    if "Action" in request.parameters:
        return {}, _in_query
    return _REST_JSON, _in_json


def _in_json(error: AwsError, _request: HttpRequest, _service: str, request_id: str) -> HttpAnswer:
    headers = {
        "Content-Type": "application/x-amz-json-1.1",
        "x-amzn-RequestId": request_id,
        "x-amzn-ErrorType": error.code,
    }
    said = {"__type": error.code, "message": error.message}
    return HttpAnswer(error.status, headers, json.dumps(said).encode())


def _in_query(error: AwsError, request: HttpRequest, service: str, request_id: str) -> HttpAnswer:
    version = request.parameters.get("Version", "")
    namespace = f"https://{service}.amazonaws.com/doc/{version}/"
    document = body.xml(body.error_element(error, request_id), namespace)
    headers = {"Content-Type": "text/xml", "x-amzn-RequestId": request_id}
    return HttpAnswer(error.status, headers, document)


def _in_ec2(error: AwsError, _request: HttpRequest, _service: str, request_id: str) -> HttpAnswer:
    said: list[Element] = [("Error", _code_and_message(error))]
    root: Element = ("Response", [("Errors", said), ("RequestID", request_id)])
    return HttpAnswer(error.status, {"Content-Type": "text/xml"}, body.xml(root))


def _in_s3(error: AwsError, _request: HttpRequest, _service: str, request_id: str) -> HttpAnswer:
    said = _code_and_message(error)
    if error.skewed:
        signed, now = error.skewed
        said += [
            ("RequestTime", amz_date(signed)),
            ("ServerTime", f"{now:%Y-%m-%dT%H:%M:%SZ}"),
            ("MaxAllowedSkewMilliseconds", int(SKEW_ALLOWED.total_seconds() * 1000)),
        ]
    host_id = base64.b64encode(request_id.encode()).decode()
    root: Element = ("Error", [*said, ("RequestId", request_id), ("HostId", host_id)])
    headers = {
        "Content-Type": "application/xml",
        "x-amz-request-id": request_id,
        "x-amz-id-2": host_id,
    }
    return HttpAnswer(error.status, headers, body.xml(root))


def _code_and_message(error: AwsError) -> list[Element]:
    return [("Code", error.code), ("Message", error.message or "")]
