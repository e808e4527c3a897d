"""Which MFA codes are good: those a device shows now, each of them once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyotp import TOTP

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from fakes.directory import Device

# AWS does not document its window; one step either way is a fair model.
STEPS = (0, -1, 1)


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
