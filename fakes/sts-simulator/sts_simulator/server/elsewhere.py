"""Every service but STS: authenticated as STS does, then answered by moto, in process.

IAM's permissions are not evaluated: any user may call IAM, so that a test can
play the administrator.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from sts_simulator.account import errors, mfa
from sts_simulator.account.authentication import Principal, Signature
from sts_simulator.account.errors import AwsError
from sts_simulator.wire import sigv4
from sts_simulator.wire.http import HttpAnswer, HttpRequest
from sts_simulator.wire.refusals import refusal

if TYPE_CHECKING:
    from sts_simulator.account.account import Account

OPEN = "/moto-api/"  # moto's own control paths, which no AWS client signs
_WANT_CODES = ("EnableMFADevice", "ResyncMFADevice")


class Elsewhere:
    """moto's WSGI application behind the account's authentication."""

    def __init__(self) -> None:
        self._app = DomainDispatcherApplication(create_backend_app)

    def answer(self, account: Account, request: HttpRequest) -> HttpAnswer:
        """Return moto's answer, or the refusal of who asks."""
        signature = sigv4.read(request)
        if request.path.startswith(OPEN):
            return self._ask_moto(account, request, request.headers.get("authorization", ""))
        service = signature.service if isinstance(signature, Signature) else "unknown"
        refused, authorization = _check(account, request, signature)
        if refused:
            return refusal(request, refused, service, account.new_request_id())
        try:
            return self._ask_moto(account, request, authorization)
        except Exception as trouble:  # noqa: BLE001 - moto's bugs are not the client's
            failed = AwsError("InternalFailure", f"moto: {trouble!r}", 500)
            return refusal(request, failed, service, account.new_request_id())

    def _ask_moto(self, account: Account, request: HttpRequest, authorization: str) -> HttpAnswer:
        started: list[Any] = []
        environ = _environ(request) | {
            "HTTP_AUTHORIZATION": authorization,
            "HTTP_X_MOTO_ACCOUNT_ID": account.account_id,
        }
        chunks = self._app(environ, lambda *start: started.extend(start))
        try:
            said = b"".join(chunks)
        finally:
            getattr(chunks, "close", lambda: None)()
        return HttpAnswer(int(started[0].split()[0]), dict(started[1]), said)


def _check(
    account: Account, request: HttpRequest, signature: Signature | AwsError | None
) -> tuple[AwsError | None, str]:
    """Return the refusal of a request, or None and the Authorization that moto is to see."""
    if not isinstance(signature, Signature):
        return signature or errors.UNSIGNED, ""
    who = account.authenticate(signature, signature.service)
    if isinstance(who, AwsError):
        return who, ""
    refused = _codes_refusal(account, request) if signature.service == "iam" else None
    return refused, _in_own_name(account, request, who)


def _codes_refusal(account: Account, request: HttpRequest) -> AwsError | None:
    """Check what moto does not: the two codes that IAM wants of a new device."""
    asked = request.parameters
    seed = account.directory.seed(asked.get("SerialNumber", ""))
    if asked.get("Action") not in _WANT_CODES or seed is None:  # then moto says what is wrong
        return None
    codes = asked.get("AuthenticationCode1", ""), asked.get("AuthenticationCode2", "")
    return None if mfa.in_a_row(seed, codes, account.now()) else errors.WRONG_CODES


def _in_own_name(account: Account, request: HttpRequest, who: Principal) -> str:
    """Return the Authorization header with a session's id replaced by a key of its user's.

    moto tells by the access key who is calling, and knows no sessions.
    """
    header = request.headers.get("authorization", "")
    owned = who.issued and who.issued.by == "GetSessionToken"
    keys = list(account.directory.keys(who.owner.name)) if owned else []
    if not keys:
        return header
    return header.replace(who.signature.access_key_id, keys[0].access_key_id, 1)


def _environ(request: HttpRequest) -> dict[str, Any]:
    """Return the WSGI environment (PEP 3333) of a request."""
    host, _, port = request.headers.get("host", "127.0.0.1").partition(":")
    headers = {
        f"HTTP_{name.upper().replace('-', '_')}": value for name, value in request.headers.items()
    }
    return headers | {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(request.path).decode("latin-1"),
        "QUERY_STRING": request.query,
        "RAW_URI": request.target,
        "REQUEST_URI": request.target,
        "CONTENT_TYPE": request.headers.get("content-type", ""),
        "CONTENT_LENGTH": str(len(request.body)),
        "SERVER_NAME": host,
        "SERVER_PORT": port or "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.input_terminated": True,
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
