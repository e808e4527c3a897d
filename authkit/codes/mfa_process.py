"""MFA codes that a command prints: the setting `mfa_process` of the config file.

It stands in the place of the person who types one, so that a login needs nobody.
"""

from __future__ import annotations

import re
import shlex
from datetime import timedelta
from functools import partial

from authkit.core import config, durations, environment
from authkit.core.failures import NOT_RUN, USAGE, CannotRun, Failure
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
# What may be a device's secret: Base32, which sites show in lower case, or the same in hex.
_SEED = re.compile(r"[A-Z2-7]{16,}=*|[0-9A-F]{16,}", re.ASCII | re.IGNORECASE)


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
        cure = config.own_alone(identity.config_path, reason)
        where = {"table": table_name(identity.name), "path": identity.config_path}
        told = {"identity": identity.name, "reason": reason, "cure": cure}
        raise Failure("mfa-process-distrusted", USAGE, **told, **where)
    for asked in range(TRIES):
        if asked:
            _wait_for_step(world)
        printed = _printed(world, identity)
        if not is_spent(printed):
            return printed
    raise _no_code(identity, "keeps printing a code that was sent before")


def program(word: str) -> str:
    """Return what may be shown of a command's first word: the program that it names.

    Behind a blank or a "=" there may be an argument, where the words are not divided as they
    should be; and a word that could be a device's secret is none to show.
    """
    shown = re.split(r"(?<=[\s=])", word)[0].strip() if word.strip() else word
    shown = "" if _SEED.fullmatch(shown) else shown
    return shown if shown == word else f"{shown}…"


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
    words = shlex.split(identity.settings[NAME])
    try:
        line = world.programs.line(words, environ, WITHIN)
    except CannotRun as trouble:
        named = "" if trouble.status == NOT_RUN else f": {program(words[0])}"
        raise _no_code(identity, trouble.reason + named) from None
    digits = Secret("".join(line.reveal().split()))
    if not re.fullmatch(r"\d{6}", digits.reveal(), re.ASCII):
        raise _no_code(identity, "did not print six digits")
    return digits


def _no_code(identity: Identity, reason: str) -> Failure:
    where = {"table": table_name(identity.name), "path": identity.config_path}
    return Failure("mfa-process-failed", identity=identity.name, reason=reason, **where)
