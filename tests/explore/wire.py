"""STS by the real adapter: boto3's requests are answered in process, as ``service`` chooses.

What a request says (its region, its parameters, its time) is read from its bytes, so that the
laws judge what was sent, and not what authkit asked its adapter for.
"""

from __future__ import annotations

import io
import os
import re
from contextlib import ExitStack
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
    from collections.abc import Mapping

    from authkit.core.model import AccessKeys, Caller, MfaCode, RoleRequest, Session
    from tests.explore.effects import Effects

# An answer that is not STS's, whatever its status: an error page of a proxy may look like one.
_LIKE_STS = "<ErrorResponse><Error>{}<Code>InvalidClientTokenId</Code></Error></ErrorResponse>"
_BROKEN: Mapping[str, tuple[int, str]] = {
    "an error of a proxy": (403, _LIKE_STS.format("")),
    "a page": (200, "<html>"),
    "nothing": (200, ""),
    "an error without a status": (302, _LIKE_STS.format("<Type>Sender</Type>")),
    "S3's error": (403, "<Error><Code>InvalidAccessKeyId</Code></Error>"),
}
BROKEN = choice("broken answer", *_BROKEN)
_SCOPE = re.compile(r"Credential=([^/]+)/\d{8}/([^/]+)/(\w+)/aws4_request")


class Wire(Service):
    """ports.Sts in one region, over ``adapters.sts``: as ``adapters.world`` makes it."""

    def __init__(self, world: Effects, region: str) -> None:
        super().__init__(world, region)
        self._of_world, self._who = world, ("", "")
        self._offset = 0.0
        with self._surroundings():
            self._real = RealWorld.sts(world, region)  # type: ignore[arg-type]  # it has what is used

    def get_caller_identity(self, who: AccessKeys | Session) -> Caller:
        """Have the adapter ask."""
        with self._calls(who):
            return self._real.get_caller_identity(who)

    def get_session_token(self, keys: AccessKeys, *, duration: int, mfa: MfaCode | None) -> Session:
        """Have the adapter ask."""
        with self._calls(keys):
            return self._real.get_session_token(keys, duration=duration, mfa=mfa)

    def assume_role(self, who: Session, request: RoleRequest) -> Session:
        """Have the adapter ask."""
        with self._calls(who):
            return self._real.assume_role(who, request)

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
            error = AwsError(refused.code, _text(refused.message), refused.status)
            return self._response(request, refused.status, body.of(call.operation, error, "req-1"))
        except Unreachable as trouble:
            return self._no_answer(request, trouble)
        return self._response(request, 200, self._success(call))

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

    def _no_answer(self, request: Any, trouble: Unreachable) -> object:  # noqa: ANN401 - the same
        """Raise what botocore raises, in whose text an address stands; or return a broken one."""
        from botocore import exceptions  # noqa: PLC0415 - slow to import

        if trouble.answered:
            status, text = _BROKEN[self._world.chosen(BROKEN)]
            return self._response(request, status, text.encode())
        kind = exceptions.ReadTimeoutError if trouble.sent else exceptions.EndpointConnectionError
        said = f"not by {PROXY}"
        if trouble.code == CANNOT_ASK:
            kind, said = exceptions.SSLError, f"certificate verify failed: {PROXY}"
        raise kind(endpoint_url=request.url, error=said)

    def _response(self, request: Any, status: int, content: bytes) -> object:  # noqa: ANN401
        from botocore.awsrequest import AWSResponse  # noqa: PLC0415 - slow to import

        headers = {"Date": format_datetime(self._aws_time(), usegmt=True)}
        return AWSResponse(request.url, status, headers, _Raw(content))


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


@cache
def _session() -> Any:  # noqa: ANN401 - botocore is not typed
    """Return the botocore session of all paths: a tenth of a second goes into one."""
    made = sts_session()
    made.register("before-send.sts", _answer)
    return made


sts_session = sts.isolated_session


def _decoded(text: str | bytes) -> str:
    return text.decode() if isinstance(text, bytes) else text


def _text(message: str) -> str:
    """Return what XML can hold of a message."""
    return "".join(letter for letter in message if letter.isprintable())
