"""The sessions that STS issued, for as long as a request may use them.

A real session token contains all of its session, so STS can call it expired for
ever.  Here a session is kept for `KEPT` after its expiration: until then it is
refused with ExpiredToken, from then on with InvalidClientTokenId.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from sts_simulator.account.answers import Session
from sts_simulator.account.clock import whole_seconds
from sts_simulator.account.directory import account_in
from sts_simulator.account.session_tags import Passed, token_size

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sts_simulator.account.directory import Role, User
    from sts_simulator.account.ids import Ids

KEPT = timedelta(days=30)  # after the expiration
_NEVER_PRUNED = 1024  # sessions: pruning fewer saves nothing


@dataclass(frozen=True)
class IssuedSession:
    """A session with the operation that issued it, and the identity that it has at STS.

    The session is valid as long as `issuer` exists: the user whose session it
    is, or the role.  `mfa_at` is when its MFA code was checked, None without MFA.
    `passed` are its tags, policies and source identity, `keys` the condition keys that its
    requests have of an identity provider.
    """

    session: Session
    operation: str
    issuer: User | Role
    arn: str
    user_id: str
    mfa_at: datetime | None = None
    passed: Passed = field(default_factory=Passed)
    issued_at: datetime | None = field(default=None, compare=False)
    keys: Mapping[str, str | Sequence[str]] = field(default_factory=dict)


class Sessions:
    """The issued sessions, by access key id."""

    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        self._issued: dict[str, IssuedSession] = {}
        self._prune_at = _NEVER_PRUNED

    def __len__(self) -> int:
        return len(self._issued)

    def get(self, access_key_id: str) -> IssuedSession | None:
        """Return the session with this access key id, expired or not."""
        return self._issued.get(access_key_id)

    def of(self, name: str, account_id: str) -> set[str]:
        """Return the access key ids of the sessions of an account's user or role of this name."""
        return {
            id_
            for id_, issued in self._issued.items()
            if issued.issuer.name == name and account_in(issued.issuer.arn) == account_id
        }

    def issue(  # noqa: PLR0913 - the fields of an issued session
        self,
        now: datetime,
        duration: timedelta,
        *,
        operation: str,
        issuer: User | Role,
        arn: str,
        user_id: str,
        mfa_at: datetime | None = None,
        passed: Passed | None = None,
        least: int = 0,
        keys: Mapping[str, str | Sequence[str]] | None = None,
    ) -> Session:
        """Return a new session, which is kept; its token has `least` characters or more.

        Prunes whenever the number has doubled.
        """
        passed = passed or Passed()
        session = Session(
            access_key_id=self._ids.access_key_id("ASIA"),
            secret_access_key=self._ids.secret(),
            session_token=self._ids.session_token(max(token_size(passed), least)),
            expiration=whole_seconds(now) + duration,
        )
        issued = IssuedSession(
            session, operation, issuer, arn, user_id, mfa_at, passed, whole_seconds(now), keys or {}
        )
        self._issued[session.access_key_id] = issued
        if len(self._issued) > self._prune_at:
            self._prune(now)
        return session

    def _prune(self, now: datetime) -> None:
        self._issued = {
            id_: issued
            for id_, issued in self._issued.items()
            if now < issued.session.expiration + KEPT
        }
        self._prune_at = max(_NEVER_PRUNED, 2 * len(self._issued))
