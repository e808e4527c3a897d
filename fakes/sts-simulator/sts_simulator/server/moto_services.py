"""Every service but STS: requests are authenticated here and answered by moto, in process.

IAM's permissions are not evaluated: every user may call IAM, so a test can act
as the administrator.
"""

from __future__ import annotations

import io
import traceback
from importlib.metadata import metadata
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from sts_simulator.account import errors, mfa
from sts_simulator.account.authentication import Principal, Signature
from sts_simulator.account.errors import AwsError
from sts_simulator.server.control import OPEN
from sts_simulator.wire import sigv4
from sts_simulator.wire.http import HttpAnswer, HttpRequest
from sts_simulator.wire.service_errors import error_answer

if TYPE_CHECKING:
    from sts_simulator.account.account import Account
    from sts_simulator.server.upstream import Upstream

_EXTRAS = {*(metadata("moto").get_all("Provides-Extra") or ())} - {"core"}
_WANT_CODES = ("EnableMFADevice", "ResyncMFADevice")


class MotoServices:
    """moto's WSGI application behind the account's authentication.

    With `upstream` another server answers instead, for every service but IAM.
    """

    def __init__(self, upstream: Upstream | None = None) -> None:
        self._app = DomainDispatcherApplication(_backend_app)
        self._upstream = upstream

    def answer(self, account: Account, request: HttpRequest) -> HttpAnswer:
        """Return moto's answer, or the error of the caller's authentication."""
        signature = sigv4.read(request)
        if request.path.startswith(OPEN):
            return self._ask_moto(account, request, request.headers.get("authorization", ""))
        service = signature.service if isinstance(signature, Signature) else "unknown"
        refused, authorization = _check(account, request, signature)
        if refused:
            return error_answer(request, refused, service, account.new_request_id())
        if self._upstream and service != "iam":
            return self._upstream.answer(request, authorization)
        try:
            return self._ask_moto(account, request, authorization)
        except ModuleNotFoundError as missing:
            return error_answer(request, _not_installed(missing), service, account.new_request_id())
        except Exception as trouble:  # noqa: BLE001 - a bug of moto's is an answer too
            failed = AwsError("InternalFailure", f"moto: {trouble!r}", 500)
            return error_answer(request, failed, service, account.new_request_id())

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


def _backend_app(service: str) -> Any:  # noqa: ANN401 - moto is not typed
    """Return moto's app of a service, which raises what goes wrong in it."""
    app = create_backend_app(service)
    app.config["PROPAGATE_EXCEPTIONS"] = True
    return app


def _not_installed(missing: ModuleNotFoundError) -> AwsError:
    """Return the error of a service whose libraries are not there, with moto's extra for them."""
    modules = (frame.f_globals["__name__"] for frame, _ in traceback.walk_tb(missing.__traceback__))
    rooms = [name.split(".")[1] for name in modules if name.startswith("moto.")]
    extra = next((room for room in rooms if room in _EXTRAS), "all")
    said = f"moto needs {missing.name} for this: pip install 'moto[{extra}]'"
    return AwsError("NotImplemented", said, 501)


def _check(
    account: Account, request: HttpRequest, signature: Signature | AwsError | None
) -> tuple[AwsError | None, str]:
    """Return the error of a request, or None and the Authorization header for moto."""
    if not isinstance(signature, Signature):
        return signature or errors.UNSIGNED, ""
    who = account.authenticate(signature, signature.service)
    if isinstance(who, AwsError):
        return who, ""
    refused = _codes_refusal(account, request) if signature.service == "iam" else None
    return refused, _with_users_key(account, request, who)


def _codes_refusal(account: Account, request: HttpRequest) -> AwsError | None:
    """Return the error for the two codes of a new device, which moto does not check."""
    asked = request.parameters
    seed = account.directory.seed(asked.get("SerialNumber", ""))
    if asked.get("Action") not in _WANT_CODES or seed is None:  # moto answers both cases
        return None
    codes = asked.get("AuthenticationCode1", ""), asked.get("AuthenticationCode2", "")
    return None if mfa.consecutive(seed, codes, account.now()) else errors.WRONG_CODES


def _with_users_key(account: Account, request: HttpRequest, who: Principal) -> str:
    """Return the Authorization header with a session's id replaced by a key id of its user.

    moto finds the caller by the access key id, and does not know our sessions.
    """
    header = request.headers.get("authorization", "")
    owned = who.issued and who.issued.operation == "GetSessionToken"
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
