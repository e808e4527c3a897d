"""Any bytes in place of an answer of AWS's, which boto3 and authkit read from a real socket.

The first line of an input is the operation that is called; the rest is sent as it stands, and
the connection closed.
"""

from __future__ import annotations

import os
import re
import socket
import threading
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING
from unittest.mock import patch
from xml.etree import ElementTree as ET

from authkit.adapters.sts import Boto3Sts
from authkit.core import render
from authkit.core.failures import LONGEST_CODE, LONGEST_MESSAGE, Refused, Unreachable
from authkit.core.model import AccessKeys, Caller, RoleRequest, Secret, Session, sendable
from tests.fuzzing.authkit_input import CANARY, shown_plainly, tells_no_secret
from tests.fuzzing.target import must, of_bytes

if TYPE_CHECKING:
    from collections.abc import Callable

KEYS = AccessKeys("AKIAXXXXXXXXXXXXXXXX", Secret(CANARY))
SESSION = Session("ASIAXXXXXXXXXXXXXXXX", Secret(CANARY), Secret("token-canary"), 1, 0)
ROLE = RoleRequest("arn:aws:iam::123456789012:role/deploy", "dev", 3600)
CALLS: dict[bytes, Callable[[Boto3Sts], object]] = {
    b"GetSessionToken": lambda sts: sts.get_session_token(KEYS, duration=3600, mfa=None),
    b"GetCallerIdentity": lambda sts: sts.get_caller_identity(KEYS),
    b"AssumeRole": lambda sts: sts.assume_role(SESSION, ROLE),
    b"ListMFADevices": lambda sts: sts.list_mfa_devices(KEYS),
    b"GetDate": lambda sts: sts.get_date(),
}

MOST_DEVICES = 100
_BLANK = b"\r\n\r\n"
_REFUSED = {b"HTTP/1.1 400 Bad Request", b"HTTP/1.1 403 Forbidden"}
_ERROR = re.compile(
    rb"<ErrorResponse[^<>&]*><Error><Type>Sender</Type><Code>\w+</Code><Message>[^<>&\x00-\x1f\x7f-\xff]*"
    rb"</Message></Error><RequestId>[\w-]*</RequestId></ErrorResponse>"
)


class Answering:
    """A server on the loopback interface that sends `answer` on every connection."""

    def __init__(self) -> None:
        self.answer = b""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.sts = Boto3Sts("us-east-1")
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            with connection, suppress(OSError, ValueError):
                with connection.makefile("rb") as asked:
                    lines = iter(asked.readline, b"\r\n")
                    length = [line for line in lines if line.lower().startswith(b"content-length")]
                    asked.read(int(length[0].partition(b":")[2]))  # else closing resets it
                connection.sendall(self.answer)


answering = cache(Answering)


def sts_answer(data: bytes) -> None:
    """B-L18, B-L20, B-L26: a value that can be used, a refusal, or trouble; no secret in words."""
    name, _, answer = data.partition(b"\n")
    server = answering()
    server.answer = answer
    call = CALLS.get(name, CALLS[b"GetSessionToken"])
    ways = {"AWS_ENDPOINT_URL_STS": server.url, "AWS_ENDPOINT_URL_IAM": server.url, "NO_PROXY": "*"}
    try:
        with patch.dict(os.environ, ways):
            found = call(server.sts)
    except (Refused, Unreachable) as trouble:
        shown = f"{trouble}{trouble.reason}{trouble.message}"
        tells_no_secret(shown)
        shown_plainly(render.visible(shown))
        must(len(trouble.code) <= LONGEST_CODE, "a code is short", trouble.code)
        must(len(trouble.message) <= LONGEST_MESSAGE, "a message is not endless", trouble.message)
        if isinstance(trouble, Refused):
            must(trouble.status // 100 in {0, 4, 5}, "a refusal is an error", trouble.status)
            must(said(answer, trouble.code), "a refusal's code is the answer's", trouble.code)
        else:
            must(not is_refusal(answer), "a refusal is told from trouble on the way", trouble)
        return
    finally:
        server.sts.clock.offset = 0.0
    tells_no_secret(repr(found))
    if isinstance(found, Session):
        must(sendable(found), "credentials can be sent", found)
        must(found.granted > 0, "a session begins at some time", found)
        must(said(answer, found.access_key_id), "a session is the answer's", found)
    elif isinstance(found, Caller):
        shown_plainly(found.arn + found.account)
        must(said(answer, found.arn), "a caller is the answer's", found)
    elif isinstance(found, tuple):
        shown_plainly("".join(found))
        must(len(found) <= MOST_DEVICES, "a list of devices has an end", len(found))
        must(all(said(answer, one) for one in found), "devices are the answer's", found)


def texts(answer: bytes) -> list[str] | None:
    """Return the texts in an answer's XML as the standard library reads it, None where it cannot.

    It cannot where the body is encoded, or not behind the first blank line.
    """
    with suppress(ET.ParseError, ValueError, LookupError):
        return [element.text or "" for element in ET.fromstring(answer.partition(_BLANK)[2]).iter()]  # noqa: S314 - it is a test's
    return None


def said(answer: bytes, text: str) -> bool:
    """Tell whether an answer has a text, or one that begins so, if it can be read."""
    there = texts(answer)
    return there is None or any(one.startswith(text) for one in there)


def is_refusal(answer: bytes) -> bool:
    """Tell whether this is plainly STS's error, in the form that the corpus has."""
    head, _, body = answer.partition(_BLANK)
    lines = head.split(b"\r\n")
    plain = lines[0] in _REFUSED and f"Content-Length: {len(body)}".encode() in lines
    return plain and bool(_ERROR.fullmatch(body))


_TOKENS = (
    *(b"HTTP/1.1 403 Forbidden\r\n", b"Transfer-Encoding: chunked\r\n", b"Content-Length: 0\r\n"),
    *(b"Content-Encoding: gzip\r\n", b"Date: \r\n", b"<Error>", b"]]>", b"&#0;", b"<!DOCTYPE a>"),
    *(b"HTTP/1.1 100 Continue\r\n\r\n", b"Location: /\r\n", b"<IsTruncated>true</IsTruncated>"),
    *(b"9999-12-31T23:59:59Z", b"0001-01-01T00:00:00Z", b"\xff", b"\r\n\r\n", b"<a/>"),
)
TARGETS = {"sts-answers": of_bytes("sts-answers", sts_answer, *_TOKENS, few=40, bounded=False)}
