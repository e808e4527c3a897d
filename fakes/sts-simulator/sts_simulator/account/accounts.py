"""What the accounts of one world have in common, and whose a key, a session or a role is.

STS is one service for all accounts: its time, ids, sessions and records of calls are here.
Users, devices and roles are in the directory of each account, and not seen from another.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from sts_simulator.account.authentication import Holder
from sts_simulator.account.calls import CallLog
from sts_simulator.account.directory import Role, account_in
from sts_simulator.account.sessions import Sessions

if TYPE_CHECKING:
    from sts_simulator.account.clock import ServerTime
    from sts_simulator.account.directory import Directory
    from sts_simulator.account.ids import Ids


class Accounts:
    """The accounts of a world, of which `directories` has the directories by account id."""

    def __init__(self, ids: Ids, time: ServerTime) -> None:
        self.lock = threading.RLock()
        self.ids = ids
        self.time = time
        self.sessions = Sessions(ids)
        self.log = CallLog()
        self.directories: dict[str, Directory] = {}

    def directory(self, arn: str) -> Directory | None:
        """Return the directory of the account in an ARN."""
        return self.directories.get(account_in(arn))

    def role(self, arn: str) -> Role | None:
        """Return the role with this ARN, of whichever account."""
        directory = self.directory(arn)
        return directory.role(arn) if directory else None

    def owner(self, access_key_id: str) -> str | None:
        """Return the id of the account of a key or a session, None for an unknown one."""
        return self.holder(access_key_id).account_id

    def holder(self, access_key_id: str) -> Holder:
        """Return whose key or session this is, as its account's directory has it now."""
        if issued := self.sessions.get(access_key_id):
            issuer = issued.issuer
            account_id = account_in(issuer.arn)
            directory = self.directories[account_id]
            is_role = isinstance(issuer, Role)
            owner = directory.role(issuer.arn) if is_role else directory.user(issuer.name)
            return Holder(None, issued, owner, account_id)
        for account_id, directory in self.directories.items():
            if key := directory.key(access_key_id):
                return Holder(key, None, directory.user(key.user), account_id)
        return Holder()
