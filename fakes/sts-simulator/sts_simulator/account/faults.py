"""Faults: what goes wrong with calls of STS, as data; their matching and counting.

The same object stands in a scenario file, in a POST to ``/_sim/faults`` and in
a test.  An AWS error code is answered instead of STS's own answer, and STS does
not do the work.  The same holds for a broken answer, a row of `BREAKAGES`, unless
the row has `keeps_effect`: then STS does the work, and so uses up an MFA code, but
its answer is lost.

How a broken answer looks is decided by what shows it: ``wire.broken_answers`` over
HTTP, ``wire.botocore_hook`` under botocore.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from sts_simulator.account import errors, schema
from sts_simulator.account.durations import DURATION_SCHEMA, parse_duration
from sts_simulator.account.oidc import errors as oidc_errors
from sts_simulator.account.saml import errors as saml_errors

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import timedelta


@dataclass(frozen=True)
class Breakage:
    """An answer that no client can read; `word` is a fault's `answer`.

    `status` is its HTTP status, 0 when no answer comes at all; with `waits`
    the connection then stays open.  With `cuts` the connection closes after half of the
    body that Content-Length promises.
    `keeps_effect`: STS has done the work.
    """

    word: str
    status: int = 0
    keeps_effect: bool = False
    waits: bool = False
    cuts: bool = False


TIMEOUT = Breakage("timeout", keeps_effect=True, waits=True)

BREAKAGES = {
    breakage.word: breakage
    for breakage in (
        TIMEOUT,
        Breakage("reset"),
        Breakage("cut", 200, keeps_effect=True, cuts=True),
        Breakage("truncated", 200, keeps_effect=True),
        Breakage("garbage", 200),
        Breakage("html", 502),
        Breakage("empty", 200),
    )
}

# Error codes of AWS that tests mean beside those of `errors.DEFAULTS` (STS API Reference, "Common
# Error Types", and what SDKs retry): any other is taken too, since AWS may have it.
_OTHER_CODES = (
    *("AccessDeniedException", "InternalServerError", "InvalidAccessKeyId"),
    *("InvalidAction", "NotAuthorized", "OptInRequired", "RequestThrottled", "RequestTimeout"),
    *("RequestTimeoutException", "SlowDown", "ThrottledException", "ThrottlingException"),
    *("TooManyRequestsException", "UnrecognizedClientException", "ValidationException"),
    "MalformedPolicyDocumentException",
)
_NEAR = 0.8  # difflib's ratio: codes of AWS are as like each other as "Throttled" and "Throttling"

# The likeliest message of a code where an operation has its own, as `errors.DEFAULTS`.
_OWN_WORDS = {
    operation: {error.code: error for error in own}
    for operation, own in {
        "AssumeRoleWithSAML": (
            saml_errors.EXPIRED,
            saml_errors.NO_AUDIENCE,
            saml_errors.NOT_AUTHENTICATED,
            saml_errors.NOT_AUTHORIZED,
        ),
        "AssumeRoleWithWebIdentity": (
            oidc_errors.EXPIRED.fill(now=1_735_002_000, expires=1_734_998_400),
            oidc_errors.NOT_AUTHORIZED.fill(action="sts:AssumeRoleWithWebIdentity"),
        ),
    }.items()
}

FAULT_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "Something that goes wrong with a call of STS.",
    "properties": {
        "on": {
            "type": "string",
            "description": "an STS operation, * for every one, or iam:ListMFADevices",
        },
        "answer": {
            "type": "string",
            "minLength": 1,
            "description": f"an AWS error code, or {', '.join(BREAKAGES)}",
        },
        "message": {"type": "string"},
        "status": {"type": "integer", "minimum": 200, "maximum": 599},
        "latency": DURATION_SCHEMA,
        "request_id": {"type": "string", "description": "of the answer"},
        "after": {"type": "integer", "minimum": 0, "description": "skip the first so many calls"},
        "times": {"type": "integer", "minimum": 0, "description": "0: until cleared"},
        "user": {"type": "string", "description": "only calls with this user's credentials"},
        "account": {
            "type": "string",
            "description": "only calls of this account; that of `user`: the first by default",
        },
    },
    "required": ["on"],
    "anyOf": [{"required": ["answer"]}, {"required": ["latency"]}],
    "$comment": "a fault needs an answer, a latency, or both",
    "additionalProperties": False,
}


@dataclass(frozen=True)
class Fault:
    """A fault of docs/contract.md.  `times` 0: until cleared."""

    on: str
    answer: str = ""
    message: str | None = None
    status: int | None = None
    latency: timedelta | None = None
    request_id: str = ""
    after: int = 0
    times: int = 1
    user: str | None = None
    account: str | None = None
    source: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @classmethod
    def parse(cls, table: Mapping[str, Any]) -> Fault:
        """Return the fault written in `table`.  Raises ValueError with a reason."""
        schema.check(table, FAULT_SCHEMA, "fault")
        fields = dict(table)
        if "latency" in fields:
            fields["latency"] = parse_duration(fields["latency"])
        for name in {"status", "after", "times"} & fields.keys():
            fields[name] = int(fields[name])  # JSON Schema accepts 3.0 as an integer
        return cls(**fields, source=dict(table))

    @property
    def breakage(self) -> Breakage | None:
        """The broken answer that the fault stands for, None when it stands for something else."""
        breakage = BREAKAGES.get(self.answer)
        if breakage and breakage.status and self.status:
            return replace(breakage, status=self.status)
        return breakage

    @property
    def nearest(self) -> str:
        """The known answer that the fault's is nearly, "" where it is one, or is like none.

        It may be a code all the same, and so is answered.
        """
        codes = {code for own in _OWN_WORDS.values() for code in own}
        known = {*BREAKAGES, *errors.DEFAULTS, *_OTHER_CODES, *codes}
        if self.answer in known:
            return ""
        return next(iter(get_close_matches(self.answer, sorted(known), n=1, cutoff=_NEAR)), "")

    @property
    def warning(self) -> str:
        """What is odd about the fault, "" for nothing: an answer that is nearly a known one."""
        if near := self.nearest:
            return f"answer: {self.answer} is not known; the nearest is {near}"
        return ""

    def error(self, **values: object) -> errors.AwsError | None:
        """Return the error that the fault stands for, its message filled in with `values`."""
        if not self.answer or self.breakage:
            return None
        of_operation = _OWN_WORDS.get(str(values.get("operation")), {})
        default = of_operation.get(self.answer) or errors.DEFAULTS.get(
            self.answer, errors.AwsError(self.answer, None)
        ).fill(**values)
        return errors.AwsError(
            self.answer,
            default.message if self.message is None else self.message,
            self.status or default.status,
        )

    def concerns(
        self, operation: str, user: str | None, account: str | None = None, *, in_first: bool = True
    ) -> bool:
        """Return whether the fault is for a call of this operation by this user of an account."""
        there = self.account == account if self.account else in_first or self.user is None
        on = self.on == operation or (self.on == "*" and ":" not in operation)
        return there and on and self.user in (None, user)


@dataclass
class _Counted:
    fault: Fault
    seen: int = 0
    done: int = 0

    @property
    def spent(self) -> bool:
        return 0 < self.fault.times <= self.done


class Faults:
    """The faults that are pending.  Thread-safe; counts are exact under concurrent calls.

    Each fault counts every call that it concerns, so `after` means calls that
    the client made.  The first fault that is due takes the call, and only that
    fault counts it towards its `times`.
    """

    def __init__(self, faults: Iterable[Fault] = ()) -> None:
        self._lock = threading.Lock()
        self._counted = [_Counted(fault) for fault in faults]

    def add(self, *faults: Fault) -> None:
        """Append faults to those that are pending."""
        with self._lock:
            self._counted += [_Counted(fault) for fault in faults]

    def clear(self) -> None:
        """Remove all faults."""
        with self._lock:
            self._counted.clear()

    def pending(self) -> list[Fault]:
        """Return the faults that can still take a call."""
        with self._lock:
            return [counted.fault for counted in self._counted]

    def take(
        self, operation: str, user: str | None, account: str | None = None, *, in_first: bool = True
    ) -> Fault | None:
        """Count a call, and return the fault that takes it, if any.

        `in_first`: whether the caller's `account` is the first of its world.
        """
        with self._lock:
            due = None
            for counted in self._counted:
                if not counted.fault.concerns(operation, user, account, in_first=in_first):
                    continue
                counted.seen += 1
                if due is None and counted.seen > counted.fault.after:
                    due = counted
            if due is None:
                return None
            due.done += 1
            self._counted = [counted for counted in self._counted if not counted.spent]
            return due.fault
