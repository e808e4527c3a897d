"""What a session has to be, by what the model reads itself: config file, entry, session file."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tests.explore.configs import (
    USER,
    identities,
    role_fingerprint,
    root,
    settings,
)
from tests.explore.contents import unlisted
from tests.explore.law import REFUSES_SESSION, Law, fields, session
from tests.explore.machine import NAME
from tests.explore.regions import is_off_at_first
from tests.explore.starts import came_from, lasting, seconds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.explore.events import Event
    from tests.explore.law import Case
    from tests.explore.machine import Machine

    Found = Mapping[str, Any]  # what a session file holds


def known(machine: Machine) -> frozenset[str]:
    """B-K04: return the identities that there are: the config file's, and those with a marker."""
    return identities(machine.config) | ({*machine.markers} - unlisted(machine))


def is_of(machine: Machine, name: str, found: Found) -> bool:
    """B-S03, B-S10: tell whether a session is one of the identity, as the config file has it."""
    own = found.get("identity", name) == name
    kind = found["kind"] == settings(machine.config, name)["kind"]
    of_role = found["origin"] == role_fingerprint(machine.config, name)
    return bool(own and kind and of_role)


def source_of(machine: Machine, name: str) -> str:
    """Return what a session file holds of the keys in the entry, "" where there are none."""
    of = root(machine.config, name)
    held = fields(machine.entries.get(of)) or {}
    there = held.get("access_key_id") and held.get("secret_access_key")
    return came_from(machine, of, held) if there else ""


def unfit(machine: Machine, name: str, found: Found, given: str = "") -> str:
    """B-S03: return in what a session differs from the settings and the keys, "" in nothing.

    `given` is the value of --duration.
    """
    config = machine.config
    asked = given or found["by_option"]
    own = settings(config, name)
    if not is_of(machine, name, found):
        return "another identity"
    if found["source"] != source_of(machine, name):
        return "other keys"
    if own["kind"] == USER:
        held = fields(machine.entries.get(name)) or {}
        if found["mfa_arn"] != own.get("mfa_arn", held.get("mfa_arn", "")):
            return "another device"
    if found["duration"] != (seconds(asked) if asked else lasting(machine, name)):
        return "another duration"
    return ""


def left(machine: Machine, found: Found) -> float:
    """Return the seconds that are left of a session, by AWS's clock."""
    return float(found["expiration"] - (machine.now + machine.aws).timestamp())


def misfit(machine: Machine, name: str, found: Found) -> str:
    """B-S03: return in what a session that is there must not differ, and does, "" in nothing.

    A role's settings are looked at by the next login; its keys are not known there any more.
    A role that the config file has no more is nobody's, and its session is handed out to nobody.
    """
    if name != NAME and name not in identities(machine.config):
        return ""
    differs = unfit(machine, name, found) if is_of(machine, name, found) else ""
    return differs if name == NAME or differs == "other keys" else ""


def holds(machine: Machine, name: str, needed: float = 0) -> bool:
    """Tell whether there is a session of an identity with more than these seconds left."""
    found = session(machine.sessions.get(name))
    return bool(found and is_of(machine, name, found) and left(machine, found) > needed)


def is_refused(event: Event) -> bool:
    """Tell whether an answer says that the session of the call is over or revoked (B-L19)."""
    of_region = event.outcome == "revoked" and is_off_at_first(event.about.region)
    return event.outcome in REFUSES_SESSION and not of_region and not event.about.by_keys


def instant(at: float, form: str = "%Y-%m-%dT%H:%M:%SZ") -> str:
    """Return an instant as AWS writes it, or in another form."""
    return datetime.fromtimestamp(at, UTC).strftime(form)


def still(lasts: float) -> str:
    """Return how what is left is shown: rounded down (B-L25)."""
    minutes = int(lasts) // 60
    if lasts <= 0:
        return "expired"
    if minutes < 60:
        return f"{minutes}m" if minutes else f"{int(lasts)}s"
    return f"{minutes // 60}h {minutes % 60}m"


class Undisturbed(Law):
    """A law about what one process does with what it finds, as long as no other changes it."""

    name = ""

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.others = bool(case.machine.counts.get("others"))

    def on_others(self, _event: Event) -> None:
        """Another process has changed something."""
        self.others = True

    def found(self, name: str = "") -> Found | None:
        """Return what the session file of the command's identity holds, or of another one."""
        return session(self.case.machine.sessions.get(name or self.case.identity))
