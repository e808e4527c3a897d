"""Arbitrary answers in place of STS's, read by boto3."""

from __future__ import annotations

import io
from functools import cache
from typing import Any
from urllib.parse import parse_qs

from botocore.awsrequest import AWSResponse
from hypothesis import given, settings
from hypothesis import strategies as st

from authkit.adapters.sts import Boto3Sts, isolated_session
from fakes.world.children import Child
from tests.explore.test_role_mixes import CONFIG, ROLE
from tests.support.anything import COMMANDS, HANDS_ON, QUICK, check
from tests.support.people import KEYS, NAME, a_scene, entry, run

XMLNS = "https://sts.amazonaws.com/doc/2011-06-15/"
EMBEDDED = """<{op}Response xmlns="{ns}"><{op}Result>{inner}</{op}Result></{op}Response>"""
ERROR = """<ErrorResponse xmlns="{ns}">
<Error><Code>{code}</Code><Message>{message}</Message></Error>
<RequestId>{message}</RequestId></ErrorResponse>"""
CREDENTIALS = """<Credentials><AccessKeyId>{0}</AccessKeyId><SecretAccessKey>{1}</SecretAccessKey>
<SessionToken>{2}</SessionToken><Expiration>{3}</Expiration></Credentials>"""
INNER = {
    "GetCallerIdentity": "<Arn>{0}</Arn><UserId>{1}</UserId><Account>{2}</Account>",
    "GetSessionToken": CREDENTIALS,
    "AssumeRole": CREDENTIALS
    + "<AssumedRoleUser><Arn>{0}</Arn><AssumedRoleId>{1}</AssumedRoleId></AssumedRoleUser>",
}
codes = st.sampled_from(
    ["AccessDenied", "ExpiredToken", "Throttling", "SignatureDoesNotMatch2", ""]
)
texts = st.text(max_size=12) | st.sampled_from(
    [
        *("arn:aws:iam::123456789012:user/x", "ASIAX", "&#0;", "&lt;", "<a>", "]]>", "\x9b"),
        *("2024-12-24T11:58:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"),
        *("2024-12-24", "1e99", "-1"),
    ]
)
dates = st.text(max_size=20) | st.sampled_from(["Sun, 22 Dec 2024 23:58:00 GMT", "0", "\x00"])


def body(operation: str, fields: list[str], code: str | None) -> bytes:
    """Return an answer in STS's XML with these texts in it."""
    if code is None:
        inner = INNER[operation].format(*fields)
        written = EMBEDDED.format(op=operation, ns=XMLNS, inner=inner)
    else:
        written = ERROR.format(ns=XMLNS, code=code, message=fields[0])
    return written.encode("utf-8", "replace")


answers = st.tuples(
    st.sampled_from([200, 200, 200, 204, 302, 400, 403, 404, 418, 500, 503]),
    st.binary(max_size=60) | st.tuples(st.lists(texts, min_size=4, max_size=4), st.none() | codes),
    dates,
)


class Line:
    """The body of a response, as botocore reads it."""

    def __init__(self, content: bytes) -> None:
        self._file = io.BytesIO(content)

    def stream(self, *_: object, **__: object) -> io.BytesIO:
        """Return the bytes as a file."""
        return self._file

    def read(self) -> bytes:
        """Return the bytes."""
        return self._file.read()


class Network:
    """A boto3 client whose requests all get `answer`, without a network."""

    answer: tuple[int, Any, str]

    def __init__(self) -> None:
        session = isolated_session()
        session.register("before-send.sts", self._send)
        self.sts = Boto3Sts("us-east-1", session)

    def _send(self, request: Any, **_: object) -> AWSResponse:  # noqa: ANN401 - botocore's
        status, content, date = self.answer
        operation = parse_qs(request.body)[b"Action"][0].decode()
        sent = content if isinstance(content, bytes) else body(operation, *content)
        headers = {"date": date, "content-type": "text/xml"}
        return AWSResponse(request.url, status, headers, Line(sent))


network = cache(Network)


@settings(QUICK, max_examples=40)
@given(answer=answers)
def test_any_answer_of_sts(answer: tuple[int, Any, str]) -> None:
    """B-L18, B-L20, B-A02: any answer is a session, a refusal or trouble; the keys stay."""
    scene = a_scene(KEYS)
    network().answer = answer
    scene.sts = lambda _region: network().sts
    done = run(scene, "login", NAME)
    check(done, {0, 1})
    assert entry(scene) == KEYS
    for command in COMMANDS if done.status == 0 else ():
        if command[0] not in {"login", "logout", *HANDS_ON}:
            check(run(scene, *command, child=Child()), COMMANDS[command])


@settings(QUICK, max_examples=40)
@given(answer=answers)
def test_any_answer_to_a_role(answer: tuple[int, Any, str]) -> None:
    """B-K01, B-K03, B-A02: the same for AssumeRole; the source's keys stay."""
    scene = a_scene(KEYS)
    scene.config = CONFIG
    assert run(scene, "login", NAME).status == 0
    network().answer = answer
    scene.sts = lambda _region: network().sts
    done = run(scene, "login", ROLE)
    check(done, {0, 1})
    assert entry(scene) == KEYS
    for command in ("whoami", "list", "logout") if done.status == 0 else ():
        check(run(scene, command, *([ROLE] if command != "list" else [])), {0, 1})
