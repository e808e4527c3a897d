"""A small World for tests of one module.  Its ports record what was done with them.

Whole commands are tested by the scenarios.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from authkit.core.failures import Cancelled
from fakes.world.clock import VirtualClock
from fakes.world.config import PROGRAM, MemoryConfig
from fakes.world.lock import Locks
from fakes.world.state_folder import MemoryStateFolder
from fakes.world.user_files import MemoryUserFiles
from fakes.world.versions import VERSIONS
from fakes.world.web import FakeWeb

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from contextlib import AbstractContextManager
    from datetime import timedelta

    from authkit.core import ports
    from authkit.core.model import Question, Secret

START = datetime(2024, 12, 22, 23, 58, tzinfo=UTC)
CANCEL = "^C"  # typed in answer to a question


class Paper:
    """Screen and Prompter: keeps what is shown, and answers from a list."""

    def __init__(self, answers: Iterable[str] = ()) -> None:
        self._answers = list(answers)
        self.said: list[str] = []
        self.close: list[bool] = []
        self.data: list[str] = []
        self.asked: list[str] = []
        self.unseen: list[str] = []

    def say(self, text: str, *, close: bool = False) -> None:
        """Keep the text."""
        self.said.append(text)
        self.close.append(close)

    def put(self, text: str) -> None:
        """Keep the text."""
        self.data.append(text)

    def foreign(self) -> None:
        """Do nothing: there is no layout."""

    def ask(self, question: Question) -> str:
        """Return the next answer.  Raises Cancelled."""
        self.asked.append(question.text)
        if question.secret:
            self.unseen.append(question.text)
        answer = self._answers.pop(0)
        if answer == CANCEL:
            raise Cancelled
        return answer

    @property
    def everything(self) -> str:
        """All that was shown or asked."""
        return "\n".join([*self.said, *self.data, *self.asked])


class DictKeyring:
    """A keyring with its entries in a dict; a forgetful one does not keep them."""

    backend = "tests.support.stage.DictKeyring"
    chosen_by = ""
    in_the_clear = False
    noticed = False
    backends: tuple[str, ...] = (backend,)

    def __init__(self, *, forgetful: bool = False) -> None:
        self.entries: dict[tuple[str, str], str] = {}
        self._forgetful = forgetful

    def unlock(self, *, writing: bool = False, notice: Callable[[], str] = str) -> None:
        """Do nothing: it is open."""

    def get_password(self, service: str, username: str) -> str | None:
        """Return the entry."""
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        """Replace the entry."""
        if not self._forgetful:
            self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        """Delete the entry, if there is one."""
        self.entries.pop((service, username), None)

    def alone(self) -> AbstractContextManager[None]:
        """Return a context: there is no other process."""
        return nullcontext()


class CountedConfig(MemoryConfig):
    """A config file that counts how often it is read."""

    reads = 0

    def read(self) -> bytes | None:
        """Return the file's bytes."""
        self.reads += 1
        return super().read()


class Pauses(VirtualClock):
    """A clock that records the pauses."""

    def __init__(self) -> None:
        super().__init__(START)
        self.slept: list[timedelta] = []

    def sleep(self, pause: timedelta) -> None:
        """Move the clock, and record the pause."""
        self.slept.append(pause)
        super().sleep(pause)


class NoChildren:
    """The port Children, for tests in which no command may be run."""

    def run(self, command: Sequence[str], environ: Mapping[str, str]) -> int:
        """Raise LookupError."""
        raise LookupError(command, len(environ))


class NoPrograms:
    """The port Programs, for tests in which no program may be run."""

    def line(self, command: Sequence[str], environ: Mapping[str, str], within: timedelta) -> Secret:
        """Raise LookupError."""
        raise LookupError(command, len(environ), within)


def nowhere(region: str) -> ports.Sts:
    """Raise LookupError: a World without STS."""
    raise LookupError(region)


@dataclass
class Stage:
    """ports.World."""

    environ: dict[str, str] = field(default_factory=dict)
    screen: Paper = field(default_factory=Paper)
    prompter: ports.Prompter | None = None
    unasked: str = "there is no terminal"
    clock: Pauses = field(default_factory=Pauses)
    keyring: DictKeyring = field(default_factory=DictKeyring)
    sessions: MemoryStateFolder = field(default_factory=MemoryStateFolder)
    children: ports.Children = field(default_factory=NoChildren)
    programs: ports.Programs = field(default_factory=NoPrograms)
    config: CountedConfig = field(default_factory=lambda: CountedConfig(None))
    files: MemoryUserFiles = field(default_factory=MemoryUserFiles)
    sts: Callable[[str], ports.Sts] = nowhere
    input: str = ""
    columns: int = 80
    own_shell: str = ""
    programs_there: dict[str, tuple[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.markers, self.notes = self.sessions.markers, self.sessions.notes
        self.web = FakeWeb()
        self.locks = Locks(self.clock, self.sessions.spoilt)

    def lock(self, name: str) -> ports.Lock:
        """Return the lock of an identity."""
        return self.locks.of(name)

    def versions(self) -> Mapping[str, str]:
        """Return the versions of a story's machine."""
        return VERSIONS

    def found(self, program: str) -> tuple[str, str]:
        """Return the file that a command's first word means, and why it cannot be started."""
        return self.programs_there.get(program, ("", ""))

    def shared(self, path: str) -> tuple[str, str]:
        """Return what others may write to, a file or a folder above it, and why."""
        return self.files.shared(path)

    def width(self) -> int:
        """Return the columns of the screen."""
        return self.columns

    def shell(self) -> str:
        """Return the person's shell, "" for no terminal."""
        return self.own_shell

    def program(self) -> list[str]:
        """Return the words that start authkit."""
        return [PROGRAM]

    def stdin(self) -> str:
        """Return all of standard input."""
        return self.input
