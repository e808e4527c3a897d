"""IAM's ListMFADevices, the one action of IAM that the account answers itself.

moto lists the devices in its own IAM alone: neither those of root, nor those with a list of
codes.  As it is answered here, all skins and all faults have it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sts_simulator.account import errors
from sts_simulator.account.answers import Devices
from sts_simulator.account.directory import User

if TYPE_CHECKING:
    from sts_simulator.account.answers import Answer
    from sts_simulator.account.authentication import Principal
    from sts_simulator.account.context import Context, Parameters

OPERATION = "ListMFADevices"
FAULT = f"iam:{OPERATION}"  # what a fault is on, and a policy about


def list_mfa_devices(account: Context, who: Principal, asked: Parameters) -> Answer:
    """Return the devices of a user, the caller's own where none is named; on one page."""
    own = user_of(who)
    if "UserName" not in asked and own is None:
        return errors.NOT_A_USER
    name = asked.get("UserName") or (own.name if own else "")
    if account.directory.user(name) is None:
        return errors.NO_SUCH_USER.fill(name=name)
    return Devices(tuple(account.directory.devices(name)))


def user_of(who: Principal) -> User | None:
    """Return the user whose credentials the caller has, None for a role or a federated user."""
    own = who.issued is None or who.issued.operation == "GetSessionToken"
    return who.owner if own and isinstance(who.owner, User) else None
