"""The port Web over real connections."""

from __future__ import annotations

import socket
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from authkit.adapters.web import RealWeb
from authkit.core.failures import Unreachable

if TYPE_CHECKING:
    from collections.abc import Iterator

FORM = {"client_secret": "right secret", "scope": "a&b"}
ENCODED = b"client_secret=right+secret&scope=a%26b"


class Handler(BaseHTTPRequestHandler):
    """Answers each path in its way, and keeps what was sent."""

    sent: list[tuple[str, bytes]]

    def do_POST(self) -> None:
        """Answer."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.sent.append((self.path, body))
        if self.path == "/hangs-up":
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.send_response({"/refused": 401, "/moved": 302}.get(self.path, 200))
        self.send_header("Location", "/elsewhere")
        self.end_headers()
        self.wfile.write(b"the answer \xff")

    def log_message(self, *_: object) -> None:
        """Write nothing."""


@contextmanager
def served() -> Iterator[tuple[str, list[tuple[str, bytes]]]]:
    """Serve; yield the address and what was sent."""
    sent: list[tuple[str, bytes]] = []
    handler = type("Noting", (Handler,), {"sent": sent})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", sent
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(("path", "status"), [("/fine", 200), ("/refused", 401), ("/moved", 302)])
def test_an_answer(path: str, status: int) -> None:
    """Every status is an answer, and so is a redirect: the form is sent once, to that address."""
    with served() as (address, sent):
        assert RealWeb({}).post(f"{address}{path}", FORM) == (status, "the answer \ufffd")
    assert sent == [(path, ENCODED)]


def test_no_answer() -> None:
    """A connection that ends or is refused is `Unreachable`, and names the host alone."""
    with served() as (address, _), pytest.raises(Unreachable) as ended:
        RealWeb({}).post(f"{address}/hangs-up", FORM)
    assert ended.value.reason.startswith("127.0.0.1: ")
    with pytest.raises(Unreachable, match=r"127\.0\.0\.1: .*Connection refused") as refused:
        RealWeb({}).post(f"{address}/gone", FORM)
    assert not refused.value.answered


@pytest.mark.parametrize(
    "url", ["http://example.com/token", "ftp://localhost.example/", "example.com/token", ""]
)
def test_nothing_is_sent_in_the_clear(url: str) -> None:
    """B-S08: the form holds a secret; it is not tried again."""
    with pytest.raises(Unreachable, match="it is not https") as trouble:
        RealWeb({}).post(url, FORM)
    assert trouble.value.code == "cannot ask"


def test_a_proxys_password_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """B-S08: the text of an error names the address of the environment without its password."""
    environ = {"https_proxy": "http://me:proxy-password@127.0.0.1:x"}
    monkeypatch.setenv("https_proxy", environ["https_proxy"])
    with pytest.raises(Unreachable) as trouble:
        RealWeb(environ).post("https://example.com/token", FORM)
    assert "proxy-password" not in trouble.value.reason
