"""The port Sts over boto3 (the only boto3 import).

A client uses the credentials that it is handed and nothing else: no profile, no
``~/.aws`` file, no ``AWS_*`` credential variable, no instance metadata.  boto3's
own retries are off, since the loop in ``login.recover`` waits.  Everything that
boto3 raises is translated here and only here.
"""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from threading import Thread
from typing import TYPE_CHECKING, Any

import boto3
import botocore.exceptions as errors
import botocore.session
from botocore.config import Config
from botocore.loaders import Loader
from botocore.parsers import ResponseParserError

from authkit.core.failures import Refused, Unreachable
from authkit.core.model import (
    LATEST,
    AccessKeys,
    Caller,
    MfaCode,
    RoleRequest,
    Secret,
    Session,
    sendable,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import timedelta

# Seconds to connect and to answer.  A check of a session takes 5 s at most in
# all (B-W03, B-E06); a call with keys may take 5 and 10 (B-L18).
_CHECK = (2, 3)
_CALL = (5, 10)

# What boto3 raises: the reason in a few words, whether an answer came, and whether
# STS may have seen the request.  The first match counts; reasons are formatted.
_TROUBLES = (
    (errors.ConnectTimeoutError, "no connection within {connect} s", False, False),
    (errors.ReadTimeoutError, "no answer within {read} s", False, True),
    (errors.ProxyConnectionError, "the proxy cannot be reached ({error})", False, False),
    (errors.SSLError, "TLS trouble ({error})", False, False),
    (errors.EndpointConnectionError, "{endpoint}: {error}", False, False),
    (errors.ConnectionClosedError, "the connection closed unanswered", False, True),
    (errors.HTTPClientError, "the connection broke ({error})", False, True),
    (errors.BotoCoreError, "{error}", False, False),
)
_BROKEN = (  # raised while an answer is read that is not STS's
    ResponseParserError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)


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
    models = Loader(
        extra_search_paths=[Loader.BUILTIN_DATA_PATH], include_default_search_paths=False
    )
    session.register_component("data_loader", models)  # else botocore reads ~/.aws/models
    return session


class Boto3Sts:
    """STS in one region.  `session` is for a fake network."""

    def __init__(self, region: str, session: botocore.session.Session | None = None) -> None:
        self._region = region
        self._session = boto3.Session(botocore_session=session or isolated_session())

    def get_caller_identity(self, who: AccessKeys | Session) -> Caller:
        """Raise Refused, Unreachable."""
        answer = self._call(who, "GetCallerIdentity", {})
        with _Reading("GetCallerIdentity"):
            return Caller(account=answer["Account"], arn=answer["Arn"], user_id=answer["UserId"])

    def get_session_token(
        self, keys: AccessKeys, *, duration: timedelta, mfa: MfaCode | None
    ) -> Session:
        """Raise Refused, Unreachable."""
        parameters: dict[str, Any] = {"DurationSeconds": int(duration.total_seconds())}
        if mfa is not None:
            parameters["SerialNumber"] = mfa.serial_number
            parameters["TokenCode"] = mfa.token_code.reveal()
        answer = self._call(keys, "GetSessionToken", parameters)
        with _Reading("GetSessionToken"):
            return _session(answer)

    def assume_role(self, who: Session, request: RoleRequest) -> Session:
        """Raise Refused, Unreachable."""
        parameters: dict[str, Any] = {
            "RoleArn": request.role_arn,
            "RoleSessionName": request.session_name,
            "DurationSeconds": int(request.duration.total_seconds()),
        }
        if request.external_id:
            parameters["ExternalId"] = request.external_id
        answer = self._call(who, "AssumeRole", parameters)
        with _Reading("AssumeRole"):
            return _session(answer)

    def _call(
        self, who: AccessKeys | Session, operation: str, parameters: Mapping[str, object]
    ) -> Any:  # noqa: ANN401 - boto3 is not typed
        is_check = isinstance(who, Session) and operation == "GetCallerIdentity"
        connect, read = _CHECK if is_check else _CALL
        try:
            client = self._client(who, connect, read)
        except (
            errors.BotoCoreError,
            ValueError,
        ) as error:  # an endpoint that is not a URL, for example
            reason = str(error).rstrip(".")
            raise Unreachable(operation, reason, answered=False, sent=False, lasting=True) from None
        try:
            return _within(connect + read, lambda: _METHODS[operation](client, **parameters))
        except _TooLongError:
            reason = f"no answer within {connect + read} s"
            raise Unreachable(operation, reason, answered=False, sent=True) from None
        except errors.ParamValidationError as error:
            report = " ".join(str(error.kwargs["report"]).split())
            raise Refused(operation, "ValidationError", report, status=0) from None
        except errors.ClientError as error:
            raise _refusal(operation, error) from None
        except errors.BotoCoreError as error:
            raise _trouble(operation, error, connect, read) from None
        except _BROKEN:
            raise _broken(operation, "the answer is not STS's") from None

    def _client(self, who: AccessKeys | Session, connect: float, read: float) -> Any:  # noqa: ANN401
        return self._session.client(
            "sts",
            region_name=self._region,
            aws_access_key_id=who.access_key_id,
            aws_secret_access_key=who.secret_access_key.reveal(),
            aws_session_token=who.session_token.reveal() if isinstance(who, Session) else None,
            config=Config(
                connect_timeout=connect,
                read_timeout=read,
                retries={"mode": "standard", "total_max_attempts": 1},
            ),
        )


class _TooLongError(Exception):
    pass


def _within(seconds: float, call: Callable[[], Any]) -> Any:  # noqa: ANN401 - boto3 is not typed
    """Return what the call returns, or raise what it raises.  Raises _TooLongError.

    boto3's own time-outs are for one address and one read: a name with many
    addresses, or an answer that comes byte by byte, takes a multiple of them.
    """
    ended: list[tuple[Any, BaseException | None]] = []

    def run() -> None:
        try:
            ended.append((call(), None))
        except BaseException as error:  # noqa: BLE001 - it is raised in the caller's thread
            ended.append((None, error))

    thread = Thread(target=run, daemon=True)
    try:
        thread.start()
        thread.join(seconds)
    except RuntimeError:  # no thread can be started: call without a deadline
        run()
    if not ended:
        raise _TooLongError
    answer, error = ended[0]
    if error:
        raise error
    return answer


_METHODS: dict[str, Callable[..., Any]] = {
    "GetCallerIdentity": lambda client: client.get_caller_identity(),
    "GetSessionToken": lambda client, **parameters: client.get_session_token(**parameters),
    "AssumeRole": lambda client, **parameters: client.assume_role(**parameters),
}


class _Reading:
    """Turns what is missing in an answer into Unreachable."""

    def __init__(self, operation: str) -> None:
        self._operation = operation

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, _BROKEN):
            raise _broken(self._operation, "the answer lacks what STS answers") from None


def _session(answer: Mapping[str, Any]) -> Session:
    granted = answer["Credentials"]
    session = Session(
        access_key_id=granted["AccessKeyId"],
        secret_access_key=Secret(granted["SecretAccessKey"]),
        session_token=Secret(granted["SessionToken"]),
        expiration=granted["Expiration"].astimezone(UTC).replace(microsecond=0),
        granted=_date(answer),
    )
    instants = (session.expiration.timestamp(), session.granted.timestamp())
    if not (sendable(session) and all(0 < instant < LATEST for instant in instants)):
        raise ValueError("credentials that nobody could use")
    return session


def _date(answer: Mapping[str, Any]) -> datetime:
    """Return the answer's Date: with it the local clock does not matter (B-L22)."""
    return parsedate_to_datetime(answer["ResponseMetadata"]["HTTPHeaders"]["date"]).astimezone(UTC)


def _refusal(operation: str, error: errors.ClientError) -> Refused | Unreachable:
    said = error.response.get("Error", {})
    metadata = error.response.get("ResponseMetadata", {})
    status = metadata.get("HTTPStatusCode", 0)
    if status // 100 not in {4, 5}:
        return _broken(operation, f"HTTP {status} with an error")
    if not said.get("Code") or said["Code"] == str(
        status
    ):  # botocore puts the status where there is no code
        return _broken(operation, f"HTTP {status} without an STS error")
    return Refused(
        operation,
        said["Code"],
        said.get("Message") or "",
        status=status,
        request_id=metadata.get("RequestId", ""),
    )


def _broken(operation: str, reason: str) -> Unreachable:
    return Unreachable(operation, reason, answered=True, sent=True)


def _trouble(operation: str, error: Exception, connect: float, read: float) -> Unreachable:
    words, answered, sent = next(row[1:] for row in _TROUBLES if isinstance(error, row[0]))
    known = getattr(error, "kwargs", {})
    reason = words.format(
        connect=connect,
        read=read,
        endpoint=known.get("endpoint_url", "STS"),
        error=_cause(known.get("error", error)),
    )
    return Unreachable(operation, reason, answered=answered, sent=sent)


def _cause(error: object) -> str:
    """Return the system's error text out of urllib3's nested ones."""
    if isinstance(error, ValueError):  # its text quotes the request with its signature
        return "the request cannot be written"
    said = re.search(r"\[(?:Errno|SSL)[^\]]*\] ([^()'\"]+)", str(error))
    return said[1].strip() if said else str(error)
