"""MFA codes that STS has accepted or refused: none is sent twice (B-L12).

A device shows a code for half a minute, and STS accepts it once.  So a code that
was sent is remembered for as long as a device may show it, whatever happens to
the session: the next login may come a second later, and be that of another
identity with the same device.
"""

from __future__ import annotations

import json
from contextlib import suppress

from authkit.core.endings import skipped
from authkit.core.failures import StateTrouble
from authkit.core.identity import fingerprint

TYPE_CHECKING = False
if TYPE_CHECKING:
    from authkit.core.model import Secret
    from authkit.core.ports import World

LIFE = 90  # seconds: a TOTP step, and one either way


class SpentCodes:
    """The codes that are not to be sent again.

    Each identity writes one note into the state folder, and reads all of them:
    fingerprints of codes, each with the second in which it was noted.  A note
    that cannot be read or written is no error, since STS itself refuses a code
    that it has seen; one that cannot be written is said.
    """

    def __init__(self, world: World, name: str) -> None:
        self._world = world
        self._name = name
        self._sent: dict[str, int] = {}  # in this run: kept for all of it

    def has(self, serial_number: str, code: Secret) -> bool:
        """Tell whether this device's code is spent."""
        return fingerprint(serial_number, code.reveal()) in self._spent()

    def add(self, serial_number: str, code: Secret) -> None:
        """Note that this device's code is spent."""
        self._sent[fingerprint(serial_number, code.reveal())] = int(self._world.clock.time())
        note = {"identity": self._name, "codes": self._spent()}
        try:
            self._world.notes.replace_codes(self._name, json.dumps(note))
        except StateTrouble as trouble:
            self._world.screen.say(skipped(trouble))

    def _spent(self) -> dict[str, int]:
        now = int(self._world.clock.time())
        spent, notes = dict(self._sent), list[str]()
        with suppress(StateTrouble):
            notes = self._world.notes.codes()
        for note in notes:
            with suppress(ValueError, TypeError, OverflowError, RecursionError):
                noted = dict(json.loads(note))
                noted = dict(noted.get("codes", noted))  # until 2026-11-25 it was the codes alone
                spent |= {code: at for code, at in noted.items() if abs(now - int(at)) < LIFE}
        return spent
