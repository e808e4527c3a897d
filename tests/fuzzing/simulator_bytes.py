"""Any bytes for the simulator: Authorization headers, form bodies, the control interface.

``any_input`` draws what is mostly right; here it is what the bytes of a corpus become.
"""

from __future__ import annotations

from urllib.parse import parse_qs
from xml.etree import ElementTree as ET

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest

from sts_simulator.account.operations import MODELLED
from sts_simulator.wire.http import FORM, HttpRequest
from tests.fuzzing.any_input import (
    ID,
    NOT_A_BUG,
    PATHS_OF_CONTROL,
    SECRET,
    SIGNED_BY,
    answered,
    control_stays_usable,
    controlled,
)
from tests.fuzzing.target import must, of_bytes

_THEN = '{"now": "2024-01-01T00:00:00Z", "tick": false}'
_BODY = b"Action=GetCallerIdentity&Version=2011-06-15"


def authorization(data: bytes) -> None:
    """Header lines, Authorization among them: refused, since the signature is not of this call."""
    lines = data.decode("latin-1").split("\n")
    pairs = (line.partition(":")[::2] for line in lines)
    sent = {name.strip().lower(): value.strip() for name, value in pairs}
    headers = {"host": "127.0.0.1", "content-type": FORM} | sent
    controlled("POST", "/_sim/clock", _THEN)  # when the corpus was signed: else its date is refused
    reply = answered(HttpRequest("POST", "/", headers, _BODY))
    must(400 <= reply.answer.status < 500, "a wrong signature is never taken", reply.answer)
    must(SECRET.encode() not in reply.answer.body, "no secret is told", reply.answer)


def form(data: bytes) -> None:
    """A body that is signed as it stands: answered as STS answers, and nothing stays of it.

    Signed as another body is, or with another secret, it is refused.
    """
    sent = signed_headers(data)
    reply = answered(HttpRequest("POST", "/", sent, data))
    must(reply.answer.status != 500, NOT_A_BUG, reply.answer)
    must(SECRET.encode() not in reply.answer.body, "no secret is told", reply.answer)
    if reply.answer.status == 200:
        root = ET.fromstring(reply.answer.body)  # noqa: S314 - the simulator's own
        action = parse_qs(data.decode("latin-1"))["Action"]
        name = root.tag.rpartition("}")[2].removesuffix("Response")
        must(name in MODELLED and name in action, "the answer is of the call that was made", name)
    for wrong in ({"authorization": _turned(sent["authorization"])}, signed_headers(data + b"&")):
        refused = answered(HttpRequest("POST", "/", sent | wrong, data)).answer
        must(refused.status != 200, "a wrong signature is never taken", refused)


def signed_headers(data: bytes) -> dict[str, str]:
    """Return the headers of a call of STS, signed for this body."""
    asked = AWSRequest(
        "POST", "http://127.0.0.1/", {"Host": "127.0.0.1", "Content-Type": FORM}, data
    )
    SigV4Auth(SIGNED_BY, "sts", "us-east-1").add_auth(asked)
    return {name.lower(): str(text) for name, text in asked.headers.items()}


def _turned(header: str) -> str:
    """Return an Authorization header whose signature ends in another digit."""
    return header[:-1] + ("0" if header[-1] != "0" else "1")


def control(data: bytes) -> None:
    """A request of the control interface: method and path on the first line, then its body."""
    first, _, body = data.partition(b"\n")
    method, _, path = first.decode("latin-1").partition(" ")
    known = (method, path) if (method, path) in PATHS_OF_CONTROL else ("POST", "/_sim/nothing")
    control_stays_usable((known, body.decode("utf-8", "replace")))


_SCOPE = f"{ID}/20240101/us-east-1/sts/aws4_request".encode()
_AUTH = (
    b"Authorization: ",
    b"Credential=",
    b"SignedHeaders=host",
    _SCOPE,
    b"X-Amz-Date: ",
    b"AWS4",
)
_FORM = (b"&", b"=", b"%00", b"%ff", b"+", b".member.1", b"Action=AssumeRole", b"&DurationSeconds=")
_JSON = (b"{}", b"[]", b"null", b"1e999", b'"36h"', b"true", b'"times": 0', b'"answer": "html"')
TARGETS = {
    "authorization": of_bytes("authorization", authorization, *_AUTH, few=100, bounded=False),
    "forms": of_bytes("forms", form, *_FORM, few=60, bounded=False),
    "control-bytes": of_bytes("control-bytes", control, *_JSON, few=30, bounded=False),
}
