"""Every service but STS: requests are authenticated here and answered by moto, in process.

IAM's permissions are not evaluated unless the account enforces its policies' denials:
every user may call IAM, so a test can act as the administrator.
"""

from __future__ import annotations

import io
import re
import traceback
from dataclasses import replace
from importlib.metadata import metadata
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from sts_simulator.account import errors
from sts_simulator.account.authentication import Principal, Signature
from sts_simulator.account.errors import AwsError
from sts_simulator.account.moto_dates import dated_by
from sts_simulator.server import iam_parameters, iam_rules
from sts_simulator.server.control import OPEN
from sts_simulator.wire import query_api, s3_requests, sigv4
from sts_simulator.wire.http import HttpAnswer, HttpRequest
from sts_simulator.wire.query_api import Reply
from sts_simulator.wire.service_errors import error_answer, reworded

if TYPE_CHECKING:
    from sts_simulator.account.account import Account
    from sts_simulator.server.upstream import Upstream

_EXTRAS = {*(metadata("moto").get_all("Provides-Extra") or ())} - {"core"}
_IAM_PREFIXES = {"monitoring": "cloudwatch", "email": "ses"}  # where it is not the signing name
_REQUEST_ID = re.compile(rb"(?<=<RequestId>)[^<]*(?=</RequestId>)")


class MotoServices:
    """moto's WSGI application behind the account's authentication.

    With `upstream` another server answers instead, for every service but IAM.
    """

    def __init__(self, upstream: Upstream | None = None) -> None:
        self._app = DomainDispatcherApplication(_backend_app)
        self._upstream = upstream

    def reply(self, account: Account, request: HttpRequest) -> Reply:
        """Return moto's answer, or the error of the caller's authentication."""
        if request.path.startswith(OPEN):
            return Reply(self._open(account, request))
        reply = self._reply(account, request)
        return replace(reply, answer=query_api.dated(account, request, reply.answer))

    def _reply(self, account: Account, request: HttpRequest) -> Reply:
        signature = sigv4.read(request)
        if signature is None and request.method == "GET" and "Action" not in request.parameters:
            # Nothing names a service, so it is STS's front end that answers.
            return Reply(query_api.front_end(request))
        service = signature.service if isinstance(signature, Signature) else "unknown"
        found = _check(account, request, signature)
        if isinstance(found, AwsError):
            found = reworded(request, found, service)
            account.refused(service, _action(request, service), signature, found)
        else:
            home = account.home_of(found)
            try:
                authorization = _with_users_key(home, request, found)
                asked = iam_rules.completed(request, found) if service == "iam" else request
                return Reply(self._answer(home, asked, authorization, service))
            except ModuleNotFoundError as missing:
                found = _not_installed(missing)
            except Exception as trouble:  # noqa: BLE001 - what moto cannot do is an answer too
                found = AwsError("NotImplemented", f"moto: {trouble!r}", 501)
        shown = error_answer(request, found, service, account.new_request_id())
        return Reply(shown, refused=found)

    def _open(self, account: Account, request: HttpRequest) -> HttpAnswer:
        """Return the answer of moto's control paths, 400 to what moto cannot read."""
        try:
            return self._ask_moto(account, request, request.headers.get("authorization", ""))
        except Exception as trouble:  # noqa: BLE001 - it is the request that moto cannot read
            return HttpAnswer(400, {"Content-Type": "text/plain"}, f"moto: {trouble!r}\n".encode())

    def _answer(
        self, account: Account, request: HttpRequest, authorization: str, service: str
    ) -> HttpAnswer:
        """Return the answer to a request that is not refused."""
        if service != "iam":
            if self._upstream:
                return self._upstream.answer(request, authorization, account.account_id)
            return _with_uuid(self._ask_moto(account, request, authorization), account)
        own = iam_rules.boundary_answer(account, request, account.new_request_id())
        if own:
            return own
        answer = _with_uuid(self._ask_moto(account, request, authorization), account)
        iam_rules.after(account, request, answer)
        if self._upstream and answer.status == 200:
            self._upstream.follow(request, authorization, account.account_id)
        return answer

    def _ask_moto(self, account: Account, request: HttpRequest, authorization: str) -> HttpAnswer:
        started: list[Any] = []
        environ = _environ(request) | {
            "HTTP_AUTHORIZATION": authorization,
            "HTTP_X_MOTO_ACCOUNT_ID": account.account_id,
        }
        with dated_by(account.now):
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
) -> Principal | AwsError:
    """Return who sent a request, or its error."""
    if not isinstance(signature, Signature):
        return signature or errors.UNSIGNED
    service = signature.service
    who = account.authenticate(signature, service)
    if isinstance(who, AwsError):
        return who
    home = account.home_of(who)
    action, resource = _action(request, service), _resource(home, request, service)
    refused = home.denied(who, action, resource, request.source_ip)
    if service == "s3" and (read := s3_requests.source(request, home.partition)):
        action = f"s3:{read.action}"
        refused = refused or home.denied(who, action, read.resource, request.source_ip)
    if service == "iam":
        refused = refused or iam_parameters.refusal(request.parameters)
        refused = refused or iam_rules.refusal(home, request, who)
    return refused or who


def _action(request: HttpRequest, service: str) -> str:
    """Return the action as policies name it; ``lambda:`` where the request does not name it."""
    prefix = _IAM_PREFIXES.get(service, service)
    if service == "s3":
        return f"s3:{s3_requests.read(request, '').action}"
    target = request.headers.get("x-amz-target", "").rpartition(".")[2]
    return f"{prefix}:{target or request.parameters.get('Action', '')}"


def _resource(account: Account, request: HttpRequest, service: str) -> str | None:
    """Return the ARN that an action of IAM or S3 is about; None where it is not known."""
    if service == "s3":
        return s3_requests.read(request, account.partition).resource
    asked = request.parameters
    for kind in ("User", "Role"):
        if service == "iam" and (name := asked.get(f"{kind}Name")):
            return f"{account.administrator.arn}{kind.lower()}/{name}"
    return None


def _with_uuid(answer: HttpAnswer, account: Account) -> HttpAnswer:
    """Return moto's answer with a request id like AWS's, in the header and in an XML body."""
    names = [name for name in answer.headers if name.lower() == "x-amzn-requestid"]
    if not names:
        return answer
    new = account.new_request_id()
    headers = {**answer.headers, **dict.fromkeys(names, new)}
    return HttpAnswer(answer.status, headers, _REQUEST_ID.sub(new.encode(), answer.body))


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
        "REMOTE_ADDR": request.source_ip,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.input_terminated": True,
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
