"""The other services of another server: a moto or LocalStack that is already there.

STS and IAM stay the simulator's own, as STS has to see users, keys, roles and devices.  What
IAM calls change is sent on as well, so that services there find the roles that they are given.
"""

from __future__ import annotations

import http.client
from urllib.parse import urlsplit

from sts_simulator.wire.http import HttpAnswer, HttpRequest

ACCOUNT = "x-moto-account-id"  # as the names of a request: what a client sends does not count
_WAIT = 60.0  # seconds
_HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "te", "upgrade"}
_READING = ("Get", "List", "Simulate", "Generate")


class Upstream:
    """Passes requests on to the server at a URL.  Raises ValueError for a URL without use."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/"):
            raise ValueError(f"--upstream: {url!r} is not like http://localhost:5000")
        self._secure = parts.scheme == "https"
        self._address = parts.hostname, parts.port

    def answer(self, request: HttpRequest, authorization: str, account_id: str) -> HttpAnswer:
        """Return the server's answer to a request of an account; 502 where it does not answer.

        moto finds the account by the header; the server's own keys are not known here.
        """
        kind = http.client.HTTPSConnection if self._secure else http.client.HTTPConnection
        connection = kind(*self._address, timeout=_WAIT)
        kept = {name: said for name, said in request.headers.items() if name not in _HOP_BY_HOP}
        kept |= {"authorization": authorization} if authorization else {}  # none in a signed URL
        try:
            connection.request(
                request.method,
                request.target,
                request.body,
                kept | {ACCOUNT: account_id},
            )
            answer = connection.getresponse()
            headers = {
                name: said for name, said in answer.getheaders() if name.lower() not in _HOP_BY_HOP
            }
            if request.method == "HEAD" and (length := answer.getheader("Content-Length")):
                headers["Content-Length"] = length  # of the body that HEAD leaves out
            return HttpAnswer(answer.status, headers, answer.read())
        except (OSError, http.client.HTTPException) as trouble:
            said = f"--upstream does not answer: {type(trouble).__name__}\n"
            return HttpAnswer(502, {"Content-Type": "text/plain"}, said.encode())
        finally:
            connection.close()

    def follow(self, request: HttpRequest, authorization: str, account_id: str) -> None:
        """Send a request of IAM's that has succeeded here, unless it only reads.

        The server's answer does not count: users of a world's table, for example, are not there.
        """
        if not request.parameters.get("Action", "").startswith(_READING):
            self.answer(request, authorization, account_id)
