"""STS's Query API: an HTTP request in, its HTTP answer out.  No sockets.

`botocore_hook` uses it under botocore, ``server`` over HTTP.  Source for the
answers to what is no call of STS: recorded answers of the real service.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from email.utils import format_datetime
from typing import TYPE_CHECKING

from sts_simulator.account import errors
from sts_simulator.account.calls import Outcome, Request
from sts_simulator.account.operations import OPERATIONS
from sts_simulator.wire import body, sigv4
from sts_simulator.wire.broken_answers import broken
from sts_simulator.wire.http import HttpAnswer, HttpRequest

if TYPE_CHECKING:
    from sts_simulator.account.account import Account

VERSION = "2011-06-15"
LONGEST_BODY = 10_000_000
LONGEST_TARGET = 16_384  # B aws-iam-authenticator#1108
_XML = "text/xml"
_JSON = "application/json"


@dataclass(frozen=True)
class Reply:
    """An answer, and the outcome that it shows; None when STS was not asked."""

    answer: HttpAnswer
    outcome: Outcome | None = None


def reply(account: Account, request: HttpRequest) -> Reply:
    """Return STS's answer to an HTTP request.

    The caller acts out the outcome's latency, and a breakage of status 0, with
    which no answer comes.
    """
    if early := _before_dispatch(request):
        return Reply(early)
    asked = request.parameters
    operation, version = asked["Action"], asked.get("Version", "NO_VERSION_SPECIFIED")
    as_json = _JSON in request.headers.get("accept", "")
    if operation not in OPERATIONS or version != VERSION:
        refused = errors.NO_OPERATION.fill(operation=operation, version=version)
        return Reply(_show(account.turn_away(_call(request), refused), as_json=as_json))
    outcome = account.call(_call(request))
    return Reply(_show(outcome, as_json=as_json), outcome)


def _call(request: HttpRequest) -> Request:
    asked = request.parameters
    parameters = {
        name: text
        for name, text in asked.items()
        if not name.startswith("X-Amz-") and name not in ("Action", "Version")
    }
    return Request(asked["Action"], parameters, sigv4.read(request), request.source_ip)


def _before_dispatch(request: HttpRequest) -> HttpAnswer | None:
    """Return the answer of AWS's front end, which knows no operations and checks no signature."""
    if len(request.target) > LONGEST_TARGET:
        return HttpAnswer(400, {})
    if len(request.body) > LONGEST_BODY:
        return HttpAnswer(413, {})
    if request.path != "/":
        return HttpAnswer(404, {"Content-Type": _XML}, b"<UnknownOperationException/>\n")
    posted_otherwise = request.method == "POST" and not request.is_form
    if posted_otherwise or "Action" not in request.parameters:
        return HttpAnswer(302, {"Location": "https://aws.amazon.com/iam"})
    return None


def _show(outcome: Outcome, *, as_json: bool) -> HttpAnswer:
    right = b""
    headers = {"Date": format_datetime(outcome.date, usegmt=True)}
    if outcome.answer is not None:
        right = body.of(outcome.operation, outcome.answer, outcome.request_id, as_json=as_json)
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
