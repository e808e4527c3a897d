"""Begins the machine of a path, as the chooser chooses among what there may be (``starts``)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from authkit.core.model import Marker
from tests.explore import starts
from tests.explore.disk import NOTHING
from tests.explore.machine import FIRST, MFA, NAME, OTHERS, ROLE, Machine

if TYPE_CHECKING:
    from tests.explore.chooser import Chooser
    from tests.explore.commands import Command


def _sessions(machine: Machine, kind: str, name: str, lasts: timedelta) -> None:
    minutes = {"good": 60, "ends soon": 5, "expired": -60}.get(kind, 60)
    left = timedelta(minutes=minutes)
    mfa = "" if not machine.entries.get(NAME) or MFA not in machine.entries[NAME] else MFA
    role = starts.role_fingerprint(machine.config or "") if name == ROLE else ""
    if kind == "none":
        return
    if kind == "corrupt":
        machine.sessions[name] = "{"
        return
    pair = OTHERS if kind == "of other keys" else FIRST
    other: dict[str, str] = {}
    if kind == "of another duration":
        lasts = timedelta(hours=3)
    elif kind == "of another device":
        mfa = "GAHT12345678"
    elif kind == "with --duration":
        lasts, other = timedelta(hours=3), {"by_option": "3h"}
    elif kind == "of another identity":
        other = {"identity": "somebody"}
    key_id = f"ASIA{kind.replace(' ', '').upper()}{'ROLE' if role else ''}"
    machine.sessions[name] = starts.session_of(
        machine, pair, key_id, left=left, lasts=lasts, mfa=mfa, role=role, **other
    )


def begin(command: Command, chooser: Chooser) -> Machine:
    """Return the machine that a command begins with, as the chooser chooses."""
    machine = Machine()
    if command.config:
        machine.files[command.config_path] = command.config.encode()
    if command.aws_files:
        machine.files |= {
            starts.AWS_CREDENTIALS: starts.CREDENTIALS.encode(),
            starts.AWS_CONFIG: starts.PROFILES.encode(),
        }
    options = {start.what: chooser.choose(start) for start in command.starts}
    entry = starts.ENTRIES[options.get("entry", "none" if command.aws_files else "keys and device")]
    if entry is not None:
        machine.entries[NAME] = entry
    lasts = timedelta(hours=12 if entry == starts.ENTRIES["keys alone"] else 2)
    if "session_duration" in (command.config or ""):
        lasts = timedelta(hours=5)
    _sessions(machine, options.get("session", "none"), NAME, lasts)
    _sessions(machine, options.get("role's session", "none"), ROLE, timedelta(hours=1))
    mark(machine, options.get("marker", "there"))
    machine.network = options.get("settings of the network", "")
    machine.place = options.get("place", machine.place)
    if machine.place == NOTHING:
        machine.sessions, machine.markers = {}, {}
    machine.umask = options.get("umask", "")
    machine.began = frozenset(machine.sessions)
    machine.seat = options.get("standard input", machine.seat)
    machine.in_the_clear = options.get("backend") == "in the clear"
    return machine


def mark(machine: Machine, kind: str) -> None:
    """Set the marker of the identity, if it has an entry."""
    if NAME not in machine.entries or kind == "none":
        return
    untried = machine.now - timedelta(seconds=20) if kind == "untried" else None
    backend = "another.Backend" if kind == "elsewhere" else "tests.explore"
    machine.markers[NAME] = Marker(backend=backend, untried=untried, gone=kind == "gone")
