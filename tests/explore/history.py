"""What comes after a command has ended: another command, or something that happens."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tests.explore.chooser import choice
from tests.explore.events import Event
from tests.explore.law import of_keys
from tests.explore.machine import NAME, OTHERS_ENTRY

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.explore.chooser import Chooser
    from tests.explore.commands import Command
    from tests.explore.judge import Judge
    from tests.explore.machine import Machine

LONGEST = 4  # commands and events of a history
NOTHING = "nothing more"


def _hours(hours: int) -> Callable[[Machine], None]:
    def act(machine: Machine) -> None:
        machine.now += timedelta(hours=hours)

    return act


def _rotate(machine: Machine) -> None:
    """An administrator deletes the key: STS does not know it any more, a session lives on."""
    if keys := of_keys(machine):
        machine.answers[f"{keys[0]} {keys[1]}"] = "revoked"


def _others(machine: Machine) -> None:
    machine.entries[NAME] = OTHERS_ENTRY


def _spoil(machine: Machine) -> None:
    machine.sessions = {name: text[:40] for name, text in machine.sessions.items()}


def _lose_state(machine: Machine) -> None:
    machine.sessions, machine.markers, machine.notes = {}, {}, {}


HAPPENS: Mapping[str, Callable[[Machine], None]] = {
    "an hour goes by": _hours(1),
    "two days go by": _hours(48),
    "an administrator rotates the keys": _rotate,
    "others write keys": _others,
    "the session file is torn": _spoil,
    "the state folder is lost": _lose_state,
}
COMMANDS: Mapping[str, tuple[str, ...]] = {
    "login": ("login", NAME),
    "login --force": ("login", NAME, "--force"),
    "exec": ("exec", NAME, "--", "x"),
    "whoami": ("whoami", NAME),
    "configure": ("user", "configure", NAME),
    "logout": ("logout", NAME),
    "logout --keys": ("logout", NAME, "--keys"),
}
_RARE = ("others write keys", "the session file is torn", "the state folder is lost", "exec")
_COMMON = tuple(name for name in (*COMMANDS, *HAPPENS) if name not in _RARE)
THEN = choice("then", NOTHING, *_COMMON, rare=_RARE)


def after(
    command: Command, machine: Machine, chooser: Chooser, judge: Judge, number: int
) -> Command | None:
    """Return the next command of a history, None when it ends; let happen what happens first."""
    several = command.beside or command.aws_files
    ends = bool(several or command.by_hand or command.narrowly or command.config_option)
    while number < LONGEST and not ends:
        machine.answers = {said: of for said, of in machine.answers.items() if said[:4] == "AKIA"}
        name = chooser.choose(THEN)
        if name == NOTHING:
            return None
        judge.events.append(Event("then", name))
        if name in COMMANDS:
            judge.said = ""
            return command._replace(line=COMMANDS[name], stdin="")
        HAPPENS[name](machine)
        number += 1
    return None
