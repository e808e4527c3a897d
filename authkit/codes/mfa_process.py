"""MFA codes that a command prints: the setting `mfa_process` of the config file.

It stands in the place of the person who types one, so that a login needs nobody.
"""

from __future__ import annotations

import re
import shlex
from datetime import timedelta
from functools import partial

from authkit.core import durations, environment
from authkit.core.failures import USAGE, CannotRun, Failure
from authkit.core.model import Secret
from authkit.core.render import table_name, text
from authkit.core.rules import TRIES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol

    from authkit.core.identity import Identity
    from authkit.core.ports import World

    class Spent(Protocol):
        """The notes about codes (``login.spent_codes``)."""

        def has(self, serial_number: str, code: Secret) -> bool:
            """Tell whether the device's code was sent before."""

        def add(self, serial_number: str, code: Secret) -> None:
            """Note it as sent.  Raises StateTrouble."""


NAME = "mfa_process"
# The lock of all such commands, since two identities may have one device.  It is no identity's.
LOCK = f"({NAME})"
STEP = timedelta(seconds=30)  # a device shows a code for so long, counted from 1970 (RFC 6238)
# More than by how much the second of time(2), which programs read, is late (Linux: a tick).
LATE = timedelta(seconds=1)
WITHIN = timedelta(seconds=30)  # how long the command may take


def spent_code(world: World, identity: Identity, serial: str, spent: Spent) -> Secret:
    """Return six digits that were not sent before, noted as sent.  Raises as `code` does."""
    printed = code(world, identity, partial(spent.has, serial))
    spent.add(serial, printed)  # at once: another identity may have the same device
    return printed


def code(world: World, identity: Identity, is_spent: Callable[[Secret], bool]) -> Secret:
    """Return six digits that are not spent, waiting for the next ones if need be.

    Only for who has the `LOCK`, until the code is noted as spent.  Raises Failure: 2 where
    the config file is not to be trusted (B-S06).
    """
    if reason := world.config.distrusted():
        raise _no_code("mfa-process-distrusted", identity, reason, USAGE)
    for asked in range(TRIES):
        if asked:
            _wait_for_step(world)
        printed = _printed(world, identity)
        if not is_spent(printed):
            return printed
    raise _no_code("mfa-process-failed", identity, "keeps printing a code that was sent before")


def _wait_for_step(world: World) -> None:
    into = timedelta(seconds=world.clock.time() % STEP.total_seconds())
    pause = STEP - into + LATE
    shown = durations.left(pause.total_seconds() + 0.999)  # rounded up
    world.screen.say(text("mfa-process-again", pause=shown))
    world.clock.sleep(pause)


def _printed(world: World, identity: Identity) -> Secret:
    """Return the six digits that the command prints.  Raises Failure."""
    gone = {*environment.others(world.environ)}
    environ = {name: value for name, value in world.environ.items() if name not in gone}
    try:
        line = world.programs.line(shlex.split(identity.settings[NAME]), environ, WITHIN)
    except CannotRun as trouble:
        raise _no_code("mfa-process-failed", identity, trouble.reason) from None
    digits = Secret("".join(line.reveal().split()))
    if not re.fullmatch(r"\d{6}", digits.reveal(), re.ASCII):
        raise _no_code("mfa-process-failed", identity, "did not print six digits")
    return digits


def _no_code(name: str, identity: Identity, reason: str, status: int = 1) -> Failure:
    where = {"table": table_name(identity.name), "path": identity.config_path}
    return Failure(name, status, identity=identity.name, reason=reason, **where)
