"""What nobody should send: it is answered as AWS does, or with a clear 4xx, and ends nothing."""

from __future__ import annotations

import json
import string
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes import http1, wire
from fakes.account import Account
from fakes.parameters import CONSTRAINTS
from fakes.web import FORM, HttpRequest
from tests.aws_client import Client, fresh_client
from tests.test_wire import TABLE, signed

VERSION = {"Version": "2011-06-15"}
CALLER = urlencode({"Action": "GetCallerIdentity", **VERSION})
QUICKLY = settings(max_examples=150, deadline=None)


@pytest.fixture(scope="module")
def client() -> Client:
    """One server for all that comes; it must be there to the end."""
    return fresh_client()


@pytest.fixture(scope="module")
def account() -> Account:
    """An account at real time, as botocore signs here."""
    return Account.from_table(TABLE, lambda: datetime.now(UTC))


def statuses(answers: bytes) -> list[int]:
    """Return the statuses in what came back."""
    return [int(head[:3]) for head in answers.split(b"HTTP/1.1 ")[1:]]


HEADER = st.text(string.printable.replace("\n", "").replace("\r", ""), max_size=200)
SIGNED = st.tuples(HEADER, HEADER, HEADER).map(
    lambda parts: (
        f"AWS4-HMAC-SHA256 Credential=AKIAXXXXXXXXXXXXXXXX/{parts[0]}/us-east-1/sts/"
        f"aws4_request, SignedHeaders={parts[1]}, Signature={parts[2]}"
    )
)


@QUICKLY
@given(header=st.one_of(HEADER, SIGNED), date=st.one_of(HEADER, st.just("20241222T235800Z")))
def test_any_authorization_header(account: Account, header: str, date: str) -> None:
    """A header that is no signature is IncompleteSignature, a wrong one is refused."""
    headers = {"authorization": header, "x-amz-date": date}
    answer = wire.reply(account, HttpRequest("GET", f"/?{CALLER}", headers)).answer
    assert answer.status in (400, 403)
    assert b"<Code>" in answer.body


@QUICKLY
@given(body=st.binary(max_size=400), form=st.booleans())
def test_any_body(account: Account, *, body: bytes, form: bool) -> None:
    """Bytes that are no form lead to the front page, those that are to a refusal."""
    headers = {"content-type": FORM} if form else {}
    assert wire.reply(account, HttpRequest("POST", "/", headers, body)).answer.status in (302, 400)


@QUICKLY
@given(
    operation=st.sampled_from([*CONSTRAINTS]),
    parameters=st.dictionaries(
        st.sampled_from(sorted({name for table in CONSTRAINTS.values() for name in table})),
        st.one_of(st.text(max_size=60), st.integers().map(str), st.just("[" * 5000)),
    ),
)
def test_any_parameters(account: Account, operation: str, parameters: dict[str, str]) -> None:
    """Whatever is asked for with good keys is granted or refused."""
    form = urlencode({"Action": operation, **VERSION, **parameters}, errors="replace")
    answer = wire.reply(account, signed(form)).answer
    assert answer.status in (200, 400, 403)


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
LIKELY: dict[str, st.SearchStrategy[Any]] = {
    "clock": st.fixed_dictionaries(
        {},
        optional={
            "advance": st.sampled_from(["9" * 400 + "d", "-99999d", "1e3h", "999999999h"]),
            "skew": st.sampled_from(["9" * 20 + "h", "-36525d", "36525d"]),
            "now": st.sampled_from(["9999-12-31T23:59:59Z", "0001-01-01", "now", "2024-13-01"]),
            "tick": JSON,
        },
    ),
    "faults": st.fixed_dictionaries(
        {"on": st.sampled_from(["*", "", "GetSessionToken"])},
        optional={
            "answer": st.sampled_from(["\ud800", "<&>", "timeout", "Throttling", ""]),
            "latency": st.sampled_from(["-1s", "1ms", "9999999d", ""]),
            "status": st.sampled_from([200, 204.0, 599, 99, 1000, "200"]),
            "times": st.sampled_from([0, 1.0, -1, 1.5]),
            "message": st.text(max_size=8),
        },
    ),
    "rotate": st.fixed_dictionaries({"user": st.one_of(st.text(max_size=9), st.integers())}),
    "world": st.fixed_dictionaries(
        {}, optional={"id": JSON, "keys": JSON, "mfa": JSON, "roles": JSON, "latency": JSON}
    ),
}


@QUICKLY
@given(data=st.data())
def test_any_json_on_the_control_interface(client: Client, data: st.DataObject) -> None:
    """It is taken, or refused with 400 and a reason; and STS is there afterwards."""
    name = data.draw(st.sampled_from([*LIKELY]))
    body = data.draw(st.one_of(JSON, LIKELY[name]))
    status, said = client.request("POST", f"/_sim/{name}", json.dumps(body))
    assert status in (200, 400), said
    assert status == 200 or json.loads(said)["error"]
    client.control("DELETE", "faults")
    assert client.request("GET", f"/?{CALLER}")[0] == 403
    assert client.control("POST", "reset") == {}


@pytest.mark.parametrize(
    "body",
    [b"{", b"\xff\xfe", b"[" * 100_000, b'{"a": 1' + b"0" * 5000 + b"}", b"NaN", b'"\\ud800"'],
)
def test_what_is_no_json(client: Client, body: bytes) -> None:
    """It is refused with 400, however deep or long."""
    head = f"POST /_sim/clock HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n\r\n"
    assert statuses(client.raw(head.encode() + body)) == [400]


POST = b"POST / HTTP/1.1\r\nHost: localhost\r\n"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (POST + b"Content-Length: 1000000000000\r\n\r\nx", 413),
        (POST + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n", 400),
        (POST + b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFF\r\n", 413),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n", 400),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n2\r\nxyz\r\n0\r\n\r\n", 400),
        (POST + b"A: b\r\n" * (http1.MOST_HEADERS + 1) + b"\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 500 + b"\n", 400),
    ],
)
def test_too_much_of_everything(client: Client, sent: bytes, status: int) -> None:
    """What is too large is said to be, before it is read; so is what is no HTTP (TLS, say)."""
    assert statuses(client.raw(sent)) == [status]


def test_a_body_beyond_what_sts_reads(client: Client) -> None:
    """Ten million bytes and one more are 413, with nothing in it."""
    status, body = client.request("POST", f"/?{CALLER}", "x" * 10_000_001, {"Content-Type": FORM})
    assert (status, body) == (413, b"")


@pytest.mark.parametrize("length", [1, 20, 60])
def test_a_client_that_goes_away(client: Client, length: int) -> None:
    """Half a request, and then no more: nothing to answer, or that it is no request."""
    request = POST + b"Content-Length: 100\r\n\r\nhalf of it"
    assert statuses(client.raw(request[:length])) in ([], [400])


def test_a_client_that_sends_a_byte_at_a_time(client: Client) -> None:
    """A slow client is served like any other."""
    request = b"GET /_sim/faults HTTP/1.1\r\nHost: localhost\r\n\r\n"
    assert statuses(client.raw(*(bytes([byte]) for byte in request))) == [200]


@pytest.mark.parametrize(
    "form", ["Action=Fly&Version=2010-05-08", "Version=2010-05-08", "Action=CreateUser", "%", ""]
)
def test_what_moto_makes_nothing_of(client: Client, form: str) -> None:
    """A signed request that moto chokes on is an answer of AWS's form."""
    request = signed(form, scope=("iam", "us-east-1"))
    status, body = client.request("POST", "/", form, dict(request.headers))
    assert status in (302, 400, 403, 404, 500)
    assert b"Traceback" not in body
    assert b"a bug of the simulator's" not in body
