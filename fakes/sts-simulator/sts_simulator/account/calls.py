"""A call of STS as values: the request, its outcome, and the record that is kept of it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sts_simulator.account.authentication import Signature
from sts_simulator.account.errors import AwsError
from sts_simulator.account.faults import TIMEOUT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta

    from sts_simulator.account.answers import Answer
    from sts_simulator.account.faults import Breakage, Fault

VERSION = "2011-06-15"
GLOBAL_REGION = "us-east-1"  # of the global endpoint
CALLS_KEPT = 10_000
LONGEST_RECORDED = 10_000  # characters of a text: a client may send ten million
LARGEST_RECORD = 2**16  # characters of all parameters: more than every operation's together
# In lower case, so that a client's slip shows no secret either.
_NEVER_RECORDED = frozenset({"samlassertion", "tokencode", "tradeintoken", "webidentitytoken"})


@dataclass(frozen=True)
class Request:
    """A call of STS.  The parameters are texts, as on the wire.

    `signature` is None for an unsigned request, and an error when the
    signature cannot be read.  `source_ip` is the client's address.  `endpoint_region` is the
    region of the endpoint that was called, None where the Host does not tell.
    `service` is "iam" for the one action of ``list_mfa_devices``.
    """

    operation: str
    parameters: Mapping[str, str]
    signature: Signature | AwsError | None
    source_ip: str = "127.0.0.1"
    version: str = VERSION
    endpoint_region: str | None = None
    service: str = "sts"

    @property
    def action(self) -> str:
        """The action that policies and denials name."""
        return f"{self.service}:{self.operation}"

    @property
    def fault_name(self) -> str:
        """What a fault on this call is on: an operation of STS, or ``iam:`` and an action."""
        return self.operation if self.service == "sts" else self.action

    @property
    def region(self) -> str:
        """The region that the request is for: its signature's, else its endpoint's."""
        signed = self.signature.region if isinstance(self.signature, Signature) else None
        return signed or self.endpoint_region or GLOBAL_REGION


@dataclass(frozen=True)
class Outcome:
    """What STS does with a request.

    `date` is the answer's Date, in whole seconds.  The answer arrives after
    `latency`.  With a `breakage` the client cannot read it: `answer` is then
    what STS said, or None where the broken answer does not come from STS.
    """

    operation: str
    request_id: str
    date: datetime
    latency: timedelta
    answer: Answer | None
    breakage: Breakage | None = None

    @property
    def status(self) -> int:
        """The HTTP status, 0 when no answer comes."""
        if self.breakage:
            return self.breakage.status
        return self.answer.status if isinstance(self.answer, AwsError) else 200

    def within(self, read_timeout: timedelta) -> tuple[timedelta, Breakage | None]:
        """Return how long a client with this read timeout waits, and how its answer is broken."""
        waits = self.breakage is not None and self.breakage.waits
        if waits or self.latency >= read_timeout:
            return read_timeout, TIMEOUT
        return self.latency, self.breakage


@dataclass(frozen=True)
class Call:
    """The record of a call, without session token and MFA code.

    `code` is the error code, or the fault's word where the answer could not be
    read, and `message` is what STS says with its code.  `reason` is why STS refused, which
    AWS does not tell.  `status` is None where no answer came.  `account` is the id of the
    caller's account, None for a caller who is not known.
    """

    operation: str
    access_key_id: str | None
    parameters: Mapping[str, str]
    status: int | None
    code: str | None
    at: datetime
    message: str | None = None
    reason: str | None = None
    account: str | None = None


@dataclass(frozen=True)
class Refusal:
    """A refused request to any service.  `operation` is "" where the request does not name it."""

    service: str
    operation: str
    signature: Signature | None
    error: AwsError
    at: datetime
    account: str | None = None


@dataclass
class CallLog:
    """The records of the last `CALLS_KEPT` calls of STS, and the last refusal by any service."""

    calls: deque[Call] = field(default_factory=lambda: deque(maxlen=CALLS_KEPT))
    last_refusal: Refusal | None = None


def recorded(
    request: Request,
    outcome: Outcome,
    fault: Fault | None,
    at: datetime,
    account: str | None = None,
) -> Call:
    """Return the record of a call that arrived at the instant `at`, by a caller of `account`."""
    refused = outcome.answer if isinstance(outcome.answer, AwsError) else None
    return Call(
        request.operation,
        request.signature.access_key_id if isinstance(request.signature, Signature) else None,
        _kept(request.parameters),
        outcome.status or None,
        fault.answer if fault and outcome.breakage else refused.code if refused else None,
        at,
        refused.message[:LONGEST_RECORDED] if refused and refused.message else None,
        _reason(refused, fault),
        account,
    )


def _kept(parameters: Mapping[str, str]) -> dict[str, str]:
    """Return the first parameters, as many as a record has room for, without secrets."""
    kept: dict[str, str] = {}
    room = LARGEST_RECORD
    for name, text in parameters.items():
        if name.lower() in _NEVER_RECORDED:
            continue
        shown = text[:LONGEST_RECORDED]
        room -= len(name) + len(shown)
        if room < 0:
            break
        kept[name] = shown
    return kept


def _reason(refused: AwsError | None, fault: Fault | None) -> str | None:
    if fault and fault.answer:
        return "a fault that was asked for"
    why = (refused.reason or refused.message or refused.code) if refused else None
    return why and why[:LONGEST_RECORDED]
