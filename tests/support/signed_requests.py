"""Requests to STS that botocore signs, and reading STS's answers to them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from sts_simulator.account.account import Account
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
    """Return the time that botocore signs at."""
    return datetime.now(UTC)


def an_account() -> Account:
    """Return an account with one key, at the real time, as botocore signs the requests here."""
    return Account.from_table(TABLE, real_now)


def signed(  # noqa: PLR0913 - the parts of a request
    parameters: Mapping[str, str] | str,
    *,
    method: str = "POST",
    headers: Mapping[str, str] | None = None,
    scope: tuple[str, str] = ("sts", "us-east-1"),
    token: str | None = None,
    signer: type[SigV4Auth] = SigV4Auth,
) -> HttpRequest:
    """Return a request signed by botocore, which shares no code with the simulator."""
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


def code(answer: HttpAnswer) -> str:
    """Return the answer's error code, "" when it succeeded."""
    return answer.body.decode().partition("<Code>")[2].partition("</Code>")[0]


def message(answer: HttpAnswer) -> str | None:
    """Return the answer's message, None without one."""
    _, found, rest = answer.body.decode().partition("<Message>")
    return rest.partition("</Message>")[0] if found else None
