"""What is told of a call: whose key, which region, role, device, code and time are named.

A message is filled in from what is at hand where it is said, and a value of the wrong call, of the
wrong identity or of the time before is as easily put in as the right one.  `TOLD` has a row for
each phrase that tells a fact of a call.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from tests.explore import importable
from tests.explore.answers import SKEW
from tests.explore.configs import DEFAULT_REGION, region, root
from tests.explore.law import FINE, LESS, Law
from tests.explore.laws_of_doctor import shown
from tests.explore.starts import principal, seconds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from tests.explore.events import Event, Sent
    from tests.explore.law import Case

# What doctor finds about calls, and whether those are by keys.
BY_KEYS = {"keys at AWS": True, "session": False}


class Call(NamedTuple):
    """A call that failed: `known` tells whether AWS has taken its keys before.

    `own` are the regions that are set for the identity of the call, and for its source.
    """

    sent: Sent
    outcome: str
    known: bool
    own: frozenset[str]


def _is_who(call: Call, said: str) -> bool:
    """Tell whether it is the user, once AWS has told who that is, and the key until then.

    GetCallerIdentity is what tells it; whose a session is other laws look at.
    """
    key_id, asks = call.sent.pair[0], call.sent.operation == "GetCallerIdentity"
    whose = {principal(key_id=key_id)} if call.known else {key_id}
    return not call.sent.by_keys or said in whose or (asks and said == key_id)


def _is_own_region(call: Call, said: str) -> bool:
    """Tell whether it is the call's region, or the one whose keys were tried elsewhere (B-L19)."""
    tried = call.sent.operation == "GetCallerIdentity" and call.sent.region == DEFAULT_REGION
    return said == call.sent.region or (tried and said in call.own)


# What a message may name of a call, by the name that `TOLD` has for it.
_NAMED: Mapping[str, Callable[[Call, str], bool]] = {
    "key": lambda call, said: said == call.sent.pair[0],
    "who": _is_who,
    "operation": lambda call, said: said == call.sent.operation,
    "role": lambda call, said: said == call.sent.role[0],
    "device": lambda call, said: call.sent.code is not None and said == call.sent.code[0],
    "region": lambda call, said: said == call.sent.region,
    "own_region": _is_own_region,
}
TOLD = (
    r"does not know key (?P<key>\w+)(?: in (?P<region>[\w-]+):)?",
    r"Key (?P<key>\w+) was rotated",
    r"wrong for key (?P<key>\w+)",
    r"serve (?P<own_region>[\w-]+) here \(",
    r"region (?P<own_region>[\w-]+) is not enabled for this",
    r"not activated in (?P<own_region>[\w-]+) for",
    r"AWS denied (?P<operation>\w+) to (?P<who>.+?)\.(?:\s|$)",
    r"assume (?P<role>arn:\S+?)\.(?:\s|$)",
    r"AWS refused (?P<device>arn:\S+): not this",
    r"AWS refused (?P<operation>[A-Z]\w+) with ",
)
TELLS = "tells "  # before a row of `TOLD`, where it is counted how often each was met
_TOLD = [re.compile(words) for words in TOLD]
_CLOCK = re.compile(r"your clock is (?:(\d+) h )?(\d+) m (behind|ahead of) AWS")
_GRANTED = re.compile(r"granted a session of (\S+); (\S+) was asked for")
_AGAIN = re.compile(r"(?:Trying|Asking it) again in (\w+)\.")
_KNOWN = re.compile(r"AWS knows these keys: (.+)")
_WHOSE = re.compile(r"^✗ (.+?)\s+is\s+not\s+imported:")


class Facts(NamedTuple):
    """What a text tells of calls: the places of each row of `TOLD`, and of each other pattern."""

    told: tuple[tuple[str, Mapping[str, str]], ...]
    clock: tuple[str, ...]
    granted: tuple[str, ...]
    again: tuple[str, ...]
    known: tuple[str, ...]
    whose: tuple[str, ...]


@lru_cache(maxsize=20_000)
def facts(text: str) -> Facts:
    """Return what a text tells of calls."""
    matches = ((words.pattern, found) for words in _TOLD for found in words.finditer(text))
    told = ((row, {k: said for k, said in m.groupdict().items() if said}) for row, m in matches)
    places = [words.search(text) for words in (_CLOCK, _GRANTED, _AGAIN, _KNOWN, _WHOSE)]
    return Facts(tuple(told), *(found.groups("0") if found else () for found in places))


@lru_cache(maxsize=20_000)
def findings(text: str) -> tuple[tuple[str, str], ...]:
    """Return what doctor finds: the check of each finding, and its words."""
    if text.startswith("["):
        return tuple((one["check"], " ".join(one["words"].split())) for one in json.loads(text))
    return tuple((check, " ".join(words.split())) for _, check, words in shown(text))


def _is_so(call: Call, told: Mapping[str, str]) -> bool:
    """Tell whether all that is named is the call's."""
    return all(_NAMED[name](call, said) for name, said in told.items())


class ToldAsItWas(Law):
    """B-A04, B-L04, B-L10, B-L16: what is told of a call is that call's, and no other's."""

    name = "what is told of a call is so"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.failed: tuple[Call, ...] = ()  # the last one, or all of doctor's, which tells later
        self.known: frozenset[str] = frozenset()  # ids of keys that AWS has taken
        self.granted: tuple[int, int] = (0, 0)  # seconds of the last session, and asked for
        self.corrected = 0.0  # seconds by which the times of requests are off the machine's
        self.off = 0.0  # seconds by which a time that was refused was off AWS's
        self.retried = False  # whether the next call is the same one, with AWS's time
        self.clock: frozenset[int] = frozenset()  # minutes that may be said
        self.pause: tuple[str, ...] = ()  # the one that was announced

    def on_call(self, event: Event) -> None:
        """Note what AWS has said."""
        sent, outcome = event.about, event.outcome
        if outcome == "skew" or self.retried:
            self._note_time(outcome)
        if outcome in FINE | LESS:
            if sent.by_keys and sent.pair[0] not in self.known:
                self.known |= {sent.pair[0]}
            if sent.granted:
                self.granted = sent.lasts, sent.seconds
        else:
            call = Call(sent, outcome, sent.pair[0] in self.known, self._own(sent))
            self.failed = (*self.failed, call) if self.case.verb == "doctor" else (call,)

    def _own(self, sent: Sent) -> frozenset[str]:
        """Return the regions that are set for the identity of a call, and for its source."""
        case, config = self.case, self.case.machine.config
        if case.verb == "import":
            return frozenset({importable.region_of_keys(case, sent.pair) or DEFAULT_REGION})
        lines = ((), case.command.line)
        names = {case.identity, root(config, case.identity)}
        return frozenset(region(config, line, one) for one in names for line in lines)

    def on_post(self, event: Event) -> None:
        """Note what a service that is not AWS's has granted."""
        if event.about.granted:
            self.granted = event.about.lasts, event.about.seconds

    def _note_time(self, outcome: str) -> None:
        """Note what is to be said of a time that AWS refused; of a correction too, the first."""
        again, self.retried = self.retried, outcome == "skew" and not self.retried
        if outcome != "skew":
            return
        if again:
            self.corrected -= self.off
            return
        theirs = self.case.machine.aws.total_seconds()
        if theirs == self.corrected:
            theirs += SKEW.total_seconds()
        self.off, self.corrected = theirs - self.corrected, theirs
        self.clock = frozenset({int(self.off / 60), int(theirs / 60)})

    def on_sleep(self, event: Event) -> None:
        """Check how long it was to be."""
        for pause in self.pause:
            right = 0 <= seconds(pause) - event.about < 1
            self.expect(right, f"{pause} were announced, and it waits {event.about} s")
        self.pause = ()

    def on_say(self, event: Event) -> None:
        """Check every fact."""
        told = facts(event.about)
        self._told(told.told, self.failed)
        for name in told.whose if told.told else ():
            keys = importable.keys_of(self.case, name)
            right = any(call.sent.pair in keys for call in self.failed)
            self.expect(right, f"{name}, and it was {self.failed}")
        if told.clock:
            hours, minutes, which = told.clock
            off = (int(hours) * 60 + int(minutes)) * (1 if which == "behind" else -1)
            self.expect(off in self.clock, f"{told.clock}, and it is {set(self.clock)} minutes")
        if told.granted:
            shown = tuple(map(seconds, told.granted))
            self.expect(shown == self.granted, f"{told.granted}, and it was {self.granted}")
        for who in told.known:
            right = who in {principal(key_id=key_id) for key_id in self.known}
            self.expect(right, f"{who}, and the keys are of {self.known}")
        self.pause = told.again

    def _told(self, told: Iterable[tuple[str, Mapping[str, str]]], failed: Iterable[Call]) -> None:
        for row, named in told:
            self.case.counts[f"{TELLS}{row}"] += 1
            right = any(_is_so(call, named) for call in failed)
            self.expect(right, f"{named}, and it was {failed}")

    def on_put(self, event: Event) -> None:
        """Check every fact in what doctor finds: of its keys, or of its session."""
        if self.case.verb != "doctor" or event.outcome != "ok":
            return
        for check, words in findings(event.about):
            by_keys = BY_KEYS.get(check)
            failed = [one for one in self.failed if by_keys in {None, bool(one.sent.by_keys)}]
            self._told(facts(words).told, failed)


LAWS = (ToldAsItWas,)
