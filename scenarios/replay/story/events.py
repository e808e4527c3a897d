"""What happens to the world before a command: sentences, and what each does.

A new kind of event is one row of `_SENTENCES`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from fakes.world.keyring import FAILING, LOCKED, WORKING
from sts_simulator.account.durations import parse_duration

if TYPE_CHECKING:
    from collections.abc import Callable

    from scenarios.replay.stages.stage import Setting


@dataclass(frozen=True)
class Event:
    """A sentence as it stands in a story, understood."""

    text: str
    happen: Callable[[Setting], object]


def parse(text: str) -> Event:
    """Return the event that a sentence speaks of.

    Raises ValueError with the sentences there are.
    """
    for pattern, happen in _PATTERNS:
        if match := pattern.fullmatch(text):
            words = match.groupdict()
            if "span" in words:
                parse_duration(words["span"])  # complains now rather than when it happens
            return Event(text, partial(happen, **words))
    raise ValueError(f"{text!r} is no event; there are: {'; '.join(SENTENCES)}")


def _rotate_to(setting: Setting, user: str, key: str, secret: str) -> None:
    setting.account.administrator.rotate(user, key, secret)


def _advance(setting: Setting, span: str) -> None:
    setting.clock.sleep(parse_duration(span))


def _set_keyring(state: str) -> Callable[[Setting], None]:
    def happen(setting: Setting) -> None:
        setting.keyring.state = state

    return happen


def _hold_lock(setting: Setting, name: str, span: str) -> None:
    setting.locks.hold_elsewhere(name, parse_duration(span))


def _log_in_elsewhere(setting: Setting, name: str, span: str, code: str = "") -> None:
    setting.locks.hold_elsewhere(name, parse_duration(span), lambda: setting.log_in(name, code))


_SENTENCES: dict[str, Callable[..., object]] = {
    "rotate {user}": lambda setting, user: setting.account.administrator.rotate(user),
    "rotate {user} to {key} {secret}": _rotate_to,
    "activate {key}": lambda setting, key: setting.account.administrator.activate(key),
    "deactivate {key}": lambda setting, key: setting.account.administrator.deactivate(key),
    "delete key {key}": lambda setting, key: setting.account.administrator.delete_key(key),
    "delete user {user}": lambda setting, user: setting.account.administrator.delete_user(user),
    "advance {span}": _advance,
    "lock keyring": _set_keyring(LOCKED),
    "unlock keyring": _set_keyring(WORKING),
    "break keyring": _set_keyring(FAILING),
    "mend keyring": _set_keyring(WORKING),
    "another login for {name} holds the lock for {span}": _hold_lock,
    "another login for {name} holds the lock for {span} and logs in": _log_in_elsewhere,
    "another login for {name} holds the lock for {span} and logs in with {code}": _log_in_elsewhere,
}
SENTENCES = tuple(_SENTENCES)
_PATTERNS = [
    (re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>\\S+)", re.escape(sentence))), happen)
    for sentence, happen in _SENTENCES.items()
]
