"""Servers in the way of STS: a proxy that refuses, and TLS with a certificate of a test's own."""

from __future__ import annotations

import ipaddress
import socketserver
import ssl
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Proxy(socketserver.ThreadingTCPServer):
    """Answers every request with one status; `asked` has the first line of each."""

    daemon_threads = True

    def __init__(self, status: int) -> None:
        super().__init__(("127.0.0.1", 0), _Refusal)
        self.status = status
        self.asked: list[str] = []

    @property
    def address(self) -> str:
        """Its host and port."""
        return f"127.0.0.1:{self.server_address[1]}"


class _Refusal(socketserver.StreamRequestHandler):
    server: Proxy

    def handle(self) -> None:
        """Read the head of a request, and refuse it."""
        self.server.asked.append(self.rfile.readline().decode().strip())
        while self.rfile.readline().strip():
            pass
        page = b"<html>no</html>"
        self.wfile.write(
            b"HTTP/1.1 %d no\r\nContent-Type: text/html\r\nContent-Length: %d\r\n"
            b"Connection: close\r\n\r\n%s" % (self.server.status, len(page), page)
        )


@contextmanager
def refusing_proxy(status: int) -> Iterator[Proxy]:
    """Run a proxy that answers everything with this status."""
    with Proxy(status) as server, _serving(server):
        yield server


@contextmanager
def tls_server(folder: Path, *, days: tuple[int, int], host: str = "127.0.0.1") -> Iterator[str]:
    """Run a server whose certificate, ``folder/certificate.pem``, is for `host`.

    It is valid from and until so many `days` from now.  Yield the server's address.
    """
    written, key = folder / "certificate.pem", folder / "key.pem"
    _write_certificate(written, key, days, host)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(written, key)
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a client that hangs up
        server.socket = context.wrap_socket(server.socket, server_side=True)
        with _serving(server):
            yield f"127.0.0.1:{server.server_port}"


def _write_certificate(written: Path, key: Path, days: tuple[int, int], host: str) -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a test")])
    start, end = (datetime.now(UTC) + timedelta(days=day) for day in days)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))]),
            critical=False,
        )
        .sign(private, hashes.SHA256())
    )
    written.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key.write_bytes(
        private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


@contextmanager
def _serving(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
