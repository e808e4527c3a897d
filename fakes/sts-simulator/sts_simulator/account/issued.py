"""The sessions that STS gave out, for as long as anybody may ask for them.

A real token carries its own contents and lasts for ever as a refusal; here a
session is kept for `KEPT` after its end, so that it is ExpiredToken for a good
while, and InvalidClientTokenId once it is forgotten.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from sts_simulator.account.authentication import Issued

KEPT = timedelta(days=30)  # after expiry
_ALWAYS_HELD = 1024  # too few to be worth a look


class IssuedSessions:
    """Sessions by access key id."""

    def __init__(self) -> None:
        self._issued: dict[str, Issued] = {}
        self._look_at = _ALWAYS_HELD

    def __len__(self) -> int:
        return len(self._issued)

    def get(self, access_key_id: str) -> Issued | None:
        """Return the session with this access key id, expired or not."""
        return self._issued.get(access_key_id)

    def add(self, issued: Issued, now: datetime) -> None:
        """Keep a session; whenever their number has doubled, forget those long expired."""
        self._issued[issued.session.access_key_id] = issued
        if len(self._issued) > self._look_at:
            self._issued = {
                id_: kept
                for id_, kept in self._issued.items()
                if now < kept.session.expiration + KEPT
            }
            self._look_at = max(_ALWAYS_HELD, 2 * len(self._issued))
