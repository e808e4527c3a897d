"""An HTTP proxy on loopback that connects every CONNECT to one address, whatever was asked for.

It leads a tool that knows only AWS's own addresses to the simulator.
"""

from __future__ import annotations

import socket
import socketserver
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Tunnel(socketserver.ThreadingTCPServer):
    daemon_threads = True
    target: tuple[str, int]


class _Connection(socketserver.StreamRequestHandler):
    server: _Tunnel
    rbufsize = 0  # what follows the head stays in the socket

    def handle(self) -> None:
        """Read the head of a CONNECT, then pass bytes both ways until one side ends."""
        while self.rfile.readline().strip():
            pass
        with socket.create_connection(self.server.target) as there:
            self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
            back = threading.Thread(target=_pass, args=(there, self.connection), daemon=True)
            back.start()
            _pass(self.connection, there)
            back.join()


def _pass(source: socket.socket, to: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            to.sendall(data)
        to.shutdown(socket.SHUT_WR)
    except OSError:
        pass  # the other side has ended


@contextmanager
def tunnel(host: str, port: int) -> Iterator[str]:
    """Run the proxy until the end of the block; yield its URL."""
    with _Tunnel(("127.0.0.1", 0), _Connection) as server:
        server.target = (host, port)
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()
