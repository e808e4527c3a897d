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
from dataclasses import replace
from http.client import responses
from typing import TYPE_CHECKING, Any

from sts_simulator.wire.http import HttpAnswer, HttpRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from io import BufferedIOBase
    from ssl import SSLContext

    from sts_simulator.account.faults import Breakage

LONGEST_LINE = 65_536
MOST_HEADERS = 256
LARGEST_HEAD = 2**18  # bytes of all headers
TOO_LARGE = 413
LONGEST_HOLD = 300.0  # seconds until the connection of a silent client is closed
_LINGER = 2.0  # seconds, and bytes: how much is still read of a request that was refused
_LINGERED = 2**24
_ON_THIS_MACHINE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - a key, not an address to bind
_ABORT = struct.pack("ii", 1, 0)  # SO_LINGER: closing sends RST
_MOST_BLANK_LINES = 8  # before a request: RFC 9112, 2.2
_BODILESS = (204, 304)
_DIGITS = re.compile(r"[0-9]{1,15}")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_ABSOLUTE = re.compile(r"https?://(?P<host>[^/?]+)(?P<rest>.*)", re.IGNORECASE)
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

    def setup(self) -> None:
        """Begin TLS in this connection's thread, where a slow client holds up nobody."""
        if self.server.tls:
            self.request.settimeout(LONGEST_HOLD)
            self.request = self.server.tls.wrap_socket(self.request, server_side=True)
        super().setup()

    def finish(self) -> None:
        """Close what TLS put in the place of the socket that the listener closes."""
        super().finish()
        if self.server.tls:
            self.request.close()

    def handle(self) -> None:
        """Answer requests until the client closes, or asks to."""
        try:
            while request := read_request(self.rfile, self._go_on, self.server.largest_body):
                self.server.serve(request, self)
                if "close" in _listed(request.headers, "connection") or self.rfile.closed:
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
        said = b"" if trouble.status == TOO_LARGE else f"{trouble}\n".encode()
        self.send("", HttpAnswer(trouble.status, headers, said))
        self.connection.shutdown(socket.SHUT_WR)
        self.connection.settimeout(_LINGER)
        left = _LINGERED
        while left > 0 and (said := self.connection.recv(LONGEST_LINE)):
            left -= len(said)

    def _go_on(self) -> None:
        self.connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")


class Listener(socketserver.ThreadingTCPServer):
    """Listens on an address and port, with a thread per connection.

    `serve` answers each request.  `largest_body` returns how many bytes the body of a
    request may have; it is called with the request's head before the body is read.
    With `tls` the connections are encrypted.
    """

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(
        self,
        address: tuple[str, int],
        serve: Callable[[HttpRequest, Connection], None],
        largest_body: Callable[[HttpRequest], int],
        tls: SSLContext | None = None,
    ) -> None:
        if address[1] not in range(65536):  # getaddrinfo takes the remainder
            raise ValueError(f"the port {address[1]} is not in 0 to 65535")
        family, *_, resolved = socket.getaddrinfo(*address, type=socket.SOCK_STREAM)[0]
        self.address_family = family
        self.serve = serve
        self.tls = tls
        self.largest_body = largest_body
        self._open: set[socket.socket] = set()
        super().__init__(resolved, Connection)  # type: ignore[arg-type]  # IPv6 has four parts

    @property
    def endpoint(self) -> str:
        """The URL that clients on this machine are given."""
        host = _ON_THIS_MACHINE.get(self.address, self.address)
        scheme = "https" if self.tls else "http"
        bracketed = f"[{host}]" if ":" in host else host
        return f"{scheme}://{bracketed}:{self.server_address[1]}"

    @property
    def address(self) -> str:
        """The IP address that it listens on."""
        return str(self.server_address[0])

    def server_bind(self) -> None:
        """Bind; the IPv6 address of every interface takes IPv4 as well."""
        if self.address_family == socket.AF_INET6:
            self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        super().server_bind()

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


def read_request(
    stream: BufferedIOBase,
    go_on: Callable[[], None],
    largest_body: Callable[[HttpRequest], int],
) -> HttpRequest | None:
    """Return the next request, None at the end.  Calls `go_on` for ``Expect: 100-continue``.

    Raises Malformed.
    """
    for _ in range(_MOST_BLANK_LINES):
        raw = stream.readline(LONGEST_LINE + 1)
        if raw not in (b"\r\n", b"\n"):
            break
    if not raw:
        return None
    parts = _text(raw).split()
    if len(parts) != 3 or not parts[2].startswith("HTTP/1."):
        raise Malformed("a request line is METHOD TARGET HTTP/1.1")
    head = _head(parts[0], parts[1], _headers(stream, parts[2]))
    largest, chunked = largest_body(head), _chunked(head.headers)
    length = 0 if chunked else _length(head.headers, largest)
    if head.headers.get("expect", "").lower() == "100-continue":
        go_on()
    body = b"".join(_chunks(stream, largest)) if chunked else _exactly(stream, length)
    return replace(head, body=body)


def written(method: str, answer: HttpAnswer) -> bytes:
    """Return the bytes of an answer to a request of this method."""
    body = b"" if method == "HEAD" or answer.status in _BODILESS else answer.body
    headers = dict(answer.headers)
    if answer.status not in _BODILESS and not (method == "HEAD" and "Content-Length" in headers):
        headers["Content-Length"] = str(len(answer.body))
    lines = [f"HTTP/1.1 {answer.status} {responses.get(answer.status, '')}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def _head(method: str, target: str, headers: dict[str, str]) -> HttpRequest:
    """Return a request without its body.  A proxy's target has the host, which then counts."""
    url = _ABSOLUTE.fullmatch(target)
    if url is None:
        return HttpRequest(method, target, headers)
    rest = url["rest"] if url["rest"].startswith("/") else f"/{url['rest']}"
    return HttpRequest(method, rest, headers | {"host": url["host"]}, proxied_to=url["host"])


def _headers(stream: BufferedIOBase, version: str) -> dict[str, str]:
    headers: dict[str, str] = {"connection": "close"} if version == "HTTP/1.0" else {}
    left = LARGEST_HEAD
    for _ in range(MOST_HEADERS):
        if not (line := _line(stream)):
            return headers
        name, colon, value = line.partition(":")
        left -= len(line)
        if not colon or not _TOKEN.fullmatch(name):
            raise Malformed("a header is NAME: VALUE")
        if left < 0:
            break
        key, text = name.lower(), value.strip()
        headers[key] = f"{headers[key]},{text}" if key in headers else text
    raise Malformed("there are too many headers", 431)


def _line(stream: BufferedIOBase) -> str:
    return _text(stream.readline(LONGEST_LINE + 1))


def _text(line: bytes) -> str:
    if len(line) > LONGEST_LINE:
        raise Malformed("a line is too long")
    return line.decode("latin-1").rstrip("\r\n")


def _listed(headers: Mapping[str, str], name: str) -> list[str]:
    """Return the members of a header that is a list, in lower case."""
    return [part.strip().lower() for part in headers.get(name, "").split(",") if part.strip()]


def _chunked(headers: Mapping[str, str]) -> bool:
    """Return whether the body has chunks.  Raises Malformed for another transfer coding."""
    codings = _listed(headers, "transfer-encoding")
    if not codings:
        return False
    if codings[-1] != "chunked" or "content-length" in headers:
        raise Malformed("where the body ends is not clear")
    if len(codings) > 1:
        raise Malformed("the only transfer coding is chunked", 501)
    return True


def _length(headers: Mapping[str, str], largest: int) -> int:
    """Return the Content-Length.  Raises Malformed."""
    length = headers.get("content-length", "0")
    if not _DIGITS.fullmatch(length):
        raise Malformed("Content-Length is not a number")
    if int(length) > largest:
        raise Malformed("the body is too large", TOO_LARGE)
    return int(length)


def _exactly(stream: BufferedIOBase, length: int) -> bytes:
    body = stream.read(length)
    if len(body) < length:
        raise Malformed("the body ends before its length")
    return body


def _chunks(stream: BufferedIOBase, left: int) -> Iterator[bytes]:
    """Yield the chunks of a body of at most `left` bytes, and read its trailers."""
    while True:
        size = _line(stream).partition(";")[0].strip()
        if not _HEX_DIGITS.fullmatch(size):
            raise Malformed("a chunk has no size")
        if int(size, 16) > left:
            raise Malformed("the body is too large", TOO_LARGE)
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
