"""The other services of another server: a moto or LocalStack that is already there."""

from __future__ import annotations

import http.client
from urllib.parse import urlsplit

from sts_simulator.wire.http import HttpAnswer, HttpRequest

_WAIT = 60.0  # seconds
_HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "te", "upgrade"}


class Upstream:
    """Passes requests on to the server at a URL.  Raises ValueError for a URL without use."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/"):
            raise ValueError(f"--upstream: {url!r} is not like http://localhost:5000")
        self._secure = parts.scheme == "https"
        self._address = parts.hostname, parts.port

    def answer(self, request: HttpRequest, authorization: str) -> HttpAnswer:
        """Return the server's answer; 502 where it does not answer."""
        kind = http.client.HTTPSConnection if self._secure else http.client.HTTPConnection
        connection = kind(*self._address, timeout=_WAIT)
        kept = {name: said for name, said in request.headers.items() if name not in _HOP_BY_HOP}
        try:
            connection.request(
                request.method,
                request.target,
                request.body,
                kept | {"authorization": authorization},
            )
            answer = connection.getresponse()
            headers = {
                name: said for name, said in answer.getheaders() if name.lower() not in _HOP_BY_HOP
            }
            return HttpAnswer(answer.status, headers, answer.read())
        except (OSError, http.client.HTTPException) as trouble:
            said = f"--upstream does not answer: {type(trouble).__name__}\n"
            return HttpAnswer(502, {"Content-Type": "text/plain"}, said.encode())
        finally:
            connection.close()
