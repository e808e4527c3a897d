"""A law about sessions that are shown: by login, whoami and list."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from tests.explore.configs import OF_ROLE, region, settings
from tests.explore.expected import Undisturbed, instant, is_of, is_refused, left, still
from tests.explore.law import fields, is_strange, of_trouble
from tests.explore.starts import SOON

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.explore.events import Event
    from tests.explore.expected import Found
    from tests.explore.law import Case

ROW = re.compile(r"^  ([A-Z][a-z]+(?: Updated)?) {3,}(\S.*)$", re.MULTILINE)
NO_ANSWER = {"unsent", "lost", "broken", "cannot ask"}
# The rows of docs/errors.md that a session's GetCallerIdentity may meet.
RULES: set[str | None] = {
    *("keys-revoked", "secret-mismatch", "expired", "access-denied", "throttled", "aws-trouble"),
    *("clock-skew", "region-mismatch", "region-disabled", "region-not-enabled", "unknown"),
}
SHOWN = "%Y-%m-%d %H:%M:%S UTC"
LOGIN_ROWS = ["Provider", "Identity", "Account", "Region", "Expires"]
OVER_ROWS = ["Provider", "Identity", "Expires", "Last Updated"]
WHOAMI_ROWS = [*LOGIN_ROWS[:2], "Principal", *LOGIN_ROWS[2:], "Last Updated"]


class ShownAsItIs(Undisturbed):
    """B-L25, B-W02 to B-W05, B-I01: what is shown of a session is what it is."""

    name = "what is shown is so"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.answer = ""  # what STS said last of the session
        self.refused = self.trouble = self.printed = False
        self.unread: frozenset[str] = frozenset()  # whose session cannot be read
        self.unmarked: frozenset[str] = frozenset()  # whose marker cannot be read
        self.states: dict[str, str] = {}  # how the keyring fails, by identity

    def on_call(self, event: Event) -> None:
        """Note what STS says."""
        if not event.about.by_keys:
            self.answer, self.refused = event.outcome, is_refused(event)

    @of_trouble
    def on_read(self, event: Event) -> None:
        """Note a file that cannot be read."""
        self.unread |= {event.about}

    @of_trouble
    def on_marker(self, event: Event) -> None:
        """Note a marker that cannot be read."""
        self.unmarked |= {event.about}

    @of_trouble
    def on_marked(self, _event: Event) -> None:
        """Note that it is not known which identities there are."""
        self.trouble = True

    @of_trouble
    def on_get(self, event: Event) -> None:
        """Note an entry that cannot be read."""
        self.states[event.about[0]] = event.outcome

    def on_say(self, event: Event) -> None:
        """Check the rows of a login."""
        if "Authentication successful" in event.about:
            rows = dict(ROW.findall(event.about))
            self.expect([*rows] == self._of_kind(LOGIN_ROWS), f"{[*rows]} is shown")
            self._rows(rows, "")

    def on_put(self, event: Event) -> None:
        """Check what whoami and list print."""
        self.printed = True
        failed = self.unread | self.unmarked if self.case.verb != "list" else None
        if self.others or self.trouble or failed:
            return
        line = self.case.command.line
        if self.case.verb == "whoami" and "--json" in line:
            self._object(json.loads(event.about))
        elif self.case.verb == "whoami":
            rows = dict(ROW.findall(event.about))
            if not self.case.machine.aws:
                valid = self._valid()
                over = valid is False and (not self.refused or "expired" in self.answer)
                wanted = OVER_ROWS if over else self._of_kind(WHOAMI_ROWS)
                self.expect([*rows] == wanted, f"{[*rows]} is shown")
                good = "✗" not in event.about.splitlines()[0]
                self.expect(good == (valid is not False), f"{valid}, and the mark is another")
            self._rows(rows, ", ends soon")
        elif self.case.verb == "list" and "--json" in line:
            for item in json.loads(event.about):
                self._listed(item["identity"], item["session"], item["expires"])
                self._kind(item["identity"], item["kind"])
                self._keys(item["identity"], item["keys"])
        elif self.case.verb == "list":
            for words in [re.split(" {2,}", line) for line in event.about.splitlines()[1:]]:
                self._listed(words[0], words[-1])
                self._kind(words[0], words[1])
                self._keys(words[0], words[2])

    def end(self, status: int | None) -> None:
        """Programs read an object whatever there is to tell (docs/contract.md)."""
        looks = self.case.verb == "whoami" and "--json" in self.case.command.line
        if looks and status in {0, 1} and not (self.trouble or self.unread or self.unmarked):
            self.expect(self.printed, f"exit {status}, and no object")

    def _of_kind(self, rows: list[str]) -> list[str]:
        """Return the rows that have a value: a kind from elsewhere has no region (B-W02)."""
        return [row for row in rows if row != "Region" or not self.case.brought]

    def _valid(self) -> bool | None:
        """Return whether the session is good, None when that is not known (B-W05)."""
        machine, name = self.case.machine, self.case.identity
        found = self.found()
        if not found or not is_of(machine, name, found) or left(machine, found) <= 0:
            return False
        by_clock = "--offline" in self.case.command.line or self.case.brought
        if by_clock or self.answer == "ok":
            return True
        return False if self.refused else None

    def _rows(self, rows: Mapping[str, str], soon: str) -> None:
        """Check rows about a session, but for how they call what STS has against it."""
        machine, name = self.case.machine, rows.get("Identity", "")
        found = self.found(name)
        if self.others or not found:
            return
        wanted = {
            "Provider": found["kind"].replace("/", "-"),
            "Principal": found["principal"],
            "Account": found["account"],
            "Region": region(machine.config, self.case.command.line, name),
            "Last Updated": instant(found["granted"], SHOWN),
        }
        wrong = [title for title, value in wanted.items() if rows.get(title, value) != value]
        self.expect(not wrong, f"{wrong} of {rows}")
        at, _, remark = rows["Expires"].partition(" (")
        self.expect(at == instant(found["expiration"], SHOWN), f"it ends {at}")
        if not machine.aws and "says AWS" not in remark:
            lasts = left(machine, found)
            spelt = f"{still(lasts)}{soon if 0 < lasts < SOON else ''}"
            self.expect(remark.removesuffix(")").removesuffix(", not verified") == spelt, remark)

    def _object(self, given: Mapping[str, Any]) -> None:
        machine, name = self.case.machine, self.case.identity
        found = self.found()
        wanted: dict[str, object] = {
            "identity": name,
            "kind": settings(machine.config, name)["kind"],
        }
        wanted["provider"] = str(wanted["kind"]).replace("/", "-")
        wanted["region"] = None if self.case.brought else region(machine.config, (), name)
        if found and is_of(machine, name, found):
            wanted |= {each: found[each] for each in ("principal", "account")}
            wanted["expires"] = instant(found["expiration"])
            wanted["last_updated"] = instant(found["granted"])
        wrong = [field for field, value in wanted.items() if given[field] != value]
        self.expect(not wrong, f"{wrong} of {given}")
        if not machine.aws:
            self.expect(given["valid"] is self._valid(), f"valid is {given['valid']}")
            self.expect(given["reason"] in self._reasons(found), f"because {given['reason']}")

    def _reasons(self, found: Found | None) -> set[str | None]:
        """Return what may be the reason (docs/contract.md, "whoami --output json")."""
        machine, valid = self.case.machine, self._valid()
        if not found or not is_of(machine, self.case.identity, found):
            return {"absent"}
        if left(machine, found) <= 0:
            return {"expired"}
        if valid:
            return {None}
        return {"unreachable"} if self.answer in NO_ANSWER else RULES

    def _keys(self, name: str, keys: str) -> None:
        """Check what is said of keys: by the marker, or with --check by the entry (B-I01)."""
        machine = self.case.machine
        if settings(machine.config, name)["kind"] == OF_ROLE:
            wanted = "-"
        elif "--check" in self.case.command.line:
            entry = machine.entries.get(name)
            if is_strange(entry) and name not in self.states:
                self.expect(keys in {"corrupt", "later-version"}, f"{name}'s keys are {keys}")
                return
            wanted = "stored" if "access_key_id" in (fields(entry) or {}) else "none"
            wanted = self.states.get(name, wanted)
        elif name in self.unmarked:
            wanted = "unreadable"
        else:
            marker = machine.markers.get(name)
            wanted = "stored" if marker and not marker.gone else "none"
        self.expect(keys == wanted, f"{name}'s keys are {keys}, not {wanted}")

    def _kind(self, name: str, kind: str) -> None:
        wanted = settings(self.case.machine.config, name)["kind"]
        self.expect(kind == wanted, f"{name} is listed as {kind}, not {wanted}")

    def _listed(self, name: str, state: str, expires: str | None = None) -> None:
        """Check the state of a session in a list."""
        machine, found = self.case.machine, self.found(name)
        if name in self.unread:
            wanted, expires = "unreadable", expires and "an instant"
        elif not found or found.get("identity", name) != name:
            wanted = "none"
        elif machine.config and not is_of(machine, name, found):
            wanted = "other settings"
        else:
            wanted = still(left(machine, found))
        self.expect(state == wanted, f"{name}'s session is {state}, not {wanted}")
        if expires and found:
            self.expect(expires == instant(found["expiration"]), expires)


LAWS = (ShownAsItIs,)
