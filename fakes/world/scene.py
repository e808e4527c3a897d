"""A whole world to run authkit in, put together from the fakes.

A `Scene` is what lasts from one command to the next: the account, the clock,
the keyring, the state folder.  `Inputs` are what one command is given.  A
`FakeWorld` is the ports.World of one command, made of both.  `run_command` runs
a command and records everything it does in a journal.
"""

from __future__ import annotations

from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from io import TextIOBase
from typing import TYPE_CHECKING, NamedTuple

from authkit.adapters import addresses
from authkit.adapters.asking import settings_forbid
from authkit.adapters.clock import CorrectedClock
from authkit.adapters.keyring import LibraryKeyring
from authkit.adapters.keyring_questions import Questions
from authkit.arguments import unasked
from authkit.core.config import OTHERS_WRITE
from fakes.world.children import Child, ScriptedChildren
from fakes.world.config import PATH, PROGRAM, MemoryConfig
from fakes.world.journal import Journal, journaled
from fakes.world.keyring import MemoryKeyring, use_backend
from fakes.world.lock import Locks
from fakes.world.programs import ScriptedPrograms
from fakes.world.prompter import Answer, FakeScreen, Person
from fakes.world.state_folder import MemoryStateFolder
from fakes.world.sts import PortSts
from fakes.world.user_files import MemoryUserFiles
from fakes.world.versions import VERSIONS
from fakes.world.web import FakeWeb
from sts_simulator.account.account import Account
from sts_simulator.account.directory import DictDirectory
from sts_simulator.account.faults import Faults

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any, Protocol

    from authkit.arguments import Options
    from authkit.core import ports
    from authkit.core.kinds import Kind
    from fakes.world.clock import VirtualClock
    from fakes.world.web import Service
    from sts_simulator.account.directory import Directory

    Skin = Callable[[str], ports.Sts]  # from a region to its STS
    MakeWorld = Callable[[Options], ports.World]

    class Main(Protocol):
        """authkit.cli.main, or a function with the same signature."""

        def __call__(self, argv: Sequence[str], make_world: MakeWorld, /) -> int:
            """Return the exit status."""


def open_account(
    table: Mapping[str, Any],
    settings: Mapping[str, Any],
    clock: VirtualClock,
    directory: Directory | None = None,
) -> Account:
    """Return the account that a scenario's table describes.

    `settings` is the result of ``account_table.settings(table)``, which checks
    the table: done once for each table, not for each account.
    """
    account = Account([clock.now], directory=directory or DictDirectory(), **settings)
    account.populate(table)
    return account


def port_skin(account: Account, clock: VirtualClock, network: Faults | None = None) -> Skin:
    """Return the STS of the account behind authkit's port, in process, without an AWS library."""
    return lambda region: PortSts(account, region, clock, network)


@dataclass
class Scene:
    """What lasts from one command to the next.  `main` is the program whose commands are run."""

    main: Main
    account: Account
    clock: VirtualClock
    sts: Skin
    environ: dict[str, str] = field(default_factory=dict)
    keyring: MemoryKeyring = field(default_factory=MemoryKeyring)
    sessions: MemoryStateFolder = field(default_factory=MemoryStateFolder)
    network: Faults = field(default_factory=Faults)
    kinds: dict[str, Kind] = field(default_factory=dict)  # from elsewhere
    services: dict[str, Service] = field(default_factory=dict)  # of the web, by their addresses
    files: MemoryUserFiles = field(default_factory=MemoryUserFiles)

    def __post_init__(self) -> None:
        self.locks = Locks(self.clock, self.sessions.spoilt)

    @property
    def config(self) -> str | None:
        """The text of authkit's config file, None when there is none."""
        return self.files.text(PATH)

    @config.setter
    def config(self, text: str | None) -> None:
        self.files.put(PATH, text)

    @property
    def state(self) -> MemoryStateFolder:
        """The state folder."""
        return self.sessions

    def open_config(self) -> None:
        """Let others than the user write to the config file."""
        self.files.others_write[PATH] = OTHERS_WRITE

    def log_in(self, name: str, code: str) -> None:
        """Run a login of another process: only its effects on the scene are kept."""
        person = Person([Answer("Enter MFA Token", code)] if code else [])
        inputs = Inputs(person, programs=[Child(says=code)] if code else [])
        run_command(self, inputs, ("login", "--identity", name), Journal())


@dataclass(frozen=True)
class Inputs:
    """What one command is given.

    `person` answers questions; None: there is no terminal.  `child` is the
    command that may be run.  `environ` takes precedence over the scene's.  `programs`
    are the runs of the command in `mfa_process`, in order.
    """

    person: Person | None = None
    child: Child | None = None
    stdin: str = ""
    environ: Mapping[str, str] = field(default_factory=dict)
    programs: Sequence[Child] = ()


class Runs(NamedTuple):
    """What a command may run."""

    children: ScriptedChildren
    programs: ScriptedPrograms


class FakeWorld:
    """ports.World.  Every effect is recorded in the journal.

    The keyring is authkit's own adapter on the library, so the scene's backend
    has to be in use (``fakes.world.keyring.use_backend``) while the command runs.
    """

    def __init__(
        self,
        scene: Scene,
        inputs: Inputs,
        runs: Runs,
        journal: Journal,
        options: Options,
    ) -> None:
        self._scene = scene
        self._inputs = inputs
        self._runs = runs
        self._journal = journal
        self.environ: Mapping[str, str] = scene.environ | {**inputs.environ}
        self.screen = FakeScreen(journal, inputs.person or Person())
        self._clock = CorrectedClock(scene.clock, self.screen)
        self.clock = journaled(self._clock, "clock", journal)
        self.sessions = journaled(scene.sessions, "sessions", journal)
        self.markers = journaled(scene.sessions.markers, "markers", journal)
        self.notes = journaled(scene.sessions.notes, "notes", journal)
        self.children = journaled(runs.children, "children", journal)
        self.programs = journaled(runs.programs, "programs", journal)
        self.web = journaled(FakeWeb(scene.services), "web", journal)
        named = options.config or self.environ.get("AUTHKIT_CONFIG") or PATH
        self._config_path = scene.files.path(named)
        written = scene.files.text(self._config_path)
        text = scene.config if written is None else written
        others = scene.files.others_write.get(PATH, "")
        config = MemoryConfig(text, self._config_path, kinds=scene.kinds, written_by=others)
        self.config = journaled(config, "config", journal)
        self.files = journaled(scene.files, "files", journal)
        self.unasked = _forbidden(self.environ, options, inputs)
        self._has_asked = False  # STS, in this command
        self.prompter: ports.Prompter | None = None if self.unasked else self.screen
        asked = (lambda: self.prompter), (lambda: self.unasked)
        keyring = LibraryKeyring(questions=Questions(*asked))
        self.keyring = journaled(keyring, "keyring", journal)

    def sts(self, region: str) -> ports.Sts:
        """Return STS in a region; the first time with what there is to warn of."""
        if not self._has_asked and (warning := addresses.warning(self.environ)):
            self.screen.say(warning)
        self._has_asked = True
        sts = self._scene.sts(region)
        if hasattr(sts, "clock"):  # it signs: an STS of one test may not
            sts.clock = self._clock
        return journaled(sts, "sts", self._journal)

    def lock(self, name: str) -> ports.Lock:
        """Return the identity's lock, not taken yet."""
        return journaled(self._scene.locks.of(name), "lock", self._journal, name)

    def versions(self) -> Mapping[str, str]:
        """Return the versions that every machine of a story has."""
        return VERSIONS

    def found(self, program: str) -> tuple[str, str]:
        """Return the file that a command's first word means, and why it cannot be started."""
        return self._runs.programs.found(program)

    def shared(self, path: str) -> tuple[str, str]:
        """Return what others may write to, a file or a folder above it, and why."""
        return self._scene.files.shared(path)

    def width(self) -> int:
        """Return the columns of the screen."""
        return int(self.environ.get("COLUMNS", 80))

    def shell(self) -> str:
        """Return the person's shell, "" where there is no terminal."""
        return self.environ.get("SHELL", "/bin/sh") if self._inputs.person else ""

    def program(self) -> list[str]:
        """Return the words that start authkit."""
        named = self._config_path != PATH
        return [PROGRAM, *(["--config", self._config_path] if named else [])]

    def stdin(self) -> str:
        """Return all of standard input."""
        return self._inputs.stdin.removeprefix("\ufeff")


def _forbidden(environ: Mapping[str, str], options: Options, inputs: Inputs) -> str:
    """Return why nobody can be asked, "" when the person can be."""
    terminal = "" if inputs.person else "there is no terminal"
    return settings_forbid(environ, no_input=options.no_input) or unasked(options) or terminal


class Result(NamedTuple):
    """The exit status of a command, and the environment of its child, None without a child.

    `unused` is how many of the runs of `mfa_process` were not made.
    """

    status: int
    child_environ: Mapping[str, str] | None
    unused: int = 0


def run_command(scene: Scene, inputs: Inputs, arguments: Sequence[str], journal: Journal) -> Result:
    """Run one command in the scene; what happens is in the journal even if this raises."""
    runs = Runs(
        ScriptedChildren(inputs.child, journal, scene.clock, inputs.stdin),
        ScriptedPrograms(inputs.programs, scene.clock),
    )

    def make_world(options: Options) -> FakeWorld:
        return FakeWorld(scene, inputs, runs, journal, options)

    stream = _Stream(journal)
    with use_backend(scene.keyring), redirect_stdout(stream), redirect_stderr(stream):
        status = scene.main(arguments, make_world)
    return Result(status, runs.children.environ, runs.programs.unused)


class _Stream(TextIOBase):
    """stdout and stderr for what is not written through the World: by a library, a traceback."""

    encoding = "utf-8"

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def write(self, text: str) -> int:
        self._journal.wrote(text)
        return len(text)
