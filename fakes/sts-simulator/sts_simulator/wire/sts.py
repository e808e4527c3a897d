"""The account behind STS's wire form: an HTTP request in, its HTTP answer out.

No sockets here: `Hook` puts it under botocore, ``server`` over HTTP.
Source for what comes before the account is asked: recorded answers of the real
service.
"""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sts_simulator.account import errors, faults
from sts_simulator.account.calls import Outcome, Request
from sts_simulator.account.operations import OPERATIONS
from sts_simulator.wire import body, sigv4
from sts_simulator.wire.http import HttpAnswer, HttpRequest

if TYPE_CHECKING:
    from collections.abc import Iterator

    import botocore.session

    from authkit.core.ports import Clock
    from sts_simulator.account.account import Account

VERSION = "2011-06-15"
LONGEST_BODY = 10_000_000
_XML = "text/xml"
_JSON = "application/json"


@dataclass(frozen=True)
class Reply:
    """An answer, and the outcome it shows (None: decided before STS looked at it)."""

    answer: HttpAnswer
    outcome: Outcome | None = None


def reply(account: Account, request: HttpRequest) -> Reply:
    """Return STS's answer to an HTTP request.

    Latency, and an answer that never comes (`Outcome.breakage` of status 0),
    are for the caller to act out.
    """
    if early := _before_dispatch(request):
        return Reply(early)
    asked = request.parameters
    operation, version = asked["Action"], asked.get("Version", "NO_VERSION_SPECIFIED")
    as_json = _JSON in request.headers.get("accept", "")
    if operation not in OPERATIONS or version != VERSION:
        refused = errors.NO_OPERATION.fill(operation=operation, version=version)
        return Reply(_show(account.turn_away(operation, refused), as_json=as_json))
    parameters = {name: text for name, text in asked.items() if not name.startswith("X-Amz-")}
    del parameters["Action"], parameters["Version"]
    outcome = account.call(Request(operation, parameters, sigv4.read(request)))
    return Reply(_show(outcome, as_json=as_json), outcome)


def _before_dispatch(request: HttpRequest) -> HttpAnswer | None:
    """Return the answer of the front end, which knows no operations and authenticates nobody."""
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
    headers["Content-Type"] = outcome.breakage.content_type
    return HttpAnswer(outcome.status, headers, faults.http_body(outcome.breakage, right))


@dataclass
class Hook:
    """Answers for STS under botocore, without a socket.  Another account may take its place.

    Waits pass on `clock`; requests are signed by botocore at the time it takes
    it to be (the real one, or freezegun's).
    """

    account: Account
    clock: Clock

    def __call__(self, request: Any, **_event: object) -> object:  # noqa: ANN401 - botocore is not typed
        """Return botocore's response to a request that was about to be sent, or raise its error."""
        from botocore.awsrequest import AWSResponse  # noqa: PLC0415 - slow to import

        asked = _from_botocore(request)
        replied = reply(self.account, asked)
        if replied.outcome is not None:
            outcome = replied.outcome
            has_token = "x-amz-security-token" in asked.headers
            patience = faults.patience(outcome.operation, session=has_token)
            waited, breakage = outcome.seen_after(patience)
            if waited:
                self.clock.sleep(waited)
            if breakage and (error := faults.botocore_error(breakage, request.url)):
                raise error
        shown = replied.answer
        return AWSResponse(request.url, shown.status, shown.headers, _Raw(shown.body))


def hooked_session(hook: Hook) -> botocore.session.Session:
    """Return an isolated botocore session whose STS is `hook`."""
    from authkit.adapters.sts import isolated_session  # noqa: PLC0415 - boto3 is slow to import

    session = isolated_session()
    session.register("before-send.sts", hook)
    return session


def botocore_session(account: Account, clock: Clock) -> botocore.session.Session:
    """Return an isolated botocore session whose STS is this account."""
    return hooked_session(Hook(account, clock))


def _from_botocore(request: Any) -> HttpRequest:  # noqa: ANN401 - botocore is not typed
    url = urlsplit(request.url)
    headers = {"host": url.netloc} | {
        name.lower(): value.decode() if isinstance(value, bytes) else str(value)
        for name, value in request.headers.items()
    }
    sent = request.body or b""
    target = f"{url.path or '/'}?{url.query}" if url.query else url.path or "/"
    return HttpRequest(
        request.method, target, headers, sent.encode() if isinstance(sent, str) else sent
    )


class _Raw(io.BytesIO):
    """A body as botocore reads it: urllib3's response, as much of it as is used."""

    def stream(self, **_options: object) -> Iterator[bytes]:
        yield self.read()
