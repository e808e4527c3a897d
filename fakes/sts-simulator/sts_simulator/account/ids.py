"""Ids, secrets and tokens that look like AWS's and follow from a seed.

Each is a digest of the seed, its kind and a counter of that kind.  So a scenario's
transcript can show them, and no test has to patch a random source.  A server takes
another seed for each world, so that nothing of an earlier one is valid.
"""

from __future__ import annotations

import base64
from collections import Counter, deque
from hashlib import sha512
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Iterable

SEED = "authkit"  # scenarios show ids and secrets that are made from it


class Ids:
    """Makes the next id of a kind.  Each `Ids` counts from the start."""

    def __init__(self, seed: str, session_ids: Iterable[str] = ()) -> None:
        self._seed = seed
        self._session_ids = deque(session_ids)
        self._made: Counter[str] = Counter()

    def access_key_id(self, prefix: str) -> str:
        """Return AKIA or ASIA and sixteen letters and digits; of sessions first the given ones."""
        if prefix == "ASIA" and self._session_ids:
            return self._session_ids.popleft()
        return prefix + base64.b32encode(self._next(prefix)[:10]).decode()

    def secret(self) -> str:
        """Return forty characters of base64, as a secret access key has."""
        return base64.b64encode(self._next("secret"))[:40].decode()

    def session_token(self, size: int = 361) -> str:
        """Return base64 of `size` characters that starts like a real session token."""
        start = "IQoJb3JpZ2luX2VjE"
        body = base64.b64encode(b"".join(self._next("token") for _ in range(4))).decode()
        more = max(0, size - len(start) - len(body))
        return start + (body.rstrip("=") * (more // 300 + 1))[:more] + body

    def request_id(self) -> str:
        """Return a random-looking version 4 UUID."""
        return str(UUID(bytes=self._next("request")[:16], version=4))

    def user_id(self, name: str) -> str:
        """Return AIDA and 17 characters: new at each call, as for a user created again."""
        return "AIDA" + base64.b32encode(self._next(f"user/{name}"))[:17].decode()

    def role_id(self, name: str) -> str:
        """Return AROA and 17 characters: new at each call, as for a role created again."""
        self._made[f"role/{name}"] += 1
        again = self._made[f"role/{name}"]
        text = f"role/{name}" if again == 1 else f"role/{name}/{again}"
        return "AROA" + base64.b32encode(self._digest(text))[:17].decode()

    def totp_seed(self, serial_number: str) -> str:
        """Return a base32 seed of 160 bits for this device."""
        return base64.b32encode(self._digest(f"totp/{serial_number}")[:20]).decode()

    def _next(self, kind: str) -> bytes:
        self._made[kind] += 1
        return self._digest(f"{kind}/{self._made[kind]}")

    def _digest(self, text: str) -> bytes:
        return sha512(f"{self._seed}/{text}".encode()).digest()
