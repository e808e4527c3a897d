"""Laws about waiting: how long for whom, what comes of it, and what need not wait at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.explore.configs import option
from tests.explore.expected import holds
from tests.explore.law import LOGS_IN, Law, is_strange, of_trouble
from tests.explore.machine import NAME
from tests.explore.starts import seconds

if TYPE_CHECKING:
    from datetime import datetime

    from tests.explore.events import Event
    from tests.explore.law import Case

SLACK = 0.1  # seconds by which a wait for a lock may be off
USE = {"exec", "env", "credential-process"}  # commands that only use a session
WITHIN, CALL = 50, 15  # seconds of `credential-process` in all, and of a call at most (B-L18)


class Waits(Law):
    """B-L24, B-S07, B-E05: a lock is waited for as long as is set, and then it is one's turn.

    Who waited for a login that left no session logs in by itself, or looks once more where
    nobody can be asked: a process that has a terminal may have gone first.
    """

    name = "who waits has a turn"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.busy = ""  # the lock that is waited for
        self.waited = 0.0  # seconds
        self.said = False  # that it waits
        self.rested = True  # since it had a lock last
        self.after: frozenset[str] = frozenset()  # locks that were waited for when had last
        self.odd = is_strange(case.machine.entries.get(NAME))
        self.patience = seconds(case.environ.get("AUTHKIT_LOCK_TIMEOUT") or "10m")

    def on_acquire(self, event: Event) -> None:
        """Note who waits, and for what."""
        name = event.about
        rested = self.rested or self.odd or name not in self.after
        self.expect(rested, f"{name} again at once")
        if self.busy and self.busy != name:
            self._gave_up()
        if event.outcome == "busy":
            self.busy = name
            self.expect(not self.waited or self.said, f"it waits for {name}, and does not say so")
            self.expect(self.waited < self.patience + SLACK, f"{self.waited} s for a lock")
        elif event.outcome == "ok":
            self.said = False
            self.after = self.after | {name} if self.busy else self.after - {name}
            self.busy, self.waited = "", 0.0
        else:  # it cannot be had, and is not waited for any longer
            self.odd = True
            self.busy, self.waited = "", 0.0

    def on_say(self, _event: Event) -> None:
        """Note that something is said while it waits."""
        self.said = bool(self.busy)

    def on_sleep(self, event: Event) -> None:
        """Note how long: a machine that slept has not waited."""
        self.rested = True
        self.odd = self.odd or event.outcome != "ok"
        if self.busy:
            self.waited += event.about

    @of_trouble
    def _oddly(self, event: Event) -> None:
        if event.outcome != "ok":
            self.odd = True

    def on_release(self, _event: Event) -> None:
        """Note that others may have the lock."""
        self.rested = False

    def on_call(self, event: Event) -> None:
        """Note that there was something to do."""
        self.rested = True
        self._oddly(event)

    on_post = on_call
    on_get = on_set = on_delete = on_read = on_drop = on_mark = on_replace = on_library = _oddly
    on_marker = on_other_markers = on_named = on_put = _oddly
    on_alone = on_config = on_unlock = on_note = on_program = on_child = _oddly

    def on_others(self, _event: Event) -> None:
        """Another process may have changed everything."""
        self.odd = True

    def _gave_up(self) -> None:
        held = abs(self.waited - self.patience) < SLACK
        self.expect(held, f"it gave up after {self.waited} s, not {self.patience} s")
        self.busy, self.waited = "", 0.0

    def end(self, status: int | None) -> None:
        """Check that it gave up in time, and looked once more."""
        if status is None or status == 130:
            return
        if self.busy and not self.odd:
            self._gave_up()
        elif status in {1, 125} and self.case.verb in LOGS_IN and not self.case.attended:
            self.expect(self.odd or not self.after, f"{sorted(self.after)}: it did not look again")


class ASessionIsEnough(Law):
    """B-E05: while a session holds, commands that use it need no keyring and wait for nobody."""

    name = "a good session is enough"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        name, machine = case.identity, case.machine
        needed = seconds(option(case.command.line, "--min-ttl") or "0")
        self.good = case.verb in USE and not machine.aws and holds(machine, name, needed)

    @of_trouble
    def _fails(self, event: Event) -> None:
        if event.outcome != "ok":
            self.good = False

    on_read = on_config = _fails

    def on_others(self, _event: Event) -> None:
        """Another process may have dropped it."""
        self.good = False

    def _uses(self, event: Event) -> None:
        self.expect(not self.good, f"{event.what}, though the session is good")

    on_get = on_unlock = on_acquire = on_alone = on_ask = on_set = on_replace = _uses


class EndsInTime(Law):
    """CONTRACT.md, "credential-process": it begins nothing that could end after 50 s."""

    name = "credential-process ends in time"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.began = self._elapsed() if case.verb == "credential-process" else None

    def _elapsed(self) -> datetime:
        """Return the time of a clock that nobody puts right."""
        return self.case.machine.now - self.case.machine.jumped

    def _begins(self, pause: float) -> None:
        """Check that there is time for a pause, and for the call that it is taken for."""
        if self.began:
            at = (self._elapsed() - self.began).total_seconds()
            self.expect(at + pause + CALL <= WITHIN, f"{at + pause} s, and a call still to come")

    def on_call(self, _event: Event) -> None:
        """Check that there is time for a call."""
        self._begins(0)

    def on_program_may_take(self, event: Event) -> None:
        """Check that there is time for a program that hangs, and for the call with its code."""
        self._begins(event.about)

    def on_sleep(self, event: Event) -> None:
        """Check that there is time for a pause; one of no length is none."""
        if event.about:
            self._begins(event.about)


LAWS = (Waits, ASessionIsEnough, EndsInTime)
