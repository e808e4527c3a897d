"""What can go wrong between a caller and STS: a fault as data, its counting, its renderings.

The same object stands in a scenario file, in a POST to ``/_sim/faults`` and in
a test.  An AWS error code is answered in STS's place, so nothing has happened
there; so are ``garbage``, ``html``, ``empty`` and ``reset``.  With ``timeout``
and ``truncated`` it is STS's own answer that gets lost: the work is done, and a
one-time code is spent.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from authkit.core.failures import Unreachable
from sts_simulator.account import errors, schema
from sts_simulator.account.spans import LENGTH_SCHEMA, span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

CALL_PATIENCE = timedelta(seconds=10)
CHECK_PATIENCE = timedelta(seconds=3)

FAULT_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "Something that goes wrong with a call of STS.",
    "properties": {
        "on": {"type": "string", "description": "an STS operation, or * for every one"},
        "answer": {
            "type": "string",
            "minLength": 1,
            "description": "an AWS error code, or timeout, reset, truncated, garbage, html, empty",
        },
        "message": {"type": "string"},
        "status": {"type": "integer", "minimum": 200, "maximum": 599},
        "latency": LENGTH_SCHEMA,
        "after": {"type": "integer", "minimum": 0, "description": "skip the first so many calls"},
        "times": {"type": "integer", "minimum": 0, "description": "0: until cleared"},
        "user": {"type": "string", "description": "only calls with this user's credentials"},
    },
    "required": ["on"],
    "anyOf": [{"required": ["answer"]}, {"required": ["latency"]}],
    "$comment": "a fault needs an answer, a latency, or both",
    "additionalProperties": False,
}


@dataclass(frozen=True)
class Breakage:
    """An answer that cannot be read, as each skin shows it.

    `reason` is how authkit's own client puts it; from the status `codeless`
    on it reads the answer as an error without a code.  `status` 0: nothing
    comes at all, and with `waits` the connection stays open meanwhile.  `body`
    None: STS's own answer, cut off.  `keeps_effect`: STS has done its work.
    """

    reason: str
    status: int = 0
    content_type: str = "text/xml"
    body: bytes | None = b""
    keeps_effect: bool = False
    waits: bool = False
    codeless: int = 600


_NOT_STS = "the answer is not STS's"
_PAGE = b"""<html>
<head><title>502 Bad Gateway</title></head>
<body>
<center><h1>502 Bad Gateway</h1></center>
</body>
</html>
"""

TIMEOUT = Breakage("no answer within {patience} s", keeps_effect=True, waits=True)

BREAKAGES = {
    "timeout": TIMEOUT,
    "reset": Breakage("the connection closed unanswered"),
    "truncated": Breakage(_NOT_STS, 200, body=None, keeps_effect=True),
    "garbage": Breakage(_NOT_STS, 200, body=b"\x16\x03\x01\x02\x00\x01\x00%&@"),
    "html": Breakage(_NOT_STS, 502, "text/html", _PAGE, codeless=300),
    "empty": Breakage(_NOT_STS, 200, codeless=500),
}


@dataclass(frozen=True)
class Fault:
    """A fault of docs/contract.md.  `times` 0: until cleared."""

    on: str
    answer: str = ""
    message: str | None = None
    status: int | None = None
    latency: timedelta | None = None
    after: int = 0
    times: int = 1
    user: str | None = None
    source: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @classmethod
    def parse(cls, table: Mapping[str, Any]) -> Fault:
        """Return the fault written in `table`.  Raises ValueError with a reason."""
        schema.check(table, FAULT_SCHEMA, "fault")
        fields = dict(table)
        if "latency" in fields:
            fields["latency"] = span(fields["latency"])
        for name in {"status", "after", "times"} & fields.keys():
            fields[name] = int(fields[name])  # JSON Schema takes 3.0 for an integer
        return cls(**fields, source=dict(table))

    @property
    def breakage(self) -> Breakage | None:
        """How the answer is unreadable, if it is."""
        breakage = BREAKAGES.get(self.answer)
        if breakage and breakage.status and self.status:
            return replace(breakage, status=self.status)
        return breakage

    def error(self, **values: object) -> errors.AwsError | None:
        """Return the refusal it stands for, its message filled with `values`, if it is one."""
        if not self.answer or self.breakage:
            return None
        default = errors.DEFAULTS.get(self.answer, errors.AwsError(self.answer, None)).fill(
            **values
        )
        return errors.AwsError(
            self.answer,
            default.message if self.message is None else self.message,
            self.status or default.status,
        )

    def concerns(self, operation: str, user: str | None) -> bool:
        """Tell whether a call is of those it goes wrong with."""
        return self.on in ("*", operation) and self.user in (None, user)


@dataclass
class _Counted:
    fault: Fault
    seen: int = 0
    done: int = 0

    @property
    def spent(self) -> bool:
        return 0 < self.fault.times <= self.done


class Faults:
    """Faults that wait for their calls.  Safe, and exact, under concurrency.

    Every call is counted by every fault that it concerns (so `after` means the
    calls a client made); the first one due answers it, and only that one is
    used up by it.
    """

    def __init__(self, faults: Iterable[Fault] = ()) -> None:
        self._lock = threading.Lock()
        self._counted = [_Counted(fault) for fault in faults]

    def add(self, *faults: Fault) -> None:
        """Put these behind those that are there."""
        with self._lock:
            self._counted += [_Counted(fault) for fault in faults]

    def clear(self) -> None:
        """Forget all of them."""
        with self._lock:
            self._counted.clear()

    def pending(self) -> list[Fault]:
        """Return those that can still go wrong."""
        with self._lock:
            return [counted.fault for counted in self._counted]

    def take(self, operation: str, user: str | None) -> Fault | None:
        """Return what goes wrong with this call, and count it."""
        with self._lock:
            due = None
            for counted in self._counted:
                if not counted.fault.concerns(operation, user):
                    continue
                counted.seen += 1
                if due is None and counted.seen > counted.fault.after:
                    due = counted
            if due is None:
                return None
            due.done += 1
            self._counted = [counted for counted in self._counted if not counted.spent]
            return due.fault


def patience(operation: str, *, session: bool) -> timedelta:
    """Return how long authkit's client waits: the check of a session is to be quick (B-W03)."""
    return CHECK_PATIENCE if session and operation == "GetCallerIdentity" else CALL_PATIENCE


def port_error(operation: str, breakage: Breakage, waited: timedelta) -> Unreachable:
    """Return what the STS port raises for it, in the words of ``authkit.adapters.sts``."""
    reason = breakage.reason.format(patience=int(waited.total_seconds()))
    if breakage.status >= breakage.codeless:
        reason = f"HTTP {breakage.status} without an STS error"
    return Unreachable(operation, reason, answered=breakage.status != 0, sent=True)


def botocore_error(breakage: Breakage, url: str) -> Exception | None:
    """Return what botocore raises where nothing comes back, None where something does."""
    from botocore import exceptions  # noqa: PLC0415 - slow, and not needed in process

    if breakage.status:
        return None
    kind = exceptions.ReadTimeoutError if breakage.waits else exceptions.ConnectionClosedError
    error: Exception = kind(endpoint_url=url, error=breakage.reason)
    return error


def http_body(breakage: Breakage, right: bytes) -> bytes:
    """Return the bytes that come instead of the right answer's."""
    return right[: len(right) // 2] if breakage.body is None else breakage.body
