"""How long a new key takes to reach STS: in AWS some seconds, here what the key says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from sts_simulator.account.directory import Key


@dataclass
class _Use:
    """When a key was first used, and how often it has been used."""

    first: datetime
    calls: int = 0


class Spreading:
    """Counts the uses of the keys that take time to spread."""

    def __init__(self) -> None:
        self._uses: dict[str, _Use] = {}

    def has_spread(self, key: Key, now: datetime) -> bool:
        """Return whether STS knows the key by now, and count this use of it."""
        if not key.spreads_after:
            return True
        use = self._uses.setdefault(key.access_key_id, _Use(now))
        use.calls += 1
        if isinstance(key.spreads_after, int):
            return use.calls > key.spreads_after
        return now >= use.first + key.spreads_after
