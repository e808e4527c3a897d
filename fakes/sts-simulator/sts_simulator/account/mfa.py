"""Which MFA codes are valid: those that a device shows now, each of them once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyotp import TOTP

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sts_simulator.account.directory import Device

# AWS does not document its window; one step either way is a fair model.
STEPS = (0, -1, 1)


# IAM asks for two consecutive codes of a new device.  When a person has typed the second, the
# first is no longer current; how old it may be is inferred.
FIRST_OF_TWO = (0, -1, -2)


def consecutive(seed: str, codes: tuple[str, str], now: datetime) -> bool:
    """Return whether the device with this seed has just shown these two codes, in this order."""
    totp = TOTP(seed)
    steps = (totp.timecode(now) + offset for offset in FIRST_OF_TWO)
    return any((totp.generate_otp(at), totp.generate_otp(at + 1)) == codes for at in steps)


class UsedCodes:
    """The codes that were used, each of which is valid once."""

    def __init__(self) -> None:
        self._used: set[tuple[str, object]] = set()

    def take(self, device: Device, code: str, now: datetime) -> bool:
        """Return whether `device` accepts `code` now; if so the code is used from then on."""
        for use in _uses(device, code, now):
            if use not in self._used:
                self._used.add(use)
                return True
        return False


def _uses(device: Device, code: str, now: datetime) -> Iterator[tuple[str, object]]:
    """Yield what the code stands for on the device: a listed code, or a time step."""
    if code in device.codes:
        yield device.serial_number, code
    if device.seed:
        totp = TOTP(device.seed)
        for step in (totp.timecode(now) + offset for offset in STEPS):
            if totp.generate_otp(step) == code:
                yield device.serial_number, step
