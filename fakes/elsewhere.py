"""Every service but STS: authenticated as STS does, then answered by moto, in process.

IAM's permissions are not evaluated: any user may call IAM, so that a test can
play the administrator.
"""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from fakes import body, errors, sigv4
from fakes.authentication import Principal, Signature
from fakes.errors import AwsError
from fakes.web import HttpAnswer, HttpRequest

if TYPE_CHECKING:
    from fakes.account import Account

_OPEN = "/moto-api/"  # moto's own control paths, which no AWS client signs


class Elsewhere:
    """moto's WSGI application behind the account's authentication."""

    def __init__(self) -> None:
        self._app = DomainDispatcherApplication(create_backend_app)

    def answer(self, account: Account, request: HttpRequest) -> HttpAnswer:
        """Return moto's answer, or the refusal of who asks."""
        signature = sigv4.read(request)
        if request.path.startswith(_OPEN):
            return self._ask_moto(account, request, request.headers.get("authorization", ""))
        if not isinstance(signature, Signature):
            return _refusal(request, signature or errors.UNSIGNED, "unknown")
        who = account.authenticate(signature, signature.service)
        if isinstance(who, AwsError):
            return _refusal(request, who, signature.service)
        return self._ask_moto(account, request, _in_own_name(account, request, who))

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


def _refusal(request: HttpRequest, error: AwsError, service: str) -> HttpAnswer:
    """Return the refusal in the service's protocol: JSON, or the query protocol's XML."""
    if "x-amz-target" in request.headers or "json" in request.headers.get("content-type", ""):
        said = json.dumps({"__type": error.code, "message": error.message}).encode()
        headers = {"Content-Type": "application/x-amz-json-1.1", "x-amzn-ErrorType": error.code}
        return HttpAnswer(error.status, headers, said)
    version = request.parameters.get("Version", "")
    namespace = f"https://{service}.amazonaws.com/doc/{version}/"
    element = body.error_element(error, "00000000-0000-4000-8000-000000000000")
    return HttpAnswer(error.status, {"Content-Type": "text/xml"}, body.xml(element, namespace))


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
