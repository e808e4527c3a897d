"""Laws about MFA codes: which are sent, with which device, and what is noted of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.explore.answers import NO_CODES
from tests.explore.configs import identities, settings
from tests.explore.failures import MORE
from tests.explore.law import FINE, LESS, Law, fields
from tests.explore.laws_of_calls import GRANTED
from tests.explore.machine import NAME, NAMES
from tests.explore.starts import fingerprint

if TYPE_CHECKING:
    from tests.explore.events import Event, Sent
    from tests.explore.law import Case

_OF_DEVICE = re.compile(rf"^{NAME} needs an MFA code of (\S+)\.$", re.MULTILINE)
LIFE = 90  # seconds in which a device may show a code, and STS may take it
SHOWN = 30  # seconds that a device shows a code
STEP = 30  # seconds of one code, counted from 1970 (RFC 6238)
PRINTS = 3  # how often a program is run for a code that was not sent before

SPENT, LOST, UNUSED = "spent", "lost", "unused"  # what has become of a code


def _fate(outcome: str) -> str:
    """Return what an answer says of the code in the call."""
    if outcome in GRANTED | {"code"}:
        return SPENT
    return LOST if outcome in {"lost", "broken"} else UNUSED


class NoCodeTwice(Law):
    """B-L11, B-L12: a code that STS refused or accepted is not sent again, a lost one for 30 s.

    It is noted before anything else happens, so that no other process sends it either.
    """

    name = "no code twice"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.fates: dict[tuple[str, str], str] = {}
        self.former: frozenset[tuple[str, str]] = frozenset()  # of a login before, in this run
        self.to_note = ""
        self.lost: frozenset[tuple[str, str]] = frozenset()  # codes to which an answer was lost
        self.answered: Sent | None = None
        self.waited = 0.0
        self.unread = self.misread = False  # the notes, since the last call and at all
        self.corrected = False  # the clock: by it, a code noted before is of another time
        self.slept = False  # the machine

    def on_call(self, event: Event) -> None:
        """Check the code of a call."""
        self._noted(event)
        code, fate = event.about.code, event.outcome
        self.corrected = self.corrected or fate == "skew"
        if not code or event.about.operation != "GetSessionToken":
            return
        before = self.fates.get(code, "")
        _, digits = code
        unknown = self.unread and code in self.former
        self.expect(before != SPENT or unknown, f"{digits} is sent again after {before!r}")
        stale = event.about.age > SHOWN and before == LOST
        self.expect(not stale, f"{digits} is sent again {event.about.age} s after it was typed")
        self.expect(len(digits) == 6 and digits.isdigit(), f"{digits!r} was sent")
        at = self.case.machine.noted.get(" ".join(code))
        now = self.case.machine.now.timestamp()
        recent = at is not None and abs(int(now) - int(at)) < LIFE
        spent = recent and not before and not self.corrected
        self.expect(self.unread or not spent, f"{digits} was sent before, in another run")
        self.unread = False
        self.fates[code] = _fate(fate)
        self.lost |= {code} if self.fates[code] == LOST else set()
        self.answered, self.waited = event.about, 0.0
        if fate in {"ok", "code"} | LESS:
            self.to_note = " ".join(code)

    def _noted(self, event: Event) -> None:
        if not self.to_note or event.what == "notes":
            return
        self.expect(event.what == "note", f"{self.to_note} is not noted before {event.what}")
        if event.outcome in FINE:
            self.case.machine.noted[self.to_note] = self.case.machine.now.timestamp()
        self.to_note = ""

    def on_notes(self, event: Event) -> None:
        """Note whether the notes can be read: STS itself refuses a code that it has seen."""
        self.unread = self.unread or event.outcome not in FINE
        self.misread = self.misread or self.unread

    def on_release(self, event: Event) -> None:
        """Note that a login is done: the next one knows of its codes by their notes."""
        self._noted(event)
        if event.about in NAMES:  # and not the lock of programs that print codes
            self.former = frozenset(self.fates)

    def on_note(self, event: Event) -> None:
        """Check that no code that may still be taken has left the note."""
        machine = self.case.machine
        now = int(machine.now.timestamp())
        for key, at in [*machine.noted.items()]:
            serial, digits = key.split(" ")
            lost = (
                abs(now - int(at)) < LIFE - 1
                and fingerprint((serial, digits)) not in event.about[1]
            )
            if lost and (self.misread or self.corrected):
                del machine.noted[key]
            else:
                self.expect(not lost, f"{digits} left the notes")
        self.expect(event.about[0] == NAME, f"a note of {event.about[0]}")
        self._noted(event)

    def on_say(self, event: Event) -> None:
        """An answer that is said to be lost was: to a call with the last code."""
        self._noted(event)
        if "An answer was lost" in event.about:
            code = self.answered and self.answered.code
            self.expect(code in self.lost, f"no answer to a call with {code} was lost")

    on_replace = on_set = on_delete = on_read = on_drop = _noted
    on_get = on_mark = on_child = on_acquire = _noted

    def on_cancel(self, _event: Event) -> None:
        """What ^C comes before is not noted, as when the process is killed."""
        self.to_note = ""

    def on_sleep(self, event: Event) -> None:
        """Note how long it waits."""
        self._noted(event)
        self.waited += event.about
        self.slept = self.slept or event.outcome == "sleeps three days"

    def on_ask(self, event: Event) -> None:
        """While a code is 30 s old at most, a lost answer alone leads to no question."""
        self._noted(event)
        call = self.answered
        if call and event.about[0] == "Enter MFA Token" and call.code:
            lost = self.fates[call.code] == LOST
            fresh = call.age + 10 + 4 <= SHOWN and not self.slept
            self.expect(not (lost and fresh), f"{call.code[1]} is {call.age} s old, and asked anew")


class CodeOfItsDevice(Law):
    """B-L11, B-L12, B-L13, B-L28: a code goes with the device that it was asked for.

    Who could mean another identity's, or has not asked for a login, is told whose code it is.  A
    printed code is had and noted before another program may print it: under one lock, and at once.
    """

    name = "a code goes with its device"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.had: frozenset[str] = frozenset()  # codes since the device was asked for
        self.unsent = ""  # the code that was typed last
        self.unnoted = ""  # the code that was printed
        self.prints = 0  # since the last call
        self.step = 0  # the one of the device's in which the program was run last
        self.fails = False
        self.named: frozenset[str] = frozenset()  # devices that the person was told of
        others = identities(case.command.config) | {*case.machine.markers}
        several = others - {NAME} or case.identity != NAME
        self.told_whose = case.verb == "login" and not several  # nobody has to say it
        self.set_there = settings(case.command.config, NAME).get("mfa_arn", "")

    def on_ask(self, event: Event) -> None:
        """Note a code; those before are of another device, if that is asked for now."""
        title, _, answer = event.about
        if title == "Enter MFA Token":
            self.expect(not self.unsent, f"{self.unsent} is good, and another is asked for")
            digits = "".join(answer.split())
            self.had |= {digits}
            new = len(digits) == 6 and digits.isdigit() and not self._spent(digits)
            self.unsent = digits if new else ""
        elif title in {"MFA ARN", "Device Number"}:
            self.had, self.set_there = frozenset(), ""

    def on_say(self, event: Event) -> None:
        """Note the device that the next code is of."""
        if f"{NAME} needs an MFA code of " in event.about:
            self.named |= {*_OF_DEVICE.findall(event.about)}

    def on_program(self, event: Event) -> None:
        """Check that no other program prints a code at the same time, and not too many do."""
        locks = self.case.machine.locks
        mine = {name for name, holder in locks.items() if holder == self.case.process}
        self.expect(mine - {*NAMES}, "a program while another one may print the same code")
        step = int(self.case.machine.now.timestamp()) // STEP
        soon = self.prints and step == self.step and not self.case.machine.aws
        self.expect(not soon, "a program again before there can be another code")
        self.step = step
        self.prints += 1
        self.expect(self.prints <= PRINTS, f"{self.prints} programs for one code")
        self.fails = event.outcome in {"fails", "hangs", *NO_CODES, *MORE["mfa_process"]}

    def on_printed(self, event: Event) -> None:
        """Note a code that is to be noted, unless it was sent before."""
        self.had |= {event.about}
        self.unnoted = "" if self._spent(event.about) else event.about

    def _spent(self, digits: str) -> bool:
        return digits in self.case.machine.sent

    def on_note(self, _event: Event) -> None:
        """Note that it was noted, or could not be, or that ^C came first."""
        self.unnoted = ""

    on_cancel = on_note

    def on_release(self, event: Event) -> None:
        """Check that the code was noted under the lock of programs."""
        if event.about not in NAMES:
            self.expect(not self.unnoted, f"{self.unnoted} is not noted under the lock")

    def on_call(self, event: Event) -> None:
        """Check the code of a call."""
        unsent, self.prints, self.unsent = self.unsent, 0, ""
        if not event.about.code:
            return
        serial, digits = event.about.code
        self.expect(not self.unnoted, f"{digits} is sent before it is noted")
        self.expect(digits in self.had, f"{digits} was not asked for since the device was")
        entry = fields(self.case.machine.entries.get(NAME)) or {}
        known = self.set_there or entry.get("mfa_arn")
        others = self.case.machine.counts.get("others")
        config = "mfa_arn" in settings(self.case.command.config, NAME)
        typed = digits == unsent
        named = self.told_whose or serial in self.named or not typed
        self.expect(named, f"{digits} is asked for, and not said to be of {NAME} and {serial}")
        told = others or (config and not self.set_there)  # typed for this run alone
        self.expect(told or serial == known, f"{digits} is sent for {serial}, not {known}")

    def end(self, status: int | None) -> None:
        """It gives up when the program has printed a code that was sent three times."""
        if status in {1, 125} and self.prints and not self.fails and not self._excused():
            self.expect(self.prints == PRINTS, f"it gave up after {self.prints} programs")

    def _excused(self) -> bool:
        return bool(self.unnoted) or self.case.verb == "credential-process"  # which has 50 s


LAWS = (NoCodeTwice, CodeOfItsDevice)
