"""Laws about saving: what is typed is saved, once STS has taken it, and markers tell of it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from tests.explore import answers, failures
from tests.explore.configs import DEFAULT_REGION, settings
from tests.explore.law import (
    LESS,
    LOGS_IN,
    PASSES,
    Law,
    fields,
    is_field,
    is_strange,
    of_trouble,
    pair,
)
from tests.explore.machine import NAME
from tests.explore.serials import misfit, usable

if TYPE_CHECKING:
    from tests.explore.events import Event
    from tests.explore.law import Case, Pair

FIELDS = {
    "AWS Access Key ID": "access_key_id",
    "AWS Secret Access Key": "secret_access_key",
    "MFA ARN": "mfa_arn",
    "Session Duration": "session_duration",
    "Device Number": "mfa_arn",
    "Scope": "scope",
}
CREDENTIALS = ("access_key_id", "secret_access_key")
AT_ENDS = " \u200b"  # stripped at the ends of an answer (B-K06)
FORMS = LOGS_IN | {"user configure"}
TRY = {"user configure", "import"}  # commands that try keys first
SILENT = PASSES | {"cannot ask"}  # STS has said nothing of the keys
CANCELS = {"^C", "^D"}


def valid(field: str, answer: str) -> bool:
    """Tell whether an answer may be taken for a field that is not left out."""
    if not answer or "\u200b" in answer:
        return False
    if field == "access_key_id" and answer.startswith("ASIA"):  # those of a session
        return False
    if field == "scope":
        return re.fullmatch("[a-zA-Z]+", answer) is not None
    return is_field(field, answer)


class SavedAsTyped(Law):
    """B-L02, B-L04, B-L13, B-C01, B-K05: what is saved is what was typed, field by field.

    A prompt offers what is there, and a blank answer takes it; a bad answer is asked for again.
    """

    name = "what is typed is saved"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.typed: dict[str, str] = {}  # since it was saved last; "": left out
        self.for_now: frozenset[str] = frozenset()  # typed in the place of the config file's
        self.kept = False  # the secret that is there was taken over
        self.last = ""  # the question whose answer was taken just now
        self.again = ""  # the question whose answer was refused
        self.entry = case.machine.entries.get(NAME)
        self.before = self.entry
        self.devices: tuple[str, ...] = ()  # that can be chosen by a number, the first by 1
        self.outcome = ""  # of the last call
        self.theirs = False  # another process has written the entry
        self.odd = case.verb not in FORMS or is_strange(self.entry)

    @of_trouble
    def _oddly(self, event: Event) -> None:
        if event.outcome != "ok":
            self.odd = True

    on_get = _oddly

    def on_others(self, _event: Event) -> None:
        """Another process may have written the entry: what is typed may be dropped for that."""
        now = self.case.machine.entries.get(NAME)
        self.theirs = self.theirs or now != self.entry
        self.entry = now

    def on_list(self, event: Event) -> None:
        """Note the devices that numbers stand for: what STS does not take has none."""
        self.devices = usable(event.outcome, event.about.region)

    def on_stdin(self, event: Event) -> None:
        """Note the fields that are given."""
        if self.case.command.wrong:
            return
        given: dict[str, str] = json.loads(self.case.command.stdin or "{}")
        if event.outcome == "fields":
            self.typed = given
        elif event.outcome in failures.GIVEN_DEVICES:
            self.typed = given | {"mfa_arn": failures.GIVEN_DEVICES[event.outcome]}
        else:
            names = answers.GIVEN.get(event.outcome, ())
            self.typed = {name: given[name] for name in names if name in given}
        if "scope" in self.typed:
            self.typed = {**self.typed, "scope": self.typed["scope"].lower()}

    def on_ask(self, event: Event) -> None:
        """Check the question, and note what its answer stands for."""
        title, question, answer = event.about
        field = FIELDS.get(title)
        self.expect(not self.again or title == self.again, f"{title} after a bad {self.again}")
        refused = title == "MFA ARN" and misfit(self.typed.get("mfa_arn", ""), DEFAULT_REGION)
        self.expect(title != self.last or refused, f"{title} again after a good answer")
        self.again = self.last = ""
        if field is None or self.odd or answer in CANCELS:
            return
        shown = question.partition("[")[2].partition("]")[0]
        if not self.theirs and title != "Device Number":
            self._offered(field, shown)
        answer = answer.strip(AT_ENDS)
        required = field in CREDENTIALS
        numbers = [str(number) for number in range(1 + len(self.devices))]
        if title == "Device Number" and answer in numbers:
            taken = ("", *self.devices)[int(answer)]
        elif not answer and (shown or not required):
            taken = self._held(field) if shown else ""
        elif answer == "-" and not required:
            taken = ""
        elif valid(field, answer):
            taken = answer.lower() if field == "scope" else answer
        else:
            self.again = title
            return
        self.last = title
        if field == "secret_access_key":
            self.kept = not answer
        if field not in settings(self.case.command.config, NAME):
            self.typed[field] = taken
        else:  # it holds for this run
            self.for_now |= {taken}

    def _held(self, field: str) -> str:
        for text in (self.entry, self.before):  # a refused id stays on offer
            if value := (fields(text) or {}).get(field):
                return str(value)
        return ""

    def _id_stays(self) -> bool:
        """Tell whether the key id is good for all that is known (B-L09, B-C01)."""
        configures = self.case.verb == "user configure"
        return self.outcome == ("" if configures else "mistyped")

    def _offered(self, field: str, shown: str) -> None:
        """Check the value in brackets: the present one, and a secret only beside its own id."""
        if field == "secret_access_key":
            own = self.typed.get("access_key_id") == (fields(self.entry) or {}).get("access_key_id")
            self.expect(not shown or own, "the secret of another key is offered")
        elif field == "access_key_id":
            held = self._held(field)
            wanted = held if self._id_stays() and valid(field, held) else ""
            self.expect(shown == wanted, f"{shown!r} is offered as the key id, not {wanted!r}")
        elif by_config := settings(self.case.command.config, NAME).get(field):
            right = shown in {by_config, *self.for_now}
            self.expect(right, f"{shown!r} is offered, not {by_config!r}")
        else:
            held = (fields(self.entry) or {}).get(field, "")
            tried = self.case.verb == "user configure" and self.outcome == "ok"
            fine = {held, ""} if tried else {held}  # a device that was refused is not offered
            self.expect(shown in fine, f"{shown!r} is offered as {field}, not {held!r}")

    def on_set(self, event: Event) -> None:
        """Check what is written: what was typed, and else what was there."""
        name, text = event.about
        if name != NAME or self.odd:
            return
        written, had = fields(text) or {}, fields(self.entry) or {}
        names = [*FIELDS.values()]
        if pair(text) is None:  # the removal of keys
            names = [*FIELDS.values()][2:]
        for field in names:
            if self.theirs and field not in self.typed:
                continue
            wanted = self.typed.get(field, had.get(field, ""))
            got = written.get(field, "")
            self.expect(got == wanted, f"{field} is {got!r}, not {wanted!r}")
        old = self.kept and self.theirs and pair(text) == pair(self.before)
        self.expect(not old, "kept keys in the place of those that another process has saved")
        self.before, self.entry = self.entry, self.case.machine.entries.get(NAME)
        self.typed, self.last = {}, ""

    def on_delete(self, _event: Event) -> None:
        """Note what is left."""
        self.before, self.entry = self.entry, self.case.machine.entries.get(NAME)

    def on_say(self, event: Event) -> None:
        """Check that all was written when that is said."""
        if "Credentials saved to keyring" in event.about:  # B-S05
            clear, said = self.case.machine.in_the_clear, "unencrypted" in event.about
            self.expect(clear == said, f"in the clear: {clear}, and said: {said}")
        if "saved to keyring" in event.about and not self.odd and not self.theirs:
            self.expect(not self.typed, f"{[*self.typed]} is said to be saved")

    def on_call(self, event: Event) -> None:
        """A bad answer does not end the questions; note what STS says.

        Where it gets keys that another process has saved, what was typed has been dropped for them.
        """
        if self.theirs and event.about.pair == pair(self.entry):
            self.typed = {}
        self.outcome, self.last = event.outcome, ""
        self.expect(not self.again, f"a call after a bad {self.again}")


class TriedBeforeSaved(Law):
    """B-C01: `user configure` and `import` save what STS took, or could not be asked about."""

    name = "tried before saved"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.last: tuple[Pair, str] | None = None

    def on_call(self, event: Event) -> None:
        """Note what was tried last."""
        if self.case.verb in TRY:
            verifies = "--no-verify" not in self.case.command.line
            self.expect(verifies, f"{event.about.operation} in spite of --no-verify")
            self.last = (event.about.pair, event.outcome)

    def on_post(self, event: Event) -> None:
        """The same of a kind from elsewhere."""
        if self.case.verb in TRY:
            verifies = "--no-verify" not in self.case.command.line
            self.expect(verifies, "it is asked in spite of --no-verify")
            self.last = (event.about.pair, event.outcome)

    def on_set(self, event: Event) -> None:
        """Check that what is written was tried."""
        if self.case.verb not in TRY or "--no-verify" in self.case.command.line:
            return
        tried, outcome = self.last or (None, "")
        away = self.case.verb == "import" and outcome in SILENT  # it is not asked about each
        right = away or tried == pair(event.about[1])
        self.expect(right, "keys are saved that were not tried")
        taken = outcome in SILENT | LESS | {"ok"}
        self.expect(taken, f"keys are saved after {outcome}")


class MarkersTell(Law):
    """B-K04, B-I01, B-L08: a marker tells whether keys are there, and whether AWS took them."""

    name = "markers tell what is in the keyring"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.began = self._kept()
        self.changed = False  # the entry, by this command
        self.excused = False
        self.taken: frozenset[Pair] = frozenset()
        marker = case.machine.markers.get(NAME)
        self.untried = marker.untried if marker else None  # as it was noted last

    def on_call(self, event: Event) -> None:
        """Check it before STS is asked, and note which keys it takes."""
        self._check()
        if event.about.by_keys and event.outcome in {"ok"} | LESS:
            self.taken |= {event.about.pair}

    on_post = on_call

    def _change(self, event: Event) -> None:
        self._oddly(event)
        self.changed = self.changed or event.about[0] == NAME

    on_set = _change

    def on_delete(self, event: Event) -> None:
        """Note a removal; one that fails leaves the keys, and the marker has to tell."""
        self.excused = self.excused or event.outcome not in {"ok", "unreadable", "locked"}
        self.changed = self.changed or event.about[0] == NAME

    def on_unmark(self, event: Event) -> None:
        """Note that the marker goes: with the identity's keys, if that is asked for (B-K04)."""
        asked = self.case.verb == "logout" and "--keys" in self.case.command.line
        self.expect(asked, f"{event.about} is no longer an identity")
        self._oddly(event)
        self.changed = True

    @of_trouble
    def _oddly(self, event: Event) -> None:
        if event.outcome != "ok":
            self.excused = True

    on_get = on_read = on_drop = on_alone = on_named = _oddly

    def on_others(self, _event: Event) -> None:
        """What others do they mark themselves; a cancel may come before the mark."""
        self.excused = True

    on_cancel = on_others

    def on_ask(self, _event: Event) -> None:
        """Check it before a person may take long."""
        self._check()

    def on_mark(self, event: Event) -> None:
        """Check what is noted of whether AWS has taken the keys."""
        self._oddly(event)
        name, marker = event.about
        if name != NAME or self.case.verb not in FORMS or self.excused or marker.gone:
            return
        if marker.untried and marker.untried == self.untried:
            return  # something else is noted
        self.untried = marker.untried
        taken = pair(self.case.machine.entries.get(NAME)) in self.taken
        self.expect(taken == (marker.untried is None), f"untried: {marker.untried}, taken: {taken}")

    def _kept(self) -> tuple[object, object]:
        # What differed when it began differs where only settings change.
        machine = self.case.machine
        return pair(machine.entries.get(NAME)), machine.markers.get(NAME)

    def _check(self) -> None:
        if not self.changed or self.excused or self._kept() == self.began:
            return
        marker = self.case.machine.markers.get(NAME)
        there = marker is not None and not marker.gone
        entry = self.case.machine.entries.get(NAME)
        has = pair(entry) is not None
        found = fields(entry)
        if not has and (found is None or any(name in found for name in CREDENTIALS)):
            return  # a session's, or an entry that is not understood: it was there before
        self.expect(there == has, f"keys: {has}, and the marker says {there}")

    def end(self, status: int | None) -> None:
        """Check what is left."""
        if status is not None:
            self._check()
        marker = self.case.machine.markers.get(NAME)
        keys = pair(self.case.machine.entries.get(NAME))
        plain = self.case.verb in LOGS_IN and not self.excused and keys in self.taken
        if status == 0 and plain and marker:
            self.expect(marker.untried is None, "AWS took keys that are noted as untried")


LAWS = (SavedAsTyped, TriedBeforeSaved, MarkersTell)
