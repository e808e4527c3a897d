"""STS's Query API: an HTTP request in, its HTTP answer out.  No sockets.

`botocore_hook` uses it under botocore, ``server`` over HTTP.  Source for the
answers to what is no call of STS: recorded answers of the real service.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, replace
from email.utils import format_datetime
from typing import TYPE_CHECKING

from sts_simulator.account import calls, list_mfa_devices
from sts_simulator.account.authentication import Signature
from sts_simulator.account.calls import Outcome, Request
from sts_simulator.account.errors import AwsError
from sts_simulator.wire import body, sigv4
from sts_simulator.wire.broken_answers import broken
from sts_simulator.wire.hosts import sts_region
from sts_simulator.wire.http import HttpAnswer, HttpRequest

if TYPE_CHECKING:
    from sts_simulator.account.account import Account

VERSION = calls.VERSION
LONGEST_BODY = 10_000_000
LONGEST_TARGET = 16_384  # B aws-iam-authenticator#1108
_XML = "text/xml"
_JSON = "application/json"


@dataclass(frozen=True)
class Reply:
    """An answer, and the outcome that it shows; None when STS was not asked.

    `refused` is the error that another service refuses with.
    """

    answer: HttpAnswer
    outcome: Outcome | None = None
    refused: AwsError | None = None

    @property
    def error(self) -> AwsError | None:
        """The error that the request was refused with, by whichever service."""
        said = self.outcome.answer if self.outcome else self.refused
        return said if isinstance(said, AwsError) else None


def reply(account: Account, request: HttpRequest) -> Reply:
    """Return STS's answer to an HTTP request, or IAM's to ListMFADevices.

    The caller acts out the outcome's latency, and a breakage of status 0, with
    which no answer comes.
    """
    if early := _before_dispatch(request):
        return Reply(dated(account, request, early))
    call = _call(request)
    of_iam = call.service == "iam"
    as_json = not of_iam and _JSON in request.headers.get("accept", "")
    outcome = account.call(call)
    return Reply(_show(outcome, as_json=as_json, of_iam=of_iam), outcome)


def dated(account: Account, request: HttpRequest, answer: HttpAnswer) -> HttpAnswer:
    """Return the answer with a Date, by which clients correct their clocks (RFC 9110, 6.6.1)."""
    others = {name: text for name, text in answer.headers.items() if name.lower() != "date"}
    date = format_datetime(account.date(sigv4.read(request)), usegmt=True)
    return replace(answer, headers=others | {"Date": date})


def _call(request: HttpRequest) -> Request:
    asked = request.parameters
    parameters = {
        name: text
        for name, text in asked.items()
        if not name.startswith("X-Amz-") and name not in ("Action", "Version")
    }
    return Request(
        asked["Action"],
        parameters,
        sigv4.read(request),
        request.source_ip,
        asked.get("Version", "NO_VERSION_SPECIFIED"),
        sts_region(request.headers.get("host", "")),
        "iam" if is_for_devices(request) else "sts",
    )


def is_for_devices(request: HttpRequest) -> bool:
    """Return whether a request is IAM's ListMFADevices, which the account answers itself."""
    asked, signature = request.parameters, sigv4.read(request)
    named = asked.get("Action") == list_mfa_devices.OPERATION
    of_iam = isinstance(signature, Signature) and signature.service == "iam"
    return named and of_iam and asked.get("Version") != VERSION


def _before_dispatch(request: HttpRequest) -> HttpAnswer | None:
    """Return the answer of AWS's front end, which knows no operations and checks no signature."""
    if len(request.target) > LONGEST_TARGET:
        return HttpAnswer(400, {})
    if len(request.body) > LONGEST_BODY:
        return HttpAnswer(413, {})
    posted_otherwise = request.method == "POST" and not request.is_form
    if request.path != "/" or posted_otherwise or "Action" not in request.parameters:
        return front_end(request)
    return None


def front_end(request: HttpRequest) -> HttpAnswer:
    """Return the answer to what is no call of an operation."""
    if request.path != "/":
        return HttpAnswer(404, {"Content-Type": _XML}, b"<UnknownOperationException/>\n")
    return HttpAnswer(302, {"Location": "https://aws.amazon.com/iam"})


def _show(outcome: Outcome, *, as_json: bool, of_iam: bool) -> HttpAnswer:
    right = b""
    headers = {"Date": format_datetime(outcome.date, usegmt=True)}
    if outcome.answer is not None:
        namespace = body.IAM_NAMESPACE if of_iam else body.NAMESPACE
        right = body.of(
            outcome.operation,
            outcome.answer,
            outcome.request_id,
            as_json=as_json,
            namespace=namespace,
        )
        extended = base64.b64encode(f"1:{outcome.request_id}".encode()).decode()
        headers |= {
            "x-amzn-RequestId": outcome.request_id,
            "x-amz-sts-extended-request-id": extended,
            "Content-Type": _JSON if as_json else _XML,
        }
    if outcome.breakage is None:
        return HttpAnswer(outcome.status, headers, right)
    content_type, shown = broken(outcome.breakage, right)
    return HttpAnswer(outcome.status, headers | {"Content-Type": content_type}, shown)
