"""The wire form: STS's answers to the byte, and what is answered before STS is asked."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

import pytest
from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from sts_simulator.account.account import Account
from sts_simulator.account.faults import Fault
from sts_simulator.wire import query_api
from sts_simulator.wire.http import FORM, HttpAnswer, HttpRequest

if TYPE_CHECKING:
    from collections.abc import Mapping

ID, SECRET = "AKIAXXXXXXXXXXXXXXXX", "new-secret"
TABLE = {"keys": {"new": {"id": ID, "secret": SECRET}}}
CALLER = {"Action": "GetCallerIdentity", "Version": "2011-06-15"}
SESSION = {"Action": "GetSessionToken", "Version": "2011-06-15"}
URL = "https://sts.us-east-1.amazonaws.com/"


def real_now() -> datetime:
    """Return the time that botocore signs by."""
    return datetime.now(UTC)


@pytest.fixture
def account() -> Account:
    """An account with one key, at real time, as botocore signs the requests here."""
    return Account.from_table(TABLE, real_now)


def signed(  # noqa: PLR0913 - what a request is made of
    parameters: Mapping[str, str] | str,
    *,
    method: str = "POST",
    headers: Mapping[str, str] | None = None,
    scope: tuple[str, str] = ("sts", "us-east-1"),
    token: str | None = None,
    signer: type[SigV4Auth] = SigV4Auth,
) -> HttpRequest:
    """Return a request signed by botocore, which knows nothing of the code under test."""
    form = parameters if isinstance(parameters, str) else urlencode(parameters)
    posted = method == "POST"
    request = AWSRequest(
        method,
        URL if posted else f"{URL}?{form}",
        {"Content-Type": FORM} | dict(headers or {}) if posted else dict(headers or {}),
        form if posted else "",
    )
    signer(Credentials(ID, SECRET, token), *scope).add_auth(request)
    prepared = request.prepare()
    url = urlsplit(prepared.url)
    return HttpRequest(
        method,
        f"{url.path}?{url.query}" if url.query else url.path,
        {"host": url.netloc} | {name.lower(): str(text) for name, text in prepared.headers.items()},
        form.encode() if posted else b"",
    )


def ask(account: Account, request: HttpRequest) -> HttpAnswer:
    """Return STS's answer."""
    return query_api.reply(account, request).answer


def test_caller_identity_to_the_byte(account: Account) -> None:
    """Namespace, indent, order and last line end are the real service's."""
    answer = ask(account, signed(CALLER))
    request_id = answer.headers["x-amzn-RequestId"]
    user = account.directory.user("dev-admin")
    assert user is not None
    assert answer.status == 200
    assert answer.body.decode() == (
        '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">\n'
        "  <GetCallerIdentityResult>\n"
        "    <Arn>arn:aws:iam::123456789012:user/dev-admin</Arn>\n"
        f"    <UserId>{user.user_id}</UserId>\n"
        "    <Account>123456789012</Account>\n"
        "  </GetCallerIdentityResult>\n"
        "  <ResponseMetadata>\n"
        f"    <RequestId>{request_id}</RequestId>\n"
        "  </ResponseMetadata>\n"
        "</GetCallerIdentityResponse>\n"
    )


def test_refusal_to_the_byte(account: Account) -> None:
    """RequestId stands beside Error; a message's last blank is kept."""
    answer = ask(account, signed(CALLER, scope=("sts", "mars-1")))
    assert answer.status == 403
    assert answer.body.decode() == (
        '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">\n'
        "  <Error>\n"
        "    <Type>Sender</Type>\n"
        "    <Code>SignatureDoesNotMatch</Code>\n"
        "    <Message>Credential should be scoped to a valid region. </Message>\n"
        "  </Error>\n"
        f"  <RequestId>{answer.headers['x-amzn-RequestId']}</RequestId>\n"
        "</ErrorResponse>\n"
    )


def test_headers(account: Account) -> None:
    """Every answer of STS's has its two ids, a Date and its type."""
    headers = ask(account, signed(CALLER)).headers
    assert list(headers) == [
        "Date",
        "x-amzn-RequestId",
        "x-amz-sts-extended-request-id",
        "Content-Type",
    ]
    assert headers["Content-Type"] == "text/xml"
    assert headers["Date"].endswith(" GMT")


def test_session_instants_are_whole_seconds(account: Account) -> None:
    """Expiration has whole seconds and a Z."""
    body = ask(account, signed(SESSION | {"DurationSeconds": "900"})).body.decode()
    written = body.partition("<Expiration>")[2].partition("</Expiration>")[0]
    expiration = datetime.strptime(written, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert timedelta(seconds=890) < expiration - real_now() <= timedelta(seconds=900)


def test_json_for_who_asks_for_it(account: Account) -> None:
    """`Accept: application/json` gets JSON, with a numeric Expiration; refusals too."""
    accept = {"Accept": "application/json"}
    answer = ask(account, signed(SESSION, headers=accept))
    said = json.loads(answer.body)["GetSessionTokenResponse"]
    assert answer.headers["Content-Type"] == "application/json"
    assert said["ResponseMetadata"] == {"RequestId": answer.headers["x-amzn-RequestId"]}
    assert isinstance(said["GetSessionTokenResult"]["Credentials"]["Expiration"], int)
    refused = json.loads(
        ask(account, signed(SESSION | {"TokenCode": "123456"}, headers=accept)).body
    )
    assert refused["Error"]["Code"] == "AccessDenied"
    assert refused["Error"]["Type"] == "Sender"


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
    ],
)
def test_before_any_operation(
    account: Account, request_: HttpRequest, status: int, headers: dict[str, str], body: bytes
) -> None:
    """The front end answers what names no operation, and authenticates nobody."""
    assert ask(account, request_) == HttpAnswer(status, headers, body)
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
    """An unknown operation or version is refused in a namespace of its own, whoever asks."""
    unsigned = HttpRequest("GET", "/?" + urlencode(parameters), {})
    for request in (signed(parameters), unsigned):
        answer = ask(account, request)
        assert answer.status == 400
        assert b'xmlns="http://webservices.amazon.com/AWSFault/2005-15-09"' in answer.body
        assert b"<Code>InvalidAction</Code>" in answer.body
        assert f"{message}</Message>".encode() in answer.body


def code(answer: HttpAnswer) -> str:
    """Return the answer's error code, "" when it succeeded."""
    return answer.body.decode().partition("<Code>")[2].partition("</Code>")[0]


def message(answer: HttpAnswer) -> str | None:
    """Return the answer's message, None without one."""
    _, found, rest = answer.body.decode().partition("<Message>")
    return rest.partition("</Message>")[0] if found else None


@pytest.mark.parametrize(
    ("method", "signer"), [("POST", SigV4Auth), ("GET", SigV4Auth), ("GET", SigV4QueryAuth)]
)
def test_both_methods_and_both_places_of_a_signature(
    account: Account, method: str, signer: type[SigV4Auth]
) -> None:
    """GET and POST work, signed in the header or in the query; a wrong secret does not."""
    request = signed(SESSION | {"DurationSeconds": "900"}, method=method, signer=signer)
    assert code(ask(account, request)) == ""
    assert account.calls[-1].parameters == {"DurationSeconds": "900"}
    account.administrator.rotate("dev-admin", ID, "another")
    assert code(ask(account, request)) == "SignatureDoesNotMatch"


def test_everything_that_is_signed_counts(account: Account) -> None:
    """A body, query or header that was changed after signing is a wrong signature."""
    request = signed(SESSION | {"DurationSeconds": "900"})
    changed = HttpRequest(
        request.method, request.target, request.headers, request.body.replace(b"900", b"901")
    )
    assert code(ask(account, changed)) == "SignatureDoesNotMatch"
    get = signed(SESSION | {"DurationSeconds": "900"}, method="GET")
    changed = HttpRequest(get.method, get.target.replace("900", "901"), get.headers)
    assert code(ask(account, changed)) == "SignatureDoesNotMatch"
    elsewhere = HttpRequest(
        request.method, request.target, {**request.headers, "host": "evil"}, request.body
    )
    assert code(ask(account, elsewhere)) == "SignatureDoesNotMatch"


def test_a_parameter_given_twice_and_one_nobody_knows(account: Account) -> None:
    """The first of two counts, and an unknown parameter is ignored."""
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
    """What is no 32-bit integer is MalformedInput; a sign and zeros in front are fine."""
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
    """A date is good by either clock, and the answer's Date is in the nearer one."""
    story = datetime(2024, 12, 22, 23, 58, tzinfo=UTC)
    account = Account.from_table(TABLE, lambda: story, real_now)
    answer = ask(account, signed(SESSION))
    assert code(answer) == ""
    assert f" {real_now():%Y} " in answer.headers["Date"]
    assert b"<Expiration>2024-12-23T11:58:00Z</Expiration>" in answer.body
    assert ask(account, HttpRequest("GET", "/?" + urlencode(CALLER), {})).headers["Date"] == (
        "Sun, 22 Dec 2024 23:58:00 GMT"
    )


MANGLED = {
    "Bearer abc": (
        "'abc' not a valid key=value pair (missing equal-sign) "
        "in Authorization header: 'Bearer abc'."
    ),
    "AWS4-HMAC-SHA256 Credential=x/y": (
        "Authorization header requires 'Signature' parameter. "
        "Authorization header requires 'SignedHeaders' parameter. "
        "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. "
        "Authorization=AWS4-HMAC-SHA256 Credential=x/y"
    ),
}


@pytest.mark.parametrize("header", MANGLED)
def test_a_mangled_authorization_header(account: Account, header: str) -> None:
    """What cannot be read of a signature is IncompleteSignature, 400."""
    request = HttpRequest("GET", "/?" + urlencode(CALLER), {"authorization": header})
    answer = ask(account, request)
    assert (answer.status, code(answer), message(answer)) == (
        *(400, "IncompleteSignature", MANGLED[header]),
    )


def test_unsigned(account: Account) -> None:
    """An unsigned call of a known operation is refused as that."""
    answer = ask(account, HttpRequest("GET", "/?" + urlencode(CALLER), {}))
    assert (answer.status, code(answer)) == (403, "MissingAuthenticationToken")


def test_whose_fault_it_is(account: Account) -> None:
    """A server's failure is the receiver's, and has no message."""
    account.faults.add(Fault.parse({"on": "*", "answer": "InternalFailure"}))
    answer = ask(account, signed(CALLER))
    assert (answer.status, code(answer), message(answer)) == (500, "InternalFailure", None)
    assert b"<Type>Receiver</Type>" in answer.body


def test_a_body_may_be_long(account: Account) -> None:
    """Ten million bytes are still read."""
    request = HttpRequest("POST", "/", {"content-type": FORM}, b"x" * 10_000_000)
    assert ask(account, request).status == 302


def test_text_from_outside_stays_text(account: Account) -> None:
    """Markup in a value that is told back is escaped."""
    answer = ask(account, signed(SESSION | {"TokenCode": "<b>&", "SerialNumber": "GAHT12345678"}))
    assert "Value '&lt;b&gt;&amp;' at 'tokenCode'" in str(message(answer))


@pytest.mark.parametrize(
    ("answer", "status", "content_type"),
    [
        ("html", 502, "text/html"),
        ("garbage", 200, "text/xml"),
        ("empty", 200, "text/xml"),
        ("truncated", 200, "text/xml"),
    ],
)
def test_broken_answers(account: Account, answer: str, status: int, content_type: str) -> None:
    """A broken answer has its default status and type, and is not STS's."""
    account.faults.add(Fault.parse({"on": "*", "answer": answer}))
    broken, right = ask(account, signed(CALLER)), ask(account, signed(CALLER))
    assert (broken.status, broken.headers["Content-Type"]) == (status, content_type)
    assert len(broken.body) < len(right.body)
    assert b"</GetCallerIdentityResponse>" not in broken.body
    assert ("x-amzn-RequestId" in broken.headers) is (answer == "truncated")
