"""HTTP/1.1 as bytes: reading requests from a stream, and writing answers.

The part of RFC 9112 that AWS clients use: requests with Content-Length or chunks,
answers with Content-Length.  The sockets are `listener`'s.
"""

from __future__ import annotations

import re
from dataclasses import replace
from http.client import responses
from typing import TYPE_CHECKING

from sts_simulator.wire.http import HttpAnswer, HttpRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from io import BufferedIOBase

LONGEST_LINE = 65_536
MOST_HEADERS = 256
LARGEST_HEAD = 2**18  # bytes of all headers
TOO_LARGE = 413
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


def listed(headers: Mapping[str, str], name: str) -> list[str]:
    """Return the members of a header that is a list, in lower case."""
    return [part.strip().lower() for part in headers.get(name, "").split(",") if part.strip()]


def _chunked(headers: Mapping[str, str]) -> bool:
    """Return whether the body has chunks.  Raises Malformed for another transfer coding."""
    codings = listed(headers, "transfer-encoding")
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
