"""Laws about words: what may be shown, what is typed unseen, and what a shell makes of a text.

Also what a line means: to whom it is about, what its child gets, and which lines mean nothing.
"""

from __future__ import annotations

import json
import re
import shlex
import sys
from datetime import UTC, datetime
from functools import cache, lru_cache
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.explore import foreign, seats, shells
from tests.explore.commands import ALONE, IN_CI, NO_INPUT, STRIPPED
from tests.explore.configs import identities, option, plain, program, region, root
from tests.explore.expected import known as there
from tests.explore.law import LOGS_IN, Law, fields, is_anothers, of_trouble, session
from tests.explore.laws_of_doctor import shown
from tests.explore.laws_of_ends import SECRETS
from tests.explore.laws_of_naming import on_line
from tests.explore.laws_of_use import REGIONS
from tests.explore.machine import NAMES
from tests.explore.naming import VARIABLE
from tests.explore.starts import seconds
from tests.explore.wrong_lines import MEANS_NOTHING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from types import FrameType

    from tests.explore.events import Event
    from tests.explore.law import About, Case

_CONTRACT = Path(__file__).parents[2] / "docs" / "contract.md"
SHELL = ("/bin/sh",)  # the person's
OF_CLOCK = "AWS refused the time of the request"  # as often as it does
NOT_ECHOED = {"AWS Secret Access Key", "Keyring passphrase"}  # what is typed unseen
VALUES = "authkit.core.model"  # where their classes are
PROCESS = "tests.explore.process"
KEYS = "access_key_id|secret_access_key"  # that no config file may have
OFF = 90  # seconds by which the time of a request may be off AWS's
SLACK = 60  # seconds: what is left is shown rounded down to a minute
_OPEN = re.compile(r"…|\bNAME\b|\bFILE\b|\bCOMMAND\b")
_COMMAND = re.compile(r"'(authkit [^']*)'")
_ABOUT = {"login", "user configure", "logout"}  # commands that are said with an identity
_NO_CONFIG = {"help", "completion"}  # commands that look into no config file
_VALUES = {"-i", "-p", "--identity", "--profile", "--config", "--min-ttl", "--region", "--duration"}
_NAMED = {"-i", "-p", "--identity", "--profile"}


def secret_in(text: str) -> str:
    """Return the beginning of a secret that is in a text, "" for none."""
    return next((secret for secret in SECRETS if secret in text), "")


class NothingForeign(Law):
    """B-A01, B-L26: what others wrote neither controls the screen nor fills it."""

    name = "nothing foreign controls the screen"

    def on_say(self, event: Event) -> None:
        """Check a text, or data."""
        found = foreign.wrong(event.about)
        self.expect(not found, found)

    on_put = on_debug = on_say

    def on_ask(self, event: Event) -> None:
        """Check a prompt."""
        found = foreign.wrong(event.about[1])
        self.expect(not found, found)


class ValuesHideSecrets(Law):
    """B-S01: no value of authkit's shows a secret, in whatever way it is made a text."""

    name = "values hide their secrets"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.looked: frozenset[str] = frozenset()

    def on_call(self, event: Event) -> None:
        """Look at every value that authkit's functions hold at the first call of an operation."""
        if event.about.operation in self.looked:
            return
        self.looked |= {event.about.operation}
        for value in held(sys._getframe(1)):  # noqa: SLF001 - there is no other way to the stack
            shown = next(filter(secret_in, ways_to_show(value)), "")
            self.expect(not shown, f"a {type(value).__name__} is shown as {shown}")

    def on_say(self, event: Event) -> None:
        """No code that was sent is on the screen: STS may take it still."""
        shown = [code for code in self.case.machine.sent if code in event.about]
        self.expect(not shown, f"{shown} is on the screen")

    on_debug = on_say

    def on_ask(self, event: Event) -> None:
        """No prompt shows a secret."""
        self.expect(not secret_in(event.about[1]), f"the prompt {event.about[1]!r}")


def held(frame: FrameType | None) -> Iterator[Any]:
    """Yield authkit's values in the variables of a stack, as far as the start of its process."""
    seen: set[int] = set()
    while frame is not None and (module := frame.f_globals["__name__"]) != PROCESS:
        if module[:8] == "authkit.":
            for value in frame.f_locals.values():
                if type(value).__module__ == VALUES and id(value) not in seen:
                    seen.add(id(value))
                    yield value
        frame = frame.f_back


def ways_to_show(value: object) -> Iterator[str]:
    """Yield the texts that Python makes of a value, and of what it holds."""
    yield repr(value)
    inside = value.values() if isinstance(value, dict) else getattr(value, "__dict__", {}).values()
    for part in inside:
        if hasattr(part, "reveal"):
            yield f"{part} {part!s} {part!r}"


class TypedUnseen(Law):
    """B-K06, B-C01: secrets, and they alone, are typed unseen; what cannot be seen is not kept."""

    name = "what is typed is as it is seen"

    def on_question(self, event: Event) -> None:
        """Check whether the answer can be seen while it is typed."""
        text, unseen = event.about
        title = next((title for title in NOT_ECHOED if text.startswith(title)), "")
        self.expect(unseen == bool(title), f"{text!r} is typed {'un' * unseen}seen")

    def on_set(self, event: Event) -> None:
        """Check what is kept."""
        texts = (fields(event.about[1]) or {}).values()
        hidden = [text for text in texts if foreign.UNSEEN.search(text)]
        self.expect(not hidden, f"{hidden!r} is kept")

    def on_call(self, event: Event) -> None:
        """Check what is sent."""
        sent = (*event.about.pair, *(event.about.code or ()))
        self.expect(not any(map(foreign.UNSEEN.search, sent)), f"{sent!r} is sent")


class TimesAreTrue(Law):
    """B-L25, B-W02: what is shown of an end is the session's; what is left is rounded down."""

    name = "times are true"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.ends: frozenset[int] = frozenset()
        self.corrected = self.doubted = False
        self.last = ""
        self.noted: datetime | None = None
        self._look()

    def _look(self) -> None:
        found = map(session, self.case.machine.sessions.values())
        self.ends |= {int(one["expiration"]) for one in found if one}

    def on_replace(self, _event: Event) -> None:
        """Note a new session."""
        self._look()

    def on_call(self, event: Event) -> None:
        """Note that AWS has told its time, and whether it has refused that too."""
        if event.outcome == "skew":
            self.doubted = self.doubted or self.last == "skew"
            self.corrected = True
        self.last = event.outcome

    def on_signed(self, event: Event) -> None:
        """A request is signed by the time that AWS has told last (B-L10)."""
        if self.corrected and not self.doubted:
            self.expect(abs(event.about) <= OFF, f"a request's time is {event.about} s off")

    def on_mark(self, event: Event) -> None:
        """When keys were saved is noted in AWS's time, once that is known (B-L08, B-L10)."""
        machine, untried = self.case.machine, event.about[1].untried
        if untried == self.noted:
            return  # something else is noted
        self.noted = untried
        if untried and self.corrected and event.outcome == "ok":
            off = (untried - machine.now - machine.aws).total_seconds()
            self.expect(abs(off) < SLACK, f"keys are noted as saved {off} s from now")

    def on_others(self, _event: Event) -> None:
        """Note one of another process."""
        self._look()

    def _shown(self, event: Event) -> None:
        for instant, left in times(event.about):
            if instant:
                self._instant(instant)
            if any(left):
                self._left(instant, left)

    on_say = on_put = _shown

    def _instant(self, shown: str) -> None:
        said = [f"{datetime.fromtimestamp(end, UTC):%Y-%m-%d %H:%M:%S} UTC" for end in self.ends]
        self.expect(shown in said, f"no session ends at {shown}, but {said}")

    def _left(self, instant: str, parts: Sequence[str]) -> None:
        """Check hours, minutes and seconds against the ends that there are.

        The machine's clock may be wrong: once AWS has told its time that is what counts, unless
        it refuses that time too.
        """
        hours, minutes, seconds = (int(part or 0) for part in parts)
        shown = hours * 3600 + minutes * 60 + seconds
        machine = self.case.machine
        own, off = machine.now.timestamp(), machine.aws.total_seconds()
        clocks = {own + off} if self.corrected else {own}
        clocks |= {own} if self.doubted else set()
        ends = self.ends
        if instant:
            at = datetime.fromisoformat(f"{instant.removesuffix(' UTC')}+00:00")
            ends = frozenset({int(at.timestamp())})
        for end, now in product(ends, clocks):
            left = max(0, end - now)  # STS may take a session that is over by its own time
            if left - (1 if seconds else SLACK) < shown <= left:
                self.held()
                return
        self.expect(not ends, f"{parts} left, at {sorted(clocks)} of {sorted(ends)}")


@lru_cache(maxsize=20_000)
def times(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return the ends in a text, and what is said to be left: hours, minutes and seconds."""
    left = r"(?:(\d+)h )?(?:(\d+)m)?(?:(\d+)s)?"
    rows = re.findall(rf"Expires +(\S+ \S+ UTC) \({left}\b", text)
    soon = re.findall(rf"ends in {left}\.", text)
    ends = re.findall(r"\b(?:[Uu]ntil|ended at) (\d{4}-\S+ \S+ UTC)", text)
    return [
        *((instant, tuple(parts)) for instant, *parts in rows),
        *(("", tuple(parts)) for parts in soon),
        *((instant, ()) for instant in ends),
    ]


class EnvironmentIsEvaluated(Law):
    """B-E02: what `env` prints, read by the rules of the shell that it is for, is the session."""

    name = "a shell reads what env prints"

    def on_put(self, event: Event) -> None:
        """Evaluate it."""
        line = self.case.command.line
        if self.case.verb != "env" or event.outcome != "ok":
            return
        form = line[line.index("--format") + 1] if "--format" in line else "sh"
        try:
            found = shells.evaluated(form, event.about)
        except ValueError as error:
            self.expect(right=False, what=f"{form}: {error} in {event.about!r}")
            return
        left = [name for name in STRIPPED if form != "dotenv" and found.get(name, "-") is not None]
        if "--unset" in line:
            self._undone(found)
            return
        cached = session(self.case.machine.sessions.get(self.case.identity)) or {}
        wanted = dict(cached.get("variables", {})) or {
            "AWS_ACCESS_KEY_ID": cached.get("access_key_id"),
            "AWS_SECRET_ACCESS_KEY": cached.get("secret_access_key"),
            "AWS_SESSION_TOKEN": cached.get("session_token"),
        }
        wanted["AUTHKIT_IDENTITY"] = self.case.identity
        self.expect(not {*left} - {*wanted}, f"{left} stay")
        for name, value in wanted.items():
            self.expect(
                found.get(name) == (value or None), f"{form}: {name} is {found.get(name)!r}"
            )
        if not self.case.brought:
            left_alone = all(found.get(name, "before") for name in shells.OF_ELSEWHERE)
            self.expect(left_alone, "what is another vendor's is unset")

    def _undone(self, found: Mapping[str, str | None]) -> None:
        """Check that what `env` sets is gone, and a region that it would not set is there."""
        command = self.case.command
        own = region(command.config, command.line, command.identity)
        whose = on_line(command) or self.case.environ.get(VARIABLE)  # as `env` has set it
        stay = {name for name in REGIONS if not whose or self.case.environ.get(name) != own}
        names = (*shells.BEFORE, *shells.OF_ELSEWHERE)
        gone = {name for name in names if found.get(name, "") is None}
        text = self.case.machine.sessions.get(command.identity)
        cached = {} if is_anothers(text, command.identity) else session(text) or {}
        wanted = ({*shells.BEFORE} - stay) | {*cached.get("variables", ())}
        self.expect(gone == wanted, f"{sorted(gone ^ wanted)}: unset, or not, by mistake")


class ChildGetsItsWords(Law):
    """B-E08: the child gets the words of the line that are its own, byte for byte."""

    name = "a child gets its words"

    def on_child_words(self, event: Event) -> None:
        """Compare them."""
        wanted = child_of(self.case.command.line) or SHELL
        self.expect(event.about == wanted, f"{event.about} instead of {wanted}")

    def end(self, status: int | None) -> None:
        """Without a command it is a shell, which is for who sits at a terminal."""
        if self.case.verb != "exec" or self.case.attended or self.case.command.wrong:
            return
        if not child_of(self.case.command.line):
            self.expect(status in {2, 125, None}, f"exit {status} of a shell without a terminal")

    def on_program_words(self, event: Event) -> None:
        """Compare those of a program that prints codes."""
        command = self.case.command
        wanted = program(command.config, root(command.config, command.identity))
        self.expect(event.about == wanted, f"{event.about} instead of {wanted}")


def child_of(line: tuple[str, ...]) -> tuple[str, ...]:
    """Return the child's words in a line of exec (docs/contract.md, "Commands")."""
    named, place = False, 1
    while place < len(line) and line[place] != "--":
        word = line[place]
        if word.startswith("-"):
            named = named or word in _NAMED
            place += 2 if word in _VALUES else 1
        elif named:
            return line[place:]
        else:
            named = True
            place += 1
    return line[place + 1 :]


class WrongLines(Law):
    """B-K04, B-E08, B-A05: a line or setting that means nothing is refused, and does nothing.

    Of keys in the config file it is said where they belong (docs/contract.md, "Config file").
    """

    name = "what means nothing does nothing"

    @classmethod
    def concerns(cls, about: About) -> bool:
        """It is about such lines alone."""
        return about.wrong

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.trouble = False
        self.misplaced = bool(re.search(f"^({KEYS}) =", case.command.config or "", re.MULTILINE))

    def on_say(self, event: Event) -> None:
        """Note that it is said where keys belong."""
        self.misplaced = self.misplaced and "keys belong in the keyring" not in event.about

    def _does(self, event: Event) -> None:
        self.expect(right=False, what=f"{event.what} by a line that means nothing")

    on_ask = on_call = on_child = on_set = on_delete = on_replace = on_drop = on_mark = _does
    on_unmark = on_note = on_file_replace = on_post = _does

    @of_trouble
    def _look(self, event: Event) -> None:
        self.trouble = self.trouble or event.outcome != "ok"

    on_read = on_marker = on_marked = on_other_markers = on_names = on_config = _look
    on_unlock = on_get = on_acquire = on_sleep = _look

    def end(self, status: int | None) -> None:
        """It ends with exit status 2."""
        if status is not None:
            wanted = (self.case.command.wrong or MEANS_NOTHING).status
            self.expect(status == wanted or (self.trouble and status != 0), f"exit {status}")
            self.expect(not self.misplaced or self.trouble, "where keys belong is not said")


class SaidOnce(Law):
    """B-A04: what looks, and what takes away, says nothing twice, and doctor finds nothing twice.

    What AWS answers to two calls may be the same, and so may what is said of a wrong clock.
    """

    name = "nothing is said twice"
    verbs = frozenset({"whoami", "list", "doctor", "env", "logout", "complete-identities"})
    verbs |= {"profile add", "profile remove"}

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.said: frozenset[str] = frozenset()

    def on_say(self, event: Event) -> None:
        """Look whether it was said."""
        again = event.about in self.said and OF_CLOCK not in event.about
        self.expect(not again, f"{event.about!r} is said again")
        self.said |= {event.about}

    def on_others(self, _event: Event) -> None:
        """What another process did may be found, and said, once more."""
        self.said = frozenset()

    def on_put(self, event: Event) -> None:
        """Look at each finding of doctor's."""
        if self.case.verb != "doctor" or event.outcome != "ok":
            return
        if event.about.startswith("["):
            found = json.loads(event.about)
            rows = [one["words"] if one["cure"] else f"{one['check']}: {one}" for one in found]
        else:
            found = shown(event.about)
            rows = [w if mark == "✗" else f"{mark} {check}: {w}" for mark, check, w in found]
        twice = [row for row in rows if rows.count(row) > 1]
        self.expect(not twice, f"{twice} is found twice")


class HelpHelps(Law):
    """docs/contract.md, "Commands": help tells of every command, and of each its options.

    It does nothing else, and nor does the version.
    """

    name = "help tells of what there is"
    verbs = frozenset({"help", "version"})

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.shown = ""

    def on_put(self, event: Event) -> None:
        """Note what is shown."""
        self.shown = event.about if event.outcome == "ok" else ""

    def _does(self, event: Event) -> None:
        self.expect(right=False, what=f"{event.what} by what only tells")

    on_ask = on_call = on_child = on_set = on_delete = on_replace = on_drop = on_mark = _does
    on_unmark = on_note = on_file_replace = on_post = on_unlock = on_get = on_acquire = _does

    def end(self, status: int | None) -> None:
        """Compare it with the page of the contract."""
        line = self.case.command.line
        spelt = self.case.command.spelt
        if status is None or (spelt and not spelt.words):  # nothing is asked for: it is said
            self.expect(status in {None, 2}, f"exit {status} for nothing")
            return
        self.expect(status == 0 or not self.shown, f"exit {status}")
        if status != 0:
            return
        if self.case.verb == "version":
            right = re.fullmatch(r"authkit \d+(\.\d+)+\S*", self.shown)
            self.expect(right, f"the version is {self.shown!r}")
            return
        told = promised()
        words = told.get(" ".join(line[1:]), frozenset(told))
        missing = [word for word in words if not re.search(rf"{word}(?![\w-])", self.shown)]
        self.expect(not missing, f"{missing} is not on the page of {line[1:]}")


@cache
def promised() -> Mapping[str, frozenset[str]]:
    """Return the options of each command, as the contract has them."""
    found: dict[str, frozenset[str]] = {}
    for row in re.findall(r"^authkit (.+)", _CONTRACT.read_text("utf-8"), re.MULTILINE):
        verbs, _, rest = re.sub(r"(?<=\w) (?=configure|add)", "~", row).partition(" ")
        first, _, second = verbs.partition("~")
        for last in second.split("|"):
            found[f"{first} {last}".strip()] = frozenset(re.findall(r"--[a-z-]+", rest)) - {"--"}
    return found


class WhoIsMeant(Law):
    """B-L27: a command that is said is one that a shell can read, about the same identity.

    A login bears what was asked for in this one.
    """

    name = "what is said is about the same"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.turn = ""  # whose it is, where a command is about every identity

    def on_acquire(self, event: Event) -> None:
        """Note whose turn it is."""
        self.turn = event.about

    on_lock_file = on_acquire

    def on_say(self, event: Event) -> None:
        """Look at each command in a text."""
        if "'authkit " not in event.about:
            return
        self._in_the_same_file(event.about)
        if self.case.command.wrong:
            return
        for said, words in commands_in(event.about):
            self.expect(words is not None, f"{said!r} is no line of a shell")
            if words and not _OPEN.search(said):
                self._command([*plain(tuple(words))])

    def on_put(self, event: Event) -> None:
        """Look at each cure of doctor's."""
        if self.case.verb == "doctor" and event.outcome == "ok" and event.about.startswith("["):
            for found in json.loads(event.about):
                self._in_the_same_file(found["cure"] or "")

    def _in_the_same_file(self, text: str) -> None:
        """Check that what is said to be run next bears --config, if it was given."""
        config = option(self.case.command.line, "--config")
        for said, words in commands_in(text) if config else ():
            own = plain(tuple(words or ()))
            none = not own or own[0].startswith("-") or own[0] in _NO_CONFIG or "--help" in own
            given = option(own, "--config")
            self.expect(none or given == config, f"{said!r} is without --config {config}")

    def _command(self, words: list[str]) -> None:
        line = self.case.command.line
        verb = " ".join(words[: 1 + (words[0] in {"user", "profile"})])
        if verb not in _ABOUT or "--help" in words or "--all" in words:
            return
        named = {*NAMES}.intersection(words)
        if "--identity" in words:
            named = {words[words.index("--identity") + 1]}
        several = self.case.command.config or "--all" in line
        known = {*NAMES} if several else {self.case.identity}
        if self.case.verb == "import":
            known = {*identities(self.case.machine.config)}
        known = {self.turn} if self.case.verb == "logout" and "--all" in line else known
        known = {*there(self.case.machine)} if self.case.verb == "list" else known
        right = named and named <= known
        self.expect(right, f"{' '.join(words)} is about {', '.join(named) or 'nobody'}")
        if verb == "login" and named == {self.case.identity} and self.case.verb in LOGS_IN:
            self._as_asked(words)

    def _as_asked(self, words: list[str]) -> None:
        """Check that a login which goes on asks for the same duration and region."""
        for named in ("--duration", "--region"):
            wanted, there = option(self.case.command.line, named), option(tuple(words), named)
            same = there == wanted or (there and wanted and seconds(there) == seconds(wanted))
            self.expect(same, f"{' '.join(words)}: {named} {there}, and {wanted} was given")


class WhyNobodyIsAsked(Law):
    """B-K07: where nobody may be asked, what forbids it is named."""

    name = "what forbids asking is named"

    def on_say(self, event: Event) -> None:
        """Look for the reason."""
        if "nobody to ask here" not in event.about:
            return
        self.expect(not self.case.attended, f"there is somebody: {event.about!r}")
        command, environ = self.case.command, self.case.environ
        seat = seats.ALONE if command.way == ALONE else self.case.machine.seat
        ci = f"CI={environ.get('CI', '')[:3]}" if command.way == IN_CI else ""
        why = "--no-input" if command.way == NO_INPUT else ci or seats.SEATS[seat].why
        why = "--stdin" if "--stdin" in command.line else why or "never asks"
        self.expect(why in event.about, f"{why!r} is not named in {event.about!r}")


@lru_cache(maxsize=20_000)
def commands_in(text: str) -> list[tuple[str, list[str] | None]]:
    """Return the commands in a text, and their words behind authkit's: None for no shell's."""
    found: list[tuple[str, list[str] | None]] = []
    for said in _COMMAND.findall(text):
        try:
            found.append((said, shlex.split(said)[1:]))
        except ValueError:
            found.append((said, None))
    return found


class TroubleIsNamed(Law):
    """B-L18: an error tells network trouble from AWS trouble."""

    name = "network trouble is told from AWS trouble"
    _network = {"unsent", "lost"}  # noqa: RUF012 - it does not change

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.last = ""

    def on_call(self, event: Event) -> None:
        """Note what came last."""
        self.last = event.outcome

    def on_say(self, event: Event) -> None:
        """Check what is said of it."""
        if self.last in self._network:
            self.expect("cannot be understood" not in event.about, f"{self.last}: {event.about!r}")
        elif self.last == "broken":
            self.expect("cannot be reached" not in event.about, f"{self.last}: {event.about!r}")


LAWS = (
    TroubleIsNamed,
    WhyNobodyIsAsked,
    NothingForeign,
    ValuesHideSecrets,
    TypedUnseen,
    TimesAreTrue,
    EnvironmentIsEvaluated,
    ChildGetsItsWords,
    WrongLines,
    HelpHelps,
    SaidOnce,
    WhoIsMeant,
)
