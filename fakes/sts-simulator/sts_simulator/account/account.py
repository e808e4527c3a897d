"""An AWS account: users, keys, devices and sessions, and what STS answers to calls.

It takes the time from clock functions, looks users, keys and devices up in a
directory, and does no input or output: it never waits, sends or prints.  The
port, the wire format and the HTTP server only translate.  The other modules of
this folder hold the parts: `errors` the answers and how each is known,
`authentication` the order of checks, `operations` what each operation does.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sts_simulator.account import (
    account_table,
    authentication,
    caller_context,
    errors,
    parameters,
    permissions,
)
from sts_simulator.account.administrator import Administrator
from sts_simulator.account.authentication import Evidence, Holder, Principal, Signature
from sts_simulator.account.calls import VERSION, Call, Outcome, Refusal, Request, recorded
from sts_simulator.account.clock import whole_seconds
from sts_simulator.account.context import Context
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
from sts_simulator.account.mfa import UsedCodes
from sts_simulator.account.operations import MODELLED, OPERATIONS, UNSIGNED
from sts_simulator.account.policies import Policies
from sts_simulator.account.regions import regions_of
from sts_simulator.account.sessions import Sessions
from sts_simulator.account.statements import Question

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sts_simulator.account.answers import Answer
    from sts_simulator.account.directory import Key

CALLS_KEPT = 10_000
SEED = "authkit"  # scenarios show ids and secrets that are made from it


@dataclass
class _Use:
    """When a key was first used, and how often it has been used."""

    first: datetime
    calls: int = 0


@dataclass
class Account:
    """An AWS account as STS sees it.  Thread-safe.

    Sessions expire and MFA codes change by the first of `clocks`; a signing date
    is valid by any of them.  `skew` is added to all.  No other account may use
    the same directory.  `session_ids` are the access key ids of the first sessions, in order.
    With `enforce` an explicit Deny of a policy refuses.
    """

    clocks: Sequence[Callable[[], datetime]]
    directory: Directory = field(default_factory=DictDirectory)
    account_id: str = ACCOUNT_ID
    partition: str = PARTITION
    latency: timedelta = timedelta()
    skew: timedelta = timedelta()
    disabled_regions: frozenset[str] = frozenset()
    not_enabled_regions: frozenset[str] = frozenset()
    suspended: bool = False
    enforce: bool = False
    policies: Policies = field(default_factory=Policies)
    faults: Faults = field(default_factory=Faults)
    seed: str = SEED
    session_ids: Sequence[str] = ()

    def __post_init__(self) -> None:
        self._lock = threading.RLock()
        self._ids = Ids(self.seed, self.session_ids)
        self._used_codes = UsedCodes()
        self._sessions = Sessions(self._ids)
        self._uses: dict[str, _Use] = {}
        self.last_refusal: Refusal | None = None
        self._calls: deque[Call] = deque(maxlen=CALLS_KEPT)
        arn = f"arn:{self.partition}:iam::{self.account_id}:"
        self.directory.follow(self.now)
        self.administrator = Administrator(self.directory, self._ids, arn, self._lock)

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

        Raises ValueError that names the wrong place in the table, and why it is wrong.
        """
        account = cls(
            clocks,
            directory=directory or DictDirectory(),
            faults=faults or Faults(),
            seed=seed,
            **account_table.settings(table),
        )
        account_table.populate(account.administrator, table)
        return account

    @property
    def calls(self) -> list[Call]:
        """The records of the last calls of STS, oldest first."""
        with self._lock:
            return list(self._calls)

    def call(self, request: Request) -> Outcome:
        """Answer a call at the present time.  The caller acts out the outcome's latency.

        An operation that is not simulated is InvalidAction, before authentication.
        """
        with self._lock:
            now = self.now()
            signature = request.signature if isinstance(request.signature, Signature) else None
            holder = self._holder(signature.access_key_id) if signature else Holder()
            user = holder.owner.name if isinstance(holder.owner, User) else None
            known = request.operation in MODELLED
            fault = self.faults.take(request.operation, user) if known else None
            outcome = Outcome(
                operation=request.operation,
                request_id=(fault and fault.request_id) or self._ids.request_id(),
                date=whole_seconds(self._nearest_clock(signature)),
                latency=self.latency if fault is None or fault.latency is None else fault.latency,
                answer=self._answer(request, fault, holder),
                breakage=fault.breakage if fault else None,
            )
            self._calls.append(recorded(request, outcome, fault, now))
            if isinstance(outcome.answer, AwsError):
                self.refused("sts", request.operation, request.signature, outcome.answer)
            return outcome

    def refused(
        self, service: str, operation: str, signature: Signature | AwsError | None, error: AwsError
    ) -> None:
        """Keep the refusal of a request to any service, for ``sts-simulator explain``."""
        signed = signature if isinstance(signature, Signature) else None
        with self._lock:
            self.last_refusal = Refusal(service, operation, signed, error, self.now())

    def revoke_sessions(self, name: str) -> None:
        """Deny everything that a policy can deny to the present sessions of a user or role.

        Raises LookupError when there are none.
        """
        with self._lock:
            sessions = self._sessions.of(name)
            if not sessions:
                raise LookupError(f"{name} has no session")
            self.policies.revoke(sessions)

    def new_request_id(self) -> str:
        """Return a request id for an answer of another service."""
        with self._lock:
            return self._ids.request_id()

    def authenticate(self, signature: Signature, service: str = "sts") -> Principal | AwsError:
        """Return who signed a request to `service`, or the error for the signature."""
        with self._lock:
            return self._judged(signature, service, self._holder(signature.access_key_id))

    def denied(
        self, who: Principal, action: str, resource: str | None, source_ip: str = "127.0.0.1"
    ) -> AwsError | None:
        """Return the error of an action that a policy denies; None without `enforce`.

        `action` and `resource` are as in ``statements.Question``.
        """
        if not self.enforce:
            return None
        with self._lock:
            context = caller_context.of(who, self.now(), source_ip)
            applying = [*self.directory.policies(who.owner), *permissions.of_session(who)]
        return permissions.refusal(applying, who, Question(action, context, resource))

    def date(self, signature: Signature | AwsError | None) -> datetime:
        """Return the Date of an answer, by the clock nearest to the client's, in whole seconds."""
        signed = signature if isinstance(signature, Signature) else None
        return whole_seconds(self._nearest_clock(signed))

    def now(self) -> datetime:
        """Return the time that sessions expire and MFA codes change by."""
        return self.clocks[0]().astimezone(UTC) + self.skew

    def _answer(self, request: Request, fault: Fault | None, holder: Holder) -> Answer | None:
        """Return STS's answer or the fault's error; None for an answer that is not STS's."""
        if fault is None:
            return self._decide(request, holder)
        named = holder.issued or holder.owner
        error = fault.error(
            arn=named.arn if named else "anonymous",
            operation=request.operation,
            account=self.account_id,
        )
        replaced = fault.breakage is not None and not fault.breakage.keeps_effect
        return error if error or replaced else self._decide(request, holder)

    def _decide(self, request: Request, holder: Holder) -> Answer:
        if request.operation in UNSIGNED and request.version == VERSION:
            return self._unsigned(request)
        if request.operation not in OPERATIONS or request.version != VERSION:
            return errors.NO_OPERATION.fill(operation=request.operation, version=request.version)
        if not isinstance(request.signature, Signature):
            return request.signature or errors.UNSIGNED
        principal = self._judged(request.signature, "sts", holder)
        if isinstance(principal, AwsError):
            return principal
        refused = errors.SUSPENDED if self.suspended else None
        refused = refused or parameters.refusal(request.operation, request.parameters)
        refused = refused or self.policies.refusal(principal, request)
        resource = permissions.resource(self.administrator.arn, request)
        action = f"sts:{request.operation}"
        refused = refused or self.denied(principal, action, resource, request.source_ip)
        operation = OPERATIONS[request.operation]
        return refused or operation(self._context(request), principal, request.parameters)

    def _unsigned(self, request: Request) -> Answer:
        """Answer a request that needs no signature; one that it has is not looked at (I)."""
        refused = errors.SUSPENDED if self.suspended else None
        refused = refused or parameters.refusal(request.operation, request.parameters)
        operation = UNSIGNED[request.operation]
        return refused or operation(self._context(request), request.parameters)

    def _judged(self, signature: Signature, service: str, holder: Holder) -> Principal | AwsError:
        """Return who signed a request, and note the use of a long-lived key."""
        found = authentication.judge(self._evidence(signature, service, holder))
        if isinstance(found, Principal) and holder.key:
            at = whole_seconds(self.now())
            self.directory.key_used(holder.key.access_key_id, at, service, signature.region)
        return found

    def _context(self, request: Request) -> Context:
        return Context(
            now=self.now(),
            account_id=self.account_id,
            partition=self.partition,
            disabled_regions=self.disabled_regions,
            directory=self.directory,
            sessions=self._sessions,
            used_codes=self._used_codes,
            source_ip=request.source_ip,
            region=request.region,
        )

    def _holder(self, access_key_id: str) -> Holder:
        """Return whose key or session this is, as the directory has it now."""
        if issued := self._sessions.get(access_key_id):
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
            clock=whole_seconds(self._nearest_clock(signature)),
            now=self.now(),
            regions=regions_of(self.partition),
            not_enabled=self.not_enabled_regions,
            holder=holder,
            has_spread=holder.key is not None and self._has_spread(holder.key),
        )

    def _has_spread(self, key: Key) -> bool:
        """Return whether STS knows the key by now, and count this use of it."""
        if not key.spreads_after:
            return True
        use = self._uses.setdefault(key.access_key_id, _Use(self.now()))
        use.calls += 1
        if isinstance(key.spreads_after, int):
            return use.calls > key.spreads_after
        return self.now() >= use.first + key.spreads_after

    def _nearest_clock(self, signature: Signature | None) -> datetime:
        """Return the reading of the clock that is nearest to the signing date."""
        if signature is None:
            return self.now()
        readings = (clock().astimezone(UTC) + self.skew for clock in self.clocks)
        return min(readings, key=lambda reading: abs(reading - signature.signed_at))
