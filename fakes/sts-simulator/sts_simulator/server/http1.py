"""HTTP/1.1 on a socket: reading requests, writing answers, breaking connections.

The part of RFC 9112 that AWS clients use: keep-alive, requests with
Content-Length or chunks, answers with Content-Length, one write per answer.
"""

from __future__ import annotations

import re
import socket
import socketserver
import struct
from contextlib import suppress
from http.client import responses
from typing import TYPE_CHECKING, Any

from sts_simulator.wire.http import HttpAnswer, HttpRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from io import BufferedIOBase

    from sts_simulator.account.faults import Breakage

LONGEST_LINE = 65_536
MOST_HEADERS = 256
LARGEST_BODY = 256 * 2**20  # for S3; STS's own limit is in ``wire.query_api``
LONGEST_HOLD = 300.0  # seconds until the connection of a silent client is closed
_LINGER = 2.0  # seconds, and bytes: how much is still read of a request that was refused
_LINGERED = 2**24
_ABORT = struct.pack("ii", 1, 0)  # SO_LINGER: closing sends RST
_BODILESS = (204, 304)
_DIGITS = re.compile(r"[0-9]{1,15}")
_HEX_DIGITS = re.compile(r"[0-9A-Fa-f]{1,12}")


class Malformed(ValueError):
    """Raised for a request that is not HTTP/1.1, or that is too large."""

    def __init__(self, reason: str, status: int = 400) -> None:
        super().__init__(reason)
        self.status = status


class Connection(socketserver.StreamRequestHandler):
    """One client's connection: its requests are answered in turn until one side closes it."""

    disable_nagle_algorithm = True
    timeout = LONGEST_HOLD
    server: Listener

    def handle(self) -> None:
        """Answer requests until the client closes, or asks to."""
        try:
            while request := read_request(self.rfile, self._go_on):
                self.server.serve(request, self)
                if request.headers.get("connection", "").lower() == "close" or self.rfile.closed:
                    return
        except Malformed as trouble:
            with suppress(OSError):
                self._refuse(trouble)
        except OSError:  # the client has gone, or was silent for `LONGEST_HOLD`
            pass

    def send(self, method: str, answer: HttpAnswer) -> None:
        """Send the answer in one write."""
        self.connection.sendall(written(method, answer))

    def break_off(self, breakage: Breakage) -> None:
        """Act out an answer that never comes: wait until the client gives up, or send RST."""
        if breakage.waits:
            with suppress(OSError):
                self.rfile.read(1)
        else:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _ABORT)
        self.rfile.close()
        self.wfile.close()
        self.connection.close()

    def cut_short(self, method: str, answer: HttpAnswer) -> None:
        """Send the answer as half of what its Content-Length promises, and close."""
        promised = HttpAnswer(answer.status, answer.headers, 2 * answer.body)
        self.connection.sendall(written(method, promised)[: -len(answer.body) or None])
        self.connection.shutdown(socket.SHUT_WR)
        self.rfile.close()

    def _refuse(self, trouble: Malformed) -> None:
        """Send the reason, then read on: closing while the client still sends loses the answer."""
        headers = {"Content-Type": "text/plain", "Connection": "close"}
        self.send("", HttpAnswer(trouble.status, headers, f"{trouble}\n".encode()))
        self.connection.shutdown(socket.SHUT_WR)
        self.connection.settimeout(_LINGER)
        left = _LINGERED
        while left > 0 and (said := self.connection.recv(LONGEST_LINE)):
            left -= len(said)

    def _go_on(self) -> None:
        self.connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")


class Listener(socketserver.ThreadingTCPServer):
    """Listens on loopback only, with a thread per connection.  `serve` answers each request."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, port: int, serve: Callable[[HttpRequest, Connection], None]) -> None:
        self.serve = serve
        self._open: set[socket.socket] = set()
        super().__init__(("127.0.0.1", port), Connection)

    @property
    def endpoint(self) -> str:
        """The URL that clients are given."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - socketserver
        """Serve the connection in a thread, and keep it for `server_close`."""
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:  # noqa: ANN401 - socketserver
        """Close a connection."""
        self._open.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        """Stop listening, and close every connection, which ends its thread."""
        super().server_close()
        for connection in list(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, _request: object, _client_address: object) -> None:
        """Print nothing: a client's error is not this program's output."""


def read_request(stream: BufferedIOBase, go_on: Callable[[], None]) -> HttpRequest | None:
    """Return the next request, None at the end.  Calls `go_on` for ``Expect: 100-continue``.

    Raises Malformed.
    """
    line = _line(stream)
    if not line:
        return None
    parts = line.split()
    if len(parts) != 3 or not parts[2].startswith("HTTP/1."):
        raise Malformed("a request line is METHOD TARGET HTTP/1.1")
    headers: dict[str, str] = {"connection": "close"} if parts[2] == "HTTP/1.0" else {}
    for _ in range(MOST_HEADERS):
        if not (line := _line(stream)):
            break
        name, colon, value = line.partition(":")
        if not colon:
            raise Malformed("a header is NAME: VALUE")
        key, text = name.strip().lower(), value.strip()
        headers[key] = f"{headers[key]},{text}" if key in headers else text
    else:
        raise Malformed("there are too many headers")
    if headers.get("expect", "").lower() == "100-continue":
        go_on()
    return HttpRequest(parts[0], parts[1], headers, _body(stream, headers))


def written(method: str, answer: HttpAnswer) -> bytes:
    """Return the bytes of an answer to a request of this method."""
    body = b"" if method == "HEAD" or answer.status in _BODILESS else answer.body
    headers = dict(answer.headers)
    if answer.status not in _BODILESS and not (method == "HEAD" and "Content-Length" in headers):
        headers["Content-Length"] = str(len(answer.body))
    lines = [f"HTTP/1.1 {answer.status} {responses.get(answer.status, '')}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def _line(stream: BufferedIOBase) -> str:
    line = stream.readline(LONGEST_LINE + 1)
    if len(line) > LONGEST_LINE:
        raise Malformed("a line is too long")
    return line.decode("latin-1").rstrip("\r\n")


def _body(stream: BufferedIOBase, headers: dict[str, str]) -> bytes:
    if headers.get("transfer-encoding", "").lower() == "chunked":
        return b"".join(_chunks(stream))
    length = headers.get("content-length", "0")
    if not _DIGITS.fullmatch(length):
        raise Malformed("Content-Length is not a number")
    if int(length) > LARGEST_BODY:
        raise Malformed("the body is too large", 413)
    body = stream.read(int(length))
    if len(body) < int(length):
        raise Malformed("the body ends before its length")
    return body


def _chunks(stream: BufferedIOBase) -> Iterator[bytes]:
    """Yield the chunks of a body, and read its trailers."""
    left = LARGEST_BODY
    while True:
        size = _line(stream).partition(";")[0].strip()
        if not _HEX_DIGITS.fullmatch(size):
            raise Malformed("a chunk has no size")
        if int(size, 16) > left:
            raise Malformed("the body is too large", 413)
        chunk = stream.read(int(size, 16))
        left -= len(chunk)
        if len(chunk) < int(size, 16):
            raise Malformed("a chunk ends before its length")
        if not chunk:
            break
        if _line(stream):
            raise Malformed("a chunk is longer than its length")
        yield chunk
    while _line(stream):
        pass
