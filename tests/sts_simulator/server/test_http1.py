"""HTTP/1.1 as the simulator speaks it, on plain sockets."""

from __future__ import annotations

import pytest

from tests.support.aws_client import Client, fresh_client


@pytest.fixture
def client() -> Client:
    """A client of a reset server."""
    return fresh_client()


GET = b"GET /_sim/faults HTTP/1.1\r\nHost: localhost\r\n"
POST = b"POST /_sim/clock HTTP/1.1\r\nHost: localhost\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("sent", "statuses"),
    [
        ([GET + b"\r\n", GET + b"\r\n"], [200, 200]),
        ([GET + b"\r\n" + GET + b"\r\n"], [200, 200]),
        ([GET + b"Connection: close\r\n\r\n" + GET + b"\r\n"], [200]),
        ([GET.replace(b"1.1", b"1.0") + b"\r\n" + GET + b"\r\n"], [200]),
        ([POST + b"Content-Length: 2\r\n\r\n{}"], [200]),
        ([CHUNKED + b"1;x=y\r\n{\r\n1\r\n}\r\n0\r\nA: b\r\n\r\n"], [200]),
        ([POST + b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n", b"{}"], [100, 200]),
        ([b"nonsense\r\n\r\n"], [400]),
        ([b"GET / HTTP/1.1\r\nnonsense\r\n\r\n"], [400]),
        ([POST + b"Content-Length: -1\r\n\r\n"], [400]),
        ([POST + b"Content-Length: 9\r\n\r\n{}"], [400]),
        ([CHUNKED + b"x\r\n"], [400]),
        ([b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\n\r\n"], [400]),
    ],
)  # fmt: skip
def test_http_as_clients_speak_it(client: Client, sent: list[bytes], statuses: list[int]) -> None:
    """Keep-alive, pipelining, chunks and 100-continue work; what is not HTTP gets 400."""
    heads = client.raw(*sent).split(b"HTTP/1.1 ")[1:]
    assert [int(head[:3]) for head in heads] == statuses
