"""The accounts of one world: which of them a key, a session or a role belongs to.

STS is one service for all accounts, so what it keeps is here as well: ids, sessions and
the records of calls.  Users, devices and roles of one account are not seen from another.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from sts_simulator.account.authentication import Holder
from sts_simulator.account.calls import CallLog
from sts_simulator.account.directory import Role, account_in
from sts_simulator.account.sessions import Sessions

if TYPE_CHECKING:
    from sts_simulator.account.account import Account
    from sts_simulator.account.authentication import Principal
    from sts_simulator.account.ids import Ids


class Accounts:
    """Some accounts, by id.  The first answers the requests whose caller is not known."""

    def __init__(self, ids: Ids) -> None:
        self.lock = threading.RLock()
        self.ids = ids
        self.sessions = Sessions(ids)
        self.log = CallLog()
        self.by_id: dict[str, Account] = {}

    @property
    def first(self) -> Account:
        """The account that the others were added to."""
        return next(iter(self.by_id.values()))

    def named(self, account_id: str | None) -> Account:
        """Return the account with this id, the first for None.  Raises LookupError."""
        if account_id is None:
            return self.first
        if account_id not in self.by_id:
            raise LookupError(f"there is no account {account_id}")
        return self.by_id[account_id]

    def of(self, who: Principal) -> Account:
        """Return the account of a caller."""
        return self.by_id[account_in(who.owner.arn)]

    def owner(self, access_key_id: str) -> Account | None:
        """Return the account that a key or a session belongs to, None for an unknown one."""
        if issued := self.sessions.get(access_key_id):
            return self.by_id.get(account_in(issued.issuer.arn))
        for account in self.by_id.values():
            if account.directory.key(access_key_id):
                return account
        return None

    def role(self, arn: str) -> Role | None:
        """Return the role with this ARN, of whichever account."""
        account = self.by_id.get(account_in(arn))
        return account.directory.role(arn) if account else None

    def holder(self, access_key_id: str) -> Holder:
        """Return whose key or session this is, as its account's directory has it now."""
        account = self.owner(access_key_id)
        if account is None:
            return Holder()
        directory = account.directory
        if issued := self.sessions.get(access_key_id):
            issuer = issued.issuer
            is_role = isinstance(issuer, Role)
            owner = directory.role(issuer.arn) if is_role else directory.user(issuer.name)
            return Holder(None, issued, owner, account.account_id)
        key = directory.key(access_key_id)
        return Holder(key, None, directory.user(key.user) if key else None, account.account_id)
