"""What fails for one identity while something else fails for another: data.

A command that is about several goes on with the others, and tells of each what became of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from authkit.adapters import state_troubles
from tests.explore.answers import DENIED
from tests.explore.chooser import choice
from tests.explore.machine import NAME
from tests.explore.naming import FAR

if TYPE_CHECKING:
    from collections.abc import Mapping

    # By the effect and the identity: how that ends each time.
    Failing = Mapping[tuple[str, str], str]

_OPEN, _FIFO = state_troubles.OPEN, state_troubles.FIFO
_DROP, _DELETE, _GET = "session drop", "keyring delete", "keyring get"
_READ, _MARKER, _UNMARK = "session read", "marker read", "unmark"
# The first identity in the order in which they are taken is FAR.
OF_LOGOUT: Mapping[str, Failing] = {
    "nothing": {},
    "the first's session": {(_DROP, FAR): DENIED},
    "the first's keys": {(_DELETE, FAR): "unreadable"},
    "the first's keys, and the second's": {(_DELETE, FAR): "unreadable", (_GET, NAME): "locked"},
    "sessions, in two ways": {(_DROP, FAR): _OPEN, (_DROP, NAME): DENIED},
    "a session, and keys": {(_DROP, FAR): DENIED, (_DELETE, NAME): "locked"},
    "keys, and a session": {(_DELETE, FAR): "locked", (_DROP, NAME): DENIED},
    "a lock, and a marker": {("lock", FAR): DENIED, (_UNMARK, NAME): DENIED},
    "a marker, and a lock": {(_UNMARK, FAR): DENIED, ("lock", NAME): "busy"},
    "what is in a session's place": {(_READ, FAR): _FIFO, (_DELETE, NAME): "no-backend"},
}
OF_LIST: Mapping[str, Failing] = {
    "no session, and no keys": {(_READ, FAR): DENIED, (_GET, NAME): "locked"},
    "no keys, and no session": {(_GET, FAR): "unreadable", (_READ, NAME): _FIFO},
    "no keys in two ways": {(_GET, FAR): "locked", (_GET, NAME): "corrupt"},
    "no session in two ways": {(_READ, FAR): _OPEN, (_READ, NAME): _FIFO},
    "no marker, and no session": {(_MARKER, FAR): DENIED, (_READ, NAME): DENIED},
    "no markers": {(_MARKER, FAR): DENIED, (_MARKER, NAME): _FIFO},
}
FAILING: Mapping[str, Failing] = {**OF_LOGOUT, **OF_LIST}
IN_LOGOUT = choice("what fails", *OF_LOGOUT)
IN_LIST = choice("what fails", "nothing", *OF_LIST)
# What AWS says of the keys of two profiles: of the first one's, and of the second one's.
_FIRST, _SECOND = "AKIAPROFILEPROFILE01 secret-of-second", "AKIAPROFILEPROFILE00 secret-of-profile"
SAID: Mapping[str, Mapping[str, str]] = {"": {}} | {
    f"{first}, and {second}": {_FIRST: first, _SECOND: second}
    for first, second in (
        *(("revoked", "mistyped"), ("mistyped", "revoked"), ("denied", "revoked")),
        *(("revoked", "denied"), ("throttled", "revoked"), ("revoked", "throttled")),
        *(("unsent", "revoked"), ("revoked", "unsent"), ("region", "mistyped")),
        *(("unheard-of", "denied"), ("ok", "revoked"), ("revoked", "ok")),
    )
}
OF_KEYS = choice("what AWS says of each", *filter(None, SAID))
