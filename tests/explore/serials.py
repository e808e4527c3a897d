"""What the model knows of MFA devices: which of them a login can use."""

from __future__ import annotations

import re
from functools import cache

from tests.explore import failures
from tests.explore.configs import ACCOUNT
from tests.explore.machine import MFA
from tests.explore.regions import partition

ANOTHERS = "another account's"  # which is known once STS has taken the keys


@cache
def is_serial(text: str) -> bool:
    """B-L13: tell whether a text is a serial number that STS takes, and no security key's."""
    return ":u2f/" not in text and re.fullmatch(r"[\w+=/:,.@-]{9,256}", text) is not None


@cache
def misfit(serial: str, region: str) -> str:
    """B-C01, B-L19: return why a device is none of the person's in a region, "" where it may be.

    A hardware token's serial number names neither partition nor account.
    """
    if not is_serial(serial):
        return "a security key, or no device"
    parts = serial.split(":") if serial.startswith("arn:") else []
    if parts and parts[1] != partition(region):
        return "another partition's"
    return ANOTHERS if parts and parts[4] != ACCOUNT else ""


def listed(outcome: str) -> tuple[str, ...]:
    """Return what IAM has listed, by the name of its answer."""
    other = outcome in {"the device", "then ^C", "then killed"}
    return (MFA,) if other else failures.LISTED.get(outcome, ())


def usable(outcome: str, region: str) -> tuple[str, ...]:
    """Return those of them that a login can use, in their order."""
    return tuple(serial for serial in listed(outcome) if not misfit(serial, region))
