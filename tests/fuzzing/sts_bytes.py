"""Any bytes in place of an answer of AWS's, which boto3 and authkit read from a real socket.

The first line of an input is the operation that is called; the rest is sent as it stands, and
the connection closed.
"""

from __future__ import annotations

import os
import socket
import threading
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING
from unittest.mock import patch

from authkit.adapters.sts import Boto3Sts
from authkit.core import render
from authkit.core.failures import LONGEST_CODE, LONGEST_MESSAGE, Refused, Unreachable
from authkit.core.model import AccessKeys, Caller, RoleRequest, Secret, Session, sendable
from tests.fuzzing.authkit_input import CANARY, shown_well
from tests.fuzzing.target import of_bytes

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
        shown_well(render.visible(f"{trouble}{trouble.reason}{trouble.message}"))
        assert len(trouble.code) <= LONGEST_CODE  # noqa: PT017 - the law's other half
        assert len(trouble.message) <= LONGEST_MESSAGE  # noqa: PT017
        assert not isinstance(trouble, Refused) or trouble.status // 100 in {0, 4, 5}  # noqa: PT017
        return
    finally:
        server.sts.clock.offset = 0.0
    if isinstance(found, Session):
        assert sendable(found)
        assert found.granted > 0
    elif isinstance(found, Caller):
        shown_well(found.arn + found.account)


_TOKENS = (
    *(b"HTTP/1.1 403 Forbidden\r\n", b"Transfer-Encoding: chunked\r\n", b"Content-Length: 0\r\n"),
    *(b"Content-Encoding: gzip\r\n", b"Date: \r\n", b"<Error>", b"]]>", b"&#0;", b"<!DOCTYPE a>"),
    *(b"HTTP/1.1 100 Continue\r\n\r\n", b"Location: /\r\n", b"<IsTruncated>true</IsTruncated>"),
    *(b"9999-12-31T23:59:59Z", b"0001-01-01T00:00:00Z", b"\xff", b"\r\n\r\n", b"<a/>"),
)
TARGETS = {"sts-answers": of_bytes("sts-answers", sts_answer, *_TOKENS, few=40, bounded=False)}
