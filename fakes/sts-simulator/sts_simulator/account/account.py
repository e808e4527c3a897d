"""An AWS account: users, keys, devices and sessions, and what STS answers to calls.

An account of a world with several (`accounts`) answers for all of them: it finds the account
of the caller.  It takes the time from clock functions, looks users, keys and devices up in a
directory, and does no input or output: it never waits, sends or prints.  The
port, the wire format and the HTTP server only translate.  The other modules of
this folder hold the parts: `answering` the order of checks, `authentication` those of
the signature, `operations` what each operation does, `errors` the refusals and how
each is known.
"""

from __future__ import annotations

from dataclasses import InitVar, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sts_simulator.account import (
    account_table,
    answering,
    caller_context,
    permissions,
)
from sts_simulator.account.accounts import Accounts
from sts_simulator.account.administrator import Administrator
from sts_simulator.account.authentication import Holder, Principal, Signature
from sts_simulator.account.calls import Call, Outcome, Refusal, Request, recorded
from sts_simulator.account.clock import whole_seconds
from sts_simulator.account.directory import (
    ACCOUNT_ID,
    PARTITION,
    DictDirectory,
    Directory,
    User,
    account_in,
)
from sts_simulator.account.errors import AwsError
from sts_simulator.account.faults import Fault, Faults
from sts_simulator.account.ids import Ids
from sts_simulator.account.mfa import UsedCodes
from sts_simulator.account.operations import MODELLED
from sts_simulator.account.policies import Policies
from sts_simulator.account.spreading import Spreading
from sts_simulator.account.statements import Question

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


SEED = "authkit"  # scenarios show ids and secrets that are made from it


@dataclass
class Account:
    """An AWS account as STS sees it.  Thread-safe.

    Sessions expire and MFA codes change by the first of `clocks`; a signing date
    is valid by any of them.  `skew` is added to all.  No other account may use
    the same directory.  `session_ids` are the access key ids of the first sessions, in order.
    With `enforce` an explicit Deny of a policy refuses.  An account that is given
    `among`, which `add` does, is one more of those accounts; the time is then the first one's.
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
    among: InitVar[Accounts | None] = None

    def __post_init__(self, among: Accounts | None) -> None:
        self.accounts = among or Accounts(Ids(self.seed, self.session_ids))
        self.accounts.by_id[self.account_id] = self
        self._lock, self._ids = self.accounts.lock, self.accounts.ids
        self.used_codes = UsedCodes()
        self.spreading = Spreading()
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
        account_table.populate(account, table)
        return account

    def add(self, account_id: str, **settings: Any) -> Account:  # noqa: ANN401 - see Account
        """Add an account to the world, empty, and return it.  `settings` are fields of it."""
        own: dict[str, Any] = {"enforce": self.enforce} | settings
        directory, faults = self.directory.beside(account_id), self.faults
        return Account(
            self.clocks,
            directory,
            account_id,
            self.partition,
            faults=faults,
            among=self.accounts,
            **own,
        )

    @property
    def calls(self) -> list[Call]:
        """The records of the last calls of STS, oldest first, by whichever account."""
        with self._lock:
            return list(self.accounts.log.calls)

    @property
    def last_refusal(self) -> Refusal | None:
        """The last refused request to any service, by whichever account."""
        return self.accounts.log.last_refusal

    def call(self, request: Request) -> Outcome:
        """Answer a call at the present time.  The caller acts out the outcome's latency.

        An operation that is not simulated is InvalidAction, before authentication.
        """
        with self._lock:
            now = self.now()
            signature = request.signature if isinstance(request.signature, Signature) else None
            holder = self.accounts.holder(signature.access_key_id) if signature else Holder()
            home = self._home(request, holder)
            fault = self._fault(request.operation, holder)
            latency = self.accounts.first.latency
            outcome = Outcome(
                operation=request.operation,
                request_id=(fault and fault.request_id) or self._ids.request_id(),
                date=whole_seconds(self._nearest_clock(signature)),
                latency=latency if fault is None or fault.latency is None else fault.latency,
                answer=answering.answer(home, request, fault, holder),
                breakage=fault.breakage if fault else None,
            )
            self.accounts.log.calls.append(
                recorded(request, outcome, fault, now, holder.account_id)
            )
            if isinstance(outcome.answer, AwsError):
                self.refused("sts", request.operation, request.signature, outcome.answer)
            return outcome

    def refused(
        self, service: str, operation: str, signature: Signature | AwsError | None, error: AwsError
    ) -> None:
        """Keep the refusal of a request to any service, for ``sts-simulator explain``."""
        signed = signature if isinstance(signature, Signature) else None
        with self._lock:
            owner = self.accounts.owner(signed.access_key_id) if signed else None
            account_id = owner.account_id if owner else None
            refusal = Refusal(service, operation, signed, error, self.now(), account_id)
            self.accounts.log.last_refusal = refusal

    def revoke_sessions(self, name: str) -> None:
        """Deny everything that a policy can deny to the present sessions of a user or role.

        Raises LookupError when there are none.
        """
        with self._lock:
            sessions = self.accounts.sessions.of(name, self.account_id)
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
            holder = self.accounts.holder(signature.access_key_id)
            home = self.accounts.named(holder.account_id)
            return answering.judged(home, signature, service, holder)

    def denied(
        self, who: Principal, action: str, resource: str | None, source_ip: str = "127.0.0.1"
    ) -> AwsError | None:
        """Return the error of an action that a policy of the caller's account denies.

        Its own policies count with `enforce` alone.  `action` and `resource` are as in
        ``statements.Question``.
        """
        home = self.accounts.of(who)
        with self._lock:
            asked_for = home.policies.asked_for(who)
            applying = home.policies.revoking(who)
            if home.enforce:
                applying += [*home.directory.policies(who.owner), *permissions.of_session(who)]
            if not asked_for and not applying:
                return None
            question = Question(action, caller_context.of(who, self.now(), source_ip), resource)
            return permissions.refusal(applying, who, question, asked_for=asked_for)

    def date(self, signature: Signature | AwsError | None) -> datetime:
        """Return the Date of an answer, by the clock nearest to the client's, in whole seconds."""
        signed = signature if isinstance(signature, Signature) else None
        return whole_seconds(self._nearest_clock(signed))

    def now(self) -> datetime:
        """Return the time that sessions expire and MFA codes change by."""
        return self.clocks[0]().astimezone(UTC) + self.accounts.first.skew

    def _home(self, request: Request, holder: Holder) -> Account:
        """Return the account that a request is answered in: the caller's, or an unsigned role's."""
        role = "" if request.signature else request.parameters.get("RoleArn", "")
        return self.accounts.by_id.get(holder.account_id or account_in(role), self.accounts.first)

    def _fault(self, operation: str, holder: Holder) -> Fault | None:
        """Return the fault that takes a call, if any."""
        if operation not in MODELLED:
            return None
        user = holder.owner.name if isinstance(holder.owner, User) else None
        in_first = holder.account_id == self.accounts.first.account_id
        return self.faults.take(operation, user, holder.account_id, in_first=in_first)

    def _nearest_clock(self, signature: Signature | None) -> datetime:
        """Return the reading of the clock that is nearest to the signing date."""
        if signature is None:
            return self.now()
        skew = self.accounts.first.skew
        readings = (clock().astimezone(UTC) + skew for clock in self.clocks)
        return min(readings, key=lambda reading: abs(reading - signature.signed_at))
