"""Which MFA codes are good: those a device shows now, each of them once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyotp import TOTP

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from authkit.core.model import Secret
    from sts_simulator.account.directory import Device

# AWS does not document its window; one step either way is a fair model.
STEPS = (0, -1, 1)


# IAM wants two codes in a row of a new device, and who reads them off it is done with the
# second one when the first is old: how old it may be is inferred.
FIRST_OF_TWO = (0, -1, -2)


def in_a_row(seed: Secret, codes: tuple[str, str], now: datetime) -> bool:
    """Tell whether the device with this seed has just shown these two codes in a row."""
    totp = TOTP(seed.reveal())
    steps = (totp.timecode(now) + offset for offset in FIRST_OF_TWO)
    return any((totp.generate_otp(at), totp.generate_otp(at + 1)) == codes for at in steps)


class UsedCodes:
    """Remembers what was used, so that nothing is good twice."""

    def __init__(self) -> None:
        self._used: set[tuple[str, object]] = set()

    def take(self, device: Device, code: str, now: datetime) -> bool:
        """Tell whether `device` accepts `code` now, and if so use it up."""
        for use in _uses(device, code, now):
            if use not in self._used:
                self._used.add(use)
                return True
        return False


def _uses(device: Device, code: str, now: datetime) -> Iterator[tuple[str, object]]:
    """Yield what this code would use up on the device: a listed code, or a time step."""
    if any(code == listed.reveal() for listed in device.codes):
        yield device.serial_number, code
    if device.seed:
        totp = TOTP(device.seed.reveal())
        for step in (totp.timecode(now) + offset for offset in STEPS):
            if totp.generate_otp(step) == code:
                yield device.serial_number, step
