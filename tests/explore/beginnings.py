"""Begins the machine of a path, as the chooser chooses among what there may be (``starts``)."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import TYPE_CHECKING

from authkit.core.model import Marker
from tests.explore import contents, imports, mixed, profiles, starts
from tests.explore.disk import NOTHING, PLAIN
from tests.explore.machine import BETWEEN, MFA, NAME, OTHERS_ENTRY, ROLE, Machine
from tests.explore.naming import EACH, FOR_ANY_NAME, IN_FORMS, IN_REGIONS, WAYS
from tests.explore.placings import PLACINGS
from tests.explore.sights import SIGHTS
from tests.explore.situations import HAPPENED, OFF
from tests.explore.wrong_lines import MEANS_NOTHING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.explore.chooser import Chooser
    from tests.explore.commands import Command
    from tests.explore.naming import Way


_WAYS: Mapping[str, Way | imports.Way] = {**WAYS, **IN_REGIONS, **IN_FORMS, **imports.WAYS}
_OF_ROLES = {ROLE: "ROLE", BETWEEN: "BETWEEN"}  # at the end of an access key id


def _session(machine: Machine, kind: str, name: str) -> None:
    """Put a session file of a kind in ``starts.FILES``, a corrupt one or none."""
    if kind == starts.CORRUPT:
        machine.sessions[name] = "{"
    elif kind != "none":
        mfa = MFA if MFA in machine.entries.get(NAME, "") else ""
        key_id = f"ASIA{re.sub('[^a-z0-9]', '', kind).upper()}{_OF_ROLES.get(name, '')}"
        machine.sessions[name] = starts.session_of(machine, key_id, name, kind, mfa)


def come_to(command: Command, chooser: Chooser) -> Command:
    """Return a command that comes to its identity as the chooser chooses, if that is a choice."""
    if command.ways is None:
        return command
    way = _WAYS[chooser.choose(command.ways)]
    verbs = len(command.verb.split()) + len(command.config_option)
    named = command.verb in FOR_ANY_NAME and (way.words or way.variable)
    without = command.ways is EACH or command.verb == "doctor" or "--unset" in command.line
    return command._replace(
        line=(*command.line[:verbs], *way.words, *command.line[verbs:]),
        config=way.config,
        environ={**command.environ, **way.environ},
        wrong=MEANS_NOTHING if way.wrong and not (named or without) else None,
        begins={**command.begins, **way.begins},
    )


def begin(command: Command, chooser: Chooser) -> Machine:
    """Return the machine that a command begins with, as the chooser chooses."""
    machine = Machine()
    machine.answers.update(command.answers)
    machine.config_path = command.config_path
    if command.config:
        machine.files[command.config_path] = command.config.encode()
    options = {**command.begins}
    options |= {start.what: chooser.choose(start) for start in command.starts}
    if command.aws_files:
        of_aws = imports.FILES[options.get("profiles", "one")]
        paths = (starts.AWS_CREDENTIALS, starts.AWS_CONFIG)
        written = [text.encode(errors="surrogateescape") for text in of_aws]
        machine.files |= dict(zip(paths, written, strict=True))
    if (table := imports.CSVS[options.get("CSV", imports.NO_CSV)].content) is not None:
        machine.files[imports.CSV] = table
    entry = starts.ENTRIES[options.get("entry", "none" if command.aws_files else "keys and device")]
    if entry is not None:
        machine.entries[NAME] = entry
    _session(machine, options.get("session", "none"), NAME)
    _session(machine, options.get("role's session", "none"), ROLE)
    _session(machine, options.get("session between", "none"), BETWEEN)
    mark(machine, options.get("marker", "there"))
    for name in options.get("other identities", "").split():
        _another(machine, name)
    machine.answers |= HAPPENED[options.get("happened", "")]
    machine.aws = OFF.get(options.get("happened", ""), machine.aws)
    if "profile" in options:
        machine.files[starts.AWS_CONFIG] = profiles.file(
            options["profile"], profiles.called(command.line)
        )
    _codes(machine, options.get("codes sent", "none"))
    if placing := options.get("placing"):
        row = PLACINGS[placing]
        machine.program = row.program
        machine.files |= {path: text.encode() for path, text in row.files.items()}
    machine.sight = options.get("sight", "")
    machine.later = options.get("later", "")
    machine.failing = options.get("what fails", "")
    machine.answers |= mixed.SAID[options.get("what AWS says of each", "")]
    machine.aws = timedelta(seconds=SIGHTS[machine.sight].ahead) if machine.sight else machine.aws
    machine.network = options.get("settings of the network", "")
    machine.place = options.get("place", machine.place)
    if machine.place == NOTHING:
        machine.sessions, machine.markers = {}, {}
    elif machine.place and NAME not in machine.sessions:
        machine.place = PLAIN
    machine.umask = options.get("umask", "")
    _beside(machine, options.get("much the same name", "none"))
    contents.put(machine, options.get("written", contents.PLAIN))
    machine.began = frozenset(machine.sessions)
    machine.seat = options.get("standard input", machine.seat)
    machine.in_the_clear = options.get("backend") == "in the clear"
    return machine


def _another(machine: Machine, name: str) -> None:
    """Put another identity there: its entry, its session and its marker."""
    machine.entries[name] = OTHERS_ENTRY
    key_id = f"ASIA{re.sub('[^a-z]', '', name).upper()}"
    machine.sessions[name] = starts.session_of(machine, key_id, name, "of other keys", "")
    machine.markers[name] = Marker(backend="tests.explore")


def _beside(machine: Machine, kind: str) -> None:
    """Have another identity of much the same name, or of one as they were."""
    if kind == "none":
        return
    name, now = (contents.LIKE, True) if kind == "of another case" else (contents.OLD, False)
    named = {"identity": name} if now else {}
    text = starts.session_of(machine, "ASIAOFANOTHER", name)
    machine.sessions[name] = text if now else contents.changed(text, {"identity": None})
    machine.markers[name] = Marker(backend="tests.explore" if now else "")
    machine.notes[name] = json.dumps({**named, "codes": {}})


def _codes(machine: Machine, by: str) -> None:
    """Have a code of the person's device sent and noted shortly before."""
    if by == "none":
        return
    name = NAME if by == "by this one" else "somebody"
    at = int(machine.now.timestamp()) - starts.AGO
    machine.sent, machine.noted[f"{MFA} {starts.SENT}"] = (starts.SENT,), at
    codes = {starts.fingerprint((MFA, starts.SENT)): at}
    machine.notes[name] = json.dumps({"identity": name, "codes": codes})


def mark(machine: Machine, kind: str) -> None:
    """Set the marker of the identity, if it has an entry, or another backend has it."""
    if kind == "none" or (NAME not in machine.entries and kind not in {"elsewhere", "gone"}):
        return
    ago = {"untried": 20, "untried for a minute": 61}.get(kind)  # seconds
    untried = None if ago is None else machine.now - timedelta(seconds=ago)
    backend = "another.Backend" if kind == "elsewhere" else "tests.explore"
    told = {"gone": kind == "gone", "offer_devices": kind == "open"}
    machine.markers[NAME] = Marker(backend=backend, untried=untried, **told)
