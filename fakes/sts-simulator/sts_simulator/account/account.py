"""An AWS account as STS sees it: the one truth about what STS answers.

Pure but for its own state: it is told the time by clock functions, looks users,
keys and devices up in a directory, and never waits, sends or prints.  The port,
the wire form and the HTTP server only translate.  What each answer is known
from stands in ``errors``, the order of checks in ``authentication``, what an
operation does in ``operations``.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from authkit.core.model import Session
from sts_simulator.account import account_table, authentication, errors, parameters
from sts_simulator.account.administrator import Administrator
from sts_simulator.account.authentication import Evidence, Holder, Issued, Principal, Signature
from sts_simulator.account.calls import Answer, Call, Outcome, Request, remembered
from sts_simulator.account.directory import (
    ACCOUNT_ID,
    PARTITION,
    DictDirectory,
    Directory,
    Role,
    User,
)
from sts_simulator.account.errors import AwsError
from sts_simulator.account.faults import Fault, Faults
from sts_simulator.account.ids import Ids
from sts_simulator.account.issued import IssuedSessions
from sts_simulator.account.mfa import UsedCodes
from sts_simulator.account.operations import OPERATIONS
from sts_simulator.account.regions import regions_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sts_simulator.account.directory import Key

CALLS_KEPT = 10_000
SEED = "authkit"


@dataclass
class _Use:
    """Since when and how often a key has been used."""

    first: datetime
    calls: int = 0


@dataclass
class Account:
    """Users, keys, devices and sessions, and what STS says to calls with them.

    `clocks`: the first is what sessions expire and codes change by; a signing
    date is good by any of them.  All are put forward by `skew`.  The directory
    is this account's alone.  Thread-safe.
    """

    clocks: Sequence[Callable[[], datetime]]
    directory: Directory = field(default_factory=DictDirectory)
    account_id: str = ACCOUNT_ID
    partition: str = PARTITION
    latency: timedelta = timedelta()
    skew: timedelta = timedelta()
    disabled_regions: frozenset[str] = frozenset()
    not_enabled_regions: frozenset[str] = frozenset()
    faults: Faults = field(default_factory=Faults)
    seed: str = SEED

    def __post_init__(self) -> None:
        self._lock = threading.RLock()
        self._ids = Ids(self.seed)
        self.used_codes = UsedCodes()
        self._issued = IssuedSessions()
        self._uses: dict[str, _Use] = {}
        self._calls: deque[Call] = deque(maxlen=CALLS_KEPT)
        arn = f"arn:{self.partition}:iam::{self.account_id}:"
        self.events = Administrator(self.directory, self._ids, arn, self._lock)

    @classmethod
    def from_table(
        cls,
        table: Mapping[str, Any],
        *clocks: Callable[[], datetime],
        directory: Directory | None = None,
        faults: Faults | None = None,
        seed: str = SEED,
    ) -> Account:
        """Return the account of a scenario's ``[account]`` table.

        Raises ValueError with a reason for what the table may not hold.
        """
        account = cls(
            clocks,
            directory=directory or DictDirectory(),
            faults=faults or Faults(),
            seed=seed,
            **account_table.settings(table),
        )
        account_table.populate(account.events, table)
        return account

    @property
    def calls(self) -> list[Call]:
        """The last calls of STS, oldest first."""
        with self._lock:
            return list(self._calls)

    def call(self, request: Request) -> Outcome:
        """Answer a call at this instant: the latency passes afterwards, at the caller's."""
        with self._lock:
            now = self.now()
            signature = request.signature if isinstance(request.signature, Signature) else None
            holder = self._holder(signature.access_key_id) if signature else Holder()
            user = holder.owner.name if isinstance(holder.owner, User) else None
            fault = self.faults.take(request.operation, user)
            outcome = Outcome(
                operation=request.operation,
                request_id=self._ids.request_id(),
                date=_whole(self._nearest_clock(signature)),
                latency=self.latency if fault is None or fault.latency is None else fault.latency,
                answer=self._answer(request, fault, holder),
                breakage=fault.breakage if fault else None,
            )
            self._calls.append(remembered(request, outcome, fault, now))
            return outcome

    def turn_away(self, operation: str, error: AwsError) -> Outcome:
        """Return the refusal of what is no call of STS: nothing is looked at or remembered."""
        with self._lock:
            request_id, date = self._ids.request_id(), _whole(self.now())
        return Outcome(operation, request_id, date, self.latency, error)

    def new_request_id(self) -> str:
        """Return an id for an answer that is another service's."""
        with self._lock:
            return self._ids.request_id()

    def authenticate(self, signature: Signature, service: str = "sts") -> Principal | AwsError:
        """Return who signed a request to `service`, or the refusal."""
        with self._lock:
            holder = self._holder(signature.access_key_id)
            return authentication.judge(self._evidence(signature, service, holder))

    def issue(  # noqa: PLR0913 - what a session is made of
        self,
        who: Principal,
        duration: timedelta,
        *,
        by: str,
        mfa_at: datetime | None,
        issuer: User | Role | None = None,
        arn: str = "",
        user_id: str = "",
    ) -> Session:
        """Return a new session for `who`, in its own name unless another is given.

        For the operations alone, which run while the account is locked.
        """
        session = Session(
            access_key_id=self._ids.access_key_id("ASIA"),
            secret_access_key=self._ids.secret(),
            session_token=self._ids.session_token(),
            expiration=_whole(self.now()) + duration,
            granted=_whole(self._nearest_clock(who.signature)),
        )
        self._issued.add(
            Issued(
                session,
                by,
                issuer or who.owner,
                arn or who.arn,
                user_id or who.user_id,
                mfa_at,
            ),
            self.now(),
        )
        return session

    def now(self) -> datetime:
        """Return the instant that sessions expire and codes change by."""
        return self.clocks[0]().astimezone(UTC) + self.skew

    def _answer(self, request: Request, fault: Fault | None, holder: Holder) -> Answer | None:
        """Return STS's answer, or the fault's in its place; None when that cannot be read."""
        if fault is None:
            return self._decide(request, holder)
        named = holder.issued or holder.owner
        error = fault.error(
            arn=named.arn if named else "anonymous",
            operation=request.operation,
            account=self.account_id,
        )
        in_its_place = fault.breakage is not None and not fault.breakage.keeps_effect
        return error if error or in_its_place else self._decide(request, holder)

    def _decide(self, request: Request, holder: Holder) -> Answer:
        if not isinstance(request.signature, Signature):
            return request.signature or errors.UNSIGNED
        principal = authentication.judge(self._evidence(request.signature, "sts", holder))
        if isinstance(principal, AwsError):
            return principal
        refused = parameters.refusal(request.operation, request.parameters)
        return refused or OPERATIONS[request.operation](self, principal, request.parameters)

    def _holder(self, access_key_id: str) -> Holder:
        """Return whose key or session this is, as the directory knows it now."""
        if issued := self._issued.get(access_key_id):
            issuer = issued.issuer
            if isinstance(issuer, Role):
                return Holder(issued=issued, owner=self.directory.role(issuer.arn))
            return Holder(issued=issued, owner=self.directory.user(issuer.name))
        key = self.directory.key(access_key_id)
        return Holder(key=key, owner=self.directory.user(key.user)) if key else Holder()

    def _evidence(self, signature: Signature, service: str, holder: Holder) -> Evidence:
        return Evidence(
            signature=signature,
            service=service,
            clock=_whole(self._nearest_clock(signature)),
            now=self.now(),
            regions=regions_of(self.partition),
            not_enabled=self.not_enabled_regions,
            holder=holder,
            has_spread=holder.key is not None and self._has_spread(holder.key),
        )

    def _has_spread(self, key: Key) -> bool:
        """Tell whether STS has heard of the key by now, and count the asking."""
        if not key.spreads_after:
            return True
        use = self._uses.setdefault(key.access_key_id, _Use(self.now()))
        use.calls += 1
        if isinstance(key.spreads_after, int):
            return use.calls > key.spreads_after
        return self.now() >= use.first + key.spreads_after

    def _nearest_clock(self, signature: Signature | None) -> datetime:
        """Return the clock by which the signing date is least wrong."""
        if signature is None:
            return self.now()
        readings = (clock().astimezone(UTC) + self.skew for clock in self.clocks)
        return min(readings, key=lambda reading: abs(reading - signature.signed_at))


def _whole(instant: datetime) -> datetime:
    """Return the instant in whole seconds, as AWS writes every instant."""
    return instant.replace(microsecond=0)
