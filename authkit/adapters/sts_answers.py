"""What boto3 returns and raises, as authkit's values and failures.

Everything that an answer of STS, or its absence, can be is translated here and
only here (``adapters.sts`` makes the calls).
"""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import botocore.exceptions as errors
from botocore.parsers import ResponseParserError

from authkit.adapters import addresses, surroundings
from authkit.core.failures import Refused, Unreachable
from authkit.core.model import LATEST, Caller, Secret, Session, sendable

if TYPE_CHECKING:
    from collections.abc import Mapping

# What boto3 raises: the reason in a few words, whether an answer came, and whether
# STS may have seen the request.  The first match counts; reasons are formatted.
_TROUBLES = (
    (errors.ConnectTimeoutError, "no connection within {connect} s", False, False),
    (errors.ReadTimeoutError, "no answer within {read} s", False, True),
    (errors.ProxyConnectionError, "{proxy} cannot be reached ({error})", False, False),
    (errors.SSLError, "TLS trouble ({error})", False, False),
    (errors.EndpointConnectionError, "{endpoint}: {error}", False, False),
    (errors.ConnectionClosedError, "the connection closed unanswered", False, True),
    (errors.HTTPClientError, "the connection broke ({error})", False, True),
    (errors.BotoCoreError, "{error}", False, False),
)
_LONGEST_NAME = 12 + 2048  # characters of an account and an ARN
_LONGEST_SERIAL_NUMBER, _MOST_DEVICES = 256, 100
BROKEN = (  # raised while an answer is read that is not STS's
    ResponseParserError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)


class Reading:
    """Turns what is missing in an answer into Unreachable."""

    def __init__(self, operation: str) -> None:
        self._operation = operation

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, BROKEN):
            raise broken(self._operation, "the answer lacks what STS answers") from None


def caller(answer: Mapping[str, Any]) -> Caller:
    """Return whom an answer of GetCallerIdentity names.

    Raises one of `BROKEN` when it names nobody: an ARN has no control characters, and
    2048 characters at most (IAM's arnType).
    """
    named = Caller(account=answer["Account"], arn=answer["Arn"])
    shown = f"{named.account}{named.arn}"
    if not shown.isprintable() or len(shown) > _LONGEST_NAME:
        raise ValueError("a name that nobody has")
    return named


def session(answer: Mapping[str, Any]) -> Session:
    """Return the session in an answer of GetSessionToken or AssumeRole.

    Raises one of `BROKEN` when the answer has none that can be used.
    """
    granted = answer["Credentials"]
    made = Session(
        access_key_id=granted["AccessKeyId"],
        secret_access_key=Secret(granted["SecretAccessKey"]),
        session_token=Secret(granted["SessionToken"]),
        expiration=int(granted["Expiration"].timestamp()),
        granted=int(date(answer["ResponseMetadata"]["HTTPHeaders"]).timestamp()),
    )
    instants = (made.expiration, made.granted)
    if not (sendable(made) and all(0 < instant < LATEST for instant in instants)):
        raise ValueError("credentials that nobody could use")
    return made


def date(headers: Mapping[str, Any]) -> datetime:
    """Return the Date in an answer's headers: with it the local clock does not matter (B-L22).

    Raises one of `BROKEN` when there is none.
    """
    return parsedate_to_datetime(headers["date"]).astimezone(UTC)


def refusal(operation: str, status: int, request_id: object, body: bytes) -> Refused | Unreachable:
    """Return what an answer with an error means: only STS's own says anything (B-L18).

    What botocore makes of an answer does not tell whose error it is.
    """
    if status // 100 not in {4, 5}:
        return broken(operation, f"HTTP {status} with an error")
    said = _said_by_sts(body)
    if not (said.get("Type") and said.get("Code")):
        return broken(operation, f"HTTP {status} without an STS error")
    request_id = request_id if isinstance(request_id, str) else ""
    message = said.get("Message", "")
    return Refused(operation, said["Code"], message, status=status, request_id=request_id)


def _said_by_sts(body: bytes) -> dict[str, str]:
    """Return an error in STS's form, ErrorResponse > Error > Type, Code, Message; {} for another.

    Source: AWS's query protocol (smithy.io, "AWS Query protocol", error responses).
    S3's form has Error outermost, EC2's has Response > Errors > Error.
    """
    try:
        root = ET.fromstring(body)  # noqa: S314 - botocore has parsed it already
    except ET.ParseError:
        return {}
    found = root.findall("{*}Error") if _tag(root) == "ErrorResponse" else []
    return {_tag(child): child.text or "" for child in found[0]} if len(found) == 1 else {}


def _tag(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def serial_numbers(before: list[str], answer: Mapping[str, Any]) -> list[str]:
    """Return the serial numbers on the pages of ListMFADevices `before`, and on this one.

    Raises one of `BROKEN` for what nobody has: a user has eight devices at most, and a serial
    number 256 characters (IAM's quotas, and its serialNumberType).
    """
    found = before + [device["SerialNumber"] for device in answer["MFADevices"]]
    too_long = any(len(one) > _LONGEST_SERIAL_NUMBER for one in found)
    if too_long or len(found) > _MOST_DEVICES or not "".join(found).isprintable():
        raise ValueError("devices that nobody has")
    return found


def broken(operation: str, reason: str) -> Unreachable:
    """Return what an answer means that is not STS's."""
    return Unreachable(operation, reason, answered=True, sent=True)


def lasting(operation: str, reason: str) -> Unreachable:
    """Return why STS cannot be asked at all, which does not pass by itself (B-A07)."""
    reason = addresses.without_credentials(reason, os.environ)
    return Unreachable(operation, reason, answered=False, sent=False, lasting=True)


def of_proxy(found: Refused | Unreachable, url: str, statuses: list[int]) -> Refused | Unreachable:
    """Return what an answer is that a proxy may have given in place of the STS at `url`.

    It can do so where nothing is encrypted; `statuses` are those of the answers.
    """
    proxy = surroundings.proxy(url, os.environ)
    if isinstance(found, Unreachable) and proxy and statuses and url.startswith("http:"):
        reason = proxy.refusal(statuses[-1])
        return lasting(found.operation, reason) if reason else found
    return found


def trouble(operation: str, error: Exception, connect: float, read: float, url: str) -> Unreachable:
    """Return what an error of botocore's means; `connect` and `read` are the limits in seconds."""
    words, answered, sent = next(row[1:] for row in _TROUBLES if isinstance(error, row[0]))
    known = getattr(error, "kwargs", {})
    proxy = surroundings.proxy(url, os.environ)
    said = str(known.get("error", error))
    now = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    if reason := surroundings.refused_certificate(said, now):
        return lasting(operation, reason)
    tunnel = re.search(r"Tunnel connection failed: (\d{3})", said)
    if proxy and tunnel:
        status = int(tunnel[1])
        if reason := proxy.refusal(status):
            return lasting(operation, reason)
        reason = f"the proxy of {proxy.name} answered with HTTP {status}"
        return Unreachable(operation, reason, answered=False, sent=False)
    reason = words.format(
        connect=connect,
        read=read,
        endpoint=known.get("endpoint_url", "STS"),
        error=_cause(known.get("error", error)),
        proxy=f"the proxy of {proxy.name}" if proxy else "the proxy",
    )
    reason = addresses.without_credentials(reason, os.environ)
    return Unreachable(operation, reason, answered=answered, sent=sent)


def _cause(error: object) -> str:
    """Return the system's error text out of urllib3's nested ones."""
    if isinstance(error, ValueError):  # its text quotes the request with its signature
        return "the request cannot be written"
    said = re.search(r"\[(?:Errno|SSL)[^\]]*\] ([^()'\"]+)|(?:: )?(Read timed out)", str(error))
    return (said[1] or "no answer").strip() if said else str(error)
