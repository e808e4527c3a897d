"""Strategies for any input of the simulator, and what must hold for each.

`TARGETS` has a strategy and a check by name.  A check raises AssertionError, or whatever the
simulator should have caught.  In process all of them but `framing`, which is about sockets.
"""

from __future__ import annotations

import errno
import json
import re
import socket
import traceback
from contextlib import redirect_stdout
from functools import cache
from http.client import responses
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.session import get_session
from hypothesis import strategies as st

from sts_simulator.account import account_schema, faults, parameters
from sts_simulator.account.operations import MODELLED
from sts_simulator.server import control, delays
from sts_simulator.server.http1 import written
from sts_simulator.server.server import Server, largest_body
from sts_simulator.server.simulation import Simulation
from sts_simulator.wire.http import FORM, HttpRequest
from tests.fuzzing.target import Target, must
from tests.support.anything import anything

if TYPE_CHECKING:
    from collections.abc import Callable

    from sts_simulator.wire.query_api import Reply

ID, SECRET = "AKIAFUZZFUZZFUZZFUZZ", "the-secret-of-the-tests"
ROLE = "arn:aws:iam::123456789012:role/"
WORLD: dict[str, Any] = {
    "keys": {"fuzz": {"id": ID, "secret": SECRET}},
    "mfa": {"arn": "arn:aws:iam::123456789012:mfa/user", "codes": ["123456"]},
    "roles": {"anybody": {"external_id": "x1"}},
    "policies": {"dev-admin": {"Statement": {"Effect": "Deny", "Action": "s3:x", "Resource": "*"}}},
    "regions": {"disabled": ["eu-west-3"]},
    "enforce": True,
}
NOT_A_BUG = "no answer is a bug's"
# The statuses that AWS documents for these codes ("Common errors" of the STS API reference).
STATUSES = {
    **dict.fromkeys(("AccessDenied", "ExpiredToken", "InvalidClientTokenId"), 403),
    **dict.fromkeys(("MissingAuthenticationToken", "SignatureDoesNotMatch"), 403),
    **dict.fromkeys(("IncompleteSignature", "InvalidAction", "ValidationError"), 400),
}
# Errors of a connection that is refused before everything was sent.
_REFUSED = {errno.ECONNRESET, errno.EPIPE, errno.ENOTCONN}
_ANSWERS_WITHIN = 10  # seconds: a client that has sent everything waits no longer


@cache
def server() -> Server:
    """Return a server that does not serve: it is asked in process."""
    return Server(Simulation(WORLD))


def answered(request: HttpRequest) -> Reply:
    """Return the server's reply to a request, whose form is checked; a bug raises."""
    largest_body(request)
    with redirect_stdout(None):  # moto prints hints to its developers
        reply = server()._reply(request)  # noqa: SLF001 - `_serve` catches what goes wrong in it
    if delays.wants_report(request.headers):
        reply = delays.reported(reply)
    outcome = reply.outcome
    if not (outcome and outcome.breakage):
        written_well(request.method, reply)
    return reply


def written_well(method: str, reply: Reply) -> None:
    """Check that an answer is one message of HTTP, with no line that its headers do not have."""
    head, _, body = written(method, reply.answer).partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    whole = len(lines) <= len(reply.answer.headers) + 2
    must(whole and not re.search(rb"[\r\n\0]", b"".join(lines)), "no header makes a line", lines)
    status = reply.answer.status
    must(status in responses or 200 <= status <= 599, "a status is one of HTTP", status)
    must(b"Traceback" not in body, "no traceback is sent", body)
    if reply.outcome and status >= 400 and status != 500:
        error_well_formed(reply)


def error_well_formed(reply: Reply) -> None:
    """Check that STS's error is in its form, in XML or JSON, with the status that its code has."""
    answer = reply.answer
    if answer.headers.get("Content-Type") == "application/json":
        told = json.loads(answer.body)["Error"]
        code = told["Code"]
    else:
        root = ET.fromstring(answer.body)  # noqa: S314 - the simulator's own
        code = root.findtext("{*}Error/{*}Code") or ""
        form = root.tag.endswith("}ErrorResponse") and root.findtext("{*}RequestId")
        must(form, "an error is in STS's form", answer.body)
    must(code, "an error has a code", answer.body)
    status = STATUSES.get(code, answer.status)
    must(answer.status == status, "an error has the status of its code", (code, answer.status))


def not_a_bug(request: HttpRequest) -> None:
    """Check that the answer is not an error of the simulator's own."""
    reply = answered(request)
    must(reply.answer.status != 500, NOT_A_BUG, reply.answer.body)


# Requests that are not signed, or badly

TEXT = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\0"), max_size=30)
_SCOPE = "20240101/us-east-1/sts/aws4_request"
PARTS = st.sampled_from(
    [
        *(
            "AWS4-HMAC-SHA256",
            "Credential=",
            "SignedHeaders=",
            "Signature=",
            ", ",
            " ",
            "/",
            "=",
            ",",
        ),
        *(f"{ID}/{_SCOPE}", _SCOPE, ID, "host", "host;x-amz-date", "a" * 64, "aws4_request", "s3"),
        *("AWS4-HMAC-SHA512", "Bearer x", "é", "%", "\x80"),
    ]
)
HEADER = st.lists(PARTS | TEXT, max_size=9).map("".join) | st.builds(
    "AWS4-HMAC-SHA256 Credential={}/{}, SignedHeaders={}, Signature={}".format,
    st.just(ID) | TEXT,
    st.just(_SCOPE) | st.lists(TEXT, max_size=6).map("/".join),
    st.sampled_from(["host", "host;x-amz-date", ";host", ""]) | TEXT,
    TEXT,
)
DATES = (
    st.sampled_from(["20240101T000000Z", "99991231T235959Z", "00010101T000000Z", "0", ""])
    | st.sampled_from(["Mon, 01 Jan 2024 00:00:00 GMT", "Mon, 01 Jan 0001 00:00:00 +2359"])
    | TEXT
)
HEADERS = st.fixed_dictionaries(
    {"host": st.sampled_from(["127.0.0.1", "sts.amazonaws.com", "sts.localhost", "[", ""]) | TEXT},
    optional={
        "authorization": HEADER,
        "x-amz-date": DATES,
        "date": DATES,
        "content-type": st.sampled_from([FORM, f"{FORM}; charset=x", "application/json"]) | TEXT,
        "accept": st.sampled_from(["application/json", "*/*"]) | TEXT,
        "x-amz-target": st.sampled_from(["DynamoDB_20120810.ListTables", "."]) | TEXT,
        "x-amz-security-token": TEXT,
        "x-amz-content-sha256": TEXT,
        "x-sim-tell-waits": TEXT,
        "content-length": TEXT,
        "transfer-encoding": TEXT,
    },
)
FIELDS = st.lists(
    st.sampled_from(
        [
            *("Action=GetCallerIdentity", "Version=2011-06-15", "Action=", "X-Amz-Signature=0"),
            *(
                "X-Amz-Algorithm=AWS4-HMAC-SHA256",
                f"X-Amz-Credential={ID}/{_SCOPE}",
                "=",
                "%",
                "%ff",
            ),
            *("X-Amz-Date=20240101T000000Z", "X-Amz-SignedHeaders=host", "X-Amz-Security-Token="),
        ]
    )
    | TEXT,
    max_size=9,
).map("&".join)
METHODS = st.sampled_from(
    ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "CONNECT", "PATCH", "get", "x", "É"]
)
PATHS = st.sampled_from(["/", "", "//", "/bucket/key", "/%", "/%2f", "*", "/moto-api/data.json"])
REQUESTS = st.builds(
    lambda method, path, query, headers, body: HttpRequest(
        method, f"{path}?{query}" if query else path, headers, body
    ),
    METHODS,
    PATHS | TEXT.map(lambda text: "/" + "".join(text.split())),
    FIELDS.map(lambda query: "".join(query.split())),
    HEADERS,
    st.binary(max_size=60) | FIELDS.map(str.encode),
)


# Calls that are signed

SIGNED_BY = Credentials(ID, SECRET)
VALUES = st.sampled_from(
    [
        "",
        "-1",
        "900",
        "9" * 99,
        "1e9",
        "{}",
        "null",
        ROLE + "anybody",
        "arn:",
        "123456",
        "\0",
        "x" * 3000,
    ]
) | st.text(max_size=20)


def signed(service: str, form: str, headers: dict[str, str], target: str = "/") -> HttpRequest:
    """Return a request that is signed well."""
    asked = AWSRequest("POST", f"http://127.0.0.1{target}", {"Host": "127.0.0.1", **headers}, form)
    signer = S3SigV4Auth if service == "s3" else SigV4Auth
    signer(SIGNED_BY, service, "us-east-1").add_auth(asked)
    sent = {name.lower(): str(text) for name, text in asked.headers.items()}
    return HttpRequest("POST", target, sent, form.encode())


def called(service: str, version: str, asked: dict[str, str]) -> HttpRequest:
    """Return a signed call of the Query API."""
    fields = {"Version": version, **asked}
    form = "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in fields.items())
    return signed(service, form, {"Content-Type": FORM})


def _quoted(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode("utf-8", "replace"))


def names(operation: str) -> list[str]:
    """Return the names of an operation's parameters, and some that are nobody's."""
    lists = ("Tags.member.1", "TransitiveTagKeys.member.1", "PolicyArns.member.1")
    known = [*parameters.CONSTRAINTS.get(operation, {}), *lists, "Tags.member.1.Key"]
    return [*known, "Tags.member.1.Value", "PolicyArns.member.1.arn", "X"]


STS_CALLS = st.sampled_from(MODELLED).flatmap(
    lambda operation: st.builds(
        lambda asked: called("sts", "2011-06-15", {"Action": operation, **asked}),
        st.dictionaries(st.sampled_from(names(operation)), VALUES, max_size=8),
    )
)


@cache
def iam_actions() -> dict[str, list[str]]:
    """Return the actions of IAM, each with the names of its parameters."""
    model = get_session().get_service_model("iam")
    found: dict[str, list[str]] = {}
    for name in model.operation_names:
        shape = model.operation_model(name).input_shape
        given = shape.members.items() if shape else ()
        found[name] = [
            f"{member}.member.1" if each.type_name == "list" else member for member, each in given
        ]
    return found


IAM_VALUES = VALUES | st.sampled_from(
    ["dev-admin", "anybody", "true", "Active", "arn:aws:iam::123456789012:user/dev-admin"]
)
IAM_CALLS = st.sampled_from(sorted(iam_actions())).flatmap(
    lambda action: st.builds(
        lambda asked: called("iam", "2010-05-08", {"Action": action, **asked}),
        st.dictionaries(st.sampled_from([*iam_actions()[action], "X"]), IAM_VALUES, max_size=5),
    )
)
SERVICES = ["s3", "dynamodb", "ec2", "sqs", "lambda", "iam", "sns", "kms", "mars", "", "../x"]
OTHER_CALLS = st.builds(
    lambda service, body, target, action: signed(
        service, body, {"X-Amz-Target": target, "Content-Type": action}, "/"
    ),
    st.sampled_from(SERVICES),
    TEXT | st.builds(json.dumps, anything),
    st.sampled_from(["DynamoDB_20120810.ListTables", "TrentService.Sign", "x"]),
    st.sampled_from([FORM, "application/x-amz-json-1.0"]),
)


# Policies

OPERATORS = st.sampled_from(
    ["Bool", "StringLike", "ForAllValues:StringEquals", "IpAddressIfExists", "DateLessThan", "Null",
     "NumericLessThan", "ArnLike", "BinaryEquals", "X"]
)  # fmt: skip
KEYS = st.sampled_from(["aws:username", "aws:SourceIp", "aws:MultiFactorAuthAge", "aws:X", "x"])
WORDS = st.sampled_from(
    ["*", "sts:*", "s3:Get?bject", "${aws:username}", "${", "arn:*", "true", "1"]
) | st.text(max_size=5)
SEVERAL = WORDS | st.lists(WORDS, max_size=3)
STATEMENTS = st.fixed_dictionaries(
    {"Effect": st.sampled_from(["Allow", "Deny"])},
    optional={
        **dict.fromkeys(["Action", "NotAction", "Resource", "NotResource"], SEVERAL | anything),
        **dict.fromkeys(
            ["Principal", "NotPrincipal"], st.dictionaries(WORDS, SEVERAL, max_size=2) | anything
        ),
        "Condition": anything
        | st.dictionaries(
            OPERATORS, st.dictionaries(KEYS, SEVERAL | anything, max_size=2), max_size=2
        ),
    },
)
POLICIES = st.builds(
    lambda statement: {"Version": "2012-10-17", "Statement": statement},
    STATEMENTS | st.lists(STATEMENTS, max_size=2) | anything,
)


def judged(given: tuple[object, object, str]) -> None:
    """Check that whatever the policies are, calls that they are about have an answer."""
    identity, trust, session = given
    world = WORLD | {"policies": {"dev-admin": identity}, "roles": {"anybody": {"trust": trust}}}
    if controlled("POST", "/_sim/world", json.dumps(world)) != 200:
        return
    for asked in (
        {"Action": "AssumeRole", "RoleArn": ROLE + "anybody", "RoleSessionName": "me"},
        {"Action": "GetFederationToken", "Name": "guest", "Policy": session},
    ):
        not_a_bug(called("sts", "2011-06-15", asked))
    not_a_bug(called("iam", "2010-05-08", {"Action": "GetUser"}))
    controlled("POST", "/_sim/reset", "")


# The control interface

PATHS_OF_CONTROL = [*sorted(control.ACTIONS), ("POST", "/_sim/nothing")]
NUMBERS = st.sampled_from(["36h", "-1s", "99999999999h", "0s", "1e9s", "", "1h30m"]) | st.text(
    max_size=5
)
LIKELY: dict[str, st.SearchStrategy[Any]] = {
    "/_sim/clock": st.fixed_dictionaries(
        {},
        optional={
            "advance": NUMBERS | anything,
            "skew": NUMBERS | anything,
            "tick": st.booleans() | anything,
            "now": st.sampled_from(["2024-12-22T16:58:00Z", "9999-12-31T23:59:59-12:00", "noon"])
            | anything,
        },
    ),
    "/_sim/sleep": st.fixed_dictionaries({"for": NUMBERS | anything}),
    "/_sim/rotate": st.fixed_dictionaries({"user": st.sampled_from(["dev-admin", "x"]) | anything}),
}


LIKELY_TEXTS = (
    st.sampled_from([ID, "dev-admin", "123456789012", "5s", "JBSWY3DPEHPK3PXPJBSWY3DP"]) | st.text()
)


def like(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Return values of a JSON Schema as this project writes them, now and then another value."""
    return _fitting(schema) | anything


def _fitting(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    if "anyOf" in schema and "type" not in schema:
        return st.one_of(*map(_fitting, schema["anyOf"]))
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    kinds: dict[str, Callable[[], st.SearchStrategy[Any]]] = {
        "object": lambda: _table(schema),
        "array": lambda: st.lists(like(schema["items"]), max_size=3),
        "boolean": st.booleans,
        "integer": st.integers,
    }
    return kinds.get(schema.get("type", ""), lambda: LIKELY_TEXTS)()


def _table(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Return tables of a schema; those that may have any field are policies."""
    if isinstance(more := schema.get("additionalProperties"), dict):
        return st.dictionaries(st.text(max_size=9), like(more), max_size=2)
    known = {name: like(each) for name, each in schema.get("properties", {}).items()}
    return st.fixed_dictionaries({}, optional=known) if known else POLICIES


LIKELY["/_sim/world"] = like(account_schema.ACCOUNT_SCHEMA)
FAULTS = like(
    faults.FAULT_SCHEMA
    | {
        "properties": faults.FAULT_SCHEMA["properties"]
        | {
            "on": {"enum": [*MODELLED, "*"]},
            "answer": {"enum": [*faults.BREAKAGES, "Throttling", "é"]},
        }
    }
)
LIKELY["/_sim/faults"] = FAULTS | st.lists(FAULTS, max_size=3)
CONTROL = st.sampled_from(PATHS_OF_CONTROL).flatmap(
    lambda known: st.tuples(
        st.just(known),
        LIKELY.get(known[1], anything).map(json.dumps)
        | anything.map(json.dumps)
        | st.text(max_size=20),
    )
)


def controlled(method: str, path: str, body: str) -> int:
    """Ask the control interface; return the status."""
    sent = body.encode("utf-8", "replace")
    return answered(HttpRequest(method, path, {"host": "localhost"}, sent)).answer.status


def control_stays_usable(given: tuple[tuple[str, str], str]) -> None:
    """Check a request of the control interface, and that calls are answered after it."""
    (method, path), body = given
    status = controlled(method, path, body)
    must(status in (200, 400, 404), "the control interface answers", status)
    try:
        for operation in ("GetCallerIdentity", "GetSessionToken"):
            answered(called("sts", "2011-06-15", {"Action": operation}))
        for method_, path_ in PATHS_OF_CONTROL:
            if method_ == "GET":
                status = controlled(method_, path_, "")
                must(status == 200, "what looks is answered afterwards", status)
    finally:
        must(controlled("POST", "/_sim/reset", "") == 200, "it can be reset")


# Framing

LINES = st.sampled_from(
    [
        *(
            b"GET / HTTP/1.1",
            b"POST /_sim/clock HTTP/1.1",
            b"POST / HTTP/1.1",
            b"GET http://x/ HTTP/1.1",
        ),
        *(b"GET http:// HTTP/1.1", b"CONNECT x:443 HTTP/1.1", b"* * HTTP/1.9", b"PRI * HTTP/2.0"),
        *(b"HEAD / HTTP/1.0", b"HTTP/1.1 200 OK", b"", b"\xff \xff HTTP/1.1"),
    ]
)
FIELD_LINES = st.sampled_from(
    [
        *(b"Transfer-Encoding: chunked", b"transfer-encoding: gzip, chunked", b"Content-Length: 2"),
        *(
            b"Content-Length: +2",
            b"Content-Length: 99999999999",
            b"Connection: close",
            b"A: \xff\0",
        ),
        *(
            b"Connection: ,",
            b"Expect: 100-continue",
            b": x",
            b"x",
            b"Host: localhost",
            b"a" * 70_000,
        ),
        b"Content-Type: application/x-www-form-urlencoded",
    ]
)
BODIES = st.sampled_from(
    [
        *(b"{}", b"2\r\n{}\r\n", b"0\r\n\r\n", b"-1\r\n", b"fffffffffff\r\n", b"2;x=y\r\n{}\r\n"),
        *(
            b"x\r\n",
            b"\r\n",
            b"\n",
            b"\0",
            b"2\r\n{}x\r\n",
            b"Action=GetCallerIdentity&Version=2011-06-15",
        ),
    ]
)
MESSAGES = st.builds(
    lambda line, fields, body: b"\r\n".join([line, *fields, b"", b"".join(body)]),
    LINES,
    st.lists(FIELD_LINES, max_size=3),
    st.lists(BODIES | st.binary(max_size=20), max_size=4),
)
FRAMES = st.lists(MESSAGES, min_size=1, max_size=3).map(b"".join) | st.binary(max_size=60)


@cache
def served() -> tuple[Server, list[str]]:
    """Return a server that serves, and what is raised in the threads of its connections."""
    raised: list[str] = []

    def handle_error(*_of: object) -> None:
        raised.append(traceback.format_exc())

    running = Server(Simulation(WORLD))
    running._listener.handle_error = handle_error  # type: ignore[method-assign, assignment]  # noqa: SLF001 - silent
    return running.__enter__(), raised


def framed(sent: bytes) -> None:
    """Check that bytes on a connection are answered, or refused, in time; and others are served."""
    running, raised = served()
    said = exchanged(running, sent)
    statuses = [int(line[9:12]) for line in said.split(b"\r\n") if line.startswith(b"HTTP/1.1 ")]
    must(500 not in statuses, NOT_A_BUG, said)
    errors = [raised.pop() for _ in [*raised]]
    must(not errors, "nothing is raised in a connection's thread", errors)
    alive = exchanged(running, b"GET /_sim/clock HTTP/1.1\r\nHost: localhost\r\n\r\n")
    must(alive.startswith(b"HTTP/1.1 200 "), "others are served afterwards", alive)


def exchanged(running: Server, sent: bytes) -> bytes:
    """Send bytes, and no more; return what comes.  Raises TimeoutError."""
    host, _, port = running.endpoint.removeprefix("http://").rpartition(":")
    with socket.create_connection((host, int(port)), timeout=_ANSWERS_WITHIN) as connection:
        try:
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: connection.recv(65536), b""))
        except OSError as error:
            if error.errno not in _REFUSED:
                raise
            return b""


TARGETS = {
    "requests": Target(REQUESTS, not_a_bug, 200),
    "calls of STS": Target(STS_CALLS, not_a_bug, 200),
    "calls of IAM": Target(IAM_CALLS, not_a_bug, 100),
    "calls of other services": Target(OTHER_CALLS, not_a_bug, 30),
    "policies": Target(st.tuples(POLICIES, POLICIES, POLICIES.map(json.dumps)), judged),
    "control": Target(CONTROL, control_stays_usable),
    "framing": Target(FRAMES, framed, 400),
}
