"""STS by the real adapter: boto3's requests are answered in process, as ``service`` chooses.

What a request says (its region, its parameters, its time) is read from its bytes, so that the
laws judge what was sent, and not what authkit asked its adapter for.
"""

from __future__ import annotations

import io
import os
import re
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from typing import TYPE_CHECKING, Any
from unittest.mock import patch
from urllib.parse import parse_qsl

from authkit.adapters import sts
from authkit.adapters.world import RealWorld
from authkit.core.failures import CANNOT_ASK, Refused, Unreachable
from sts_simulator.account.answers import CallerIdentity, Granted
from sts_simulator.account.answers import Session as Made
from sts_simulator.account.errors import AwsError
from sts_simulator.wire import body
from tests.explore import answers
from tests.explore.chooser import choice
from tests.explore.configs import ACCOUNT
from tests.explore.events import Sent
from tests.explore.narrow import PROXY, SETTINGS
from tests.explore.service import Service
from tests.explore.starts import principal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from authkit.core.model import AccessKeys, Caller, MfaCode, RoleRequest, Session
    from tests.explore.effects import Effects

# An answer that is not STS's, whatever its status: an error page of a proxy may look like one.
_LIKE_STS = "<ErrorResponse><Error>{}<Code>InvalidClientTokenId</Code></Error></ErrorResponse>"
_SENDER = "<Type>Sender</Type>"
_BROKEN: Mapping[str, tuple[int, str]] = {
    "an error of a proxy": (403, _LIKE_STS.format("")),
    "a page": (200, "<html>"),
    "nothing": (200, ""),
    "an error without a status": (302, _LIKE_STS.format(_SENDER)),
    "S3's error": (403, "<Error><Code>InvalidAccessKeyId</Code></Error>"),
    "an error of another root": (403, _LIKE_STS.format(_SENDER).replace("ErrorResponse", "Answer")),
    "an error in a list": (403, f"<Errors>{_LIKE_STS.format(_SENDER)}</Errors>"),
    "no code": (403, "<ErrorResponse><Error><Type>Sender</Type></Error></ErrorResponse>"),
    "a refusal without a body": (403, ""),
    "an error as a success": (200, _LIKE_STS.format(_SENDER)),
}
# An answer of STS's that lacks something, by what replaces what in it.
_LACKS: Mapping[str, tuple[str, str]] = {
    "cut short": (r"(?s)</\w+Result>.*", ""),
    "without what it is for": (r"<(Arn|SessionToken)>[^<]*</\1>", ""),
    "of nobody": (r"<(Arn|SessionToken)>[^<]*", r"<\1>x&#10;y"),
}
NO_DATE = "without a Date"
BROKEN = choice("broken answer", *_BROKEN, *_LACKS)
BROKEN_SESSION = choice("broken answer", *_BROKEN, *_LACKS, NO_DATE)  # with it B-L22 is held
# An answer that says the same in another form.
_FORMS: Mapping[str, tuple[str, str]] = {
    "plain": ("", ""),
    "of another namespace": (r' xmlns="[^"]*"', ' xmlns="urn:another"'),
    "with more in it": (r"<(Error|\w+Result)>", r"<\1><More><Error>x</Error></More>"),
    "with a declaration": (r"^", '<?xml version="1.0" encoding="UTF-8"?>\n'),
    NO_DATE: ("", ""),
    "without a message": (r"<Message>[^<]*</Message>", ""),
    "without a request id": (r"<RequestId>[^<]*</RequestId>", ""),
}
FORM = choice("form of an answer", *[*_FORMS][:5])
SESSION_FORM = choice("form of an answer", *[*_FORMS][:4])
ERROR_FORM = choice("form of an answer", *_FORMS)
_BY_CODE = {"InvalidClientTokenId", "ExpiredToken", "Throttling"}  # its message says no more
REFUSED, UNREACHABLE = "refused", "unreachable"  # what a call ends with, beside what it returns
_SCOPE = re.compile(r"Credential=([^/]+)/\d{8}/([^/]+)/(\w+)/aws4_request")


class Wire(Service):
    """ports.Sts in one region, over ``adapters.sts``: as ``adapters.world`` makes it."""

    def __init__(self, world: Effects, region: str) -> None:
        super().__init__(world, region)
        self._of_world, self._who = world, ("", "")
        self._offset = 0.0
        self.limits = (0.0, 0.0)  # seconds to connect, and to answer
        with self._surroundings():
            self._real = RealWorld.sts(world, region)  # type: ignore[arg-type]  # it has what is used

    def get_caller_identity(self, who: AccessKeys | Session) -> Caller:
        """Have the adapter ask."""
        with self._calls(who), self._heard() as heard:
            found = self._real.get_caller_identity(who)
            heard[:] = found.account, found.arn
            return found

    def get_session_token(self, keys: AccessKeys, *, duration: int, mfa: MfaCode | None) -> Session:
        """Have the adapter ask."""
        with self._calls(keys), self._heard() as heard:
            made = self._real.get_session_token(keys, duration=duration, mfa=mfa)
            heard[:] = _told(made)
            return made

    def assume_role(self, who: Session, request: RoleRequest) -> Session:
        """Have the adapter ask."""
        with self._calls(who), self._heard() as heard:
            made = self._real.assume_role(who, request)
            heard[:] = _told(made)
            return made

    @contextmanager
    def _heard(self) -> Iterator[list[object]]:
        """Have the laws see what a call returns, as the context has it, or raises."""
        self._world.note("asks")
        heard: list[object] = []
        try:
            yield heard
        except Refused as refused:
            request_id = refused.request_id
            heard[:] = REFUSED, refused.code, refused.message, refused.status, request_id
            raise
        except Unreachable as trouble:
            heard[:] = UNREACHABLE, trouble.answered, trouble.sent
            raise
        finally:
            if heard and not self._world.dead:
                self._world.note("heard", tuple(heard))

    def _calls(self, who: AccessKeys | Session) -> ExitStack:
        self._who = who.access_key_id, who.secret_access_key.reveal()
        return self._surroundings()

    def _surroundings(self) -> ExitStack:
        """Return a context in which boto3 finds the settings of this world, and its STS."""
        ours = SETTINGS[self._of_world.machine.network]
        kept = {n: t for n, t in os.environ.items() if not n.lower().startswith(("aws_", "http"))}
        stack = ExitStack()
        stack.enter_context(patch.dict(os.environ, {**kept, **ours}, clear=True))
        stack.enter_context(patch.object(sts, "isolated_session", _session))
        stack.enter_context(patch.object(sts, "_within", lambda _seconds, call: call()))
        stack.enter_context(patch.object(_Network, "now", self))
        return stack

    # What answers.

    def signed_offset(self) -> float:
        """Return by how many seconds the request's time is off the machine's."""
        return self._offset

    def answer(self, request: Any) -> object:  # noqa: ANN401 - botocore is not typed
        """Return the response to a request, or raise what botocore raises without one."""
        call, asked = self._read(request)
        by = "keys" if call.by_keys else "a session"
        self._world.note("limits", (call.operation, by, *self.limits))
        self._world.note("request", asked)
        chosen = {
            "GetCallerIdentity": answers.IDENTITY_OF_KEYS
            if call.by_keys
            else answers.IDENTITY_OF_SESSION,
            "GetSessionToken": answers.TOKEN_BY_CODE if call.code else answers.TOKEN,
            "AssumeRole": answers.ROLE,
        }[call.operation]
        try:
            outcome, call = self._once(call, chosen)
            if call.granted:
                self._world.after(outcome)
        except Refused as refused:
            return self._refused(request, call, refused)
        except Unreachable as trouble:
            return self._no_answer(request, call, trouble)
        form = self._world.chosen(SESSION_FORM if call.granted else FORM)
        self._world.note("answered", self._says(call))
        return self._response(request, 200, self._success(call), form)

    def _refused(self, request: Any, call: Sent, refused: Refused) -> object:  # noqa: ANN401
        error = AwsError(_text(refused.code), _text(refused.message), refused.status)
        form = self._world.chosen(ERROR_FORM if refused.code in _BY_CODE else FORM)
        message = "" if form == "without a message" else error.message
        number = "" if form == "without a request id" else "req-1"
        self._world.note("answered", (REFUSED, error.code, message, error.status, number))
        return self._response(
            request, refused.status, body.of(call.operation, error, "req-1"), form
        )

    def _says(self, call: Sent) -> tuple[object, ...]:
        """Return what a success says."""
        if not call.granted:
            return ACCOUNT, principal(key_id=call.pair[0])
        number, at = call.granted[-9:], int(self._aws_time().timestamp())
        return call.granted, f"hidden-{number}", f"token-{number}", at + call.lasts, at

    def _read(self, request: Any) -> tuple[Sent, dict[str, str]]:  # noqa: ANN401 - the same
        """Return a request as the laws know calls, and its parameters with region and token."""
        sent = request.body
        asked = dict(parse_qsl(sent.decode() if isinstance(sent, bytes) else sent))
        headers = {n.lower(): _decoded(text) for n, text in request.headers.items()}
        key_id, region, _ = _SCOPE.search(headers["authorization"]).groups()  # type: ignore[union-attr]
        at = datetime.strptime(headers["x-amz-date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        off = (at - datetime.now(UTC)).total_seconds()
        self._offset = round(off / 60) * 60.0  # what this process took is no offset
        by_keys = "x-amz-security-token" not in headers
        code = (asked["SerialNumber"], asked["TokenCode"]) if "TokenCode" in asked else None
        secret = self._who[1] if key_id == self._who[0] else ""
        call = Sent(asked["Action"], (key_id, secret), by_keys, region, code)
        if call.operation != "GetCallerIdentity":
            granted = f"ASIANEW{self._of_world.machine.next('new'):09}"
            call = call._replace(seconds=int(asked["DurationSeconds"]), granted=granted)
        role = tuple(asked.get(name, "") for name in ("RoleArn", "ExternalId", "RoleSessionName"))
        return call._replace(role=role), {**asked, "region": region}

    def _success(self, call: Sent) -> bytes:
        if not call.granted:
            return body.of(
                call.operation,
                CallerIdentity(ACCOUNT, principal(key_id=call.pair[0]), "AIDAX"),
                "req-1",
            )
        ends = self._aws_time() + timedelta(seconds=call.lasts)
        number = call.granted[-9:]
        made = Made(call.granted, f"hidden-{number}", f"token-{number}", ends)
        role_arn, _, named = call.role
        whose = principal(role_arn, named.removeprefix("authkit-"))
        shown = Granted(made, whose, "AROAX:x") if role_arn else made
        return body.of(call.operation, shown, "req-1")

    def _aws_time(self) -> datetime:
        machine = self._of_world.machine
        return (machine.now + machine.aws).replace(microsecond=0)

    def _no_answer(self, request: Any, call: Sent, trouble: Unreachable) -> object:  # noqa: ANN401
        """Raise what botocore raises, in whose text an address stands; or return a broken one."""
        from botocore import exceptions  # noqa: PLC0415 - slow to import

        if trouble.answered:
            name = self._world.chosen(BROKEN_SESSION if call.granted else BROKEN)
            self._world.note("answered", (UNREACHABLE, True, True))
            if name in _BROKEN:
                status, text = _BROKEN[name]
                return self._response(request, status, text.encode())
            whole = self._success(call._replace(lasts=call.seconds)).decode()
            less = re.sub(*_LACKS[name], whole) if name in _LACKS else whole
            return self._response(request, 200, less.encode(), name)
        self._world.note("answered", (UNREACHABLE, False, trouble.sent))
        kind = exceptions.ReadTimeoutError if trouble.sent else exceptions.EndpointConnectionError
        said = f"not by {PROXY}"
        if trouble.code == CANNOT_ASK:
            kind, said = exceptions.SSLError, f"certificate verify failed: {PROXY}"
        raise kind(endpoint_url=request.url, error=said)

    def _response(self, request: Any, status: int, content: bytes, form: str = "") -> object:  # noqa: ANN401
        """Return a response, in a form of `_FORMS`."""
        from botocore.awsrequest import AWSResponse  # noqa: PLC0415 - slow to import

        headers = {"Date": format_datetime(self._aws_time(), usegmt=True)}
        if form in _FORMS:
            content = re.sub(*_FORMS[form], content.decode(), count=1).encode()
        return AWSResponse(request.url, status, {} if form == NO_DATE else headers, _Raw(content))


class _Network:
    """Who answers requests now."""

    now: Wire | None = None


class _Raw(io.BytesIO):
    """A body with the method that botocore calls."""

    def stream(self, **_options: object) -> Any:  # noqa: ANN401 - botocore is not typed
        """Yield all of it."""
        yield self.read()


def _answer(request: Any, **_event: object) -> object:  # noqa: ANN401 - botocore is not typed
    """Handle botocore's event before-send."""
    assert _Network.now
    return _Network.now.answer(request)


def _limited(context: Any, **_event: object) -> None:  # noqa: ANN401 - the same
    """Handle botocore's event before-call."""
    assert _Network.now
    config = context["client_config"]
    _Network.now.limits = config.connect_timeout, config.read_timeout


@cache
def _session() -> Any:  # noqa: ANN401 - botocore is not typed
    """Return the botocore session of all paths: a tenth of a second goes into one."""
    made = sts_session()
    made.register("before-call.sts", _limited)
    made.register("before-send.sts", _answer)
    return made


sts_session = sts.isolated_session


def _told(made: Session) -> tuple[object, ...]:
    secret, token = made.secret_access_key.reveal(), made.session_token.reveal()
    return made.access_key_id, secret, token, made.expiration, made.granted


def _decoded(text: str | bytes) -> str:
    return text.decode() if isinstance(text, bytes) else text


def _text(said: str) -> str:
    """Return what XML can hold of a code or a message."""
    return "".join(letter for letter in said if letter.isprintable())
