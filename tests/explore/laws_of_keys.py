"""Laws about keys: nothing is lost, nothing is half, what is sent is saved, what is dead goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.explore.expected import is_refused, source_of
from tests.explore.failures import LOSES
from tests.explore.importable import entered
from tests.explore.law import (
    DONE,
    LOGS_IN,
    Law,
    fields,
    is_dead,
    is_strange,
    of_trouble,
    pair,
    session,
)
from tests.explore.machine import NAME

if TYPE_CHECKING:
    from tests.explore.events import Event
    from tests.explore.law import Case, Pair

SETTINGS = ("mfa_arn", "session_duration")


class NothingLost(Law):
    """B-L04, B-L05, B-L09 to B-L20, B-S02, B-S04: only refused keys are removed, and attended."""

    name = "nothing lost"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.entry = case.machine.entries.get(NAME)
        self.refused: frozenset[Pair] = frozenset()
        self.not_understood = is_strange(self.entry)
        words = case.command.line
        configures = case.verb in {"user configure", "import", "doctor"}
        self.asked_for = "--keys" in words or configures
        self.seen = False  # the entry
        self.theirs = False  # another process has written it since

    def on_call(self, event: Event) -> None:
        """Note what is dead."""
        if is_dead(event.about, event.outcome):
            self.refused |= {event.about.pair}

    def on_get(self, event: Event) -> None:
        """Note that the entry was not understood; what a backend says once holds for the run."""
        self.seen = True
        if event.outcome in {"corrupt", "later-version"}:
            self.not_understood = True

    def on_ask(self, _event: Event) -> None:
        """What a person says yes to was seen."""
        self.theirs = False

    def on_others(self, event: Event) -> None:
        """Another process has changed it."""
        differs = self.entry != self.case.machine.entries.get(NAME)
        self.theirs = self.theirs or (self.seen and differs)
        self._look(event)

    def _look(self, _event: Event) -> None:
        self.entry = self.case.machine.entries.get(NAME)
        self.not_understood = is_strange(self.entry)

    def on_set(self, event: Event) -> None:
        """See what a write has done to the entry."""
        self._changed(event)

    def on_delete(self, event: Event) -> None:
        """See what a removal has done to the entry."""
        self._changed(event)

    def _changed(self, event: Event) -> None:
        name = event.about[0]
        if name != NAME:
            return
        before, now = self.entry, self.case.machine.entries.get(NAME)
        if event.outcome == LOSES:
            self.entry = now
            return
        old, new = pair(before), pair(now)
        unasked = not self.asked_for
        self.expect(
            not unasked or self.case.attended, f"{event.what} of the entry with nobody there"
        )
        self.expect(
            not (unasked and self.not_understood and now != before),
            f"{event.what} of an entry that was not understood",
        )
        if old and new != old and self.theirs and self.case.verb == "import":
            self.expect(False, f"{old[0]} of another process is gone")  # noqa: FBT003
        if old and new != old and unasked:
            self.expect(old in self.refused, f"{old[0]} is gone, and was not refused")
            kept = fields(now) or {}
            had = fields(before) or {}
            if new is None:
                same = all(kept.get(name) == had.get(name) for name in SETTINGS)
                self.expect(same, "the settings went with the keys")
        self.entry = now

    def on_drop(self, event: Event) -> None:
        """Count that a session is dropped."""
        if event.outcome in DONE:
            self.held()

    def end(self, status: int | None) -> None:
        """The entry is as the events have left it."""
        del status
        if not self.case.machine.counts.get("processes"):
            self.expect(self.entry == self.case.machine.entries.get(NAME), "it changed by itself")


class NoGoodSessionDropped(Law):
    """B-L01, B-S03: a session is dropped when STS refuses it, or its keys or settings changed."""

    name = "no good session dropped"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.text = case.machine.sessions.get(case.identity)
        self.reason = case.verb not in LOGS_IN or self.text is None
        self.entry = case.machine.entries.get(NAME)
        source = (session(self.text) or {}).get("source")
        keys = pair(self.entry)
        self.reason = self.reason or keys is None or source != source_of(case.machine, NAME)

    def memory(self) -> tuple[object, ...]:
        """Nothing but the reason counts once there is one."""
        return (True,) if self.reason else (self.text, self.entry)

    def on_call(self, event: Event) -> None:
        """Note that STS refuses the session, or has granted another."""
        if self.reason:
            return
        found = session(self.text) or {}
        ours = event.about.pair[0] == found.get("access_key_id")
        dead = is_dead(event.about, event.outcome)  # the keys go, and with them the session
        if dead or event.outcome == "device" or (ours and is_refused(event)):
            self.reason = True

    def on_set(self, _event: Event) -> None:
        """Note that the keys change."""
        self.reason = True

    def on_delete(self, _event: Event) -> None:
        """Note that the keys change."""
        self.reason = True

    def on_others(self, _event: Event) -> None:
        """Note that another process changed something."""
        self.reason = True

    def on_replace(self, event: Event) -> None:
        """Note the new session."""
        if event.about[0] == self.case.identity:
            self.reason = True

    @of_trouble
    def on_get(self, event: Event) -> None:
        """Note that the entry looks another way than it is."""
        if event.outcome != "ok":
            self.reason = True

    def on_drop(self, event: Event) -> None:
        """See a session go."""
        if event.about != self.case.identity or event.outcome not in DONE:
            return
        found = session(self.text) or {}
        keys_differ = self.case.machine.entries.get(NAME) != self.entry
        self.expect(
            self.reason or keys_differ or not found, f"{found.get('access_key_id')} was good"
        )


class EntriesAreWhole(Law):
    """B-S02, B-C01: an entry has version 1, and both keys of one pair that was entered, or none."""

    name = "entries are whole"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.known = pair(case.machine.entries.get(NAME))
        self.typed_id = self.known[0] if self.known else ""
        held = fields(case.machine.entries.get(NAME)) or {}
        self.secret = str(held.get("secret_access_key", ""))  # which a blank answer keeps
        self.entered: frozenset[Pair] = frozenset({self.known} if self.known else ())
        if "--stdin" in case.command.line:
            given = ("AKIAGIVENGIVENGIVEN0", "secret-of-given")
            self.entered |= {given}
        if case.command.aws_files:
            self.entered |= {*entered(case)}

    def on_ask(self, event: Event) -> None:
        """Note what is typed; a blank id means the one in brackets."""
        title, question, answer = event.about
        answer = answer.strip(" \u200b")
        if title == "AWS Access Key ID":
            if answer:
                self.typed_id = answer
            elif "[" in question:
                self.typed_id = question.partition("[")[2].partition("]")[0]
        elif title == "AWS Secret Access Key":
            secret = answer
            if not secret and "[" in question:
                secret = self.secret
            self.entered |= {(self.typed_id, secret)}

    def on_others(self, _event: Event) -> None:
        """Another process's keys may stay."""
        theirs = pair(self.case.machine.entries.get(NAME))
        self.entered |= {theirs} if theirs else frozenset()

    def on_set(self, event: Event) -> None:
        """Check what is written."""
        name, text = event.about
        found = fields(text)
        self.expect(found is not None and all(found.values()), f"no entry: {text}")
        if name != NAME or not found:
            return
        halves = [found.get(half) for half in ("access_key_id", "secret_access_key")]
        mixed = any(halves) and pair(text) not in self.entered
        probe = self.case.verb == "doctor"
        self.expect(not mixed or probe, f"a mixture: {text}")


class SavedBeforeSent(Law):
    """B-L02: a login sends nothing with other keys than the keyring had when it looked last."""

    name = "saved before sent"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.read = pair(case.machine.entries.get(NAME))

    def _look(self, event: Event) -> None:
        if event.outcome not in {"corrupt", "later-version"}:
            self.read = pair(self.case.machine.entries.get(NAME))

    on_get = on_set = on_delete = _look

    def on_call(self, event: Event) -> None:
        """Check the keys of a call."""
        call = event.about
        if call.by_keys and self.case.verb in LOGS_IN:
            self.expect(call.pair == self.read, f"{call.operation} with {call.pair[0]}")

    on_post = on_call


class RefusedKeysGo(Law):
    """B-L04, B-L08: with a person to ask, refused keys are removed, once they may have spread."""

    name = "refused keys go"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.first = pair(case.machine.entries.get(NAME))
        self.dead: frozenset[Pair] = frozenset()
        self.excused = not case.attended or case.verb not in {"login", "exec"}
        marker = case.machine.markers.get(NAME)
        self.untried = marker is not None and marker.untried is not None

    def memory(self) -> tuple[object, ...]:
        """Nothing else counts once it is excused."""
        return (True,) if self.excused else (self.first, self.dead, self.untried)

    def on_call(self, event: Event) -> None:
        """Note which keys are dead for certain: new ones may be spreading still."""
        call = event.about
        spreads = event.outcome == "revoked" and (call.pair != self.first or self.untried)
        if is_dead(call, event.outcome) and not spreads:
            self.dead |= {call.pair}

    @of_trouble
    def _excuse(self, event: Event) -> None:
        if event.outcome != "ok":
            self.excused = True

    on_get = on_set = on_delete = on_read = on_drop = on_sleep = on_alone = _excuse
    on_file = on_config = on_marker = on_notes = on_note = on_unlock = on_put = on_mark = _excuse
    on_replace = on_cancel = _excuse

    def on_others(self, _event: Event) -> None:
        """What another process does may come between."""
        self.excused = True

    def end(self, status: int | None) -> None:
        """Check what is left."""
        if status is None or self.excused or not self.dead:
            return
        kept = pair(self.case.machine.entries.get(NAME))
        self.expect(kept not in self.dead, f"{kept and kept[0]} was refused and is still there")


LAWS = (NothingLost, NoGoodSessionDropped, EntriesAreWhole, SavedBeforeSent, RefusedKeysGo)
