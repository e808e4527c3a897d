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
        self._used: dict[tuple[str, object], datetime] = {}

    def take(self, device: Device, code: str, now: datetime) -> str:
        """Return why `device` does not accept `code` now; "" if it does.

        An accepted code is used from then on.
        """
        uses = list(_uses(device, code, now))
        for use in uses:
            if use not in self._used:
                self._used[use] = now
                return ""
        if uses:
            ago = int((now - self._used[uses[0]]).total_seconds())
            return f"the code was used {ago} s ago"
        return "the device does not show this code" + _how_far(device, code, now)


def _uses(device: Device, code: str, now: datetime) -> Iterator[tuple[str, object]]:
    """Yield what the code stands for on the device: a listed code, or a time step."""
    if code in device.codes:
        yield device.serial_number, code
    if device.seed:
        totp = TOTP(device.seed)
        for step in (totp.timecode(now) + offset for offset in STEPS):
            if totp.generate_otp(step) == code:
                yield device.serial_number, step


def _how_far(device: Device, code: str, now: datetime) -> str:
    """Return when a TOTP device showed or shows a code, within an hour; "" for no such code."""
    if device.seed is None:
        return ""
    totp = TOTP(device.seed)
    for steps in range(1, 121):
        for sign, word in ((-1, "ago"), (1, "from now")):
            if totp.generate_otp(totp.timecode(now) + sign * steps) == code:
                return f" now: it is the one of {steps * totp.interval} s {word}"
    return ""
