"""HTTP/1.1 on a socket: reading requests, writing answers, and breaking off.

Keep-alive, one write per answer, Content-Length or chunks in, Content-Length
out.  As much of RFC 9112 as AWS clients use.
"""

from __future__ import annotations

import socket
import socketserver
import struct
from http.client import responses
from typing import TYPE_CHECKING

from fakes.web import HttpAnswer, HttpRequest

if TYPE_CHECKING:
    from collections.abc import Callable
    from io import BufferedIOBase

    from fakes.faults import Breakage

LONGEST_LINE = 65_536
LONGEST_HOLD = 300.0  # seconds until a client that never hangs up is hung up on
_ABORT = struct.pack("ii", 1, 0)  # SO_LINGER: closing sends RST
_BODILESS = (204, 304)


class Malformed(ValueError):
    """What came is not HTTP/1.1."""


class Connection(socketserver.StreamRequestHandler):
    """One client's connection: requests are answered in turn until one side has had enough."""

    disable_nagle_algorithm = True
    server: Listener

    def handle(self) -> None:
        """Answer requests until the client closes, or asks to."""
        try:
            while request := read_request(self.rfile, self._go_on):
                self.server.serve(request, self)
                if request.headers.get("connection", "").lower() == "close" or self.rfile.closed:
                    return
        except Malformed as trouble:
            self.send("", HttpAnswer(400, {"Content-Type": "text/plain"}, f"{trouble}\n".encode()))
        except OSError:  # the client is gone; it may be
            pass

    def send(self, method: str, answer: HttpAnswer) -> None:
        """Write the answer, whole and at once."""
        self.connection.sendall(written(method, answer))

    def break_off(self, breakage: Breakage) -> None:
        """Act out an answer that never comes: wait until the client gives up, or cut it off."""
        if breakage.waits:
            self.connection.settimeout(LONGEST_HOLD)
            self.rfile.read(1)
        else:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _ABORT)
        self.rfile.close()
        self.wfile.close()
        self.connection.close()

    def _go_on(self) -> None:
        self.connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")


class Listener(socketserver.ThreadingTCPServer):
    """Listens on loopback only, a thread per connection.  `serve` acts out each request."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, port: int, serve: Callable[[HttpRequest, Connection], None]) -> None:
        super().__init__(("127.0.0.1", port), Connection)
        self.serve = serve

    @property
    def endpoint(self) -> str:
        """The URL that clients are given."""
        return f"http://127.0.0.1:{self.server_address[1]}"


def read_request(stream: BufferedIOBase, go_on: Callable[[], None]) -> HttpRequest | None:
    """Return the next request, None at the end.  `go_on` is called when it waits for a 100.

    Raises Malformed.
    """
    line = _line(stream)
    if not line:
        return None
    parts = line.split()
    if len(parts) != 3 or not parts[2].startswith("HTTP/1."):
        raise Malformed("a request line is METHOD TARGET HTTP/1.1")
    headers: dict[str, str] = {"connection": "close"} if parts[2] == "HTTP/1.0" else {}
    while line := _line(stream):
        name, colon, value = line.partition(":")
        if not colon:
            raise Malformed("a header is NAME: VALUE")
        key, text = name.strip().lower(), value.strip()
        headers[key] = f"{headers[key]},{text}" if key in headers else text
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
        return b"".join(iter(lambda: _chunk(stream), b""))
    length = headers.get("content-length", "0")
    if not (length.isascii() and length.isdigit()):
        raise Malformed("Content-Length is not a number")
    body = stream.read(int(length))
    if len(body) < int(length):
        raise Malformed("the body ends before its length")
    return body


def _chunk(stream: BufferedIOBase) -> bytes:
    """Return the next chunk, empty for the last, whose trailers are read as well."""
    size = _line(stream).partition(";")[0]
    try:
        chunk = stream.read(int(size, 16))
    except ValueError:
        raise Malformed("a chunk has no size") from None
    while _line(stream) and not chunk:
        pass
    return chunk
