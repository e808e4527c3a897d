"""The listening socket and its connections: TLS, keep-alive, and answers that break off.

What a request and an answer look like as bytes is in `http1`.
"""

from __future__ import annotations

import ipaddress
import socket
import socketserver
import struct
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from sts_simulator.server.http1 import (
    LONGEST_LINE,
    TOO_LARGE,
    Malformed,
    listed,
    read_request,
    written,
)
from sts_simulator.wire.http import HttpAnswer

if TYPE_CHECKING:
    from collections.abc import Callable
    from ssl import SSLContext

    from sts_simulator.account.faults import Breakage
    from sts_simulator.wire.http import HttpRequest

LONGEST_HOLD = 300.0  # seconds until the connection of a silent client is closed
_LINGER = 2.0  # seconds, and bytes: how much is still read of a request that was refused
_LINGERED = 2**24
_ON_THIS_MACHINE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - a key, not an address to bind
_ABORT = struct.pack("ii", 1, 0)  # SO_LINGER: closing sends RST


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
                if "close" in listed(request.headers, "connection") or self.rfile.closed:
                    return
        except Malformed as trouble:
            with suppress(OSError):
                self._refuse(trouble)
        except OSError:  # the client has gone, or was silent for `LONGEST_HOLD`
            pass

    @property
    def source_ip(self) -> str:
        """The client's address; one of IPv4 is that also on a socket of IPv6."""
        address = ipaddress.ip_address(str(self.client_address[0]).partition("%")[0])
        return str(getattr(address, "ipv4_mapped", None) or address)

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
