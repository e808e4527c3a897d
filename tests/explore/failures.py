"""Failures that are tried one at a time, from each of the ``situations``: data.

They are options of the choices of ``answers``, beside those that are combined with one
another in the other commands.  The first is Ctrl-C right before a call.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from authkit.adapters import state_troubles
from tests.explore.answers import (
    DENIED,
    DONE,
    FOR_GOOD,
    OK,
    OTHERS_LOG_IN_TO_ROLE,
    OTHERS_REMOVE,
    OTHERS_WRITE,
)
from tests.explore.chooser import Choice, choice
from tests.explore.machine import (
    ANOTHER_ACCOUNTS,
    ANOTHER_PARTITIONS,
    MFA,
    SECURITY_KEY,
    TOKEN,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

CTRL_C_FIRST = "^C first"
LOSES = "unreadable, and the entry is lost"  # an entry is as safe as the backend's write (B-S02)
KEEPS_WRITING = f"another program writes{FOR_GOOD}"
TROUBLES = {DENIED, *state_troubles.TROUBLES}  # with the state folder
LATER, EARLIER = "ten days later", "ten days earlier"  # how a clock may jump

# Calls that are no choice in other commands.
SAY = choice("say", OK)
HOLDER = choice("lock holder", OK, rare=(DENIED,))
BACKEND = choice("keyring named", OK, rare=("no-backend",))
TRUST = choice("config trusted", OK, rare=("others may write to it",))
WEB = choice("web", OK, "unsent", "lost", "broken", "refused", "shorter", "over on arrival")
# What IAM may list, by the option taken; of any other it is the person's device.
LISTED: Mapping[str, tuple[str, ...]] = {
    "none": (),
    "security keys alone": (SECURITY_KEY,),
    "a security key first": (SECURITY_KEY, MFA),
    "several": (MFA, TOKEN),  # in an order that is no alphabet's
    "of another partition": (ANOTHER_PARTITIONS,),
    "gone": (TOKEN,),
}

# What a person types who is asked again: one after the other.
THEN = ", then "
THRICE = THEN.join([ANOTHER_ACCOUNTS] * 3)
ANOTHER_FIRST = f"{ANOTHER_ACCOUNTS}{THEN}{ANOTHER_PARTITIONS}"
# The device that is given on standard input, in the place of the person's.
GIVEN_DEVICES: Mapping[str, str] = {
    "another account's device": ANOTHER_ACCOUNTS,
    "another partition's device": ANOTHER_PARTITIONS,
    "a security key": SECURITY_KEY,
}

_STATE = (state_troubles.OPEN, state_troubles.NO_ROOM)
_STATE_LASTING = (f"{DENIED}{FOR_GOOD}", f"{state_troubles.NO_ROOM}{FOR_GOOD}")
_KEYRING_LASTING = (f"locked{FOR_GOOD}", f"unreadable{FOR_GOOD}")
MORE: Mapping[str, tuple[str, ...]] = {
    "keyring get": _KEYRING_LASTING,
    "keyring set": (LOSES, f"locked{DONE}", f"no-backend{DONE}", *_KEYRING_LASTING),
    "keyring delete": (f"locked{DONE}", f"no-backend{DONE}", *_KEYRING_LASTING),
    "keyring unlock": ("unreadable", *_KEYRING_LASTING),
    "keyring alone": (
        *(OTHERS_WRITE, OTHERS_REMOVE, OTHERS_LOG_IN_TO_ROLE, "locked", "no-backend"),
        *_KEYRING_LASTING,
    ),
    "session read": _STATE_LASTING,
    "session replace": _STATE_LASTING,
    "session drop": (*_STATE, *_STATE_LASTING),
    "session names": (*_STATE, *_STATE_LASTING),
    "mark": (*_STATE, *_STATE_LASTING),
    "marker read": (*_STATE, *_STATE_LASTING),
    "markers listed": (*_STATE, *_STATE_LASTING),
    "unmark": (*_STATE, *_STATE_LASTING),
    "notes read": (*_STATE, *_STATE_LASTING),
    "note replace": (*_STATE, *_STATE_LASTING),
    "lock": (LATER, EARLIER, *_STATE_LASTING),
    "AssumeRole": ("code", "device"),
    "ListMFADevices": ("of another partition", "gone"),
    "MFA ARN": (THRICE, ANOTHER_FIRST, TOKEN),
    "Device Number": (ANOTHER_ACCOUNTS, ANOTHER_PARTITIONS, SECURITY_KEY),
    "Enter MFA Token": ("{code}, ten days earlier",),
    "stdin": ("cannot be read", *GIVEN_DEVICES),
    "mfa_process": ("not found", "not executable", "killed"),
    "file replace": (KEEPS_WRITING,),
}
# What fails for good, with all else of its kind, by the names of the choices.
KINDS: Mapping[str, str] = {
    **{what: "keyring" for what in MORE if what.startswith("keyring")},
    **{what: "state" for what, more in MORE.items() if _STATE_LASTING[0] in more},
    "file replace": "files",
}
ONCE = "once "  # before an operation in ``machine.answers``: what it is answered once
ONE = "only "  # before a choice's name in ``machine.answers``: what that one is answered


@cache
def widened(choice: Choice) -> Choice:
    """Return a choice with the options of this module; each costs 1, the rare ones too."""
    more = tuple(o for o in MORE.get(choice.what, ()) if o not in choice.options)
    if "^C" not in choice.options:
        more = (CTRL_C_FIRST, *more)
    options = (*choice.options, *more)
    return Choice(choice.what, options, (0, *(1 for _ in options[1:])))
