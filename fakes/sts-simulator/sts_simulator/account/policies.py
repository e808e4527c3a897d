"""Policies that deny operations of STS, in AWS's own words.

There is no policy language here (``account.statements`` has it, for roles' trust and for
``--enforce``).  A denial is an operation, a user, and the kind of policy that denies it.
An explicit deny of every operation to the sessions that exist already is what IAM calls
revoking sessions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sts_simulator.account import permissions
from sts_simulator.account.permissions import Denial

if TYPE_CHECKING:
    from sts_simulator.account.authentication import Principal
    from sts_simulator.account.calls import Request
    from sts_simulator.account.errors import AwsError

# With the article, as AWS's messages have it (C, IAM user guide, "Troubleshoot access denied error
# messages").
IDENTITY_BASED = "an identity-based policy"
BOUNDARY = "a permissions boundary"
KINDS = (IDENTITY_BASED, BOUNDARY, "a service control policy")
# C: it needs no permission and works under an explicit deny.
_NEVER_DENIED = "GetCallerIdentity"


class Policies:
    """The denials of an account.  Users and roles are known by name."""

    def __init__(self) -> None:
        self._denied: dict[tuple[str, str], str] = {}
        self._revoked: set[str] = set()  # access key ids of sessions

    def deny(self, user: str, operation: str, kind: str) -> None:
        """Deny an operation to a user, by a policy of one of `KINDS`.

        Raises LookupError for an operation that no policy can deny.
        """
        if operation == _NEVER_DENIED:
            raise LookupError(f"no policy can deny {operation}")
        self._denied[user, operation] = kind

    def allow(self, user: str, operation: str) -> None:
        """Remove a denial.  Raises LookupError when there is none."""
        if (user, operation) not in self._denied:
            raise LookupError(f"nothing denies {operation} to {user}")
        del self._denied[user, operation]

    def revoke(self, access_key_ids: set[str]) -> None:
        """Deny these sessions everything that a policy can deny."""
        self._revoked |= access_key_ids

    def refusal(self, who: Principal, request: Request) -> AwsError | None:
        """Return the error of a denied call, None for one that is not denied."""
        kind = self._denied.get((who.owner.name, request.operation))
        if who.signature.access_key_id in self._revoked and request.operation != _NEVER_DENIED:
            kind = IDENTITY_BASED
        if kind is None:
            return None
        found = Denial(kind, "the account's policies deny it")
        role = request.parameters.get("RoleArn", "")
        return permissions.worded(found, who, f"sts:{request.operation}", role)
