"""Laws about what a session is made with: the source of a role, and what has to be asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.explore.configs import asked_for, root, settings
from tests.explore.expected import Undisturbed, holds, left, unfit
from tests.explore.law import REFUSES_SESSION, fields, of_trouble, pair
from tests.explore.machine import NAME
from tests.explore.regions import is_off_at_first

if TYPE_CHECKING:
    from tests.explore.events import Event
    from tests.explore.law import Case


class RolesAsConfigured(Undisturbed):
    """B-K03: a role is assumed as the config file has it, by a session that STS has not refused."""

    name = "roles are reached as configured"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        # The sessions that STS has refused, each with the role that was asked for by it.
        self.refused: frozenset[tuple[str, str]] = frozenset()
        self.doubted = self.region_off = False  # whether the role's region is on
        self.slept = False  # longer than was asked for: what was good may be over

    def on_sleep(self, event: Event) -> None:
        """Note a machine that slept."""
        self.slept = self.slept or event.outcome != "ok"

    def on_call(self, event: Event) -> None:
        """Check the parameters of AssumeRole, and whose session it is."""
        call, machine = event.about, self.case.machine
        if call.operation == "GetCallerIdentity" and not call.by_keys and self.doubted:
            self.region_off = event.outcome == "ok"
        if call.operation == "GetSessionToken":
            self.expect(not self.region_off, "a region that is off costs a new session")
        if call.operation != "AssumeRole":
            return
        self.doubted = event.outcome == "revoked" and is_off_at_first(call.region)
        name = asked_for(machine.config, call.role[0])
        own = settings(machine.config, name)
        wanted = (own["role_arn"], own.get("external_id", ""), f"authkit-{name}")
        self.expect(call.role == wanted, f"{call.role} instead of {wanted}")
        key_id = call.pair[0]
        self.expect((name, key_id) not in self.refused, f"{key_id} was refused before")
        source = self.found(own["source"])
        if not self.others:
            same = source and source["access_key_id"] == key_id
            self.expect(same, f"{key_id} is not the session of {own['source']}")
            if source and not machine.aws and not self.slept:
                self.expect(left(machine, source) > 0, "the source's session is over")
        if event.outcome in REFUSES_SESSION:
            self.refused |= {(name, key_id)}
            times = sum(role == name for role, _ in self.refused)
            self.expect(times <= 2, f"the source of {name} is logged in to twice")

    def on_release(self, event: Event) -> None:
        """Who waited for another process looks at everything once more (B-L24)."""
        self.refused = frozenset(one for one in self.refused if one[0] != event.about)


class NoLoginWithoutEnd(Undisturbed):
    """B-E05: credential-process logs in exactly where nothing has to be asked."""

    name = "no login that cannot end"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.has = holds(case.machine, case.identity)
        sources = [name for name in self._sources() if holds(case.machine, name)]
        self.source_has = bool(sources)
        self.source_fits = any(not self._differs(name) for name in sources)
        self.trouble = False

    def _sources(self) -> list[str]:
        config, name = self.case.machine.config, self.case.identity
        found = []
        while name := settings(config, name).get("source", ""):
            found.append(name)
        return found

    def _code_needed(self) -> bool:
        machine = self.case.machine
        name = root(machine.config, self.case.identity)
        own = settings(machine.config, name)
        device = own.get("mfa_arn") or (fields(machine.entries.get(name)) or {}).get("mfa_arn")
        return bool(device) and "mfa_process" not in own

    @of_trouble
    def _trouble(self, event: Event) -> None:
        self.trouble = self.trouble or event.outcome not in {"ok", "a code", "with blanks"}

    on_get = on_read = on_replace = on_config = on_acquire = on_unlock = on_put = _trouble
    on_alone = on_cancel = on_named = _trouble
    on_mark = on_note = on_notes = on_sleep = on_program = on_drop = on_marker = _trouble
    on_marked = on_other_markers = _trouble

    def on_call(self, event: Event) -> None:
        """Check that no code is going to be needed."""
        self._trouble(event)
        if self.case.verb == "credential-process" and event.about.by_keys and not self.others:
            self.expect(not self._code_needed() or self.source_has, "it will need a code")

    def end(self, status: int | None) -> None:
        """Check that there are credentials where there can be some, and only there."""
        if self.case.verb not in {"credential-process", "env"} or self.others or status is None:
            return
        command = self.case.command
        if self.trouble or self.case.machine.aws or "--unset" in command.line or command.wrong:
            return
        can = self.has and not (self.case.brought and self.case.verb == "credential-process")
        if self.case.verb == "credential-process" and not can:
            keys = pair(self.case.machine.entries.get(NAME))
            can = keys is not None and not self._code_needed()
            can = (can or self.source_fits) and not self.case.brought
        self.expect((status == 0) == can, f"{status}, and there can be a session: {can}")

    def _differs(self, name: str) -> bool:
        found = self.found(name)
        return bool(found and unfit(self.case.machine, name, found))


LAWS = (RolesAsConfigured, NoLoginWithoutEnd)
