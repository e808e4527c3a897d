"""MFA codes that STS has taken or refused: none is sent twice (B-L12).

A device shows a code for half a minute, and STS takes it once.  So what was sent
is remembered for as long as it may still be shown, whatever becomes of the
session it was sent for: the next login may come a second later.
"""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import timedelta

from authkit.identity import fingerprint

TYPE_CHECKING = False
if TYPE_CHECKING:
    from authkit.ports import World

LIFE = timedelta(seconds=90)  # a TOTP step, and one either way


class SpentCodes:
    """The codes that are not to be sent again.

    The state folder keeps a fingerprint of each, and the second it was noted in,
    in a note of the identity that sent it.  Both methods raise StateTrouble.
    """

    def __init__(self, world: World, name: str) -> None:
        self._world = world
        self._name = name  # the identity's, which writes its own note alone
        self._noted: dict[str, int] | None = None  # not looked for yet

    def has(self, serial_number: str, code: str) -> bool:
        """Tell whether this device's code is spent."""
        return fingerprint(serial_number, code) in self._all()

    def add(self, serial_number: str, code: str) -> None:
        """Note that this device's code is spent."""
        noted = self._all()
        noted[fingerprint(serial_number, code)] = self._second()
        self._world.sessions.replace_codes(self._name, json.dumps(noted))

    def _all(self) -> dict[str, int]:
        if self._noted is None:
            self._noted = self._lately()
        return self._noted

    def _lately(self) -> dict[str, int]:
        now, life = self._second(), int(LIFE.total_seconds())
        lately: dict[str, int] = {}
        for note in self._world.sessions.codes():
            with suppress(ValueError, TypeError, OverflowError, RecursionError):
                noted = dict(json.loads(note))  # one that cannot be read is not worth an error
                lately |= {code: at for code, at in noted.items() if abs(now - int(at)) < life}
        return lately

    def _second(self) -> int:
        return int(self._world.clock.now().timestamp())
