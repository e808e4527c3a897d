"""Denials that a story or a test asks for, as the policies that would bring them about.

They apply whether or not the account enforces its own policies.  Whether a policy denies
a request, and in which words, is decided by ``account.permissions`` for all of them.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sts_simulator.account.directory import Policy
from sts_simulator.account.permissions import NEVER_DENIED

if TYPE_CHECKING:
    from sts_simulator.account.authentication import Principal

# With the article, as AWS's messages have it (C, IAM user guide, "Troubleshoot access denied error
# messages").
IDENTITY_BASED = "an identity-based policy"
BOUNDARY = "a permissions boundary"
KINDS = (IDENTITY_BASED, BOUNDARY, "a service control policy")
_REVOKING = "AWSRevokeOlderSessions"  # as IAM's console calls it; by time there, by session here


class Policies:
    """The denials of an account.  Users and roles are known by name."""

    def __init__(self) -> None:
        self._denied: dict[tuple[str, str], Policy] = {}
        self._revoked: set[str] = set()  # access key ids of sessions

    def deny(self, user: str, operation: str, kind: str) -> None:
        """Deny an operation of STS to a user, by a policy of one of `KINDS`.

        Raises LookupError for an operation that no policy can deny.
        """
        action = f"sts:{operation}"
        if action in NEVER_DENIED:
            raise LookupError(f"no policy can deny {operation}")
        self._denied[user, operation] = Policy(kind, "asked for", _denying(action))

    def allow(self, user: str, operation: str) -> None:
        """Remove a denial.  Raises LookupError when there is none."""
        if (user, operation) not in self._denied:
            raise LookupError(f"nothing denies {operation} to {user}")
        del self._denied[user, operation]

    def revoke(self, access_key_ids: set[str]) -> None:
        """Deny these sessions everything that a policy can deny."""
        self._revoked |= access_key_ids

    def asked_for(self, who: Principal) -> list[Policy]:
        """Return the denials of single operations to a caller.

        They deny even GetSessionToken, on which AWS's policies have no effect.
        """
        return [denied for (user, _), denied in self._denied.items() if user == who.owner.name]

    def revoking(self, who: Principal) -> list[Policy]:
        """Return the policy that revoked the caller's session, if one did."""
        if who.signature.access_key_id not in self._revoked:
            return []
        return [Policy(IDENTITY_BASED, _REVOKING, _denying("*"))]


def _denying(action: str) -> str:
    return json.dumps({"Statement": {"Effect": "Deny", "Action": action, "Resource": "*"}})
