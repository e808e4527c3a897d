"""The port Sts over boto3 (the only boto3 import); one call of it is IAM's.

A client uses the credentials that it is handed and nothing else: no profile, no
``~/.aws`` file, no ``AWS_*`` credential variable, no instance metadata.  boto3's
own retries are off, since the loop in ``login.recover`` waits.  What boto3 returns
and raises is translated in ``sts_answers``.
"""

from __future__ import annotations

import os
import signal
import time
from _thread import allocate_lock, start_new_thread
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import boto3
import botocore.exceptions as errors
import botocore.session
from botocore import UNSIGNED
from botocore.auth import SIGV4_TIMESTAMP, SigV4Auth
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.loaders import Loader

from authkit.adapters import addresses, surroundings
from authkit.adapters.clock import CorrectedClock, RealClock
from authkit.adapters.sts_answers import (
    BROKEN,
    Reading,
    broken,
    caller,
    date,
    lasting,
    of_proxy,
    refusal,
    serial_numbers,
    session,
    trouble,
)
from authkit.core.failures import Refused, Unreachable
from authkit.core.model import AccessKeys, MfaCode, RoleRequest, Secret, Session, hide

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from authkit.core.model import Caller

# Seconds to connect and to answer.  A check of a session takes 5 s at most in
# all (B-W03, B-E06); a call with keys may take 5 and 10 (B-L18).
_CHECK = (2, 3)
_CALL = (5, 10)
_MOST_PAGES = 10  # of a list of devices: a user has eight devices at most


def isolated_session() -> botocore.session.Session:
    """Return a botocore session that reads no profile and no file of ``~/.aws``.

    Without this boto3 raises ProfileNotFound for an unknown AWS_PROFILE even
    when it is handed credentials.
    """
    nowhere = (None, None, os.devnull, None)
    session = botocore.session.Session(
        session_vars={
            "profile": (None, None, None, None),
            "config_file": nowhere,
            "credentials_file": nowhere,
        }
    )
    session.register_component("data_loader", _models())  # else botocore reads ~/.aws/models
    # Before boto3 1.40, and with any under AWS_STS_REGIONAL_ENDPOINTS=legacy, STS of most regions
    # would be asked at sts.amazonaws.com, which is us-east-1's.
    session.set_config_variable("sts_regional_endpoints", "regional")
    return session


@cache
def _models() -> Loader:
    """Return the loader of botocore's own models; each is parsed once in a process."""
    return Loader(extra_search_paths=[Loader.BUILTIN_DATA_PATH], include_default_search_paths=False)


class Boto3Sts:
    """STS in one region.  `session` is for a fake network.

    Requests are signed at the machine's time, corrected by the offset of `clock` (B-L10).
    """

    def __init__(
        self,
        region: str,
        session: botocore.session.Session | None = None,
        clock: CorrectedClock | None = None,
    ) -> None:
        self._region = region
        self.clock = clock or CorrectedClock(RealClock())
        for known in addresses.credentials(os.environ):
            hide(known.rstrip("@").rpartition(":")[2])  # no exception may show a password
        self._headers: Mapping[str, Any] = {}  # of the last answer
        self._session = boto3.Session(botocore_session=session or isolated_session())

    def get_caller_identity(self, who: AccessKeys | Session) -> Caller:
        """Raise Refused, Unreachable."""
        answer = self._call(who, "GetCallerIdentity", {})
        with Reading("GetCallerIdentity"):
            return caller(answer)

    def get_date(self) -> datetime:
        """Raise Unreachable."""
        with suppress(Refused):  # STS refuses what is not signed, and tells the time with it
            ends = time.monotonic() + sum(_CALL)
            self._send(None, "GetCallerIdentity", {}, _CALL, ends)
        with Reading("GetCallerIdentity"):
            return date(self._headers)

    def get_session_token(self, keys: AccessKeys, *, duration: int, mfa: MfaCode | None) -> Session:
        """Raise Refused, Unreachable."""
        parameters: dict[str, Any] = {"DurationSeconds": duration}
        if mfa is not None:
            parameters["SerialNumber"] = mfa.serial_number
            parameters["TokenCode"] = mfa.token_code.reveal()
        answer = self._call(keys, "GetSessionToken", parameters)
        with Reading("GetSessionToken"):
            return session(answer)

    def assume_role(self, who: Session, request: RoleRequest) -> Session:
        """Raise Refused, Unreachable."""
        parameters: dict[str, Any] = {
            "RoleArn": request.role_arn,
            "RoleSessionName": request.session_name,
            "DurationSeconds": request.duration,
        }
        if request.external_id:
            parameters["ExternalId"] = request.external_id
        answer = self._call(who, "AssumeRole", parameters)
        with Reading("AssumeRole"):
            return session(answer)

    def list_mfa_devices(self, keys: AccessKeys) -> tuple[str, ...]:
        """Raise Refused, Unreachable.  It is signed at the time that STS has taken."""
        if reason := addresses.why_not_iam(os.environ):
            raise lasting("ListMFADevices", reason)
        ends = time.monotonic() + sum(_CHECK)
        found, page = list[str](), dict[str, str]()  # a user has few: one page, but it may say more
        for _ in range(_MOST_PAGES):
            answer = self._send(keys, "ListMFADevices", page, _CHECK, ends)
            with Reading("ListMFADevices"):
                found = serial_numbers(found, answer)
                if not answer.get("IsTruncated"):
                    return tuple(found)
                page = {"Marker": answer["Marker"]}
        raise broken("ListMFADevices", "the list of devices has no end")

    def _call(
        self, who: AccessKeys | Session, operation: str, parameters: Mapping[str, object]
    ) -> Any:  # noqa: ANN401 - boto3 is not typed
        """Make the call, signed twice at most: within the time of one in all."""
        is_check = isinstance(who, Session) and operation == "GetCallerIdentity"
        connect, read = _CHECK if is_check else _CALL
        ends = time.monotonic() + connect + read
        return self.clock.call(
            self._region, lambda: self._send(who, operation, parameters, (connect, read), ends)
        )

    def _send(
        self,
        who: AccessKeys | Session | None,
        operation: str,
        parameters: Mapping[str, object],
        limits: tuple[float, float],
        ends: float,
    ) -> Any:  # noqa: ANN401 - boto3 is not typed
        """Sign and send the call once; it ends at the instant `ends` of the monotonic clock."""
        connect, read = limits
        try:
            surroundings.check(os.environ)
            service, method = _METHODS[operation]
            client = self._client(service, who, connect, read)
            surroundings.check_way(client.meta.endpoint_url, os.environ)
        except (errors.BotoCoreError, ValueError) as error:
            raise lasting(operation, str(error).rstrip(".")) from None
        bodies: list[bytes] = []
        received = f"response-received.{service}"
        client.meta.events.register(received, partial(_keep_body, bodies))
        client.meta.events.register(received, self._keep_headers)
        statuses = _noted_statuses(client)
        try:
            left = max(0, ends - time.monotonic())
            return _within(left, lambda: method(client, **parameters))
        except _TooLongError:
            reason = f"no answer within {connect + read} s"
            raise Unreachable(operation, reason, answered=False, sent=True) from None
        except errors.ParamValidationError as error:
            report = " ".join(str(error.kwargs["report"]).split())
            raise Refused(operation, "ValidationError", report, status=0) from None
        except errors.ClientError as error:
            found = _refusal(operation, error, bodies)
        except errors.BotoCoreError as error:
            url = client.meta.endpoint_url
            raise trouble(operation, error, connect, read, url) from None
        except BROKEN:
            found = broken(operation, "the answer is not STS's")
        raise of_proxy(found, client.meta.endpoint_url, statuses)

    def _keep_headers(self, response_dict: Mapping[str, Any] | None, **_: object) -> None:
        """Handle botocore's event response-received."""
        self._headers = response_dict["headers"] if response_dict else {}

    def _client(
        self, service: str, who: AccessKeys | Session | None, connect: float, read: float
    ) -> Any:  # noqa: ANN401 - boto3 is not typed
        # With none at all botocore would look for some, in the instance's metadata too.
        keys = who or AccessKeys("unsigned", Secret("unsigned"))
        client = self._session.client(
            service,
            region_name=self._region,
            aws_access_key_id=keys.access_key_id,
            aws_secret_access_key=keys.secret_access_key.reveal(),
            aws_session_token=keys.session_token.reveal() if isinstance(keys, Session) else None,
            config=Config(
                connect_timeout=connect,
                read_timeout=read,
                retries={"mode": "standard", "total_max_attempts": 1},
                signature_version=None if who else UNSIGNED,
            ),
        )
        if who and self.clock.offset:
            sign = partial(_sign_again, _Corrected(who, service, self._region, self.clock.offset))
            client.meta.events.register_last(f"request-created.{service}", sign)
        return client


class _Corrected(SigV4Auth):  # type: ignore[misc]  # botocore is not typed
    """Signs at the machine's time plus an offset, for which botocore has no setting."""

    def __init__(self, who: AccessKeys | Session, service: str, region: str, offset: float) -> None:
        token = who.session_token.reveal() if isinstance(who, Session) else None
        keys = Credentials(who.access_key_id, who.secret_access_key.reveal(), token)
        super().__init__(keys, service, region)
        self._offset = timedelta(seconds=offset)

    def _modify_request_before_signing(self, request: Any) -> None:  # noqa: ANN401
        """Set the headers that are signed, after botocore has set the time of the signature."""
        signed = datetime.strptime(request.context["timestamp"], SIGV4_TIMESTAMP) + self._offset  # noqa: DTZ007 - in UTC
        request.context["timestamp"] = signed.strftime(SIGV4_TIMESTAMP)
        # IAM has one endpoint a partition, and is signed for the region of that one.
        where = request.context.get("signing") or {}
        self._region_name: str = where.get("region", self._region_name)
        super()._modify_request_before_signing(request)


def _sign_again(signer: _Corrected, request: Any, **_: object) -> None:  # noqa: ANN401
    """Handle botocore's event request-created, after botocore has signed at its own time."""
    signer.add_auth(request)


def _keep_body(bodies: list[bytes], response_dict: Mapping[str, Any] | None, **_: object) -> None:
    """Handle botocore's event response-received: keep the answer's bytes."""
    if response_dict:
        bodies.append(response_dict["body"])


def _noted_statuses(client: Any) -> list[int]:  # noqa: ANN401 - boto3 is not typed
    """Return a list that gets the status of every answer.

    boto3 does not tell that of an answer which it cannot read, nor does an event of
    its oldest versions.
    """
    session, statuses = client._endpoint.http_session, list[int]()  # noqa: SLF001 - see above
    send = session.send

    def noted(request: object) -> Any:  # noqa: ANN401 - boto3 is not typed
        answer = send(request)
        statuses.append(answer.status_code)
        return answer

    session.send = noted
    return statuses


def _refusal(
    operation: str, error: errors.ClientError, bodies: list[bytes]
) -> Refused | Unreachable:
    metadata = error.response.get("ResponseMetadata", {})
    status, request_id = metadata.get("HTTPStatusCode", 0), metadata.get("RequestId")
    return refusal(operation, status, request_id, bodies[-1] if bodies else b"")


class _TooLongError(Exception):
    pass


def _within(seconds: float, call: Callable[[], Any]) -> Any:  # noqa: ANN401 - boto3 is not typed
    """Return what the call returns, or raise what it raises.  Raises _TooLongError.

    boto3's own time-outs are for one address and one read: a name with many
    addresses, or an answer that comes byte by byte, takes a multiple of them.
    """
    ended: list[tuple[Any, BaseException | None]] = []

    def run(*, apart: bool = False) -> None:
        try:
            # A call that takes longer goes on beside exec's child, whose signals it must not get.
            if apart and hasattr(signal, "pthread_sigmask"):  # Windows has none
                signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
            ended.append((call(), None))
        except BaseException as error:  # noqa: BLE001 - it is raised in the caller's thread
            ended.append((None, error))
        finally:
            over.release()

    over = allocate_lock()
    over.acquire()
    try:
        # Not threading's: its start() waits for ever for a thread that finds no memory to begin.
        start_new_thread(run, (), {"apart": True})
        over.acquire(timeout=seconds)
    except RuntimeError:  # no thread can be started: call without a deadline
        run()
    if not ended:
        raise _TooLongError
    answer, error = ended[0]
    if error:
        raise error
    return answer


# By operation: the service, and the call.
_METHODS: dict[str, tuple[str, Callable[..., Any]]] = {
    "GetCallerIdentity": ("sts", lambda client: client.get_caller_identity()),
    "GetSessionToken": ("sts", lambda client, **asked: client.get_session_token(**asked)),
    "AssumeRole": ("sts", lambda client, **asked: client.assume_role(**asked)),
    "ListMFADevices": ("iam", lambda client, **asked: client.list_mfa_devices(**asked)),
}
