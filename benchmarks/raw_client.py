"""A minimal client of AWS's Query API: it keeps one socket open and signs every request."""

from __future__ import annotations

import hashlib
import hmac
import socket
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

_FORM = "application/x-www-form-urlencoded"
VERSIONS = {"sts": "2011-06-15", "iam": "2010-05-08"}


@dataclass(frozen=True)
class Credentials:
    """Access keys; with a session token, the credentials of a session."""

    access_key_id: str
    secret_access_key: str
    session_token: str = ""


class IncompleteAnswer(OSError):
    """Raised when the server closes the connection before the answer is complete."""


class RawClient:
    """Makes calls to an endpoint.  Connects again when the server has closed the connection."""

    def __init__(self, endpoint: str, timeout: float = 10.0) -> None:
        where = urlsplit(endpoint)
        self._address = (where.hostname or "", where.port or 80)
        self._host = where.netloc
        self._timeout = timeout
        self._socket: socket.socket | None = None

    def close(self) -> None:
        """Close the connection."""
        if self._socket:
            self._socket.close()
            self._socket = None

    def call(  # noqa: PLR0913 - what a signature is made of
        self,
        who: Credentials,
        action: str,
        parameters: Mapping[str, object] | None = None,
        service: str = "sts",
        *,
        region: str = "us-east-1",
        at: datetime | None = None,
    ) -> tuple[int, bytes]:
        """Make a call signed for a region at an instant, by default now; return status and body.

        Raises OSError.
        """
        asked = {"Action": action, "Version": VERSIONS[service], **(parameters or {})}
        body = urlencode(asked).encode()
        head = self._signed(who, (region, service), body, at or datetime.now(UTC))
        return self._exchange(head + body)

    def post(self, form: str, headers: Mapping[str, str]) -> tuple[int, bytes]:
        """Post a form with these headers, without a signature of its own.  Raises OSError."""
        sent = {"host": self._host, "content-type": _FORM, "content-length": len(form), **headers}
        return self._exchange(_head(sent) + form.encode())

    def send(self, request: bytes) -> tuple[int, bytes]:
        """Send these bytes, without a signature; return HTTP status and body.  Raises OSError."""
        return self._exchange(request)

    def _signed(
        self, who: Credentials, region_and_service: tuple[str, str], body: bytes, at: datetime
    ) -> bytes:
        date = at.strftime("%Y%m%dT%H%M%SZ")
        scope = f"{date[:8]}/{'/'.join(region_and_service)}/aws4_request"
        headers = {"content-type": _FORM, "host": self._host, "x-amz-date": date}
        if who.session_token:
            headers["x-amz-security-token"] = who.session_token
        names = ";".join(headers)
        lines = "".join(f"{name}:{value}\n" for name, value in headers.items())
        canonical = f"POST\n/\n\n{lines}\n{names}\n{hashlib.sha256(body).hexdigest()}"
        digest = hashlib.sha256(canonical.encode()).hexdigest()
        key = _signing_key(who.secret_access_key, scope)
        text = f"AWS4-HMAC-SHA256\n{date}\n{scope}\n{digest}"
        signature = hmac.digest(key, text.encode(), "sha256").hex()
        headers["authorization"] = (
            f"AWS4-HMAC-SHA256 Credential={who.access_key_id}/{scope}, "
            f"SignedHeaders={names}, Signature={signature}"
        )
        return _head({**headers, "content-length": len(body)})

    def _exchange(self, request: bytes) -> tuple[int, bytes]:
        if self._socket is None:
            self._socket = socket.create_connection(self._address, self._timeout)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            self._socket.sendall(request)
            status, head, body = self._answer(self._socket)
        except OSError:
            self.close()
            raise
        if b"connection: close" in head.lower():
            self.close()
        return status, body

    @staticmethod
    def _answer(connection: socket.socket) -> tuple[int, bytes, bytes]:
        received = b""
        while b"\r\n\r\n" not in received:
            received += _some(connection)
        head, _, body = received.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
        while len(body) < length:
            body += _some(connection)
        return int(head[9:12]), head, body


def _head(headers: Mapping[str, object]) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST / HTTP/1.1\r\n{lines}\r\n".encode()


def _some(connection: socket.socket) -> bytes:
    received = connection.recv(65536)
    if not received:
        raise IncompleteAnswer("the connection closed before the answer was complete")
    return received


@cache
def _signing_key(secret: str, scope: str) -> bytes:
    key = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key
