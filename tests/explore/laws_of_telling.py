"""What is told of a call: whose key, which region, role, device, code and time are named.

A message is filled in from what is at hand where it is said, and a value of the wrong call, of the
wrong identity or of the time before is as easily put in as the right one.  `TOLD` has a row for
each phrase that tells a fact of a call.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from tests.explore.configs import DEFAULT_REGION
from tests.explore.law import FINE, LESS, Law
from tests.explore.starts import principal, seconds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tests.explore.events import Event, Sent
    from tests.explore.law import Case

SKEW = 105 * 60  # seconds that AWS's clock is ahead when a corrected time is refused too
MANY = {"import", "doctor"}  # what calls by many keys before it tells of them


class Call(NamedTuple):
    """A call that failed: `known` tells whether AWS has taken its keys before."""

    sent: Sent
    outcome: str
    known: bool

    @property
    def who(self) -> str:
        """The user, once AWS has told who that is, and the key until then."""
        key_id = self.sent.pair[0]
        return principal(key_id=key_id) if self.known else key_id


def _is_denied(call: Call, told: Mapping[str, str]) -> bool:
    """Tell whether it is what was denied, and to whom; of a session others look at that."""
    whose = {call.who}
    if call.sent.operation == "GetCallerIdentity":  # which tells who that is
        whose |= {call.sent.pair[0]}
    of_session = not call.sent.by_keys
    return call.sent.operation == told["operation"] and (of_session or told["who"] in whose)


def _is_of_region(call: Call, told: Mapping[str, str]) -> bool:
    """Tell whether it is the call's region, or the one whose keys were tried elsewhere (B-L19)."""
    tried = call.sent.operation == "GetCallerIdentity" and call.sent.region == DEFAULT_REGION
    return call.sent.region == told["region"] or tried


TOLD: Mapping[str, Callable[[Call, Mapping[str, str]], bool]] = {
    r"does not know key (?P<key>\w+)(?: in (?P<region>[\w-]+):)?": lambda call, told: (
        call.sent.pair[0] == told["key"] and told["region"] in {None, call.sent.region}
    ),
    r"Key (?P<key>\w+) was rotated": lambda call, told: call.sent.pair[0] == told["key"],
    r"wrong for key (?P<key>\w+)": lambda call, told: call.sent.pair[0] == told["key"],
    r"serve (?P<region>[\w-]+) here \(": _is_of_region,
    r"region (?P<region>[\w-]+) is not enabled for this": _is_of_region,
    r"not activated in (?P<region>[\w-]+) for": _is_of_region,
    r"AWS denied (?P<operation>\w+) to (?P<who>.+?)\.(?:\s|$)": _is_denied,
    r"assume (?P<role>arn:\S+?)\.(?:\s|$)": lambda call, told: call.sent.role[0] == told["role"],
    r"AWS refused (?P<device>arn:\S+): not this": lambda call, told: (
        (call.sent.code or ("",))[0] == told["device"]
    ),
    r"AWS refused (?P<operation>[A-Z]\w+) with ": lambda call, told: (
        call.sent.operation == told["operation"]
    ),
}
_TOLD = [(re.compile(words), check) for words, check in TOLD.items()]
_CLOCK = re.compile(r"your clock is (?:(\d+) h )?(\d+) m (behind|ahead of) AWS")
_GRANTED = re.compile(r"granted a session of (\S+); (\S+) was asked for")
_AGAIN = re.compile(r"(?:Trying|Asking it) again in (\w+)\.")
_KNOWN = re.compile(r"AWS knows these keys: (.+)")


class Facts(NamedTuple):
    """What a text tells of calls: rows of `TOLD`, and the places of each other pattern."""

    told: tuple[tuple[Callable[[Call, Mapping[str, str]], bool], Mapping[str, str]], ...]
    clock: tuple[str, ...]
    granted: tuple[str, ...]
    again: str
    known: str


@lru_cache(maxsize=20_000)
def facts(text: str) -> Facts:
    """Return what a text tells of calls."""
    clock, granted = _CLOCK.search(text), _GRANTED.search(text)
    again, known = _AGAIN.search(text), _KNOWN.search(text)
    return Facts(
        tuple((check, found.groupdict()) for check, found in _rows(text)),
        clock.groups("0") if clock else (),
        granted.groups() if granted else (),
        again[1] if again else "",
        known[1] if known else "",
    )


def _rows(text: str) -> Iterator[tuple[Callable[[Call, Mapping[str, str]], bool], re.Match[str]]]:
    for words, check in _TOLD:
        for found in words.finditer(text):
            yield check, found


class ToldAsItWas(Law):
    """B-A04, B-L04, B-L10, B-L16: what is told of a call is that call's, and no other's."""

    name = "what is told of a call is so"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.failed: tuple[Call, ...] = ()  # the last one, or all of a command that tells of many
        self.known: frozenset[str] = frozenset()  # ids of keys that AWS has taken
        self.granted: tuple[int, int] = (0, 0)  # seconds of the last session, and asked for
        self.corrected = 0.0  # seconds by which the times of requests are off the machine's
        self.off = 0.0  # seconds by which a time that was refused was off AWS's
        self.retried = False  # whether the next call is the same one, with AWS's time
        self.clock: frozenset[int] = frozenset()  # minutes that may be said
        self.pause = ""

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
            call = Call(sent, outcome, sent.pair[0] in self.known)
            self.failed = (*self.failed, call) if self.case.verb in MANY else (call,)

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
            theirs += SKEW
        self.off, self.corrected = theirs - self.corrected, theirs
        self.clock = frozenset({int(self.off / 60), int(theirs / 60)})

    def on_sleep(self, event: Event) -> None:
        """Check how long it was to be."""
        if self.pause:
            right = 0 <= seconds(self.pause) - event.about < 1
            self.expect(right, f"{self.pause} were announced, and it waits {event.about} s")
        self.pause = ""

    def on_say(self, event: Event) -> None:
        """Check every fact."""
        told = facts(event.about)
        for check, groups in told.told:
            right = any(check(call, groups) for call in self.failed)
            self.expect(right, f"{dict(groups)}, and it was {self.failed}")
        if told.clock:
            hours, minutes, which = told.clock
            off = (int(hours) * 60 + int(minutes)) * (1 if which == "behind" else -1)
            self.expect(off in self.clock, f"{told.clock}, and it is {set(self.clock)} minutes")
        if told.granted:
            shown = tuple(map(seconds, told.granted))
            self.expect(shown == self.granted, f"{told.granted}, and it was {self.granted}")
        if told.known:
            right = told.known in {principal(key_id=key_id) for key_id in self.known}
            self.expect(right, f"{told.known}, and the keys are of {self.known}")
        self.pause = told.again


LAWS = (ToldAsItWas,)
