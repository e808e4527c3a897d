"""What must hold once a command has ended: a login works, and so does what was said to run next."""

from __future__ import annotations

import re
import shlex
from functools import lru_cache
from typing import TYPE_CHECKING

from tests.explore import profiles
from tests.explore.chooser import Chooser
from tests.explore.commands import COMMANDS, ENVIRON, TERMINAL
from tests.explore.configs import DEFAULT_REGION, identities, settings
from tests.explore.contents import LIKE, OLD
from tests.explore.expected import known
from tests.explore.importable import asked
from tests.explore.judge import FURTHER, NEXT, Judge
from tests.explore.law import LOGS_IN, PASSES, is_strange
from tests.explore.machine import MFA, NAME, NAMES, SECOND
from tests.explore.naming import FAR
from tests.explore.process import Process, Surroundings
from tests.explore.seats import ATTENDED
from tests.explore.serials import misfit
from tests.explore.starts import AWS_CONFIG, AWS_CREDENTIALS, of_profile

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from tests.explore.commands import Command
    from tests.explore.machine import Machine

    Law = Callable[[Command, Machine, str], dict[str, str]]

OPEN = (
    "…",
    "NAME",
    "FILE",
    "REGION",
    "--help",
    "--no-input",
    "--stdin",
)  # what is left to the person
ANSWERS = {"whoami", "credential-process", "env", "doctor", "list"}  # exit 1 is an answer
MOST = 200_000  # tries that are remembered


class Afterwards:
    """Tries what comes next, once for each end that differs."""

    def __init__(self) -> None:
        self._judge = Judge()
        self._ends: dict[Hashable, dict[str, str]] = {}

    def complaints(self, command: Command, machine: Machine, said: str) -> dict[str, str]:
        """Return which laws an end breaks; `said` is the text that says what to run, or ""."""
        if command.by_hand:
            return {}
        end = (command.config, command.config_path, command.aws_files, machine.end())
        found: dict[str, str] = {}
        unknown = machine.config is not None and NAME not in known(machine)
        if not (command.aws_files or unknown):
            found |= self._once(end, "", self._login_works, command, machine)
        for line in named(said) if said else ():
            if _is_done(command, machine, line):
                continue
            if works := self._once(end, line, self._line_works, command, machine):
                return found | works
        return found

    def _once(
        self, end: Hashable, line: str, law: Law, command: Command, machine: Machine
    ) -> dict[str, str]:
        """Return which law a try breaks, from memory if it was made at an end like this one."""
        if (end, line) not in self._ends:
            if len(self._ends) > MOST:
                self._ends.clear()
            self._ends[end, line] = law(command, mended(machine), line)
        return self._ends[end, line]

    def _login_works(self, command: Command, machine: Machine, _line: str) -> dict[str, str]:
        """B-A04: a person with right answers logs in, after configuring what was corrupt."""
        self._configured(command, machine)
        line = ("login", NAME, *command.config_option)
        login = COMMANDS["login"]._replace(line=line, config=command.config)
        return self._runs(login, machine, FURTHER)

    def _configured(self, command: Command, machine: Machine) -> None:
        """Write an entry anew that is corrupt, or whose device cannot be of this region."""
        entry = machine.entries.get(NAME)
        if is_strange(entry) or ":aws-cn:" in (entry or ""):
            line = ("user", "configure", NAME, *command.config_option)
            configure = COMMANDS["configure"]._replace(line=line, config=command.config)
            self._runs(configure, machine, FURTHER)

    def _line_works(self, command: Command, machine: Machine, line: str) -> dict[str, str]:
        """B-L27: the command that a message names works, with a person who has right answers."""
        try:
            words = shlex.split(line.replace("COMMAND", "x"))
        except ValueError:
            return {NEXT: f"{line!r} is no line of a shell"}
        of_import = command.verb == "import" and words[0] == "login"
        if {LIKE, OLD, FAR}.intersection(words) or (of_import and not {*NAMES}.intersection(words)):
            return {}  # most laws are about the first identity
        plain = command._replace(way=TERMINAL, starts=(), keeps=False, real="")
        plain = plain._replace(environ=command.environ if command.verb == "import" else {})
        if command.aws_files:
            plain = plain._replace(config=machine.config)
        again = command.spelt and tuple(words) == command.spelt.words  # which means the plain line
        follows = plain if again else plain._replace(line=tuple(words))
        if follows.verb in LOGS_IN:  # whose entry may not have been read yet
            self._configured(command, machine)
        return {} if _stands_in_its_way(follows, machine) else self._runs(follows, machine, NEXT)

    def _runs(self, command: Command, machine: Machine, law: str) -> dict[str, str]:
        """Run a command among right answers; return a complaint if it breaks a law or fails."""
        judge = self._judge
        judge.clear()
        status = Process(command, Surroundings(machine, Chooser(), judge), 9).run()
        if (status == 0 or command.verb in ANSWERS) and not judge.complaints:
            return {}
        texts = [event.about for event in judge.events if event.what == "say"]
        return {law: f"{' '.join(command.line)}: {status} {texts[-1:]} {judge.complaints}"}


def _stands_in_its_way(command: Command, machine: Machine) -> bool:
    """Tell whether a file has to be set right first: authkit's config file, or one of AWS's."""
    if command.verb == "user configure":
        own = settings(command.config, NAME)
        return bool(misfit(own.get("mfa_arn", MFA), DEFAULT_REGION))
    if command.verb == "import":
        stay = "--remove" in command.line and _keys_stay(machine)
        return stay or not _can_be_imported(command, machine)
    called = profiles.called(command.line)
    there = profiles.read(machine.files.get(AWS_CONFIG), called)
    return command.verb.startswith("profile ") and profiles.is_anothers(there)


def _keys_stay(machine: Machine) -> bool:
    """Tell whether AWS programs would take other keys if those of a profile were taken out."""
    texts = [machine.files.get(path, b"") for path in (AWS_CREDENTIALS, AWS_CONFIG)]
    for_all = any(b"[DEFAULT]" in text for text in texts)
    return for_all or all(b"aws_secret_access_key" in text for text in texts)


def _can_be_imported(command: Command, machine: Machine) -> bool:
    """Tell whether all that a line is to import can be: AWS goes on refusing keys and devices."""
    there = asked(command.line, machine, {**ENVIRON, **command.environ})
    refused = any("PROFILE" in pair or "CSV" in pair for pair in machine.answers)
    names = there.names or (there.listed if there.rows is None else ())
    cannot = there.rows == () or there.wanted(names).left
    return not (refused or cannot or _has_misfits(machine))


def _has_misfits(machine: Machine) -> bool:
    """Tell whether a profile of AWS's has a device that is not its user's."""
    profiles = [of_profile(machine, name) for name in (NAME, SECOND)]
    found = [(one.get("mfa_serial", MFA), one.get("region", DEFAULT_REGION)) for one in profiles]
    return any(misfit(serial, region) for serial, region in found)


def _is_done(command: Command, machine: Machine, line: str) -> bool:
    """Tell whether others have logged out meanwhile of a role that no config file has any more."""
    name = line.partition("logout --identity ")[2]
    known = {NAME, *identities(command.config), *machine.sessions}
    return bool(name and machine.counts.get("others")) and name not in known


@lru_cache(maxsize=4096)
def named(said: str) -> tuple[str, ...]:
    """Return the lines of authkit that a text names, but those that a person has to complete."""
    lines = re.findall(r"'authkit ([^']*)'", said)
    return tuple(line for line in lines if not any(word in line for word in OPEN))


def mended(machine: Machine) -> Machine:
    """Return a machine in which nothing is wrong but what authkit has left, and dead keys.

    A region that was off is on by now: its name stands behind the keys.  A profile that was to be
    mended by hand is gone.
    """
    other = machine.copy()
    answers = other.answers.items()
    of_keys = ((name, said) for name, said in answers if name[:4] == "AKIA" and said not in PASSES)
    other.answers = {name: said for name, said in of_keys if name.count(" ") == 1}
    other.locks, other.writer = {}, None
    other.umask, other.place, other.written, other.left_over = "", "", "", ()
    other.failing = other.later = ""
    other.network, other.seat = "", ATTENDED
    if other.files.get(AWS_CONFIG) in profiles.BY_HAND:
        other.files[AWS_CONFIG] = b""
    return other
