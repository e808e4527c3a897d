"""HTTP/1.1 as the simulator speaks it, on plain sockets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.aws_client import Client

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
        # simulator-gaps H4
        ([b"\r\n\r\n" + GET + b"\r\n"], [200]),
        ([b"\r\n" * 9 + GET + b"\r\n"], [400]),
        # simulator-gaps H5
        ([GET + b"Connection: close, TE\r\n\r\n" + GET + b"\r\n"], [200]),
        ([GET + b"Connection: TE\r\n\r\n" + GET + b"\r\n"], [200, 200]),
        ([CHUNKED.replace(b"chunked", b"Chunked") + b"0\r\n\r\n" + GET + b"\r\n"], [400, 200]),
        ([CHUNKED.replace(b"chunked", b"gzip, chunked") + b"0\r\n\r\n"], [501]),
        ([CHUNKED.replace(b"chunked", b"chunked, gzip") + b"0\r\n\r\n"], [400]),
        ([CHUNKED.replace(b"\r\n\r\n", b"\r\nContent-Length: 5\r\n\r\n") + b"0\r\n\r\n"], [400]),
        ([GET + b"Host : x\r\n\r\n"], [400]),
        ([GET + b" folded: x\r\n\r\n"], [400]),
        ([GET + b"A: b\r\n" * 300 + b"\r\n"], [431]),
        ([GET + (b"A: " + b"b" * 60_000 + b"\r\n") * 5 + b"\r\n"], [431]),
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


FORM = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
STS = b"POST /?Version=2011-06-15 HTTP/1.1\r\nHost: x\r\n"


@pytest.mark.parametrize(
    "head",
    [FORM, STS, POST, GET.replace(b"GET /_sim/faults", b"POST /moto-api/reset")],
    ids=["form", "sts", "control", "moto"],
)
@pytest.mark.parametrize(
    "size", [b"Content-Length: 10000001\r\n\r\n", b"Transfer-Encoding: chunked\r\n\r\n989681\r\n"]
)
def test_a_body_that_is_too_large_is_refused_before_it_is_read(
    client: Client, head: bytes, size: bytes
) -> None:
    """H3: 413 comes though no byte of the body was sent; its own body is empty, as STS's is."""
    said = client.raw(head + size)
    assert said.startswith(b"HTTP/1.1 413 ")
    assert said.endswith(b"Content-Length: 0\r\n\r\n")


def test_what_is_stored_may_be_larger(client: Client) -> None:
    """The body of another service's request is read: S3's objects are larger than forms."""
    put = b"PUT /bucket/key HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n"
    assert client.raw(put % 10_000_001 + b"x" * 10_000_001).startswith(b"HTTP/1.1 403 ")
    assert client.raw(put % (2**28 + 1)).startswith(b"HTTP/1.1 413 ")
