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

from typing import TYPE_CHECKING, Any

from sts_simulator.account import account_table, answering
from sts_simulator.account.account_state import AccountState
from sts_simulator.account.authentication import Holder, Principal, Signature
from sts_simulator.account.calls import Call, Outcome, Refusal, Request, recorded
from sts_simulator.account.clock import whole_seconds
from sts_simulator.account.directory import DictDirectory, User, account_in
from sts_simulator.account.errors import AwsError
from sts_simulator.account.faults import Fault, Faults
from sts_simulator.account.ids import SEED
from sts_simulator.account.operations import MODELLED, UNSIGNED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from sts_simulator.account.directory import Directory


class Account(AccountState):
    """An AWS account as STS sees it.  Thread-safe.

    `world` has all accounts of its world by id, the first one first.  Each of them answers for
    all, as if the first had been asked.
    """

    def __post_init__(self, *common: Any) -> None:  # noqa: ANN401 - see AccountState
        super().__post_init__(*common)
        self.world: dict[str, Account] = {self.account_id: self}

    @classmethod
    def from_table(
        cls,
        table: Mapping[str, Any],
        *clocks: Callable[[], datetime],
        directory: Directory | None = None,
        faults: Faults | None = None,
        seed: str = SEED,
    ) -> Account:
        """Return the first account of a scenario's ``[account]`` table.

        Raises ValueError that names the wrong place in the table, and why it is wrong.
        """
        account = cls(
            clocks,
            directory=directory or DictDirectory(),
            faults=faults or Faults(),
            seed=seed,
            **account_table.settings(table),
        )
        account.populate(table)
        return account

    def populate(self, table: Mapping[str, Any]) -> None:
        """Create what is in a table that ``account_table.settings`` has checked."""
        account_table.populate(self.administrator, table, implied=True)
        for account_id, other in table.get("accounts", {}).items():
            added = self.add(account_id, **account_table.own_settings(other))
            account_table.populate(added.administrator, other)

    def add(self, account_id: str, **settings: Any) -> Account:  # noqa: ANN401 - see AccountState
        """Add an account to the world, empty, and return it.  `settings` are fields of it."""
        own: dict[str, Any] = {"enforce": self.enforce, "partition": self.partition} | settings
        directory = self.directory.beside(account_id)
        added = Account((), directory, account_id, among=self.accounts, **own)
        added.world = self.world
        self.world[account_id] = added
        return added

    @property
    def first(self) -> Account:
        """The first account of the world, which answers callers who are not known."""
        return next(iter(self.world.values()))

    def named(self, account_id: str | None) -> Account:
        """Return the account of the world with this id, the first for None.

        Raises LookupError.
        """
        if account_id is None:
            return self.first
        if account_id not in self.world:
            raise LookupError(f"there is no account {account_id}")
        return self.world[account_id]

    def home_of(self, who: Principal) -> Account:
        """Return the account of a caller."""
        return self.world[account_in(who.owner.arn)]

    @property
    def calls(self) -> list[Call]:
        """The records of the last calls of STS, oldest first, by whichever account."""
        with self.accounts.lock:
            return list(self.accounts.log.calls)

    @property
    def last_refusal(self) -> Refusal | None:
        """The last refused request to any service, by whichever account."""
        return self.accounts.log.last_refusal

    def call(self, request: Request) -> Outcome:
        """Answer a call at the present time.  The caller acts out the outcome's latency.

        An operation that is not simulated is InvalidAction, before authentication.
        """
        with self.accounts.lock:
            now = self.now()
            signature = request.signature if isinstance(request.signature, Signature) else None
            holder = self.accounts.holder(signature.access_key_id) if signature else Holder()
            fault = self._fault(request, holder)
            slow = fault.latency if fault else None
            outcome = Outcome(
                operation=request.operation,
                request_id=(fault and fault.request_id) or self.accounts.ids.request_id(),
                date=self.date(signature),
                latency=self.first.latency if slow is None else slow,
                answer=answering.answer(self._answering(request, holder), request, fault, holder),
                breakage=fault.breakage if fault else None,
            )
            if request.service == "sts":
                record = recorded(request, outcome, fault, now, holder.account_id)
                self.accounts.log.calls.append(record)
            if isinstance(outcome.answer, AwsError):
                named = request.service, request.operation
                self.refused(*named, request.signature, outcome.answer)
            return outcome

    def refused(
        self, service: str, operation: str, signature: Signature | AwsError | None, error: AwsError
    ) -> None:
        """Keep the refusal of a request to any service, for ``sts-simulator explain``."""
        signed = signature if isinstance(signature, Signature) else None
        with self.accounts.lock:
            account_id = self.accounts.owner(signed.access_key_id) if signed else None
            refusal = Refusal(service, operation, signed, error, self.now(), account_id)
            self.accounts.log.last_refusal = refusal

    def new_request_id(self) -> str:
        """Return a request id for an answer of another service."""
        with self.accounts.lock:
            return self.accounts.ids.request_id()

    def authenticate(self, signature: Signature, service: str = "sts") -> Principal | AwsError:
        """Return who signed a request to `service`, or the error for the signature."""
        with self.accounts.lock:
            holder = self.accounts.holder(signature.access_key_id)
            return answering.judged(self.named(holder.account_id), signature, service, holder)

    def date(self, signature: Signature | AwsError | None) -> datetime:
        """Return the Date of an answer, by the clock nearest to the client's, in whole seconds."""
        signed_at = signature.signed_at if isinstance(signature, Signature) else None
        return whole_seconds(self.accounts.time.nearest(signed_at))

    def _answering(self, request: Request, holder: Holder) -> Account:
        """Return the account that a request is answered in: the caller's, or an unsigned role's."""
        role = request.parameters.get("RoleArn", "")
        unsigned = account_in(role) if request.operation in UNSIGNED else None
        return self.world.get(unsigned or holder.account_id or "", self.first)

    def _fault(self, request: Request, holder: Holder) -> Fault | None:
        """Return the fault that takes a call, if any."""
        operation = request.fault_name
        if request.service == "sts" and operation not in MODELLED:
            return None
        user = holder.owner.name if isinstance(holder.owner, User) else None
        in_first = holder.account_id == self.first.account_id
        return self.first.faults.take(operation, user, holder.account_id, in_first=in_first)
