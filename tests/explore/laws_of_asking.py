"""Laws about asking and locks: who is asked for what, and what happens under which lock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.explore.configs import OF_ROLE, asked_for, option, settings
from tests.explore.expected import holds, source_of, unfit
from tests.explore.law import (
    ASKS,
    FINE,
    LOGS_IN,
    LOOKS,
    REFUSES_SESSION,
    Law,
    fields,
    is_strange,
    of_keys,
    of_trouble,
    session,
)
from tests.explore.machine import NAME
from tests.explore.serials import usable
from tests.explore.starts import SOON, UNSAID, lasting, seconds

if TYPE_CHECKING:
    from tests.explore.events import Event
    from tests.explore.law import Case

KEY_FIELDS = {"AWS Access Key ID", "AWS Secret Access Key"}
SETTING = {"MFA ARN": "mfa_arn", "Session Duration": "session_duration"}


class NobodyAsked(Law):
    """B-L05, B-W01, B-C03, B-K07: nothing is asked where nobody may be asked."""

    name = "nothing asked when nobody may be"

    def on_ask(self, event: Event) -> None:
        """Check that somebody may be asked, by this command."""
        self.expect(self.case.attended, f"{event.about[0]} is asked")
        opens = event.about[0] == "Keyring passphrase"  # whatever opens the keyring (B-S09)
        self.expect(self.case.verb in ASKS or opens, f"{self.case.verb} asks for {event.about[0]}")

    def end(self, status: int | None) -> None:
        """Count the runs in which it could have asked."""
        if status is not None and not self.case.attended:
            self.held()


class OnlyWhatIsMissing(Law):
    """B-L01, B-L02, B-L03, B-E05: what is there and good is used, and not asked for."""

    name = "only what is missing is asked for"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.theirs = False  # another process has logged in to the user meanwhile
        self.good = self._good(case.identity)
        self.in_vain = self._in_vain()
        self.taken: frozenset[object] = frozenset()
        self.device_refused = False
        self.odd = False
        self.first = case.machine.sessions.get(NAME)

    def memory(self) -> tuple[object, ...]:
        """Nothing else counts once it is odd."""
        held = (self.good, self.in_vain, self.theirs, self.taken, self.device_refused, self.first)
        return (True,) if self.odd else held

    def _good(self, identity: str) -> bool:
        """Tell whether the session that is there is one that a login keeps."""
        machine, command = self.case.machine, self.case.command
        found = session(machine.sessions.get(identity))
        given = option(command.line, "--duration")
        anew = "--force" in command.line and not self.theirs
        if not found or anew or self.case.verb not in LOGS_IN:
            return False
        wanted = SOON if self.case.verb == "login" else 0
        needed = seconds(option(command.line, "--min-ttl") or str(wanted))
        left = float(found["expiration"]) - machine.now.timestamp()
        enough = left >= needed if self.case.verb == "login" else left > needed
        return enough and not unfit(machine, identity, found, given)

    def _in_vain(self) -> bool:
        """B-E07: tell whether no session can last as long as --min-ttl asks for."""
        machine, command = self.case.machine, self.case.command
        name, own = command.identity, settings(command.config, command.identity)
        needed = seconds(option(command.line, "--min-ttl") or "0")
        if self.case.verb != "exec" or not needed or holds(machine, name, needed):
            return False
        known = own["kind"] == OF_ROLE or "session_duration" in own or source_of(machine, name)
        if known and needed > lasting(machine, name):
            return True
        found = session(machine.sessions.get(name))
        if not found or unfit(machine, name, found):
            return False
        granted = found["expiration"] - found["granted"]
        return bool(found["duration"] - granted > UNSAID and needed > granted)

    @of_trouble
    def _oddly(self, event: Event) -> None:
        if event.outcome not in FINE:
            self.odd = True

    on_get = on_read = on_sleep = on_config = on_unlock = _oddly

    def on_acquire(self, event: Event) -> None:
        """A lock that another process has is waited for."""
        self.odd = self.odd or event.outcome not in {"ok", "busy"}

    def on_others(self, event: Event) -> None:
        """B-L24: another process's session is used.  Else it may have changed everything."""
        theirs = event.about and event.about[1]
        if theirs and self.first != theirs == self.case.machine.sessions.get(NAME):
            self.theirs = True
            self.theirs = self._good(NAME)
            if self.case.identity == NAME:
                self.good = self.theirs
        else:
            self.odd = True

    def on_call(self, event: Event) -> None:
        """Check that no session is made where a good one is, and note what STS thinks."""
        call, outcome = event.about, event.outcome
        if not call.by_keys and call.operation == "GetCallerIdentity":
            self.good = self.good and outcome not in REFUSES_SESSION | {"skew"}
        if not call.by_keys:
            self.theirs = self.theirs and outcome not in REFUSES_SESSION | {"skew"}
        if call.by_keys:
            if outcome == "ok":
                self.taken |= {call.pair}
            if outcome == "device":
                self.device_refused = True
            self.good = self.good and outcome != "skew"
        if call.granted and not self.odd:
            self.expect(not self.in_vain, f"{call.operation}, and no session can last so long")
            there = self.good or (self.theirs and call.by_keys)
            self.expect(not there, f"{call.operation} though the session is good")

    def on_ask(self, event: Event) -> None:
        """Check that what is asked for is missing."""
        title = event.about[0]
        if self.odd or self.case.verb not in {"login", "exec"}:
            return
        machine, own = self.case.machine, settings(self.case.command.config, NAME)
        self.expect(not self.in_vain, f"{title}, and no session can last so long")
        there = self.good or self.theirs
        self.expect(not there, f"{title}, though the session is good")
        now = of_keys(machine)
        if title in KEY_FIELDS:
            usable = now is not None and not is_strange(machine.entries.get(NAME))
            self.expect(not usable, f"{title}, though there are keys that were not refused")
        elif title == "Enter MFA Token":
            self.expect(now in self.taken, "a code before STS has taken the keys")
            has = fields(machine.entries.get(NAME)) or {}
            needed = "mfa_arn" in own or has.get("mfa_arn")
            self.expect(needed and "mfa_process" not in own, "a code that nobody needs")
        elif title in SETTING:
            set_there = SETTING[title] in own
            cured = title == "MFA ARN" and self.device_refused
            self.expect(not set_there or cured, f"{title}, which the config file sets")

    def end(self, status: int | None) -> None:
        """A --min-ttl that no session can have is an error of the line."""
        if self.in_vain and not self.odd and status not in {None, 130}:
            self.expect(status == 2, f"exit {status}, and no session can last so long")


class DevicesAreAHelp(Law):
    """B-L02: devices are listed once for each form, by saved keys; no refusal of it ends a run.

    A form of an earlier command counts, whose marker says that the question is still open: it
    says so from when keys are saved until they are listed, since a login may end in between.
    """

    name = "listed devices are a help only"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        marker = case.machine.markers.get(NAME)
        self.forms = int(case.verb != "user configure" and bool(marker and marker.offer_devices))
        self.listed, self.last = False, False
        self.asked = ""  # the question before, where nothing was done since
        self.none = self.trouble = False  # it was answered that there is no device

    def on_ask(self, event: Event) -> None:
        """Check that a device is asked for where one was listed."""
        self.last = False
        if event.about[0] == "AWS Access Key ID" and self.case.verb != "user configure":
            self.forms, self.none = 0, False  # new keys: what was answered is of the old ones
        again = self.asked == "MFA ARN"  # after an answer that is none
        self.forms += event.about[0] == "MFA ARN" and not again
        self.asked = event.about[0]
        if event.about[0] == "Device Number":
            self.expect(self.listed, "there is no device to choose")
            self.none = event.about[2].strip() in {"", "0"}

    def on_mark(self, event: Event) -> None:
        """Check that the marker of keys that are to be tried says what is still to be asked."""
        name, marker = event.about
        self.trouble = self.trouble or event.outcome not in FINE
        if name == NAME and marker.untried and self.forms > 0:
            self.expect(marker.offer_devices, "that devices are to be offered is not noted")

    def on_marker(self, _event: Event) -> None:
        """Note what another process has left open meanwhile."""
        machine = self.case.machine
        marker = machine.markers.get(NAME) if machine.counts.get("others") else None
        if marker and marker.offer_devices and self.case.verb != "user configure":
            self.forms = max(self.forms, 1)

    def on_list(self, event: Event) -> None:
        """Check that there was a form, and that its keys are kept."""
        self.forms -= 1
        self.expect(self.forms >= 0, "no MFA ARN was asked for")
        if self.case.verb != "user configure":  # which writes once, at its end
            machine = self.case.machine
            saved = machine.counts.get("others") or of_keys(machine) == event.about.pair
            self.expect(saved, "the keys are not saved")
        self.listed = bool(usable(event.outcome, event.about.region))
        self.last = not self.listed

    def _goes_on(self, _event: Event) -> None:
        self.last, self.asked = False, ""

    on_set = on_alone = on_cancel = _goes_on  # or the person ends it

    def on_call(self, event: Event) -> None:
        """Whoever has answered is not asked again, whatever becomes of the login."""
        self.last, self.asked = False, ""
        machine = self.case.machine
        marker = machine.markers.get(NAME)
        if self.none and event.about.operation == "GetSessionToken" and not self.trouble:
            still = marker and marker.offer_devices and not machine.counts.get("others")
            self.expect(not still, "the answer that there is no device is not noted")

    def end(self, status: int | None) -> None:
        """Check that the list was not the last of it."""
        if status is not None:
            self.expect(not self.last, "a list of devices ends it")


class UnderALock(Law):
    """B-L24, B-S02: every effect happens under the lock that it needs, which is then released."""

    name = "no effect under no lock"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.held_now: frozenset[str] = frozenset()
        self.alone = False

    def on_acquire(self, event: Event) -> None:
        """Note a lock that it got."""
        if event.outcome == "ok":
            self.held_now |= {event.about}

    def on_release(self, event: Event) -> None:
        """Note a lock that it gave back."""
        self.held_now -= {event.about}

    def on_alone(self, event: Event) -> None:
        """Note that nobody else writes."""
        self.alone = event.outcome == "ok" or event.outcome.startswith("others")

    def on_not_alone(self, _event: Event) -> None:
        """Note that others may write again."""
        self.alone = False

    def _writes(self, event: Event) -> None:
        if self.case.verb != "doctor":
            self.expect(self.alone, f"{event.what} while others may write to the keyring")
        name = event.about[0]
        if name == NAME and self.case.verb != "doctor":
            self.expect(NAME in self.held_now, f"{event.what} without the lock of {name}")

    on_set = on_delete = _writes

    def _under_its_lock(self, event: Event) -> None:
        name = event.about if event.what == "unmark" else event.about[0]
        if name == NAME and self.case.verb != "doctor":
            self.expect(NAME in self.held_now, f"{event.what} without the lock of {name}")

    on_mark = on_unmark = on_note = _under_its_lock

    def on_replace(self, event: Event) -> None:
        """A session is written under its identity's lock."""
        name = event.about[0]
        self.expect(name in self.held_now, f"a session of {name} without its lock")
        if name != NAME:  # else keys that are changed meanwhile leave it behind (B-S03)
            self.expect(self.alone, "a role's session while others may change the keys")

    def on_drop(self, event: Event) -> None:
        """A login and a logout drop their own session under its lock."""
        own = event.about == self.case.identity
        if own and self.case.verb in {*LOGS_IN, "logout"}:
            self.expect(event.about in self.held_now, f"{event.about}'s session is dropped without")

    def on_draft_dropped(self, event: Event) -> None:
        """A draft may be of a login that is going on, in a process that has the lock (B-S02)."""
        if self.case.verb != "doctor":
            self.expect(event.about in self.held_now, f"a draft of {event.about} without its lock")

    def on_ask(self, event: Event) -> None:
        """One process at a time asks for an identity, and others wait."""
        if event.about[0] == "Keyring passphrase":
            self.expect(not self.held_now, "a passphrase while others wait for a lock")
        elif self.case.verb in {"login", "exec", "user configure"}:
            held = NAME in self.held_now
            self.expect(held, f"{event.about[0]} without the lock")
            machine = self.case.machine
            ours = machine.locks.get(NAME) == self.case.process
            self.expect(ours or not held, "two processes hold the lock")

    def on_child(self, _event: Event) -> None:
        """A child may run for long: nobody waits for it."""
        self.expect(not self.held_now, "a child while the lock is held")

    def on_call(self, event: Event) -> None:
        """A session is asked for under the lock of its identity."""
        if event.about.granted and self.case.verb in LOGS_IN:
            name = asked_for(self.case.machine.config, event.about.role[0])
            self.expect(name in self.held_now, f"{event.about.operation} without the lock")

    def end(self, status: int | None) -> None:
        """All locks are released."""
        if status is not None:
            self.expect(not self.held_now, f"{sorted(self.held_now)} is not released")
            self.expect(not self.alone, "others cannot write any more")


class OnlyLooks(Law):
    """B-W01, B-W03, B-I01: what only looks changes nothing, and asks STS once at most."""

    name = "what looks changes nothing"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.calls = 0

    def _changes(self, event: Event) -> None:
        self.expect(self.case.verb not in LOOKS, f"{event.what} by {self.case.verb}")

    on_set = on_delete = on_replace = on_drop = on_mark = on_unmark = on_note = _changes

    def on_call(self, event: Event) -> None:
        """Whoami asks once; env, list and a command that is offline do not."""
        verb, line = self.case.verb, self.case.command.line
        if verb not in LOOKS:
            return
        self.calls += 1
        # A corrected clock is one call signed twice (B-L10).
        most = 0 if verb != "whoami" or "--offline" in line else 1
        again = event.outcome == "skew"
        self.expect(self.calls - again <= most, f"{self.calls} calls")
        self.calls -= again
        self.expect(event.about.operation == "GetCallerIdentity", event.about.operation)
        self.expect(not event.about.by_keys, "a call with keys")


LAWS = (NobodyAsked, OnlyWhatIsMissing, DevicesAreAHelp, UnderALock, OnlyLooks)
