"""The state folder by the real adapters, in a folder of its own: its files, modes and locks.

What stands in a file before, that authkit has not left so, is a row of ``contents``.

The process may be killed where a folder is made, a mode is set, a draft is opened or synced, and
where a file is renamed or removed.  What was written and not synced is then cut to half, as after a
power failure; at the end all names are synced too.
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from authkit.adapters import folders, state_troubles
from authkit.adapters.files import file_name
from authkit.adapters.marker_files import decode, encode
from authkit.adapters.state_folder import StateFolder
from authkit.core.failures import StateTrouble
from fakes.world.state_folder import FOLDER
from tests.explore.answers import KILLED, OK
from tests.explore.chooser import choice
from tests.explore.contents import (
    DRAFTS,
    LOCKS,
    MARKERS,
    NOTES,
    OLD,
    SESSIONS,
    in_folder,
    is_anothers,
)
from tests.explore.events import Crash
from tests.explore.machine import NAME

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from authkit.core.model import Marker
    from tests.explore.chooser import Choice
    from tests.explore.effects import Effects

MEMORY = Path("/dev/shm")  # noqa: S108 - files in memory, where a system has them
PLAIN, NOTHING = "a file", "no state folder"
PLACE = choice(  # what is in the place of each session file
    *("place", PLAIN, NOTHING, "a link", "a FIFO", "a folder", "a file open to others"),
    *("a file open to a group", "a folder open to others", "a state folder open to others"),
)
UMASK = choice("umask", "022", "000", "277")
NO_ROOM = "no room"
CALL = choice("system call", OK, KILLED, NO_ROOM)
REMOVAL = choice("removal", OK, KILLED)
LOCKED = choice("lock file", "free", "held")
CHOSEN = {"system call", "removal", "lock file"}
_SUFFIXES = {SESSIONS: ".json", NOTES: ".json", DRAFTS: f".json{folders.DRAFT}"}
_WORDS = {reason: word for word, (reason, _) in state_troubles.TROUBLES.items()}


@cache
def _base() -> tempfile.TemporaryDirectory[str]:
    """Return the folder of all paths, which is removed when this process ends."""
    return tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None)


def recorded() -> Path:
    """Return the path of the file of a recording."""
    return Path(_base().name) / "recorded.toml"


class Disk:
    """The files of a path: ports.Sessions, and the others in ``markers``, ``notes`` and ``lock``.

    The machine holds what is on the disk after each effect.
    """

    def __init__(self, world: Effects) -> None:
        self._world, self._umask = world, int(world.machine.umask, 8)
        self._top = Path(_base().name) / "machine"
        shutil.rmtree(self._top, ignore_errors=True)
        self._top.mkdir(mode=0o700)
        self._path = self._top / "state"
        self.real = StateFolder(str(self._path))
        self.unsynced: dict[str, Path] = {}  # what is written and not synced
        machine = world.machine
        self._names = {NAME, *machine.sessions, *machine.markers, *machine.notes}
        self._begin(world.machine.place)
        self._seen = {path.lstat().st_ino for path in self._all()}

    def _begin(self, place: str) -> None:
        """Write what the machine has, with something else in the place of session files."""
        machine = self._world.machine
        rows = [(SESSIONS, n, text) for n, text in machine.sessions.items()]
        rows += [(NOTES, n, text) for n, text in machine.notes.items()]
        rows += [(MARKERS, n, "" if n == OLD else encode(n, m)) for n, m in machine.markers.items()]
        unheld = (LOCKS, DRAFTS, *(() if NAME in machine.markers else (MARKERS,)))
        rows += [(folder, NAME, "") for folder in unheld if in_folder(machine, folder)]
        for folder, name, text in rows:
            where = self.file(folder, name)
            for parent in (self._path, where.parent):
                parent.mkdir(mode=0o700, exist_ok=True)
            odd = in_folder(machine, folder) if name == NAME else None
            where.write_bytes(text.encode() if odd is None or odd.bytes is None else odd.bytes)
            where.chmod(0o600)
            self._put(place if folder == SESSIONS else odd.place if odd else PLAIN, where)

    def file(self, folder: str, name: str) -> Path:
        """Return the path of an identity's file."""
        called = name if name == OLD else file_name(name)
        where = SESSIONS if folder == DRAFTS else folder
        return self._path / where / f"{called}{_SUFFIXES.get(folder, '')}"

    def _put(self, place: str, where: Path) -> None:
        modes = {
            "a file open to others": (where, 0o606),
            "open to others": (where, 0o606),
            "a file open to a group": (where, 0o660),
            "a folder open to others": (where.parent, 0o777),
            "a state folder open to others": (self._path, 0o777),
        }
        if place in modes:
            path, mode = modes[place]
            path.chmod(mode)
        elif place == "with another name":
            (self._top / where.name).hardlink_to(where)
        elif place and place != PLAIN:
            where.rename(self._top / where.name)
            if place == "a link":
                where.symlink_to(self._top / where.name)
            elif place == "a FIFO":
                os.mkfifo(where, 0o600)
            else:
                where.mkdir(mode=0o700)

    def shown(self, text: str) -> str:
        """Return a text with the path that the state folder has on other paths."""
        return text.replace(str(self._path), FOLDER)

    def _all(self) -> list[Path]:
        return [path for path in (self._path, *self._path.rglob("*")) if path.exists()]

    def opened(self, handle: int) -> Path:
        """Return the path of a file or folder that is open."""
        status = os.fstat(handle)
        places = (self._top, *self._all())
        return next(path for path in places if os.path.samestat(path.stat(), status))

    # Effects.

    def does(self, what: str, about: object, act: Callable[[], Any]) -> Any:  # noqa: ANN401
        """Do an effect, and record it.  Raises StateTrouble, Crash."""
        world = self._world
        world.enter(what)
        try:
            with self._system():
                found = act()
        except StateTrouble as trouble:
            self._look()
            world.note(what, about, _WORDS.get(trouble.reason, trouble.reason))
            raise
        self._look()
        world.note(what, about)
        return found

    @contextmanager
    def _system(self) -> Iterator[None]:
        """Have the adapter's system calls watched, under the umask of this path."""
        before = os.umask(self._umask)
        try:
            with patch.object(folders, "os", Calls(self)):
                yield
        finally:
            os.umask(before)

    def _look(self) -> None:
        """Have the machine hold what is on the disk, and record each file that was made."""
        machine = self._world.machine
        machine.sessions = self._texts(SESSIONS, machine.sessions)
        machine.notes = self._texts(NOTES, machine.notes)
        there = self._texts(MARKERS, dict.fromkeys(machine.markers, ""))
        own = {n: text for n, text in there.items() if not is_anothers(text, n)}
        machine.markers = {n: decode(text) for n, text in own.items()}
        drafts = [path.name for path in self._path.rglob(f"*{folders.DRAFT}")]
        unsynced = [path.name for path in self.unsynced.values() if path.exists()]
        machine.left_over = (*drafts, *unsynced)
        for path in self._all():
            status = path.lstat()
            if status.st_ino not in self._seen:
                self._seen.add(status.st_ino)
                made = (path.relative_to(self._top).as_posix(), path.is_dir(), status.st_mode)
                self._world.note("made", made)

    def _texts(self, folder: str, before: Mapping[str, str]) -> dict[str, str]:
        """Return what a folder has of each identity: what it had, where its file is none."""
        found = {}
        for name in sorted(self._names):
            file = self.file(folder, name)
            if file.is_file() and not file.is_symlink():
                found[name] = file.read_text(errors="replace")
            elif os.path.lexists(file) and name in before:
                found[name] = before[name]
        return found

    def call(self, choice: Choice = CALL) -> None:
        """Begin a system call that changes something.  Raises Crash."""
        if self._world.dead:
            raise Crash
        outcome = self._world.choose(choice)
        if outcome == NO_ROOM:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if outcome != OK:
            for path in self.unsynced.values():
                if path.is_file():
                    os.truncate(path, path.stat().st_size // 2)
            self._world.dead = True
            self._look()
            raise Crash

    def writes(self, name: str, what: str, about: object, act: Callable[[], Any]) -> None:
        """Do an effect that writes a file of an identity.  Raises StateTrouble, Crash."""
        self._names.add(name)
        self.does(what, about, act)
        self._again(what, name)

    def kept(self, folder: str, name: str | None, found: object) -> None:
        """Have the laws see what a port has found: of an identity, or in all of a folder."""
        self._world.note("kept", (folder, name, found))

    def _again(self, what: str, name: str) -> None:
        """Have the laws see what the next process will find of what was written."""
        if what == "mark":
            self.kept(MARKERS, name, self.real.markers.read(name))
            self.kept(MARKERS, None, tuple(self.real.markers.marked()))
        elif what == "note":
            self.kept(NOTES, None, tuple(self.real.notes.codes()))
        else:
            self.kept(SESSIONS, name, self.real.read(name))
            self.kept(SESSIONS, None, tuple(self.real.names()))

    # ports.Sessions.

    def read(self, name: str) -> str | None:
        """Return a session file's text."""
        found: str | None = self.does("read", name, lambda: self.real.read(name))
        self.kept(SESSIONS, name, found)
        return found

    def replace(self, name: str, written: str) -> None:
        """Replace a session file."""
        about = (name, written)
        self._world.note("writes", about)
        self.writes(name, "replace", about, lambda: self.real.replace(name, written))

    def drop(self, name: str, *, draft: bool = True) -> bool:
        """Remove a session file."""
        self._world.note("drops", name)
        return bool(self.does("drop", name, lambda: self.real.drop(name, draft=draft)))

    def names(self) -> list[str]:
        """Return the names of identities with a session."""
        found: list[str] = self.does("names", None, self.real.names)
        self.kept(SESSIONS, None, tuple(found))
        return found


class DiskMarkers:
    """ports.Markers."""

    def __init__(self, disk: Disk) -> None:
        self._disk, self._markers = disk, disk.real.markers

    def mark(self, name: str, marker: Marker) -> None:
        """Set a marker."""
        about = (name, marker)
        self._disk.writes(name, "mark", about, lambda: self._markers.mark(name, marker))

    def read(self, name: str) -> Marker | None:
        """Return a marker."""
        found: Marker | None = self._disk.does("marker", name, lambda: self._markers.read(name))
        self._disk.kept(MARKERS, name, found)
        return found

    def unmark(self, name: str) -> None:
        """Remove a marker."""
        self._disk.does("unmark", name, lambda: self._markers.unmark(name))

    def marked(self) -> list[str]:
        """Return the names of identities with keys."""
        found: list[str] = self._disk.does("marked", None, self._markers.marked)
        self._disk.kept(MARKERS, None, tuple(found))
        return found

    def others(self, name: str) -> bool:
        """Tell whether another identity has a marker."""
        found = bool(self._disk.does("other markers", name, lambda: self._markers.others(name)))
        self._disk.kept(MARKERS, name, found)
        return found


class DiskNotes:
    """ports.Notes."""

    def __init__(self, disk: Disk) -> None:
        self._disk, self._notes = disk, disk.real.notes

    def codes(self) -> list[str]:
        """Return the notes about codes."""
        found: list[str] = self._disk.does("notes", None, self._notes.codes)
        self._disk.kept(NOTES, None, tuple(found))
        return found

    def replace_codes(self, name: str, written: str) -> None:
        """Replace an identity's note."""
        about = (name, written)
        act = partial(self._notes.replace_codes, name, written)
        self._disk.writes(name, "note", about, act)


class DiskLock:
    """ports.Lock: a lock file, which another process may hold."""

    def __init__(self, disk: Disk, world: Effects, name: str) -> None:
        self._disk, self._world, self._name = disk, world, name
        self._real, self._theirs = disk.real.lock(name), disk.real.lock(name)
        odd = in_folder(world.machine, LOCKS)
        self._odd = odd.bytes if odd else None  # what a process writes that holds it for long
        self._held = False  # by another process

    def acquire(self) -> bool:
        """Try the lock once."""
        machine = self._world.machine
        if self._held and not self._odd:
            self._let_go()
        first = machine.next("locks") == 1
        if first and (self._odd or self._world.choose(LOCKED) == "held"):
            self._held = self._theirs.acquire()
            if self._odd:
                self._disk.file(LOCKS, self._name).write_bytes(self._odd)
        got = bool(self._disk.does("lock file", self._name, self._real.acquire))
        if got:
            machine.locks[self._name] = self._world.process
        self._world.note("acquire", self._name, OK if got else "busy")
        self._world.note("lock held", self._held and got)
        return got

    def _let_go(self) -> None:
        self._theirs.release()
        self._held = False

    def release(self) -> None:
        """Free the lock."""
        if self._world.dead:
            raise Crash
        self._real.release()
        self._world.machine.locks.pop(self._name, None)
        self._world.note("release", self._name)

    def holder(self) -> str:
        """Return who holds it."""
        found: str = self._disk.does("holder of the lock", self._name, self._real.holder)
        self._world.note("holder", found)
        if self._held:
            self._let_go()
        return found


class Calls:
    """The module ``os`` for the adapter: drafts, syncs, renames, removals may be the last call."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the module has
        return getattr(os, name)

    def open(self, path: str, flags: int, *others: Any, **named: Any) -> int:  # noqa: ANN401
        """Open a file; one for writing is not synced yet."""
        if not flags & os.O_WRONLY:
            return os.open(path, flags, *others, **named)
        self._disk.call()
        handle = os.open(path, flags, *others, **named)
        place = self._disk.opened(handle)
        self._disk.unsynced[str(place)] = place
        return handle

    def mkdir(self, path: str, *others: Any, **named: Any) -> None:  # noqa: ANN401
        """Make a folder; its name is not synced yet."""
        place = Path(path)
        if not place.exists() and place.parent.exists():
            self._disk.call()
        os.mkdir(path, *others, **named)  # noqa: PTH102 - as the adapter calls it
        self._disk.unsynced[str(place.parent)] = place.parent

    def chmod(self, what: int | str, mode: int) -> None:
        """Set a mode."""
        self._disk.call(REMOVAL)
        os.chmod(what, mode)  # noqa: PTH101 - of what is open

    def fsync(self, handle: int) -> None:
        """Note that a file is on the disk, or the names in a folder."""
        place = self._disk.opened(handle)
        self._disk.call(REMOVAL if place.is_dir() else CALL)
        self._disk.unsynced.pop(str(place), None)

    def replace(self, source: str, target: str, **named: Any) -> None:  # noqa: ANN401
        """Rename a file."""
        self._disk.call()
        folder = self._disk.opened(named["src_dir_fd"])
        os.replace(source, target, **named)  # noqa: PTH105 - in an open folder
        self._disk.unsynced[str(folder)] = folder
        if moved := self._disk.unsynced.pop(f"{folder}/{source}", None):
            self._disk.unsynced[str(moved)] = moved.with_name(target)

    def unlink(self, path: str, **named: Any) -> None:  # noqa: ANN401
        """Remove a file."""
        folder = self._disk.opened(named["dir_fd"])
        if path not in {each.name for each in folder.iterdir()}:
            raise FileNotFoundError(path)
        self._disk.call(REMOVAL)
        os.unlink(path, **named)
        self._disk.unsynced[str(folder)] = folder
