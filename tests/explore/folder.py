"""The ports that keep texts: the state folder, the config file and the person's own files."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING
from zlib import crc32

from authkit.adapters import file_troubles, state_troubles
from authkit.core.failures import USAGE, Failure
from fakes.world.config import HOME
from fakes.world.state_folder import FOLDER
from tests.explore import answers, failures
from tests.explore.answers import OK
from tests.explore.events import Crash
from tests.explore.imports import LATER
from tests.explore.sights import SIGHTS
from tests.explore.starts import AWS_CREDENTIALS
from tests.support.brought_kind import BARE, BROKEN, KIND

if TYPE_CHECKING:
    from collections.abc import Callable

    from authkit.core.failures import StateTrouble
    from authkit.core.kinds import Kind
    from authkit.core.model import Marker
    from tests.explore.chooser import Choice
    from tests.explore.effects import Effects


class _Port:
    def __init__(self, world: Effects) -> None:
        self._world = world

    def trouble(self, place: str, word: str) -> StateTrouble:
        """Return a trouble with a file of the state folder."""
        return state_troubles.trouble(f"{FOLDER}/{place}", word)

    def use(
        self, choice: Choice, what: str, about: object = None, act: Callable[[], object] = bool
    ) -> None:
        """Do an effect that may fail, and record it.  Raises StateTrouble."""
        outcome = self._world.chosen(choice, about)
        fine = outcome in {OK, *answers.AFTERWARDS}
        if fine:
            act()
        self._world.note(what, about, outcome)
        if not fine:
            name = about[0] if isinstance(about, tuple) else about
            of_one = f"/{name}".replace(" ", "-") if self._world.machine.failing else ""
            raise self.trouble(f"{what.replace(' ', '/')}{of_one}", outcome)
        self._world.after(outcome)


class Lock(_Port):
    """ports.Lock: the machine's lock of a name, for one process."""

    def __init__(self, world: Effects, name: str) -> None:
        super().__init__(world)
        self._name = name

    def acquire(self) -> bool:
        """Try the lock once.  Raises StateTrouble."""
        world = self._world
        operation = f"lock {self._name}"
        if world.machine.answers.get(operation):
            outcome = "busy"
            world.enter("lock")
        else:
            outcome = world.chosen(answers.ACQUIRE, self._name)
            if world.machine.jump(outcome):
                world.note("sleep", 0, answers.ASLEEP)
        if outcome == answers.BUSY:
            world.machine.answers[operation] = outcome
        if outcome in failures.TROUBLES:
            world.note("acquire", self._name, outcome)
            raise self.trouble("locks", outcome)
        free = self._name not in world.machine.locks and not outcome.startswith("busy")
        if free:
            world.machine.locks[self._name] = world.process
        world.note("acquire", self._name, OK if free else "busy")
        return free

    def release(self) -> None:
        """Free the lock."""
        world = self._world
        if world.dead:
            raise Crash
        if world.machine.locks.get(self._name) == world.process:
            del world.machine.locks[self._name]
        world.note("release", self._name)

    def holder(self) -> str:
        """Return nothing: it is not known.  Raises StateTrouble."""
        if (outcome := self._world.seldom(failures.HOLDER)) != OK:
            self._world.note("holder", self._name, outcome)
            raise self.trouble("locks", outcome)
        return ""


class Sessions(_Port):
    """ports.Sessions."""

    def read(self, name: str) -> str | None:
        """Return a session file's text."""
        self.use(answers.READ, "read", name)
        return self._world.machine.sessions.get(name)

    def replace(self, name: str, written: str) -> None:
        """Replace a session file."""
        sessions = self._world.machine.sessions
        self.use(
            *(answers.REPLACE, "replace", (name, written)),
            lambda: sessions.__setitem__(name, written),
        )

    def drop(self, name: str, *, draft: bool = True) -> bool:
        """Remove a session file, and the draft of one, which is not there but is told."""
        if draft:
            self._world.note("draft dropped", name)
        there = name in self._world.machine.sessions
        self.use(
            *(answers.DROP, "drop", name), lambda: self._world.machine.sessions.pop(name, None)
        )
        return there

    def names(self) -> list[str]:
        """Return the names of identities with a session."""
        self.use(answers.NAMES, "names")
        return sorted(self._world.machine.sessions)


class Markers(_Port):
    """ports.Markers."""

    def mark(self, name: str, marker: Marker) -> None:
        """Set a marker."""
        markers = self._world.machine.markers
        self.use(answers.MARK, "mark", (name, marker), lambda: markers.__setitem__(name, marker))

    def read(self, name: str) -> Marker | None:
        """Return a marker."""
        self.use(answers.MARKER, "marker", name)
        return self._world.machine.markers.get(name)

    def unmark(self, name: str) -> None:
        """Remove a marker."""
        self.use(
            *(answers.UNMARK, "unmark", name), lambda: self._world.machine.markers.pop(name, None)
        )

    def marked(self) -> list[str]:
        """Return the names of identities with a marker: also where it tells that keys are gone."""
        self.use(answers.MARKED, "marked")
        return sorted(self._world.machine.markers)

    def others(self, name: str) -> bool:
        """Tell whether another identity has a marker."""
        self.use(answers.OTHER_MARKERS, "other markers", name)
        return any(other != name for other in self._world.machine.markers)


class Notes(_Port):
    """ports.Notes."""

    def codes(self) -> list[str]:
        """Return the notes about codes."""
        self.use(answers.NOTES, "notes")
        return [text for _, text in sorted(self._world.machine.notes.items())]

    def replace_codes(self, name: str, written: str) -> None:
        """Replace an identity's note."""
        notes = self._world.machine.notes
        self.use(*(answers.NOTE, "note", (name, written)), lambda: notes.__setitem__(name, written))


class Files(_Port):
    """ports.UserFiles."""

    def path(self, named: str) -> str:
        """Return the whole path of what is named."""
        relative = named.removeprefix("~/") if named != "~" else ""
        return posixpath.normpath(posixpath.join(HOME, relative))

    def read(self, path: str) -> bytes | None:
        """Return a file's bytes."""
        outcome = self._world.chosen(answers.FILE_READ)
        self._world.note("file", path, outcome)
        if outcome != OK:
            raise file_troubles.trouble(path, outcome)
        return self._world.machine.files.get(path)

    def replace(self, path: str, written: bytes, was: bytes | None) -> bool:
        """Replace a file, if it still has these bytes."""
        outcome = self._world.chosen(answers.FILE_REPLACE)
        files = self._world.machine.files
        same = files.get(path) == was and outcome != "another program writes"
        fine = outcome in {OK, *answers.AFTERWARDS}
        if fine and same:
            files[path] = written
            self._later(path)
        self._world.note("file replace", (path, written), outcome if same or not fine else "other")
        if outcome == "another program writes":
            return False
        if not fine:
            raise file_troubles.trouble(path, outcome)
        self._world.after(outcome)
        return same

    def _later(self, path: str) -> None:
        """Have another program write AWS's credentials, once authkit's config file is written."""
        machine = self._world.machine
        if machine.later and path == machine.config_path:
            machine.files[AWS_CREDENTIALS] = LATER[machine.later].encode()
            machine.later = ""
            self._world.note("file changed", AWS_CREDENTIALS)


class ConfigText(_Port):
    """ports.ConfigText: the file that --config names, else the usual one."""

    def __init__(self, world: Effects, path: str) -> None:
        super().__init__(world)
        self.path = path
        self.found: tuple[bytes | None] | None = None  # by the first look

    def read(self) -> bytes | None:
        """Return the bytes of the config file, None for none: what the first look has found."""
        world = self._world
        outcome = world.chosen(answers.CONFIG if self.found is None else answers.CONFIG_AGAIN)
        world.note("config", None, outcome)
        if outcome != OK:
            raise Failure("config-unreadable", USAGE, path=self.path, reason="Permission denied")
        self.found = self.found or (world.machine.files.get(self.path),)
        return self.found[0]

    def kind(self, name: str) -> Kind | None:
        """Return a kind that these tests bring, None for any other."""
        return next((kind for kind in (KIND, BARE, BROKEN) if kind.name == name), None)

    def distrusted(self) -> str:
        """Return who else may have written it."""
        if self._world.machine.sight:
            return SIGHTS[self._world.machine.sight].distrusted
        if (outcome := self._world.seldom(failures.TRUST)) == OK:
            return ""
        self._world.note("config", None, outcome)
        return outcome

    def stamp(self) -> str:
        """Return a text that changes whenever the file does."""
        content = self._world.machine.files.get(self.path)
        return self.path if content is None else f"{self.path}:{crc32(content)}"
