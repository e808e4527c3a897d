"""What can happen to the world before a command: the sentences of a step's `events`, as data.

A sentence is a template with words in braces.  Its row in `_SENTENCES` names an
`Action`, and the words that the sentence itself does not spell out.  What an
action does is the stages' business: ``scenarios.replay.stages.events``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from itertools import zip_longest
from typing import TYPE_CHECKING

from fakes.world.keyring import ASKING, FAILING, LOCKED, WORKING
from fakes.world.state_folder import HARD_LINK, KINDS, NO_LOCKS, OF_ANOTHER, OF_ROOT, OPEN
from scenarios.replay.story.nearest import nearest
from sts_simulator.account.durations import parse_duration
from sts_simulator.account.policies import KINDS as POLICIES

if TYPE_CHECKING:
    from collections.abc import Mapping


class Action(Enum):
    """What an event does."""

    ROTATE = "a user gets a new access key, the old ones are deleted"
    ACTIVATE = "an access key is made active"
    DEACTIVATE = "an access key is made inactive"
    DELETE_KEY = "an access key is deleted"
    DELETE_USER = "a user is deleted"
    ADD_DEVICE = "a user gets an MFA device"
    REMOVE_DEVICE = "an MFA device is removed"
    SWITCH_REGION = "a region is switched on or off for the account, or STS in it is"
    DENY = "a policy denies an operation to a user"
    ALLOW = "that policy is removed"
    REVOKE = "the present sessions of a user or role are revoked"
    SUSPEND = "the account is suspended, or no longer"
    ADVANCE = "time passes"
    SET_KEYRING = "the keyring changes its state"
    HOLD_LOCK = "another process holds an identity's lock for a time"
    SPOIL = "something is wrong with the state folder or what is in it"
    MEND = "that is over"
    OPEN_CONFIG = "others than the user may write to the config file"
    LOGGED_IN = "an identity is logged in to, in another process"
    LOG_IN = "another process holds an identity's lock for a time, and logs in"


@dataclass(frozen=True)
class Event:
    """A sentence of a story (`text`), the action that it asks for, and the action's words."""

    text: str
    action: Action
    words: Mapping[str, str]


def parse(text: str) -> Event:
    """Return the event that a sentence describes.

    Raises ValueError with the nearest sentence, or a list of them, when it is none of them,
    and when its length of time is none or runs back.
    """
    for pattern, (action, words) in _PATTERNS:
        if match := pattern.fullmatch(text):
            found = {**words, **match.groupdict()}
            if "span" in found and parse_duration(found["span"]) < timedelta():
                raise ValueError(f"{text!r}: time does not run back")
            return Event(text, action, found)
    alike = {_with_words_of(text, sentence): sentence for sentence in SENTENCES}
    near = alike.get(nearest(text, alike), "")
    hint = f"did you mean '{near}'?" if near else f"there are: {'; '.join(SENTENCES)}"
    raise ValueError(f"{text!r} is no event; {hint}")


def _with_words_of(text: str, sentence: str) -> str:
    """Return a sentence with the words of a text in the places of those in braces."""
    given = text.split()
    pairs = zip_longest(sentence.split(), given[: len(sentence.split())], fillvalue="")
    return " ".join(word if meant.startswith("{") else meant for meant, word in pairs)


_SENTENCES: dict[str, tuple[Action, dict[str, str]]] = {
    "rotate {user}": (Action.ROTATE, {}),
    "rotate {user} to {key} {secret}": (Action.ROTATE, {}),
    "activate {key}": (Action.ACTIVATE, {}),
    "deactivate {key}": (Action.DEACTIVATE, {}),
    "delete key {key}": (Action.DELETE_KEY, {}),
    "delete user {user}": (Action.DELETE_USER, {}),
    "add device {device} with {codes} to {user}": (Action.ADD_DEVICE, {}),
    "remove device {device}": (Action.REMOVE_DEVICE, {}),
    "deactivate STS in {region}": (
        Action.SWITCH_REGION,
        {"setting_name": "disabled_regions", "change": "add"},
    ),
    "activate STS in {region}": (
        Action.SWITCH_REGION,
        {"setting_name": "disabled_regions", "change": "remove"},
    ),
    "disable region {region}": (
        Action.SWITCH_REGION,
        {"setting_name": "not_enabled_regions", "change": "add"},
    ),
    "enable region {region}": (
        Action.SWITCH_REGION,
        {"setting_name": "not_enabled_regions", "change": "remove"},
    ),
    **{
        f"{kind} denies {{operation}} to {{user}}": (Action.DENY, {"kind": kind})
        for kind in POLICIES
    },
    "nothing denies {operation} to {user}": (Action.ALLOW, {}),
    "revoke the sessions of {name}": (Action.REVOKE, {}),
    "suspend the account": (Action.SUSPEND, {"suspended": "yes"}),
    "reinstate the account": (Action.SUSPEND, {"suspended": ""}),
    "advance {span}": (Action.ADVANCE, {}),
    "lock keyring": (Action.SET_KEYRING, {"state": LOCKED}),
    "unlock keyring": (Action.SET_KEYRING, {"state": WORKING}),
    "have keyring ask": (Action.SET_KEYRING, {"state": ASKING}),
    "break keyring": (Action.SET_KEYRING, {"state": FAILING}),
    "mend keyring": (Action.SET_KEYRING, {"state": WORKING}),
    "another login for {name} holds the lock for {span}": (Action.HOLD_LOCK, {}),
    "process {process} holds the lock of {name} for {span}": (Action.HOLD_LOCK, {}),
    "others may write to the state folder": (Action.SPOIL, {"path": "", "word": OPEN}),
    "others may write to {path}": (Action.SPOIL, {"word": OPEN}),
    "the state folder belongs to root": (Action.SPOIL, {"path": "", "word": OF_ROOT}),
    "the state folder belongs to another user": (Action.SPOIL, {"path": "", "word": OF_ANOTHER}),
    "the state folder has no locks": (Action.SPOIL, {"path": "locks", "word": NO_LOCKS}),
    "put a hard link in place of the lock {path}": (Action.SPOIL, {"word": HARD_LINK}),
    **{f"put {kind} in place of {{path}}": (Action.SPOIL, {"word": kind}) for kind in KINDS},
    "others may write to the config file": (Action.OPEN_CONFIG, {}),
    "mend the state folder": (Action.MEND, {"path": ""}),
    "mend {path}": (Action.MEND, {}),
    "log in to {name}": (Action.LOGGED_IN, {}),
    "log in to {name} with {code}": (Action.LOGGED_IN, {}),
    "another login for {name} holds the lock for {span} and logs in": (Action.LOG_IN, {}),
    "another login for {name} holds the lock for {span} and logs in with {code}": (
        Action.LOG_IN,
        {},
    ),
}
SENTENCES = tuple(_SENTENCES)
_PATTERNS = [
    (re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>\\S+)", re.escape(sentence))), row)
    for sentence, row in _SENTENCES.items()
]
