"""A whole world to run authkit in, put together from the fakes.

A `Scene` is what outlives a command: the account, the clock, the keyring, the
state folder.  A `FakeWorld` is the scene as one run of a command sees it.  The
two skins say how that command reaches the account; nothing else differs.
"""

from __future__ import annotations

from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from io import TextIOBase
from typing import TYPE_CHECKING, NamedTuple

from authkit.adapters.keyring import LibraryKeyring
from fakes.world import journaled
from fakes.world.children import ScriptedChildren
from fakes.world.config import PATH, MemoryConfig
from fakes.world.journal import Journal
from fakes.world.keyring import MemoryKeyring, installed
from fakes.world.lock import Locks
from fakes.world.prompter import Answer, FakeScreen, Person
from fakes.world.state_folder import MemorySessions
from fakes.world.sts import PortSts
from sts_simulator.account import account_table
from sts_simulator.account.account import Account
from sts_simulator.account.directory import DictDirectory

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any, Protocol

    from authkit.arguments import Options
    from authkit.core import ports
    from fakes.world.children import Child
    from fakes.world.clock import VirtualClock
    from sts_simulator.account.directory import Directory

    Skin = Callable[[str], ports.Sts]  # a region's STS

    MakeWorld = Callable[[Options], ports.World]

    class Main(Protocol):
        """authkit.cli.main, or something that stands in for it."""

        def __call__(self, argv: Sequence[str], make_world: MakeWorld, /) -> int:
            """Return the exit status."""


def open_account(
    table: Mapping[str, Any],
    settings: Mapping[str, Any],
    clock: VirtualClock,
    directory: Directory | None = None,
) -> Account:
    """Return the account of a scenario's table; `settings` is what account_table made of it.

    The table is checked once, by ``account_table.settings``, and not with every account.
    """
    account = Account([clock.now], directory=directory or DictDirectory(), **settings)
    account_table.populate(account.administrator, table)
    return account


def port_skin(account: Account, clock: VirtualClock) -> Skin:
    """Return STS behind authkit's own port: in process, no AWS library."""
    return lambda region: PortSts(account, region, clock)


@dataclass
class Scene:
    """What outlives a command, and the program that is run in it."""

    main: Main
    account: Account
    clock: VirtualClock
    sts: Skin
    environ: dict[str, str] = field(default_factory=dict)
    config: str | None = None
    keyring: MemoryKeyring = field(default_factory=MemoryKeyring)
    sessions: MemorySessions = field(default_factory=MemorySessions)

    def __post_init__(self) -> None:
        self.locks = Locks(self.clock)

    def log_in(self, name: str, code: str) -> None:
        """Log in as somebody else: nobody sees it, only what it leaves behind."""
        person = Person([Answer("Enter MFA Token", code)] if code else [])
        perform(self, Cast(person), ("login", "--identity", name), Journal())


@dataclass(frozen=True)
class Cast:
    """Who takes part in one run: the person (None: no terminal), the child, what stdin holds."""

    person: Person | None = None
    child: Child | None = None
    stdin: str = ""
    environ: Mapping[str, str] = field(default_factory=dict)  # over the scene's


class FakeWorld:
    """ports.World: a scene, as one run of a command sees it, every effect noted in `journal`.

    The keyring is authkit's own `LibraryKeyring`: the scene's has to be installed
    (``fakes.world.keyring.installed``) while the command runs.
    """

    def __init__(
        self,
        scene: Scene,
        cast: Cast,
        journal: Journal,
        *,
        config: str = "",
        no_input: bool = False,
    ) -> None:
        """`config` and `no_input` are the command line's."""
        self._scene = scene
        self._cast = cast
        self._journal = journal
        self._children = ScriptedChildren(cast.child, journal, scene.clock)
        self.environ: Mapping[str, str] = scene.environ | {**cast.environ}
        self.clock = journaled.JournaledClock(scene.clock, journal)
        self.screen = FakeScreen(journal, cast.person or Person())
        self.keyring = journaled.JournaledKeyring(LibraryKeyring(), journal)
        self.sessions = journaled.JournaledSessions(scene.sessions, journal)
        self.markers = self.notes = self.sessions
        self.children = journaled.JournaledChildren(self._children, journal)
        path = config or self.environ.get("AUTHKIT_CONFIG") or PATH
        self.config = journaled.JournaledConfig(MemoryConfig(scene.config, path), journal)
        asked = cast.person is not None and not no_input and not self.environ.get("CI")
        self.prompter: ports.Prompter | None = self.screen if asked else None

    @property
    def child_environ(self) -> Mapping[str, str] | None:
        """What the child found in its environment, None when none was run."""
        return self._children.environ

    def sts(self, region: str) -> ports.Sts:
        """Return STS in that region."""
        return journaled.JournaledSts(self._scene.sts(region), self._journal)

    def lock(self, name: str) -> ports.Lock:
        """Return the identity's lock, not taken yet."""
        return journaled.JournaledLock(self._scene.locks.of(name), name, self._journal)

    def stdin(self) -> str:
        """Return all of standard input."""
        return self._cast.stdin


class Ending(NamedTuple):
    """What a command ended with, and what its child found in its environment, if there was one."""

    status: int
    child_environ: Mapping[str, str] | None


def perform(scene: Scene, cast: Cast, arguments: Sequence[str], journal: Journal) -> Ending:
    """Run one command in the scene; all that happens is in the journal, whatever ends it."""
    worlds: list[FakeWorld] = []

    def make_world(options: Options) -> FakeWorld:
        config, no_input = options.config or "", options.no_input
        worlds.append(FakeWorld(scene, cast, journal, config=config, no_input=no_input))
        return worlds[-1]

    stream = _Stream(journal)
    with installed(scene.keyring), redirect_stdout(stream), redirect_stderr(stream):
        status = scene.main(arguments, make_world)
    return Ending(status, worlds[-1].child_environ if worlds else None)


class _Stream(TextIOBase):
    """stdout and stderr for what is written past the World: a library's words, a traceback."""

    encoding = "utf-8"

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def write(self, text: str) -> int:
        self._journal.wrote(text)
        return len(text)
