"""Laws about kinds from elsewhere: what their service gets, what is kept and handed out of it.

They are about ``tests.support.brought_kind``, by docs/write-a-kind.md.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.explore.commands import STRIPPED
from tests.explore.configs import BROUGHT, OF_BROUGHT, option, role_fingerprint, settings
from tests.explore.expected import Undisturbed, source_of
from tests.explore.law import LOGS_IN, fields, session
from tests.explore.starts import app, lasting, seconds, stamp
from tests.support.brought_kind import ACCOUNT, ADDRESS, OTHER, SCOPE, TOKEN
from tests.support.brought_kind import DURATION as USUAL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.explore.events import Event
    from tests.explore.law import About, Case

DURATION = "session_duration"
# What is asked for, in this order: each field's name, and its label (docs/contract.md, "Prompts").
LABELS = {
    "access_key_id": "AWS Access Key ID",
    "secret_access_key": "AWS Secret Access Key",
    "scope": f"Scope (optional, default: {SCOPE})",
    "session_duration": f"Session Duration (optional, default: {USUAL})",
}
AWS_TITLES = ("AWS Access Key ID", "AWS Secret Access Key")  # which this kind has too
FOR_AWS = {"credential-process", "profile add"}


class OfElsewhere(Undisturbed):
    """A law about identities of kinds from elsewhere."""

    name = ""

    @classmethod
    def concerns(cls, about: About) -> bool:
        """It is about identities of such kinds alone."""
        return about.brought


class FieldsAsSet(OfElsewhere):
    """B-K02, B-L02, B-L21, B-C01: its service gets each field as it is set, and AWS gets nothing.

    --duration comes before the config file, and that before the keyring.  What the config file
    sets is not asked for, and is said to be set there; all else is asked for, in order.
    """

    name = "a kind gets the fields that are set"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.form: tuple[tuple[str, str], ...] = ()  # that was tried last
        self.asked: tuple[str, ...] = ()  # since the last write
        self.said = ""  # before the first question

    def _whole(self, held: Mapping[str, str]) -> dict[str, object]:
        """Return the fields that the service has to get, where the keyring holds these."""
        own = settings(self.case.machine.config, self.case.identity)
        given = option(self.case.command.line, "--duration")
        set_there = {name: own[name] for name in OF_BROUGHT if name in own}
        return _compared({**held, **set_there, **({DURATION: given} if given else {})})

    def on_post(self, event: Event) -> None:
        """Check what a login sends, and note what is tried."""
        self.expect(event.about.url == ADDRESS, f"{event.about.url} is asked")
        self.form = event.about.form
        if self.case.verb in LOGS_IN and not self.others:
            held = fields(self.case.machine.entries.get(self.case.identity)) or {}
            self._same(self._whole(held))

    def _same(self, wanted: Mapping[str, object]) -> None:
        sent = _compared(dict(self.form))
        wrong = sorted(n for n in {*sent, *wanted} if sent.get(n) != wanted.get(n))
        self.expect(not wrong, f"{wrong} is sent otherwise than it is set")

    def on_call(self, _event: Event) -> None:
        """AWS knows nothing of such an identity."""
        self.expect(False, "AWS is asked")  # noqa: FBT003

    def on_say(self, event: Event) -> None:
        """What is said is not about AWS; note it."""
        if self.case.verb not in FOR_AWS:
            said = event.about
            for title in AWS_TITLES:
                said = said.replace(title, "")
            self.expect("AWS" not in said, f"AWS is spoken of: {event.about!r}")
            self.said += "" if self.asked else event.about

    def on_ask(self, event: Event) -> None:
        """Check how it is asked for, and whether it has to be."""
        title, question, _ = event.about
        names = [name for name, label in LABELS.items() if label.startswith(title)]
        if not names:
            return
        name, own = names[0], settings(self.case.machine.config, self.case.identity)
        label = question.removesuffix(": ").partition(" [")[0]
        self.expect(label == LABELS[name], f"it is asked for {label!r}")
        self.expect(name not in own, f"{name} is asked for, and the config file sets it")
        path = self.case.command.config_path
        for other in OF_BROUGHT:
            told = path in self.said and LABELS[other].partition(" (")[0] in self.said
            self.expect(other not in own or told, f"where {other} is set is not said")
        if name not in self.asked[-1:]:
            self.asked += (name,)

    def on_set(self, event: Event) -> None:
        """Check that all was asked for before it is written, and that it was tried."""
        own = settings(self.case.machine.config, self.case.identity)
        wanted = [name for name in LABELS if name not in own]
        typed = "access_key_id" in self.asked
        self.expect(not typed or [*self.asked] == wanted, f"{[*self.asked]} was asked for")
        if self.form and self.case.verb == "user configure" and not self.others:
            self._same(self._whole(fields(event.about[1]) or {}))
        self.asked = ()


class GrantedElsewhere(OfElsewhere):
    """B-S03, B-S10: a session of such a kind is kept as it was granted, with all that made it.

    Its variables are what a child gets, without those that have no text; all else that the
    caller has, and is not AWS's, stays.
    """

    name = "what a kind grants is kept and given"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.granted, self.at, self.lasts = "", 0, 0

    def on_post(self, event: Event) -> None:
        """Note what is granted."""
        if event.about.granted:
            self.granted, self.lasts = event.about.granted, event.about.lasts
            self.at = int(self.case.machine.now.timestamp())

    def on_replace(self, event: Event) -> None:
        """Check each field of a session file."""
        name, text = event.about
        machine, found = self.case.machine, session(text) or {}
        if self.others:
            return
        given = option(self.case.command.line, "--duration")
        wanted = {
            "identity": name,
            "kind": BROUGHT,
            "variables": {TOKEN: self.granted, OTHER: ""},
            "expiration": self.at + self.lasts,
            "granted": self.at,
            "duration": seconds(given) if given else lasting(machine, name),
            "account": ACCOUNT,
            "principal": app(machine, name),
            "source": source_of(machine, name),
            "origin": role_fingerprint(machine.config, name),
            "config_stamp": stamp(machine),
            "mfa_arn": "",
            "region": "",
        }
        wrong = [field for field, value in wanted.items() if found.get(field) != value]
        self.expect(not wrong, f"{wrong} of its session is not what it has to be")
        noted = seconds(found.get("by_option") or "0")
        self.expect(noted == seconds(given or "0"), f"--duration {given!r} is noted as {noted} s")

    def on_child(self, event: Event) -> None:
        """Check all of a child's environment."""
        if own := self._own():
            there = {**self.case.environ}
            gone = {*STRIPPED, *own}
            kept = {name: value for name, value in there.items() if name not in gone}
            wanted = kept | {name: value for name, value in own.items() if value}
            differ = sorted({n for n, _ in wanted.items() ^ event.about.items()})
            self.expect(not differ, f"{differ} is another in the child's environment")

    def on_put(self, event: Event) -> None:
        """Check which variables `env` names: these, and other credentials."""
        line = self.case.command.line
        if self.case.verb == "env" and "json" in line and (own := self._own()):
            wanted = {**dict.fromkeys(STRIPPED), **{n: v or None for n, v in own.items()}}
            given = json.loads(event.about)
            self.expect(given == wanted, f"{sorted({*given} ^ {*wanted})} is named, or not")

    def _own(self) -> dict[str, str]:
        found = self.found()
        if not found or self.others:
            return {}
        return {**found.get("variables", {}), "AUTHKIT_IDENTITY": self.case.identity}


class ForAwsAlone(OfElsewhere):
    """docs/write-a-kind.md: what is for AWS's SDKs refuses an identity of another kind."""

    name = "what is for AWS refuses other kinds"

    def _does(self, event: Event) -> None:
        if self.case.verb in FOR_AWS:
            self.expect(False, f"{event.what} for an identity that is not AWS's")  # noqa: FBT003

    on_post = on_ask = on_put = on_replace = on_set = on_delete = on_file_replace = _does

    def on_recording(self, _event: Event) -> None:
        """What is private in such a session is not known: nothing is recorded."""
        self.expect(False, "it is recorded")  # noqa: FBT003

    def end(self, status: int | None) -> None:
        """It fails."""
        if self.case.brought and self.case.verb in FOR_AWS and status is not None:
            self.expect(status, "exit status 0 for an identity that is not AWS's")


def _compared(held: Mapping[str, str]) -> dict[str, object]:
    """Return fields as they are compared: a duration by its seconds, and none that is blank."""
    found: dict[str, object] = {name: text for name, text in held.items() if text}
    return found | {DURATION: seconds(str(found.get(DURATION, "0")))}


LAWS = (FieldsAsSet, GrantedElsewhere, ForAwsAlone)
