"""The account as botocore's transport: boto3 calls it in process, without a socket."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sts_simulator.wire import query_api
from sts_simulator.wire.http import HttpRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import botocore.session

    from sts_simulator.account.account import Account
    from sts_simulator.account.clock import Clock
    from sts_simulator.account.faults import Breakage

DEFAULT_READ_TIMEOUT = timedelta(seconds=60)  # botocore's own


def _default_read_timeout(_operation: str, _has_session_token: bool) -> timedelta:  # noqa: FBT001 - as a `Hook` calls it
    return DEFAULT_READ_TIMEOUT


@dataclass
class Hook:
    """Answers STS requests for botocore's ``before-send`` event.

    Waits pass on `clock`.  botocore signs requests at the process's own time,
    which is the real time or freezegun's.  The event does not tell the client's
    read timeout, so `read_timeout` returns it by the operation and by whether
    the request has a session token.  All three may be replaced at any time.
    """

    account: Account
    clock: Clock
    read_timeout: Callable[[str, bool], timedelta] = _default_read_timeout

    def register(self, session: botocore.session.Session) -> None:
        """Become STS, and IAM's ListMFADevices, for every client of the session."""
        session.register("before-send.sts", self)
        session.register("before-send.iam.ListMFADevices", self)

    def __call__(self, request: Any, **_event: object) -> object:  # noqa: ANN401 - botocore is not typed
        """Return botocore's response to a request, or raise botocore's error."""
        from botocore.awsrequest import AWSResponse  # noqa: PLC0415 - slow to import

        asked = _from_botocore(request)
        reply = query_api.reply(self.account, asked)
        if outcome := reply.outcome:
            has_token = "x-amz-security-token" in asked.headers
            read_timeout = self.read_timeout(outcome.operation, has_token)
            waited, breakage = outcome.within(read_timeout)
            if waited:
                self.clock.sleep(waited)
            if breakage and not breakage.status:
                raise _no_answer(breakage, request.url)
        answer = reply.answer
        return AWSResponse(request.url, answer.status, answer.headers, _Raw(answer.body))


def _no_answer(breakage: Breakage, url: str) -> Exception:
    """Return the exception that botocore raises when no answer comes."""
    from botocore import exceptions  # noqa: PLC0415 - slow to import

    kind = exceptions.ReadTimeoutError if breakage.waits else exceptions.ConnectionClosedError
    error: Exception = kind(endpoint_url=url, error=breakage.word)
    return error


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
    """A body with the method of urllib3's response that botocore calls."""

    def stream(self, **_options: object) -> Iterator[bytes]:
        yield self.read()
