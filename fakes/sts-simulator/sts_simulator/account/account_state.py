"""One account: its settings, its users and roles, and what its policies deny."""

from __future__ import annotations

from dataclasses import InitVar, dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from sts_simulator.account import caller_context, permissions
from sts_simulator.account.accounts import Accounts
from sts_simulator.account.administrator import Administrator
from sts_simulator.account.clock import ServerTime, whole_seconds
from sts_simulator.account.directory import ACCOUNT_ID, PARTITION, DictDirectory, Directory
from sts_simulator.account.faults import Faults
from sts_simulator.account.ids import SEED, Ids
from sts_simulator.account.mfa import UsedCodes
from sts_simulator.account.policies import Policies
from sts_simulator.account.spreading import Spreading
from sts_simulator.account.statements import Question

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from sts_simulator.account.authentication import Principal
    from sts_simulator.account.errors import AwsError


@dataclass
class AccountState:
    """The state of an account, which `answering` reads to answer a request.

    Sessions expire and MFA codes change by the first of `clocks`; a signing date
    is valid by any of them.  `skew` is added to all.  No other account may use
    the same directory.  `session_ids` are the access key ids of the first sessions, in order.
    With `enforce` an explicit Deny of a policy refuses.  `accounts` is what an account has in
    common with the others of its world; one without others makes it of
    `clocks`, `skew`, `seed` and `session_ids`.
    """

    clocks: InitVar[Sequence[Callable[[], datetime]]] = ()
    directory: Directory = field(default_factory=DictDirectory)
    account_id: str = ACCOUNT_ID
    partition: str = PARTITION
    latency: timedelta = timedelta()
    skew: InitVar[timedelta] = timedelta()
    disabled_regions: frozenset[str] = frozenset()
    not_enabled_regions: frozenset[str] = frozenset()
    suspended: bool = False
    enforce: bool = False
    policies: Policies = field(default_factory=Policies)
    faults: Faults = field(default_factory=Faults)
    seed: InitVar[str] = SEED
    session_ids: InitVar[Sequence[str]] = ()
    among: InitVar[Accounts | None] = None
    accounts: Accounts = field(init=False)

    def __post_init__(
        self,
        clocks: Sequence[Callable[[], datetime]],
        skew: timedelta,
        seed: str,
        session_ids: Sequence[str],
        among: Accounts | None,
    ) -> None:
        self.accounts = among or Accounts(Ids(seed, session_ids), ServerTime(clocks, skew))
        self.accounts.directories[self.account_id] = self.directory
        self.used_codes = UsedCodes()
        self.spreading = Spreading()
        arn = f"arn:{self.partition}:iam::{self.account_id}:"
        self.directory.follow(self.now)
        self.administrator = Administrator(
            self.directory, self.accounts.ids, arn, self.accounts.lock
        )

    def now(self) -> datetime:
        """Return the time that sessions expire and MFA codes change by."""
        return self.accounts.time.now()

    def denied(
        self, who: Principal, action: str, resource: str | None, source_ip: str = "127.0.0.1"
    ) -> AwsError | None:
        """Return the error of an action that a policy denies to a caller of this account.

        Its own policies count with `enforce` alone.  `action` and `resource` are as in
        ``statements.Question``.
        """
        with self.accounts.lock:
            asked_for = self.policies.asked_for(who)
            applying = self.policies.revoking(who)
            if self.enforce:
                applying += [*self.directory.policies(who.owner), *permissions.of_session(who)]
            if not asked_for and not applying:
                return None
            question = Question(action, caller_context.of(who, self.now(), source_ip), resource)
            return permissions.refusal(applying, who, question, asked_for=asked_for)

    def revoke_sessions(self, name: str) -> None:
        """Deny everything that a policy can deny to the present sessions of a user or role.

        Raises LookupError when there are none.
        """
        with self.accounts.lock:
            sessions = self.accounts.sessions.of(name, self.account_id)
            if not sessions:
                raise LookupError(f"{name} has no session")
            self.policies.revoke(sessions)

    def key_used(self, access_key_id: str, service: str, region: str) -> None:
        """Note the use of a long-lived key, which GetAccessKeyLastUsed shows."""
        self.directory.key_used(access_key_id, whole_seconds(self.now()), service, region)
