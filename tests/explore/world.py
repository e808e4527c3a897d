"""The World of one process: each port answers as a chooser chooses, and records every call."""

from __future__ import annotations

import json
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, TypeVar

from authkit.adapters.clock import CorrectedClock
from authkit.adapters.world import RealWorld
from authkit.core.failures import Cancelled, CannotRun, Failure, KeyringTrouble
from authkit.core.model import Question, Secret
from tests.explore import answers, failures, narrow, places
from tests.explore.answers import DONE, LATER, OK, TYPED
from tests.explore.disk import Disk, DiskLock, DiskMarkers, DiskNotes
from tests.explore.effects import Effects
from tests.explore.events import Crash, Posted
from tests.explore.folder import ConfigText, Files, Lock, Markers, Notes, Sessions
from tests.explore.foreign import ODD
from tests.explore.machine import START, parsed
from tests.explore.seats import ATTENDED, seated
from tests.explore.service import Service
from tests.explore.sights import NOTHING_WRONG, SIGHTS
from tests.explore.starts import UNSAID, seconds
from tests.support.brought_kind import DURATION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from authkit.core import ports
    from tests.explore.chooser import Choice, Chooser
    from tests.explore.effects import Record
    from tests.explore.machine import Machine


T = TypeVar("T")


class World(Effects):
    """ports.World, and those of its ports that have no class of their own.

    `record` takes each event; `turn` is called before each effect: another process may go
    on there.  `config`, `no_input` and `unasked` are what ``adapters.world.RealWorld`` takes.
    """

    def __init__(  # noqa: PLR0913 - what a process is given
        self,
        machine: Machine,
        chooser: Chooser,
        record: Record,
        config: str | None = None,
        *,
        no_input: bool = False,
        unasked: str = "",
        environ: Mapping[str, str],
        seat: str = ATTENDED,
        real: str = "",
        narrowly: str = "",
        stdin: str = "",
        keeps: bool = False,
        process: int = 0,
        turn: Callable[[Effects, str], None] | None = None,
    ) -> None:
        super().__init__(machine, chooser, record, process, turn)
        self._real = real
        self._sts: dict[str, ports.Sts] = {}
        if narrowly:
            self.choose = narrow.narrowed(chooser, narrowly)
        self.environ, self._stdin, self._option = environ, stdin, config
        self._keeps = keeps
        self._sight = SIGHTS[machine.sight or NOTHING_WRONG]
        self._unlocked = False  # what opens the keyring is had once a command (B-S09)
        self._no_input, self._unasked = no_input, unasked
        with seated(seat):
            self.unasked: str = RealWorld.unasked.fget(self)  # type: ignore[attr-defined]
        self.prompter = None if self.unasked else self
        self.screen = self.keyring = self.children = self.programs = self.web = self
        self.clock = CorrectedClock(self, self)
        disk = self._disk = Disk(self) if real == "disk" else None
        self.sessions: ports.Sessions = disk or Sessions(self)
        self.markers: ports.Markers = DiskMarkers(disk) if disk else Markers(self)
        self.notes: ports.Notes = DiskNotes(disk) if disk else Notes(self)
        self.files = Files(self)
        self.config = ConfigText(self, config or machine.config_path)

    def state(self) -> tuple[object, ...]:
        """Return what this process has beside its stack, and what it has had once already."""
        return (*super().state(), self._unlocked, self.config.found)

    # Clock and lock.

    def time(self) -> float:
        """Return the instant of the machine's clock, in seconds since 1970."""
        return self.machine.now.timestamp()

    def now(self) -> datetime:
        """Return the instant of the machine's clock."""
        return self.machine.now

    def elapsed(self) -> timedelta:
        """Return the time since the start."""
        return self.machine.now - START - self.machine.jumped

    def zone(self) -> tzinfo:
        """Return UTC."""
        return UTC

    def sleep(self, pause: timedelta) -> None:
        """Move the clock, or raise KeyboardInterrupt."""
        outcome = self.chosen(answers.SLEEP)
        self.note("sleep", pause.total_seconds(), outcome)
        if outcome == "^C":
            raise KeyboardInterrupt
        self.machine.now += timedelta(days=3) if outcome == answers.ASLEEP else pause

    def versions(self) -> dict[str, str]:
        """Return the versions of the sight."""
        return dict(self._sight.versions)

    def found(self, _program: str) -> tuple[str, str]:
        """Return the file of the sight, and why it cannot be run."""
        return self._sight.found

    def shared(self, path: str) -> tuple[str, str]:
        """Return who else may write to a path in the sight."""
        return self._sight.shared.get(path, ("", ""))

    def width(self) -> int:
        """Return the columns of a screen."""
        return 80

    def shell(self) -> str:
        """Return the person's shell."""
        return "/bin/sh" if self.prompter else ""

    def program(self) -> list[str]:
        """Return the words that start authkit, as the real code finds them."""
        machine = self.machine
        return places.started_by(machine.program, self._option, self.environ, machine.files)

    def post(self, url: str, form: Mapping[str, str]) -> tuple[int, str]:
        """Answer as the service of a kind from elsewhere.  Raises Unreachable."""
        outcome = self.chosen(failures.WEB)
        granted = outcome in {OK, "shorter", "over on arrival"}
        token = f"token-of-web-{self.machine.next('web')}" if granted else ""
        asked = seconds(form.get("session_duration") or DURATION)
        lasts = 0 if outcome == "over on arrival" else asked
        lasts -= UNSAID + 1 if outcome == "shorter" else 0
        posted = Posted(url, tuple(sorted(form.items())), token, asked, lasts)
        self.note("post", posted, outcome)
        self.machine.now += timedelta(seconds=answers.TAKES.get(outcome, 0))
        if outcome in answers.ANSWERS:
            raise answers.ANSWERS[outcome]("POST")
        return (200, f"{token} {lasts}") if granted else (403, "")

    def lock(self, name: str) -> ports.Lock:
        """Return the lock of this name."""
        return DiskLock(self._disk, self, name) if self._disk else Lock(self, name)

    def sts(self, region: str) -> Service:
        """Return STS in that region."""
        if self._real == "wire":
            from tests.explore.wire import Wire  # noqa: PLC0415 - slow to import

            return Wire(self, region)
        return Service(self, region)

    # The person and the streams.

    def say(self, text: str, *, close: bool = False) -> None:  # noqa: ARG002 - the port's
        """Record the text."""
        if self.dead:
            raise Crash
        self.seldom(failures.SAY)
        if self._disk:
            text = self._disk.shown(text)
        self.note("debug" if text.startswith("debug: ") else "say", text)

    def put(self, text: str) -> None:
        """Record the text.  Raises BrokenPipeError, Failure."""
        outcome = self.chosen(answers.PUT)
        self.note("put", text, outcome)
        if outcome == "its reader has gone":
            raise BrokenPipeError
        if outcome != OK:
            raise Failure("stdout-trouble", reason="No space left on device")

    def foreign(self) -> None:
        """Do nothing: a path does not show where lines end."""

    def ask(self, question: Question) -> str:
        """Return an answer.  Raises Cancelled."""
        title = next((title for title in TYPED if question.text.startswith(title)), "")
        if not title:
            raise LookupError(question.text)
        self.enter("ask")
        self.note("question", (question.text, question.secret))
        offered = self._keeps and ("[" in question.text or "(optional" in question.text)
        typed = (answers.KEPT if offered else TYPED)[title]
        again = f"{failures.ONCE}{title}"
        option = self.machine.answers.pop(again, "")  # what is typed behind what was refused
        option = option or self.choose(failures.widened(typed) if self.singly else typed)
        option, _, then = option.partition(failures.THEN)
        if then:
            self.machine.answers[again] = then
        answer = self._answer(title, option)
        self.note("ask", (title, question.text, answer), option)
        self.typed_at = self.machine.now
        if answer in {"^C", "^D"}:
            raise Cancelled(answer)
        return answer

    def _answer(self, title: str, option: str) -> str:
        """Return what is typed; some time may go by."""
        if option.endswith(LATER):
            self.machine.now += timedelta(seconds=40)
        self.machine.jump(option)
        template = option.partition(", ")[0]
        if "{before}" in template and self.machine.sent:
            return self.machine.sent[-1]
        code = ""
        if title == "Enter MFA Token" and "{" in template:
            code = f"0{12_345 + self.machine.next('code')}"
            spread = " ".join(code)
            return spread if "spread" in template else code
        return template.format(self.machine.next("typed")) if "{0}" in template else template

    def stdin(self) -> str:
        """Return standard input.  Raises UnicodeDecodeError."""
        outcome = self.chosen(answers.STDIN)
        self.note("stdin", None, outcome)
        if outcome == "cannot be read":
            raise Failure("stdin-unreadable", reason=outcome)
        if outcome == "not UTF-8":
            raise UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte")
        given = parsed(self._stdin)
        if not isinstance(given, dict):  # one of ``wrong_lines``
            return self._stdin
        if outcome in answers.GIVEN:
            names = answers.GIVEN[outcome]
            return json.dumps({name: given[name] for name in names if name in given})
        if device := failures.GIVEN_DEVICES.get(outcome):
            return json.dumps(given | {"mfa_arn": device})
        return {"not JSON": "{", "an odd field": '{"odd": "x"}'}.get(outcome, self._stdin)

    # Keyring.

    @property
    def backend(self) -> str:
        """The name of the keyring.  Raises KeyringTrouble."""
        return self._named("tests.explore")

    @property
    def backends(self) -> tuple[str, ...]:
        """The name of the keyring alone.  Raises KeyringTrouble."""
        return self._named(("tests.explore",))

    @property
    def chosen_by(self) -> str:
        """The setting that chose the keyring in the sight.  Raises KeyringTrouble."""
        return self._named(self._sight.chosen_by)

    @property
    def noticed(self) -> bool:
        """Whether the keyring has said something.  Raises KeyringTrouble."""
        return self._named(False)  # noqa: FBT003 - a value of any type

    @property
    def in_the_clear(self) -> bool:
        """Whether the keyring writes entries down unencrypted.  Raises KeyringTrouble."""
        return self._named(self.machine.in_the_clear)

    def _named(self, value: T) -> T:
        if (outcome := self.seldom(failures.BACKEND)) != OK:
            self.note("named", None, outcome)
            raise KeyringTrouble(outcome, f"it does not work{ODD}")
        return value

    def unlock(self, *, writing: bool = False, notice: Callable[[], str] = str) -> None:  # noqa: ARG002
        """Do nothing, ask for a passphrase, or raise KeyringTrouble.  Raises Cancelled."""
        if self._unlocked or self._keyring(answers.UNLOCK, None) != answers.ASKS:
            self._unlocked = True
            return
        if self.prompter is None:
            raise KeyringTrouble("locked", "nobody can be asked for its passphrase")
        self.ask(Question("Keyring passphrase: ", secret=True))
        self._unlocked = True

    def alone(self) -> AbstractContextManager[None]:
        """Return a context in which no other process writes to the keyring."""
        return self._alone()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self._keyring(answers.ALONE, None)
        while self._turn and self.machine.writer not in {None, self.process}:
            self._turn(self, "pause")  # it waits for the other one
        self.machine.writer = self.process
        try:
            yield
        finally:
            if not self.dead:
                self.machine.writer = None
                self.note("not alone")

    def get_password(self, _service: str, username: str) -> str | None:
        """Return the entry."""
        outcome = self._keyring(answers.GET, username)
        if outcome == "corrupt":
            return "{"
        if outcome == "later-version":
            return '{"version": 2}'
        return self.machine.entries.get(username)

    def set_password(self, _service: str, username: str, password: str) -> None:
        """Replace the entry; a forgetful keyring drops the new one without an error."""

        def act() -> None:
            self.machine.entries[username] = password

        self._keyring(answers.SET, username, act, password)

    def delete_password(self, _service: str, username: str) -> None:
        """Delete the entry."""
        self._keyring(answers.DELETE, username, lambda: self.machine.entries.pop(username, None))

    def _keyring(
        self,
        choice: Choice,
        name: str | None,
        act: Callable[[], object] | None = None,
        text: str = "",
    ) -> str:
        outcome = self.chosen(choice, name)
        fails = outcome.removesuffix(DONE) in _KEYRING_STATES
        fails = fails or outcome == failures.LOSES
        if act and (not fails or outcome.endswith(DONE)) and outcome != "not-kept":
            act()
        if outcome == failures.LOSES:
            self.machine.entries.pop(name or "", None)
        alone = choice is answers.ALONE and outcome.startswith("others ")
        self.note(choice.what.removeprefix("keyring "), (name, text), OK if alone else outcome)
        if fails:
            state = outcome.removesuffix(DONE).partition(",")[0]
            raise KeyringTrouble(state, f"it does not work{ODD}")
        self.after(outcome)
        return outcome

    # Programs.

    def run(self, command: Sequence[str], environ: Mapping[str, str]) -> int:
        """Run the child."""
        self.note("child words", tuple(command))
        ending = self.chosen(answers.CHILD)
        self.note("child", dict(environ), ending)
        if ending in answers.CANNOT_RUN:
            raise CannotRun(*answers.CANNOT_RUN[ending])
        self.machine.now += timedelta(days=2 * ending.endswith("days"))
        return int(ending.partition(" ")[0])

    def line(self, command: Sequence[str], environ: Mapping[str, str], within: timedelta) -> Secret:
        """Return what `mfa_process` prints."""
        self.note("program words", tuple(command))
        self.note("program may take", within.total_seconds())
        if self.machine.answers.get("mfa_process"):
            ending = answers.SAME_CODE
            self.enter("mfa_process")
        else:
            ending = self.chosen(answers.PROGRAM)
        if ending == answers.SAME_CODE:
            self.machine.answers["mfa_process"] = ending
        self.note("program", dict(environ), ending)
        if ending in answers.OF_PROGRAM:
            self.machine.now += within * (ending == "hangs")
            raise CannotRun(*answers.OF_PROGRAM[ending])
        self.typed_at = self.machine.now
        if ending in answers.NO_CODES:
            return Secret(answers.NO_CODES[ending])
        if ending.startswith("the code before") and self.machine.sent:
            code = self.machine.sent[-1]
        else:
            code = f"0{12_345 + self.machine.next('code')}"
        self.note("printed", code)
        return Secret(" ".join(code) if ending == "with blanks" else code)


_KEYRING_STATES = {"locked", "unreadable", "no-backend"}
