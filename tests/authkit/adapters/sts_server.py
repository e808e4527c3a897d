"""A small HTTP server that answers in place of STS."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

if TYPE_CHECKING:
    from email.message import Message

XMLNS = "https://sts.amazonaws.com/doc/2011-06-15/"

DRIPS = 300  # bytes, sent a hundredth of a second apart
DATE = "Sun, 22 Dec 2024 23:58:00 GMT"

CREDENTIALS = """\
<Credentials>
  <AccessKeyId>ASIAXXXXXXXXXXXXXXXX</AccessKeyId>
  <SecretAccessKey>session-secret-canary</SecretAccessKey>
  <SessionToken>session-token-canary</SessionToken>
  <Expiration>2024-12-24T11:58:00Z</Expiration>
</Credentials>"""

IDENTITY = (
    "<Arn>arn:aws:iam::123456789012:user/dev</Arn><UserId>AIDAXXXXXXXXXXXXXXXXX</UserId>"
    "<Account>123456789012</Account>"
)


@dataclass(frozen=True)
class Answer:
    """An answer: `body` None closes the connection, `silent` leaves it open without an answer.

    `drips` sends it a byte at a time, for three seconds.
    """

    status: int = 200
    body: str | None = ""
    content_type: str = "text/xml"
    date: str | None = DATE
    silent: bool = False
    drips: bool = False


@dataclass(frozen=True)
class Asked:
    """A request as it was received."""

    headers: Message
    form: dict[str, str]


def result(operation: str, inner: str) -> Answer:
    """Return a success in the XML of STS."""
    return Answer(
        body=f'<{operation}Response xmlns="{XMLNS}">\n'
        f"  <{operation}Result>{inner}</{operation}Result>\n"
        "  <ResponseMetadata><RequestId>req-1</RequestId></ResponseMetadata>\n"
        f"</{operation}Response>\n"
    )


def error(code: str, message: str, status: int = 403) -> Answer:
    """Return a refusal in the XML of STS."""
    said = f"<Message>{message}</Message>" if message else ""
    return Answer(
        status,
        f'<ErrorResponse xmlns="{XMLNS}">\n  <Error><Type>Sender</Type><Code>{code}</Code>{said}'
        "</Error>\n  <RequestId>req-1</RequestId>\n</ErrorResponse>\n",
    )


GRANTED, KNOWN = result("GetSessionToken", CREDENTIALS), result("GetCallerIdentity", IDENTITY)


class Server(ThreadingHTTPServer):
    """An HTTP server that gives `answer` to every request, and records the requests in `asked`."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[Asked] = []
        self.answer = GRANTED
        self.answers: list[Answer] = []  # before `answer`, each to one request
        self.test_is_over = threading.Event()

    @property
    def url(self) -> str:
        """The URL of the server."""
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    """One connection to the server."""

    server: Server
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Record the request and send the answer."""
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.server.asked.append(Asked(self.headers, {name: v[0] for name, v in form.items()}))
        answer = self.server.answers.pop(0) if self.server.answers else self.server.answer
        if answer.silent:
            self.server.test_is_over.wait(60)
        if answer.silent or answer.body is None:
            self.close_connection = True
            return
        body = answer.body.encode()
        self.send_response_only(answer.status)
        if answer.date:
            self.send_header("Date", answer.date)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(DRIPS if answer.drips else len(body)))
        self.end_headers()
        for _ in range(DRIPS if answer.drips else 0):
            self.wfile.write(b" ")
            self.server.test_is_over.wait(0.01)
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Log nothing."""


HTML = "<html><head><title>Hello</title></head><body><p>Log in to the network</p></body></html>"

# Errors of others than STS, which may bear any of its codes.
S3_ERROR = (
    "<Error><Code>InvalidClientTokenId</Code><Message>no</Message><RequestId>1</RequestId></Error>"
)
EC2_ERROR = (
    "<Response><Errors><Error><Type>Sender</Type><Code>InvalidClientTokenId</Code>"
    "<Message>no</Message></Error></Errors><RequestID>1</RequestID></Response>"
)
JSON_ERROR = '{"Error": {"Type": "Sender", "Code": "InvalidClientTokenId", "Message": "no"}}'
WRAPPED_ERROR = f"<html><body>{error('InvalidClientTokenId', 'no').body}</body></html>"


def of_others(status: int) -> dict[str, Answer]:
    """Return errors with this status that are not STS's."""
    return {
        f"{name} with status {status}": Answer(status, body, content_type)
        for name, (body, content_type) in {
            "S3's error": (S3_ERROR, "application/xml"),
            "EC2's error": (EC2_ERROR, "text/xml"),
            "an error in JSON": (JSON_ERROR, "application/json"),
            "STS's error inside HTML": (WRAPPED_ERROR, "text/html"),
            "HTML": (HTML, "text/html"),
            "nothing": ("", "text/xml"),
            "an error in another document": (
                str(error("InvalidClientTokenId", "no").body).replace("ErrorResponse", "Answer"),
                "text/xml",
            ),
            "an error without a type": (
                str(error("InvalidClientTokenId", "no").body).replace("Type>", "Kind>"),
                "text/xml",
            ),
            "two errors in one": (
                str(error("A", "a").body).replace("</Error>", "</Error><Error/>"),
                "text/xml",
            ),
        }.items()
    }


BROKEN = {
    **of_others(401),
    **of_others(403),
    **of_others(500),
    "an error of STS with status 200": error("InvalidClientTokenId", "no", 200),
    "an error of STS with status 302": error("InvalidClientTokenId", "no", 302),
    "an expiration in year 1": result(
        "GetSessionToken", CREDENTIALS.replace("2024-12-24", "0001-01-01")
    ),
    "an expiration before 1970": result(
        "GetSessionToken", CREDENTIALS.replace("2024-12-24", "1969-12-24")
    ),
    "a date before 1970": Answer(body=GRANTED.body, date="Mon, 22 Dec 1924 23:58:00 GMT"),
    "a date of three hundred years from now": Answer(
        body=GRANTED.body, date="Sun, 22 Dec 9999 23:58:00 GMT"
    ),
    "a date with an offset beyond every zone": Answer(
        body=GRANTED.body, date="Sun, 22 Dec 2024 23:58:00 +9959"
    ),
    "well-formed HTML": Answer(body=HTML, content_type="text/html"),
    "HTML with unclosed tags": Answer(body="<html><body><p>Hello<br>", content_type="text/html"),
    "HTML with status 502": Answer(502, HTML, "text/html"),
    "HTML with status 403, unclosed": Answer(403, "<html><p>", "text/html"),
    "JSON": Answer(body='{"ok": true}', content_type="application/json"),
    "nothing": Answer(),
    "a redirection": Answer(302),
    "an empty result": result("GetSessionToken", ""),
    "credentials without a token": result(
        "GetSessionToken", CREDENTIALS.replace("SessionToken>", "Token>")
    ),
    "half an answer": Answer(body=str(GRANTED.body)[:200]),
    "a raw escape": result("GetSessionToken", CREDENTIALS.replace("canary", "\x1b[2J")),
    "a raw escape in an error": error("Odd", "\x1b[2J"),
    "an error without a code": error("", "and yet a message"),
    "an expiration that is none": result(
        "GetSessionToken", CREDENTIALS.replace("2024-12-24", "soon")
    ),
    "an expiration beyond every calendar": result(
        "GetSessionToken", CREDENTIALS.replace("2024-12-24T11:58:00Z", "9" * 20)
    ),
    "an empty token": result("GetSessionToken", CREDENTIALS.replace("session-token-canary", "")),
    "a token of two lines": result(
        "GetSessionToken", CREDENTIALS.replace("session-token-canary", "canary\ncanary")
    ),
    "an expiration that no zone can show": result(
        "GetSessionToken", CREDENTIALS.replace("2024-12-24", "9999-12-31")
    ),
    "no expiration": result("GetSessionToken", CREDENTIALS.replace("2024-12-24T11:58:00Z", "")),
    "no date": Answer(body=GRANTED.body, date=None),
    "a date that is none": Answer(body=GRANTED.body, date="yesterday"),
}
