"""A call of STS as values: what is asked, what comes of it, what is remembered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from authkit.core.model import Caller, Session
from sts_simulator.account.authentication import Signature
from sts_simulator.account.errors import AwsError
from sts_simulator.account.faults import TIMEOUT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta

    from sts_simulator.account.faults import Breakage, Fault


@dataclass(frozen=True)
class Granted:
    """A session in another name than the caller's: a role's, or a federated user's.

    `packed_policy_size`: a percentage, None when no session policy was given.
    """

    session: Session
    arn: str
    user_id: str
    packed_policy_size: int | None = None
    source_identity: str | None = None


@dataclass(frozen=True)
class KeyOwner:
    """GetAccessKeyInfo's answer: whose account a key belongs to."""

    account: str


Answer = Caller | Session | Granted | KeyOwner | AwsError

_NEVER_KEPT = frozenset({"TokenCode"})


@dataclass(frozen=True)
class Request:
    """A call of STS, its parameters as texts, as on the wire.

    `signature`: None when unsigned, the refusal when it cannot be read.
    """

    operation: str
    parameters: Mapping[str, str]
    signature: Signature | AwsError | None


@dataclass(frozen=True)
class Outcome:
    """What comes of a call.

    `date` is the answer's Date, in whole seconds.  The answer takes `latency`
    to come back.  With a `breakage` it cannot be read when it does: `answer`
    is then what STS said, or None where something else spoke in its place.
    """

    operation: str
    request_id: str
    date: datetime
    latency: timedelta
    answer: Answer | None
    breakage: Breakage | None = None

    @property
    def status(self) -> int:
        """The HTTP status, 0 when nothing comes."""
        if self.breakage:
            return self.breakage.status
        return self.answer.status if isinstance(self.answer, AwsError) else 200

    def seen_after(self, patience: timedelta) -> tuple[timedelta, Breakage | None]:
        """Return how long a client waits that waits no longer than `patience`, and how it fails."""
        waits = self.breakage is not None and self.breakage.waits
        if waits or self.latency >= patience:
            return patience, TIMEOUT
        return self.latency, self.breakage


@dataclass(frozen=True)
class Call:
    """A call as the account remembers it, without token and code.

    `code` is the refusal's, or the fault's name where the answer could not be
    read; `status` is None where nothing was answered.
    """

    operation: str
    access_key_id: str | None
    parameters: Mapping[str, str]
    status: int | None
    code: str | None
    at: datetime


def remembered(request: Request, outcome: Outcome, fault: Fault | None, at: datetime) -> Call:
    """Return what is kept of a call that arrived at the instant `at`."""
    refused = outcome.answer.code if isinstance(outcome.answer, AwsError) else None
    return Call(
        request.operation,
        request.signature.access_key_id if isinstance(request.signature, Signature) else None,
        {name: text for name, text in request.parameters.items() if name not in _NEVER_KEPT},
        outcome.status or None,
        fault.answer if fault and outcome.breakage else refused,
        at,
    )
