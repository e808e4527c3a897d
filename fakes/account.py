"""An AWS account as STS sees it: the one truth about what STS answers.

Pure but for its own state: it is told the time by clock functions, looks users,
keys and devices up in a directory, and never waits, sends or prints.  The port,
the wire form and the HTTP server only translate.  What each answer is known
from stands in ``errors``, the order of checks in ``authentication``.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from authkit.model import Caller, Secret, Session
from fakes import account_table, authentication, errors, parameters
from fakes.administrator import Administrator
from fakes.authentication import Evidence, Issued, Principal, Signature
from fakes.calls import Answer, Call, Outcome, Request, remembered
from fakes.directory import ACCOUNT_ID, PARTITION, DictDirectory, Directory, User
from fakes.errors import AwsError
from fakes.faults import Fault, Faults
from fakes.ids import Ids
from fakes.mfa import UsedCodes
from fakes.regions import regions_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from fakes.directory import Key

DEFAULT_DURATION = timedelta(hours=12)  # C: GetSessionToken's own
ROOT_LONGEST = timedelta(hours=1)  # C: sessions of root are capped, without an error
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
        self._used_codes = UsedCodes()
        self._issued: dict[str, Issued] = {}
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
            now = self._now()
            signature = request.signature if isinstance(request.signature, Signature) else None
            user = self._user_of(signature.access_key_id) if signature else None
            fault = self.faults.take(request.operation, user.name if user else None)
            outcome = Outcome(
                operation=request.operation,
                request_id=self._ids.request_id(),
                date=_whole(self._nearest_clock(signature)),
                latency=self.latency if fault is None or fault.latency is None else fault.latency,
                answer=self._answer(request, fault, user),
                breakage=fault.breakage if fault else None,
            )
            self._calls.append(remembered(request, outcome, fault, now))
            return outcome

    def turn_away(self, operation: str, error: AwsError) -> Outcome:
        """Return the refusal of what is no call of STS: nothing is looked at or remembered."""
        with self._lock:
            request_id, date = self._ids.request_id(), _whole(self._now())
        return Outcome(operation, request_id, date, self.latency, error)

    def authenticate(self, signature: Signature, service: str = "sts") -> Principal | AwsError:
        """Return who signed a request to `service`, or the refusal."""
        with self._lock:
            return authentication.judge(self._evidence(signature, service))

    def _answer(self, request: Request, fault: Fault | None, user: User | None) -> Answer | None:
        """Return STS's answer, or the fault's in its place; None when that cannot be read."""
        if fault is None:
            return self._decide(request)
        error = fault.error(
            arn=user.arn if user else "anonymous",
            operation=request.operation,
            account=self.account_id,
        )
        in_its_place = fault.breakage is not None and not fault.breakage.keeps_effect
        return error if error or in_its_place else self._decide(request)

    def _decide(self, request: Request) -> Answer:
        if not isinstance(request.signature, Signature):
            return request.signature or errors.UNSIGNED
        principal = self.authenticate(request.signature)
        if isinstance(principal, AwsError):
            return principal
        operation = _OPERATIONS[request.operation]
        refused = parameters.refusal(request.operation, request.parameters)
        return refused or operation(self, principal, request)

    def _get_caller_identity(self, who: Principal, _request: Request) -> Answer:
        """No permission is needed, and no region is too disabled (B)."""
        return Caller(self.account_id, who.user.arn, who.user.user_id)

    def _get_session_token(self, who: Principal, request: Request) -> Answer:
        asked = request.parameters
        if who.signature.region in self.disabled_regions:
            return errors.REGION_DISABLED.fill(account=self.account_id)
        if who.issued:
            return errors.SESSION_CALLS
        refused = self._mfa_refusal(who.user, asked.get("SerialNumber"), asked.get("TokenCode"))
        if refused:
            return refused
        duration = timedelta(seconds=int(asked.get("DurationSeconds", DEFAULT_DURATION.seconds)))
        if who.user.is_root:
            duration = min(duration, ROOT_LONGEST)
        return self._issue(who, duration, with_mfa="TokenCode" in asked)

    def _mfa_refusal(self, user: User, serial: str | None, code: str | None) -> AwsError | None:
        if serial is None and code is None:
            return None
        if serial is None or code is None:
            return errors.HALF_MFA
        device = self.directory.device(serial)
        if device is None or device.user != user.name:
            return errors.WRONG_DEVICE
        good = self._used_codes.take(device, Secret(code), self._now())
        return None if good else errors.WRONG_CODE

    def _issue(self, who: Principal, duration: timedelta, *, with_mfa: bool) -> Session:
        session = Session(
            access_key_id=self._ids.access_key_id("ASIA"),
            secret_access_key=self._ids.secret(),
            session_token=self._ids.session_token(),
            expiration=_whole(self._now()) + duration,
            granted=_whole(self._nearest_clock(who.signature)),
        )
        self._issued[session.access_key_id] = Issued(session, who.user, with_mfa)
        return session

    def _evidence(self, signature: Signature, service: str) -> Evidence:
        issued = self._issued.get(signature.access_key_id)
        key = None if issued else self.directory.key(signature.access_key_id)
        return Evidence(
            signature=signature,
            service=service,
            clock=_whole(self._nearest_clock(signature)),
            now=self._now(),
            regions=regions_of(self.partition),
            not_enabled=self.not_enabled_regions,
            key=key,
            has_spread=key is not None and self._has_spread(key),
            issued=issued,
            owner=self._user_of(signature.access_key_id),
        )

    def _user_of(self, access_key_id: str) -> User | None:
        """Return the user whose key or session this is, as the directory knows it now."""
        if issued := self._issued.get(access_key_id):
            return self.directory.user(issued.user.name)
        key = self.directory.key(access_key_id)
        return self.directory.user(key.user) if key else None

    def _has_spread(self, key: Key) -> bool:
        """Tell whether STS has heard of the key by now, and count the asking."""
        if not key.spreads_after:
            return True
        use = self._uses.setdefault(key.access_key_id, _Use(self._now()))
        use.calls += 1
        if isinstance(key.spreads_after, int):
            return use.calls > key.spreads_after
        return self._now() >= use.first + key.spreads_after

    def _now(self) -> datetime:
        return self.clocks[0]().astimezone(UTC) + self.skew

    def _nearest_clock(self, signature: Signature | None) -> datetime:
        """Return the clock by which the signing date is least wrong."""
        if signature is None:
            return self._now()
        readings = (clock().astimezone(UTC) + self.skew for clock in self.clocks)
        return min(readings, key=lambda reading: abs(reading - signature.signed_at))


def _whole(instant: datetime) -> datetime:
    """Return the instant in whole seconds, as AWS writes every instant."""
    return instant.replace(microsecond=0)


_OPERATIONS = {
    "GetCallerIdentity": Account._get_caller_identity,  # noqa: SLF001 - the class's own table
    "GetSessionToken": Account._get_session_token,  # noqa: SLF001 - the same
}
OPERATIONS = frozenset(_OPERATIONS)
