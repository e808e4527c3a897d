"""Laws about which identity is meant, which ones there are, and what a mistyped name gets."""

from __future__ import annotations

import json
import re
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from tests.explore.configs import OF_ROLE, default, identities, root, settings
from tests.explore.contents import unlisted
from tests.explore.expected import Undisturbed, known
from tests.explore.importable import names_on
from tests.explore.law import Law, is_anothers, of_trouble
from tests.explore.naming import FOR_ANY_NAME, VARIABLE
from tests.explore.starts import aws_files
from tests.explore.wrong_lines import MEANS_NOTHING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tests.explore.commands import Command
    from tests.explore.events import Event
    from tests.explore.law import About, Case
    from tests.explore.machine import Machine

ABOUT_ALL = {"list", "complete-identities", "import"}  # commands that are about no identity
# Commands that say of a name of which nothing is known that it may be mistyped.
SAY = {"login", "whoami", "exec", "env", "credential-process", "user configure"}
SAY_AND_DO = {"logout", "profile add"}
SAY |= SAY_AND_DO
OTHERWISE = {"--all", "--unset", "--json"}  # about all, about a name as it is, for a program
LIKE = 0.6  # from there on a name is near another one (B-A05)
_OPTIONS = {"-i", "--identity", "-p", "--profile"}
_NEAREST_WORD = re.compile(r"the nearest is ([^\n.;()]+?)(?=[.;\n]| \()")
# How an error about a name begins, and how it says that the variable sets that.
_OF_A_NAME = re.compile(
    r"✗ (?:There is no identity .+ in |.+ cannot be the name of an identity"
    r"|.+ has no session, and this machine has no note)"
)
_BY_VARIABLE = f"(set by {VARIABLE})"
_NEAREST = re.compile(r"nearest is ([^\n.;]+)")


def on_line(command: Command) -> str:
    """Return the identity that a line names, "" for none (docs/contract.md, "Commands")."""
    words = command.line[len(command.verb.split()) :]
    words = words[2:] if words[:2] == command.config_option else words
    words = words[: words.index("--")] if "--" in words else words
    for option, value in pairwise(words):
        if option in _OPTIONS:
            return value
    return words[0] if words and not words[0].startswith("-") else ""


def named(command: Command, environ: Mapping[str, str], machine: Machine) -> str:
    """B-K04: return the identity that is named, "" for none: the only one is not."""
    return on_line(command) or environ.get(VARIABLE, "") or default(machine.config)


def meant(command: Command, environ: Mapping[str, str], machine: Machine) -> str:
    """B-K04: return the identity that is meant, "" for none."""
    name, there = named(command, environ, machine), known(machine)
    if not name:
        return next(iter(there)) if len(there) == 1 else ""
    strange = machine.config is not None and name not in there
    return "" if strange and command.verb not in FOR_ANY_NAME else name


@lru_cache(maxsize=1024)
def likeness(one: str, other: str) -> float:
    """Return how like two names are."""
    return SequenceMatcher(None, one, other).ratio()


def nearest(name: str, names: Iterable[str]) -> list[str]:
    """Return names, those most like one first."""
    return sorted(names, key=lambda other: (-likeness(name, other), other))


def names_in(text: str, names: Iterable[str]) -> frozenset[str]:
    """Return the names that are in a text: not those that are a part of another name there."""
    found = set()
    for name in sorted(names, key=len, reverse=True):
        text, times = re.subn(rf"(?<![\w-]){re.escape(name)}(?![\w-])", "\0", text)
        found |= {name} if times else set()
    return frozenset(found)


class OneIsMeant(Law):
    """B-K04: what a command does is about the identity that is meant, and about no other one.

    Those by which it is reached, and the roles that are reached by it, belong to it.  An error
    about a name says whether the variable sets it (B-A07).
    """

    name = "one identity is meant"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        command, machine = case.command, case.machine
        of_all = command.verb in ABOUT_ALL or {"--all", "--probe"}.intersection(command.line)
        self.of_one = not (of_all or command.wrong)
        self.trouble = False
        name = meant(command, case.environ, machine) if command.ways else command.identity
        config = machine.config
        own = (each for each in identities(config) if root(config, each) == root(config, name))
        self.family = frozenset({name, *own}) - {""}

    def _about(self, event: Event) -> None:
        about = event.about
        name = about if type(about) is str else about[0]
        if self.of_one and name not in self.family:
            self.expect(right=False, what=f"{event.what} of {name}, not of {[*self.family]}")

    on_set = on_delete = on_replace = on_drop = on_mark = on_unmark = on_get = on_read = _about

    def on_say(self, event: Event) -> None:
        """Look where a name is said to come from."""
        text = event.about
        if not text.startswith("✗") or not _OF_A_NAME.match(text := " ".join(text.split())):
            return
        by_variable = not on_line(self.case.command) and bool(self.case.environ.get(VARIABLE))
        self.expect((_BY_VARIABLE in text) == by_variable, f"by {VARIABLE}: {by_variable}; {text}")

    @of_trouble
    def _trouble(self, event: Event) -> None:
        self.trouble = self.trouble or event.outcome != "ok"

    on_marked = on_other_markers = on_config = _trouble

    def end(self, status: int | None) -> None:
        """A line is refused where none is meant, and nowhere else."""
        command = self.case.command
        if command.ways and self.of_one and status is not None and not self.trouble:
            self.expect(status != 2, f"exit 2, and {[*self.family]} is meant")


class NearNames(Law):
    """B-K04, B-A05: of a name that is new, or that is none, the nearest is named if it is near.

    A profile of AWS's that is not there is answered with the nearest, or with all, too.  Where a
    config file says which there are, an unknown name is answered with all of them: but for
    the first word behind exec, which may be the command (docs/contract.md, "Commands").
    """

    name = "near names are named"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        command, machine = case.command, case.machine
        there = known(machine)
        others = there - {command.identity}
        of_one = command.verb in SAY and not OTHERWISE.intersection(command.line)
        of_one = of_one and command.identity not in unlisted(machine)
        of_names = bool(command.ways) and command.verb not in ABOUT_ALL
        self.judged = of_names if command.wrong else bool(others and of_one)
        name = named(command, case.environ, machine)
        self.of_profiles = command.verb == "import"
        if self.of_profiles:
            there = frozenset(aws_files(machine.files).names())
            name = next((each for each in names_on(command.line) if each not in there), "")
            self.judged = bool(command.wrong and name)
        self.new = bool(name) and name not in there
        self.names = tuple(nearest(name, there))
        near = self.names[:1] if self.new and self.names else ()
        self.near = frozenset(each for each in near if likeness(name, each) >= LIKE)
        self.said: frozenset[str] = frozenset()
        self.listed = False
        self.trouble = self.waits = False

    @of_trouble
    def _trouble(self, event: Event) -> None:
        self.trouble = self.trouble or event.outcome != "ok"

    on_marked = on_other_markers = on_config = on_marker = on_read = _trouble

    def on_acquire(self, event: Event) -> None:
        """Note that another process is waited for: nothing is read until then."""
        self.waits = event.outcome != "ok"

    on_lock_file = on_acquire

    def on_say(self, event: Event) -> None:
        """Note what is said of others, and whether all are listed in their order."""
        if not self.judged:
            return
        self.said |= {*_NEAREST.findall(event.about)}
        self.listed = self.listed or self._lists(event.about)

    def _lists(self, text: str) -> bool:
        """Tell whether a text has all names in their order; of a first word, how it is run."""
        if self.case.verb == "exec" and "--" not in self.case.command.line:
            return self._as_command in text
        places = [text.rfind(name) for name in self.names]
        in_order = self.of_profiles or places == sorted(places)
        return -1 not in places and in_order

    @property
    def _as_command(self) -> str:
        """How the line is run with its first word as the command.

        It has NAME in it where no identity is meant without a name.
        """
        command, machine = self.case.command, self.case.machine
        unnamed = command._replace(line=("exec", *command.config_option))
        given = f'--config "{command.config_option[1]}" ' if command.config_option else ""
        name = "" if meant(unnamed, self.case.environ, machine) else "NAME "
        word = on_line(command)
        shown = f'"{word}"' if " " in word else word
        return f"'authkit exec {given}{name}-- {shown} "

    def on_question(self, event: Event) -> None:
        """Before keys are typed it is known that they are for a name which is new."""
        if event.about[0].startswith("AWS Access Key ID"):
            self._look()

    def _look(self) -> None:
        if self.judged and not self.trouble and not self.waits:
            self.expect(self.said == self.near, f"{[*self.said]} is named, not {[*self.near]}")

    def end(self, status: int | None) -> None:
        """Look at what an error has said."""
        if status in {None, 130} or (status == 0 and self.case.verb not in SAY_AND_DO):
            return
        self._look()
        if self.judged and self.case.command.wrong and self.new and not self.trouble:
            near = self.of_profiles and self.near
            self.expect(self.listed or near, f"{self.names} are not listed")


class EachIsThere(Undisturbed):
    """B-K04, B-I01, B-O01: what is about every identity leaves out none, and invents none.

    Of what is left of an identity after a logout from all it is said that it is, and of no other.
    """

    name = "every identity is there"
    verbs = frozenset({"list", "complete-identities", "logout"})

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.dropped = self.tried = frozenset[str]()
        self.trouble = False
        self.told = ""  # what is said of failures
        self.waits = self.stuck = False  # for a lock; and that not all can be done, or known
        of_all = case.verb == "logout" and "--all" in case.command.line
        self.to_drop = known(case.machine) | {*case.machine.sessions} if of_all else frozenset()

    @of_trouble
    def _trouble(self, event: Event) -> None:
        self.trouble = self.trouble or event.outcome != "ok"

    on_marked = on_names = on_config = _trouble

    def on_put(self, event: Event) -> None:
        """Look at the names in a list."""
        if self.trouble or self.others:
            return
        if self.case.verb == "complete-identities":
            names = event.about.splitlines()
        elif self.case.verb != "list":
            return
        elif "--json" in self.case.command.line:
            names = [one["identity"] for one in json.loads(event.about)]
        else:
            names = [re.split(" {2,}", line)[0] for line in event.about.splitlines()[1:]]
        there = known(self.case.machine)
        self.expect(sorted(names) == sorted(there), f"{names}, and there are {sorted(there)}")

    def on_drop(self, event: Event) -> None:
        """Note whose session is dropped."""
        self.dropped |= {event.about}
        self.stuck = self.stuck or event.outcome != "ok"

    def on_acquire(self, event: Event) -> None:
        """Note whose turn it is."""
        self.tried |= {event.about}
        self.waits = event.outcome != "ok"
        self.stuck = self.stuck or event.outcome not in {"ok", "busy"}

    on_lock_file = on_acquire

    def on_release(self, _event: Event) -> None:
        """Note that a lock was had."""
        self.waits = False

    @of_trouble
    def on_marker(self, _event: Event) -> None:
        """Note that it is not known whether anything is left."""
        self.stuck = True

    on_read = on_get = on_delete = on_unmark = on_alone = on_marker

    def on_say(self, event: Event) -> None:
        """Note what is said of failures, and that a lock is waited for no more."""
        self.stuck = self.stuck or (self.waits and event.about.startswith("✗"))
        if self.to_drop and event.about.startswith(("✗", "⚠")):
            self.told += f"{' '.join(event.about.split())}\n"

    def _is_left(self, name: str) -> bool:
        """Tell whether anything is there that a logout from all takes away."""
        machine, keys = self.case.machine, "--keys" in self.case.command.line
        kept = keys and settings(machine.config, name)["kind"] != OF_ROLE
        there = kept and (name in machine.entries or name in machine.markers)
        mine = name in machine.sessions and not is_anothers(machine.sessions[name], name)
        return there or mine

    def end(self, status: int | None) -> None:
        """Look at whom a logout from all has left out: trouble with one is none of the others'."""
        if not self.to_drop or self.trouble or self.others or status not in {0, 1}:
            return
        left = self.to_drop - self.tried
        self.expect(not left, f"{sorted(left)} is not tried")
        if status == 0:
            left = self.to_drop - self.dropped
            self.expect(not left, f"{sorted(left)} is left out")
        if self.case.command.real:
            return
        left = frozenset(name for name in self.to_drop if self._is_left(name))
        self.expect(status == 0 or left or self.stuck, "exit 1, and nothing is left of anybody")
        self.expect(status or not left, f"exit 0, and something is left of {left}")
        untold = left - names_in(self.told, self.to_drop)
        self.expect(not untold, f"what is left of {untold} is not told")


class FaultsAreNamed(Law):
    """B-A04, B-A05: of a line or setting that means nothing it is said what is wrong, and where.

    A word that is mistyped gets the nearest of those that there are if it is near, else none;
    in a config file it then gets all of them (docs/contract.md, "Config file").
    """

    name = "a fault is named where it stands"

    @classmethod
    def concerns(cls, about: About) -> bool:
        """It is about such lines alone."""
        return about.wrong

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        row = case.command.wrong or MEANS_NOTHING
        self.typed, self.among = row.typed, row.among
        self.of_line = bool(row.line) and not (row.config or row.environ or row.stdin)
        self.unsaid = frozenset(row.says)
        self.near: frozenset[str] = frozenset()
        self.listed: frozenset[str] = frozenset()
        self.trouble = False

    @of_trouble
    def _trouble(self, event: Event) -> None:
        self.trouble = self.trouble or event.outcome != "ok"

    on_config = on_marked = on_read = on_marker = on_other_markers = _trouble

    def _reads(self, event: Event) -> None:
        """A line that means nothing is refused before anything else happens (B-E08)."""
        if self.of_line:
            self.expect(right=False, what=f"{event.what} by a line that means nothing")

    on_get = on_unlock = on_acquire = on_lock_file = _reads

    def on_say(self, event: Event) -> None:
        """Note what is said."""
        text = " ".join(event.about.split())
        self.unsaid = frozenset(what for what in self.unsaid if what not in text)
        self.near |= {*_NEAREST_WORD.findall(event.about)}
        self.listed |= {one for one in self.among if one in text}

    def end(self, status: int | None) -> None:
        """Compare it with what there is to say."""
        if status is None or self.trouble:
            return
        self.expect(not self.unsaid, f"{sorted(self.unsaid)} is not said")
        best = nearest(self.typed, self.among)[:1]
        near = {one for one in best if likeness(self.typed, one) >= LIKE}
        if self.typed:
            self.expect(self.near == near, f"{sorted(self.near)} is said to be near, not {near}")
        if self.typed and not near and self.case.command.config and len(self.among) > 1:
            left = sorted({*self.among} - self.listed)
            self.expect(not left, f"{left} is not said to be there")


LAWS = (OneIsMeant, NearNames, EachIsThere, FaultsAreNamed)
