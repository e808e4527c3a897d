"""STS's Query API: what is answered before STS is asked, dates, parameters, headers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest

from sts_simulator.account.account import Account
from sts_simulator.wire import form
from sts_simulator.wire.http import FORM, HttpAnswer, HttpRequest
from tests.support.signed_requests import (
    CALLER,
    SESSION,
    TABLE,
    an_account,
    ask,
    code,
    message,
    real_now,
    signed,
)


@pytest.fixture
def account() -> Account:
    """An account with one key, at the real time."""
    return an_account()


def test_headers(account: Account) -> None:
    """Every answer of STS has two ids, a Date and a content type."""
    headers = ask(account, signed(CALLER)).headers
    assert list(headers) == [
        "Date",
        "x-amzn-RequestId",
        "x-amz-sts-extended-request-id",
        "Content-Type",
    ]
    assert headers["Content-Type"] == "text/xml"
    assert headers["Date"].endswith(" GMT")


LOCATION = "https://aws.amazon.com/iam"


@pytest.mark.parametrize(
    ("request_", "status", "headers", "body"),
    [
        (
            HttpRequest("GET", "/elsewhere?" + urlencode(CALLER), {}),
            404,
            {"Content-Type": "text/xml"},
            b"<UnknownOperationException/>\n",
        ),
        (
            HttpRequest("GET", "/", {}),
            302,
            {"Location": "https://aws.amazon.com/iam"},
            b"",
        ),
        (
            HttpRequest("POST", "/", {"content-type": "text/plain"}, urlencode(CALLER).encode()),
            302,
            {"Location": "https://aws.amazon.com/iam"},
            b"",
        ),
        (HttpRequest("POST", "/", {"content-type": FORM}, b"x" * 10_000_001), 413, {}, b""),
        # simulator-gaps F17: aws-iam-authenticator#1108
        (HttpRequest("GET", "/?" + "x" * 16_383, {}), 400, {}, b""),
        (HttpRequest("GET", "/?" + "x" * 16_382, {}), 302, {"Location": LOCATION}, b""),
    ],
)
def test_before_any_operation(
    account: Account, request_: HttpRequest, status: int, headers: dict[str, str], body: bytes
) -> None:
    """The front end answers requests without an operation, and does not authenticate."""
    answer = ask(account, request_)
    assert answer.headers["Date"].endswith(" GMT")  # simulator-gaps S1
    assert answer == HttpAnswer(status, headers | {"Date": answer.headers["Date"]}, body)
    assert account.calls == []


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"Action": "Fly"} | {"Version": "2011-06-15"}, "operation Fly for version 2011-06-15"),
        ({"Action": "GetCallerIdentity"}, "GetCallerIdentity for version NO_VERSION_SPECIFIED"),
        (CALLER | {"Version": "2010-05-08"}, "GetCallerIdentity for version 2010-05-08"),
    ],
)
def test_unknown_operations(account: Account, parameters: dict[str, str], message: str) -> None:
    """An unknown operation or version is refused in a namespace of its own, signed or not."""
    unsigned = HttpRequest("GET", "/?" + urlencode(parameters), {})
    for request in (signed(parameters), unsigned):
        answer = ask(account, request)
        assert answer.status == 400
        assert b'xmlns="http://webservices.amazon.com/AWSFault/2005-15-09"' in answer.body
        assert b"<Code>InvalidAction</Code>" in answer.body
        assert f"{message}</Message>".encode() in answer.body


def test_a_parameter_given_twice_and_one_nobody_knows(account: Account) -> None:
    """Of two equal names the first counts, and unknown parameters are ignored."""
    form = urlencode(SESSION) + "&DurationSeconds=900&DurationSeconds=abc&Foo=bar"
    assert code(ask(account, signed(form))) == ""
    assert account.calls[-1].parameters["DurationSeconds"] == "900"


@pytest.mark.parametrize(
    ("seconds", "refused", "said"),
    [
        ("abc", "MalformedInput", None),
        ("900.0", "MalformedInput", None),
        ("2147483648", "MalformedInput", None),
        ("9" * 5000, "MalformedInput", None),
        ("", "MalformedInput", "missing value for decimal type"),
        ("+900", "", None),
        ("0900", "", None),
    ],
)
def test_numbers_as_sts_reads_them(
    account: Account, seconds: str, refused: str, said: str | None
) -> None:
    """What is no 32-bit integer is MalformedInput; a sign and leading zeros are accepted."""
    answer = ask(account, signed(SESSION | {"DurationSeconds": seconds}))
    assert code(answer) == refused
    assert message(answer) == said


@pytest.mark.parametrize(
    ("skew", "words"),
    [("20m", "Signature expired: "), ("-20m", "Signature not yet current: "), ("14m", None)],
)
def test_a_clock_that_is_off(skew: str, words: str | None) -> None:
    """Beyond 15 minutes either way the date is refused, before anything else (B-L10)."""
    account = Account.from_table({"skew": skew}, real_now)
    answer = ask(account, signed(CALLER, scope=("sts", "mars-1")))
    assert code(answer) == "SignatureDoesNotMatch"
    assert str(message(answer)).startswith(words or "Credential should be")


def test_two_clocks() -> None:
    """A date is valid by either clock, and the answer's Date is by the nearer one."""
    story = datetime(2024, 12, 22, 23, 58, tzinfo=UTC)
    account = Account.from_table(TABLE, lambda: story, real_now)
    answer = ask(account, signed(SESSION))
    assert code(answer) == ""
    assert f" {real_now():%Y} " in answer.headers["Date"]
    assert b"<Expiration>2024-12-23T11:58:00Z</Expiration>" in answer.body
    assert ask(account, HttpRequest("GET", "/?" + urlencode(CALLER), {})).headers["Date"] == (
        "Sun, 22 Dec 2024 23:58:00 GMT"
    )


def test_unsigned(account: Account) -> None:
    """An unsigned call of a known operation is MissingAuthenticationToken."""
    answer = ask(account, HttpRequest("GET", "/?" + urlencode(CALLER), {}))
    assert (answer.status, code(answer)) == (403, "MissingAuthenticationToken")


def test_a_body_may_be_long(account: Account) -> None:
    """A body of ten million bytes is still read."""
    request = HttpRequest("POST", "/", {"content-type": FORM}, b"x" * 10_000_000)
    assert ask(account, request).status == 302


def test_the_account_is_free_while_a_form_is_read(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """H1: at every pause in the reading of a long form another call is answered."""
    answered: list[int] = []

    with ThreadPoolExecutor(1) as another:

        def pause(_seconds: float) -> None:
            call = another.submit(ask, account, signed(CALLER))
            answered.append(call.result(timeout=10).status)

        monkeypatch.setattr("sts_simulator.wire.form.time.sleep", pause)
        long = urlencode(CALLER) + "&x" * (5 * form.SLICE)
        assert ask(account, signed(long)).status == 200
    assert len(answered) >= 10
    assert {*answered} == {200}
