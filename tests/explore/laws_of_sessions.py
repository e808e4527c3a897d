"""Laws about sessions: whose they are, for how long, and which are kept, made and dropped."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.explore.configs import option, role_fingerprint, settings
from tests.explore.expected import Undisturbed, is_refused, left, misfit, source_of, unfit
from tests.explore.law import DONE, FINE, LOGS_IN, Law, of_trouble, session
from tests.explore.machine import NAME
from tests.explore.starts import SOON, UNSAID, principal, seconds, stamp

if TYPE_CHECKING:
    from tests.explore.events import Event, Sent
    from tests.explore.law import Case


class OfTheseSettings(Undisturbed):
    """B-S03, B-L01, B-L13, B-K03: login keeps or makes a session of these keys and settings."""

    name = "sessions are of these settings"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.granted: Sent | None = None
        self.at = 0
        self.asked_about: frozenset[str] = frozenset()  # sessions by which STS was called
        self.refused: frozenset[str] = frozenset()
        self.made = self.device_refused = self.trouble = False
        self.last = ""  # what STS said last
        self.told_time = False  # AWS has told its own, and takes it

    def on_call(self, event: Event) -> None:
        """Note what is granted, and what STS has against a session."""
        call, machine = event.about, self.case.machine
        self.device_refused = self.device_refused or event.outcome == "device"
        again = self.last == event.outcome == "skew"  # the corrected time is refused too (B-L01)
        self.told_time = (self.told_time or event.outcome == "skew") and not again
        self.last = event.outcome
        if not call.by_keys:
            self.asked_about |= {call.pair[0]}
        if is_refused(event):
            self.refused |= {call.pair[0]}
        if call.granted and event.outcome in DONE:
            self.granted, self.at = call, int((machine.now + machine.aws).timestamp())

    def on_replace(self, event: Event) -> None:
        """Check each field of a new session's file."""
        name, text = event.about
        found, call, machine = session(text), self.granted, self.case.machine
        own_call = call and found and found["access_key_id"] == call.granted
        if own_call or self.case.brought:
            self.made = self.made or (event.outcome in DONE and name == self.case.identity)
        if not found or not call or not own_call:
            return  # another law's
        alone = machine.writer == self.case.process
        own = settings(machine.config, name)
        given = self.case.identity == name and option(self.case.command.line, "--duration")
        wanted = {
            "identity": name,
            "kind": own["kind"],
            "region": own.get("region", ""),
            "origin": role_fingerprint(machine.config, name),
            "principal": principal(own.get("role_arn", ""), name, call.pair[0]),
            "account": principal(own.get("role_arn", "")).split(":")[4],
            "mfa_arn": call.code[0] if call.code else "",
            "config_stamp": stamp(machine),
            "granted": self.at,
            "expiration": self.at + call.lasts,
            "source": source_of(machine, name),
        }
        if self.others and not alone:
            del wanted["source"]
        wrong = [field for field, value in wanted.items() if found.get(field) != value]
        self.expect(not wrong, f"{name}'s {wrong} is not what it has to be")
        option_kept = seconds(found["by_option"] or "0") == seconds(given or "0")
        self.expect(option_kept, f"made with --duration {given!r}, noted {found['by_option']!r}")

    def on_drop(self, event: Event) -> None:
        """Note a session that could not be dropped, or that a person has kept with Ctrl-C."""
        self.trouble = self.trouble or event.outcome != "ok"

    on_cancel = on_drop

    def end(self, status: int | None) -> None:
        """Check the session that a login ends with, or the one that is there if it fails."""
        machine, command = self.case.machine, self.case.command
        if status is None or self.case.verb != "login" or self.others:
            return
        found = self.found()
        if found and command.identity == NAME and not self.trouble:
            dropped = found["access_key_id"] not in self.refused
            self.expect(dropped, "STS has refused a session, and it is still there")
        if status:
            return
        self.expect(found, "logged in, without a session")
        if not found:
            return
        differs = unfit(machine, command.identity, found, option(command.line, "--duration"))
        cured = differs == "another device" and self.device_refused
        self.expect(not differs or cured, f"a session of {differs} is kept")
        if self.made:
            return
        self.expect("--force" not in command.line, "--force, and no new session")
        asked = found["access_key_id"] in self.asked_about or self.case.brought
        self.expect(asked, "it is kept, and STS was not asked")
        if not machine.aws or self.told_time:
            self.expect(left(machine, found) >= SOON, "it is kept, and ends soon")


class GrantedIsTold(Law):
    """B-L22, B-L26: a session that is shorter than asked for is told, and one that is over too."""

    name = "what is granted is told"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.last: Sent | None = None
        self.kept = self.told = False

    def on_call(self, event: Event) -> None:
        """Note what is granted; what was granted before was told."""
        if event.about.granted and event.outcome in DONE:
            self._told()
            self.last, self.kept, self.told = event.about, False, False

    def on_post(self, event: Event) -> None:
        """The same of a kind from elsewhere; a trial grants nothing that is kept."""
        if self.case.verb in LOGS_IN:
            self.on_call(event)

    def on_replace(self, event: Event) -> None:
        """Nothing that is over is kept."""
        self.kept = event.outcome in FINE
        self.expect(not self.last or self.last.lasts > 0, "what is over is kept")

    def on_say(self, event: Event) -> None:
        """Check the figures."""
        match = re.search(r"granted a session of (\w+); (\w+) was asked for", event.about)
        call = self.last
        if match and call:
            self.told = True
            self.expect(seconds(match[1]) == call.lasts, f"{match[1]} for {call.lasts} s")
            self.expect(seconds(match[2]) == call.seconds, f"{match[2]} for {call.seconds} s")
        elif "Authentication successful" in event.about:
            self.expect(call and call.lasts > 0, "success, with a session that is over")

    def on_child(self, _event: Event) -> None:
        """Whoever runs a command was told before."""
        self._told()

    def end(self, status: int | None) -> None:
        """Whoever logged in was told."""
        if status == 0:
            self._told()
        if self.last and self.last.lasts <= 0:
            self.expect(status != 0, "success, with a session that is over")

    def _told(self) -> None:
        if self.last and self.kept:
            less = self.last.seconds - self.last.lasts > UNSAID
            self.expect(self.told == less, f"{self.last.lasts} s of {self.last.seconds} s")


class KeysAndSessions(Undisturbed):
    """B-S03, B-O01, B-C01: no session outlives its keys, and none goes that fits them."""

    name = "no session outlives its keys"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.had = tuple(case.machine.sessions.items())
        self.changed = self.trouble = self.cut = False
        self.granted: frozenset[str] = frozenset()  # sessions of this run, which another law judges

    def on_call(self, event: Event) -> None:
        """Note a session that STS has made."""
        self.granted |= {event.about.granted}

    def _writes(self, event: Event) -> None:
        if event.about[0] == NAME:
            self.changed = self.changed or event.outcome in FINE
        self._trouble(event)

    on_set = on_delete = _writes

    @of_trouble
    def _trouble(self, event: Event) -> None:
        self.trouble = self.trouble or event.outcome != "ok"

    on_drop = on_read = on_get = on_config = on_names = on_acquire = on_alone = _trouble

    def on_cancel(self, _event: Event) -> None:
        """Note ^C between two calls: sessions go before the entry changes."""
        self.cut = True

    def end(self, status: int | None) -> None:
        """Check which sessions are left, and which are not."""
        machine, line = self.case.machine, self.case.command.line
        if status is None or self.others or self.trouble or self.case.command.aws_files:
            return
        if self.changed:
            for name in machine.sessions:
                self._fits(name)
        if self.case.verb == "logout" and status == 0 and "--all" in line:
            self.expect(not machine.sessions, f"{[*machine.sessions]} is still there")
        if self.changed or self.cut or "--all" in line or "--keys" in line:
            return
        lost = [name for name, _ in self.had if name not in machine.sessions]
        self.expect(not {*lost} - {self.case.identity, NAME}, f"{lost} is gone")

    def _fits(self, name: str) -> None:
        """Check a session that is there after the entry was changed."""
        machine, found = self.case.machine, self.found(name)
        made = found and found["access_key_id"] in self.granted
        if found and not made:
            differs = misfit(machine, name, found)
            self.expect(not differs, f"the session of {name} is of {differs}")


LAWS = (OfTheseSettings, GrantedIsTold, KeysAndSessions)
