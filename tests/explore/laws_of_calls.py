"""Laws about calls of STS: codes, budgets, pauses, durations."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from tests.explore.configs import SHORTEST, asked_for, longest, option
from tests.explore.law import (
    DEAD,
    DONE,
    FINE,
    LESS,
    LOGS_IN,
    PASSES,
    STOPS,
    Law,
    is_dead,
    of_trouble,
    pair,
)
from tests.explore.machine import NAME
from tests.explore.starts import lasting, seconds

if TYPE_CHECKING:
    from tests.explore.events import Event, Sent
    from tests.explore.law import Case, Pair

MOST_PASSING, MOST_SPREADING, TRIES = 4, 5, 3
# How a login says that the same was refused too often, and which answers that were.
_TOO_OFTEN = re.compile(
    r"✗ (?:(\d+) times, AWS refused what was entered with|AWS refused (\d+)) "
    r"(InvalidClientTokenId|SignatureDoesNotMatch|codes of|MFA devices)"
)
_KINDS_SAID = {
    "InvalidClientTokenId": {"revoked"},
    "SignatureDoesNotMatch": {"mistyped"},
    "codes of": {"code"},
    "MFA devices": {"device"},
}
SPREADS = (8, 12)  # about ten seconds: for how long new keys are tried
NEW = 60  # seconds in which IAM may be spreading a key that was saved
GRANTED = FINE | LESS


class Budgets(Law):
    """B-L07, B-L08, B-L11, B-L13, B-L14, B-L18: what is tried, how often: not more, nor less."""

    name = "budgets"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.passing: dict[str, int] = {}
        self.spreading: dict[Pair, int] = {}
        self.kinds: dict[str, frozenset[object]] = {}
        self.found = frozenset({pair(case.machine.entries.get(NAME))})  # pairs that were not typed
        self.saved: Pair | None = None
        self.entered: frozenset[Pair] = frozenset()  # pairs that this process has saved
        self.refused: frozenset[tuple[str, object]] = frozenset()  # of what was entered, and how
        self.lost: frozenset[object] = frozenset()
        self.last: tuple[str, str] = ("", "")
        self.dead = False
        self.old = not self._saved_lately()  # the keys that are found
        self.new = False  # the keys that were refused last, while they may be spreading
        self.since, self.took = case.machine.now, 0.0  # of the calls with new keys
        self.stopped = False

    def on_others(self, _event: Event) -> None:
        """Another process may have written keys: they count for nothing that was typed here.

        Nor do those count that were typed here, and are not there any more.
        """
        self.found |= {pair(self.case.machine.entries.get(NAME)), self.saved}
        self.passing, self.kinds, self.spreading, self.stopped = {}, {}, {}, True
        self.old = False

    def on_call(self, event: Event) -> None:
        """Count a call."""
        call, outcome = event.about, event.outcome
        keys = call.by_keys or call.operation == "AssumeRole"
        kind = "passing" if outcome in PASSES else outcome
        self.last = (call.operation, kind) if keys else self.last
        self.dead = is_dead(call, outcome)
        self.new = outcome == "revoked" and self.dead and self._is_new(call.pair)
        if not keys:
            return
        if call.by_keys and call.granted and outcome in DONE:  # keys that the next login finds
            self.found |= {call.pair}
        if outcome in PASSES:
            own = pair(self.case.machine.entries.get(NAME))
            who = call.pair if call.by_keys else own  # new keys have a budget of their own
            operation = f"{call.operation} {who}"
            self.passing[operation] = self.passing.get(operation, 0) + 1
            most = max(self.passing.values())
            self.expect(most <= MOST_PASSING, f"{most} calls of {operation}")
        if call.code and outcome in {"lost", "broken"}:
            self.lost |= {call.code}
        if outcome == "revoked" and self.dead:
            self.spreading[call.pair] = self.spreading.get(call.pair, 0) + 1
            most = self.spreading[call.pair]
            self.since = self.case.machine.now if most == 1 else self.since
            self.took = (self.case.machine.now - self.since).total_seconds()
            self.expect(most <= MOST_SPREADING, f"{most} calls with new keys")
            old = self.old and not self._saved_lately()  # an instant to come may be one
            waits = old and most > 1 and call.pair in self.found - self.entered
            waits = waits and self.case.verb in LOGS_IN
            self.expect(not waits, "a wait for keys that were not saved lately")
        thing: object = None
        if self.dead and call.pair not in self.found and self.case.verb in LOGS_IN:
            thing = call.pair
        elif outcome == "code" and call.code not in self.lost:
            thing = call.code
        elif outcome == "device":
            thing = len(self.kinds.get(outcome, ()))
        self._refused(call, outcome)
        if thing is not None:
            self.kinds[outcome] = self.kinds.get(outcome, frozenset()) | {thing}
            number = len(self.kinds[outcome])
            self.expect(number <= TRIES, f"{number} of {outcome}")

    on_post = on_call

    def _refused(self, call: Sent, outcome: str) -> None:
        """Note what the person has entered, and STS refuses."""
        if outcome in DEAD and call.pair in self.entered:
            self.refused |= {(outcome, call.pair)}
        elif outcome == "code":
            self.refused |= {(outcome, call.code)}
        elif outcome == "device":  # the same one may be entered again, with the same code
            self.refused |= {(outcome, len(self.refused))}

    def _is_new(self, keys: Pair) -> bool:
        """Tell whether IAM may be spreading the keys: they were saved less than a minute ago."""
        if self.case.verb == "doctor":  # which waits for nothing
            return False
        if self.case.verb == "user configure":
            return True
        return keys == pair(self.case.machine.entries.get(NAME)) and self._saved_lately()

    def _saved_lately(self) -> bool:
        """Tell whether the marker says so, by either clock: it may have been put right since."""
        machine = self.case.machine
        marker = machine.markers.get(NAME)
        if marker is None or marker.untried is None:
            return False
        nows = (machine.now, machine.now + machine.aws)
        return any((now - marker.untried).total_seconds() < NEW for now in nows)

    def _goes_on(self, event: Event) -> None:
        """New keys are given up when all their pauses are spent (B-L08)."""
        self._stops(event)
        self._given_up()

    def _given_up(self) -> None:
        if self.new and not self.stopped:
            number = next(reversed(self.spreading.values()), 0)
            self.expect(number == MOST_SPREADING, f"new keys are given up after {number} calls")
            low, high = SPREADS
            self.expect(low <= self.took <= high, f"new keys are given up after {self.took} s")
        self.new = False

    on_delete = _goes_on

    def on_set(self, event: Event) -> None:
        """Note the keys that are in the keyring from now on."""
        self._goes_on(event)
        self.saved = pair(event.about[1])
        self.entered |= {self.saved} if self.saved else set()

    @of_trouble
    def _stops(self, event: Event) -> None:
        if event.outcome not in {"ok", "a code", "with blanks"}:
            self.stopped = True

    on_get = on_read = on_drop = on_alone = on_config = on_unlock = _stops
    on_put = on_replace = on_marker = on_acquire = on_program = on_other_markers = _stops
    on_cancel = _stops

    on_sleep = _stops

    def on_ask(self, event: Event) -> None:
        """Note a cancel, and that another thing is tried from here: not one more than it may."""
        self._given_up()
        if self.kinds:
            most = max(map(len, self.kinds.values()))
            self.expect(most < TRIES, f"{event.about[0]} after {most} refusals")
        if event.about[2] in STOPS:
            self.stopped = True
        self.last = ("", "")

    def on_say(self, event: Event) -> None:
        """A deadline ends a login early, and says so; how often it was refused is so."""
        if "has to be done within" in event.about or "Nothing was run" in event.about:
            self.stopped = True
        if said := _TOO_OFTEN.search(event.about):
            times, wanted = int(said[1] or said[2]), _KINDS_SAID[said[3]]
            number = sum(kind in wanted for kind, _ in self.refused)
            self.expect(number >= times, f"{times} are said to be refused, and {number} were")

    def end(self, status: int | None) -> None:
        """A command gives up only when a budget is spent."""
        if status == 1:
            self._given_up()
        operation, outcome = self.last
        failed = status in {1, 125} and not self.stopped and self.case.verb in LOGS_IN
        if not failed or not operation:
            return
        if outcome == "passing":
            most = max((n for o, n in self.passing.items() if o.startswith(operation)), default=0)
            self.expect(most == MOST_PASSING, f"it gave up after {most} calls of {operation}")
        elif operation == "AssumeRole":
            return  # no refusal of a role is cured by a code or another device
        elif self.case.attended and (outcome in {"code", "device"} or self.dead):
            number = len(self.kinds.get(outcome, ()))
            self.expect(number == TRIES, f"it gave up after {number} of {outcome}")


class TheClockWaits(Law):
    """B-L08, B-L18: after a failure that passes there is a growing pause before the next call."""

    name = "the clock waits"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.waits_for = ""
        self.before: dict[str, float] = {}
        self.after = ""
        self.paused = False  # since the last call, after one that failed

    def on_call(self, event: Event) -> None:
        """Check that there was a pause."""
        call = event.about
        self.paused = False
        if not call.by_keys and call.operation != "AssumeRole":
            return
        same = self.waits_for == f"{call.operation} {call.pair} {call.region}"
        self.expect(not same, f"{call.operation} again at once")
        again = event.outcome in PASSES or (event.outcome == "revoked" and call.by_keys)
        self.waits_for = f"{call.operation} {call.pair} {call.region}" if again else ""
        self.after = "spreading" if event.outcome == "revoked" else "passing"

    on_post = on_call

    def on_sleep(self, event: Event) -> None:
        """Check that the pause is longer than the one before for this kind of trouble."""
        if not self.waits_for:
            return
        place = f"{self.after} {self.waits_for}"
        last = self.before.get(place, 0)
        self.expect(event.about > last, f"a pause of {event.about} s after one of {last} s")
        self.before[place] = event.about
        self.waits_for = ""
        self.paused = event.outcome == "ok"

    def on_say(self, event: Event) -> None:
        """Nobody waits where there is no time for the call that was waited for."""
        if "has to be done within" in event.about:
            self.expect(not self.paused, "a pause, and no time for the call")

    def on_others(self, _event: Event) -> None:
        """Other keys than were refused have pauses of their own."""
        self.before = {}

    def on_ask(self, _event: Event) -> None:
        """What is typed changes what is asked of STS: no pause is needed."""
        self.waits_for = ""

    def on_release(self, _event: Event) -> None:
        """An import has done with an identity, tried or not, and goes on to the next one."""
        if self.case.verb == "import":
            self.waits_for = ""


class DurationToTheSecond(Law):
    """B-L21, B-S03: STS is asked for the configured duration, and it is what the cache holds."""

    name = "duration to the second"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.granted: dict[str, Sent] = {}
        self.trouble = False

    def _expected(self, call: Sent) -> int:
        """B-L21: the option, of the identity that it is for, else what is configured."""
        name = asked_for(self.case.machine.config, call.role[0])
        given = option(self.case.command.line, "--duration")
        if given and self.case.identity == name:
            return seconds(given)
        return lasting(self.case.machine, name)

    def on_call(self, event: Event) -> None:
        """Check DurationSeconds."""
        call, config = event.about, self.case.machine.config
        if call.seconds:
            expected = self._expected(call)
            others = self.case.machine.counts.get("others", 0)
            self.expect(
                call.seconds == expected or others, f"{call.seconds} s instead of {expected} s"
            )
            most = longest(config, asked_for(config, call.role[0]))
            self.expect(SHORTEST <= call.seconds <= most, f"AWS grants no {call.seconds} s")
            if event.outcome in GRANTED:
                self.granted[call.granted] = call

    def on_replace(self, event: Event) -> None:
        """Check what the cache holds."""
        name, text = event.about
        found = json.loads(text)
        if not found["access_key_id"]:  # of a kind from elsewhere
            return
        call = self.granted.get(found["access_key_id"])
        self.expect(call, f"a session that STS has not granted: {found['access_key_id']}")
        if not call:
            return
        self.expect(found["duration"] == call.seconds, f"it was asked for {call.seconds} s")
        lasts = found["expiration"] - found["granted"]
        self.expect(lasts == call.lasts, f"it lasts {call.lasts} s")
        whose = asked_for(self.case.machine.config, call.role[0])
        self.expect(whose == name, f"{name} gets a session of {whose}")
        self.expect(call is [*self.granted.values()][-1], "it is not the last that was granted")

    def on_config(self, event: Event) -> None:
        """A config file that cannot be read is a usage error too."""
        self.trouble = self.trouble or event.outcome != "ok"

    def end(self, status: int | None) -> None:
        """What AWS grants is taken, and what it does not grant is refused on the spot."""
        given = option(self.case.command.line, "--duration")
        if given and not self.trouble and status is not None and not self.case.command.wrong:
            most = longest(self.case.machine.config, self.case.identity)
            within = SHORTEST <= seconds(given) <= most
            self.expect((status != 2) == within, f"{status} for --duration {given}")


LAWS = (Budgets, TheClockWaits, DurationToTheSecond)
