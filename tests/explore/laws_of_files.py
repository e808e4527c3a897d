"""Laws of files: what is made is private and whole; what may be another's is not used."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

from tests.explore.commands import DISK, RECORD
from tests.explore.contents import (
    DRAFTS,
    LIKE,
    LOCKS,
    MARKERS,
    NOTES,
    OLD,
    SESSIONS,
    in_folder,
    may_be_used,
)
from tests.explore.disk import NOTHING, PLAIN
from tests.explore.law import LOGS_IN, Law, is_anothers, of_trouble, session
from tests.explore.laws_of_ends import SECRETS
from tests.explore.machine import MFA, NAME

LEAST = 6  # characters of an answer that is looked for
FIXED = {MFA}  # what an invented device may be called too
ACCOUNT = MFA.split(":")[4]  # of every recording

USES = LOGS_IN | {"whoami", "env"}  # commands that look whether there is a session
NO_USE = "--unset"  # looks for none

if TYPE_CHECKING:
    from collections.abc import Mapping

    from authkit.core.model import Marker
    from tests.explore.events import Event
    from tests.explore.law import About, Case


class OnDisk(Law):
    """A law about the files of real adapters."""

    name = ""

    @classmethod
    def concerns(cls, about: About) -> bool:
        """It is about commands that have such adapters."""
        return about.real == DISK


class FilesArePrivate(OnDisk):
    """B-S02, B-S06: what authkit makes is 0700 and 0600, whatever the umask is.

    It is made with no more rights than these, and killed before it has them all, it may have less.
    """

    name = "files are private"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.made: tuple[tuple[str, int, int], ...] = ()

    def on_made(self, event: Event) -> None:
        """Note the mode of what was made, and the one that it is to have."""
        path, is_folder, mode = event.about
        self.made = (*self.made, (path, stat.S_IMODE(mode), 0o700 if is_folder else 0o600))

    def end(self, status: int | None) -> None:
        """Check them."""
        for path, mode, wanted in self.made:
            right = mode == wanted or (status is None and not mode & ~wanted)
            self.expect(right, f"{path} is {mode:o}")


class FilesAreWhole(OnDisk):
    """B-S02: after a crash at any instant a session file is the old one or the new one."""

    name = "files are whole"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.known = {name: (text,) for name, text in case.machine.sessions.items()}
        self.dropped: frozenset[str] = frozenset()
        self.draft = in_folder(case.machine, DRAFTS) is not None
        self.trouble = False

    def on_writes(self, event: Event) -> None:
        """Note what is to be there."""
        name, text = event.about
        self.known = {**self.known, name: (*self.known.get(name, ()), text)}

    @of_trouble
    def _look(self, event: Event) -> None:
        self.trouble = self.trouble or event.outcome != "ok"

    on_note = on_mark = on_unmark = on_replace = on_drop = _look

    def on_drops(self, event: Event) -> None:
        """Note what may go."""
        self.dropped |= {event.about}

    def end(self, status: int | None) -> None:
        """Compare what is there, where there is a disk.

        A draft that a crash has left goes with the session: there are secrets in it.
        """
        left = self.case.machine.left_over
        drafts = [name for name in left if name.endswith("+draft")]
        kept = self.draft and (self.case.verb != "logout" or status != 0)
        self.expect(status is None or kept or not drafts, f"{drafts} at the end")
        self.expect(status != 0 or self.trouble or self.draft or not left, f"{left} is not synced")
        if self.case.machine.place != PLAIN:
            return
        now = self.case.machine.sessions
        for name, texts in self.known.items():
            there = now.get(name)
            first = name in self.case.machine.began and name not in self.dropped
            self.expect(there in texts or (there is None and not first), f"{name}: {there!r}")


class OthersFilesAreNotUsed(OnDisk):
    """B-S02, B-S06: a link, and what others may write to, is not read; what is held is not got."""

    name = "others' files are not used"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.replaced = False  # what was odd, by a file of authkit's

    def on_mark(self, event: Event) -> None:
        """Note a new file in the place of an odd one."""
        self.replaced = self.replaced or (event.about[0] == NAME and event.outcome == "ok")

    def on_kept(self, event: Event) -> None:
        """Check that nothing is used which may be another's."""
        folder, name, found = event.about
        machine = self.case.machine
        if folder == SESSIONS and name and found is not None:
            self.expect(machine.place in {"", PLAIN, NOTHING}, f"{machine.place} is used")
        if name == NAME and found is not None and not isinstance(found, bool):
            own = may_be_used(machine, folder) or self.replaced
            self.expect(own, f"{machine.written} is used")

    def on_acquire(self, event: Event) -> None:
        """Check that a lock is a file of the person's own."""
        if event.about == NAME and event.outcome == "ok":
            used = may_be_used(self.case.machine, LOCKS)
            self.expect(used, f"{self.case.machine.written} is locked")

    def on_lock_held(self, event: Event) -> None:
        """Check that one process has a lock."""
        self.expect(not event.about, "a lock that another process holds")


class FilesHoldWhatTheyWereGiven(OnDisk):
    """B-S02, B-S10: what a port of the state folder was given is what the next process finds.

    Nothing else is: neither what was removed, nor what is another identity's.  Of a file that
    was not as authkit leaves it, or could not be written, nothing is said until it is replaced.
    """

    name = "files hold what they were given"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        machine = case.machine
        self.known: dict[tuple[str, str], object] = {}
        self.unsure: set[tuple[str, str]] = set()
        self.known |= {(SESSIONS, name): text for name, text in machine.sessions.items()}
        self.known |= {(NOTES, name): text for name, text in machine.notes.items()}
        self.known |= {(MARKERS, name): _seconds(m) for name, m in machine.markers.items()}
        rows: dict[str, Mapping[str, object]]
        rows = {SESSIONS: machine.sessions, MARKERS: machine.markers, NOTES: machine.notes}
        odd = {(where, NAME) for where in rows if in_folder(machine, where) and NAME in rows[where]}
        odd |= {(SESSIONS, n) for n, text in machine.sessions.items() if not session(text)}
        odd |= {(SESSIONS, n) for n, text in machine.sessions.items() if is_anothers(text, n)}
        if machine.place != PLAIN:
            odd |= {(SESSIONS, name) for name in machine.sessions}
        self.unsure |= odd

    def _is(self, folder: str, name: str, value: object, event: Event) -> None:
        place = (folder, name)
        if event.outcome != "ok":
            self.unsure.add(place)
        elif value is not None:
            self.unsure.discard(place)
            self.known[place] = value
        elif place not in self.unsure:  # what is another's stays
            self.known.pop(place, None)

    def on_replace(self, event: Event) -> None:
        """Note a session."""
        name, text = event.about
        self._is(SESSIONS, name, text, event)

    def on_drop(self, event: Event) -> None:
        """Note that it goes, and look whether it is gone: what names another stays."""
        name, there = event.about, self.case.machine.sessions.get(event.about)
        gone = there is None or is_anothers(there, name)
        self.expect(event.outcome != "ok" or gone, f"the session of {name} is there still")
        self._is(SESSIONS, name, None, event)

    def on_mark(self, event: Event) -> None:
        """Note a marker."""
        name, marker = event.about
        self._is(MARKERS, name, _seconds(marker), event)

    def on_unmark(self, event: Event) -> None:
        """Note that it goes."""
        self._is(MARKERS, event.about, None, event)

    def on_note(self, event: Event) -> None:
        """Note a note."""
        name, text = event.about
        self._is(NOTES, name, text, event)

    def on_notes(self, event: Event) -> None:
        """One note that cannot be read hides no other."""
        odd = in_folder(self.case.machine, NOTES)
        self.expect(not odd or event.outcome == "ok", f"no notes at all: {event.outcome}")

    def on_holder(self, event: Event) -> None:
        """A lock file that names no process tells of none."""
        if in_folder(self.case.machine, LOCKS):
            self.expect(not event.about, f"held by {event.about!r}")

    def on_kept(self, event: Event) -> None:
        """Compare what is found."""
        folder, name, found = event.about
        unsure = {n for where, n in self.unsure if where == folder}
        there = {n: v for (where, n), v in self.known.items() if where == folder}
        if isinstance(found, bool):
            others = [other for other in there if other != name]
            self.expect(unsure or found == bool(others), f"others than {name}: {found}")
        elif name is not None:
            value = _seconds(found) if folder == MARKERS and found else found
            right = name in unsure or value == there.get(name)
            self.expect(right, f"{folder} of {name}: {value!r}, not {there.get(name)!r}")
        elif folder == NOTES:
            sure = {str(text) for n, text in there.items() if n not in unsure}
            more = {*found} - {str(text) for text in there.values()}
            self.expect(sure <= {*found} and (unsure or not more), f"{found}, not {sure}")
        else:
            wrong = {*found} ^ {*there}
            self.expect(not wrong - unsure, f"{folder}: {found}, not {[*there]}")


def _seconds(marker: Marker) -> tuple[object, ...]:
    """Return what a marker tells: its instant is in whole seconds."""
    since = marker.untried and int(marker.untried.timestamp())
    return marker.backend, marker.gone, marker.offer_devices, since


class OthersStay(OnDisk):
    """B-S10: two identities never share a file: what is of another is as it was."""

    name = "another identity's files stay"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.had = self._theirs()
        there = case.machine.sessions.items() if case.machine.place == PLAIN else ()
        self.named = tuple((name, text) for name, text in there if is_anothers(text, name))

    def on_writes(self, event: Event) -> None:
        """Note a new file in the place of one that names another."""
        self.named = tuple(row for row in self.named if row[0] != event.about[0])

    def _theirs(self) -> tuple[object, ...]:
        machine = self.case.machine
        if "--all" in self.case.command.line:
            return ()
        rows = (machine.sessions, machine.markers, machine.notes)
        return tuple((name, row.get(name)) for row in rows for name in (LIKE, OLD))

    def end(self, status: int | None) -> None:  # noqa: ARG002 - the law's
        """Compare them."""
        if self.had:
            self.expect(self._theirs() == self.had, f"{self._theirs()}, not {self.had}")
        for name, text in self.named:
            stays = self.case.machine.sessions.get(name) == text
            self.expect(stays, f"what is called as of {name} is another's, and gone")


class WhatIsNoSessionIsToldOf(Law):
    """B-S04: a session file that cannot be understood is no session, and said to be none.

    A command that fails for another reason may have looked only whether the old one still holds.
    """

    name = "what is no session is told of"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.corrupt = self.told = self.trouble = False

    def on_read(self, event: Event) -> None:
        """Note that one was read which is none."""
        name, machine = self.case.identity, self.case.machine
        self.trouble = self.trouble or event.outcome != "ok"
        uses = self.case.verb in USES and NO_USE not in self.case.command.line
        if event.about == name and event.outcome == "ok" and uses:
            text = machine.sessions.get(name)
            self.corrupt = self.corrupt or (text is not None and session(text) is None)

    def on_others(self, _event: Event) -> None:
        """What was read may be gone by now, or another's session be there."""
        self.corrupt = False

    def on_say(self, event: Event) -> None:
        """Note that it is said."""
        self.told = self.told or ("cannot be read" in event.about and "no session" in event.about)

    def end(self, status: int | None) -> None:
        """Check that it was."""
        looks = self.case.verb == "whoami" and status is not None and not self.trouble
        if self.corrupt and (status == 0 or looks):
            self.expect(self.told, "a session file that is none, and nothing is said of it")


class RecordingsAreClean(Law):
    """B-S01: a recording is the owner's alone, and holds no secret, id or answer."""

    name = "recordings hold nothing of a person's"

    @classmethod
    def concerns(cls, about: About) -> bool:
        """It is about commands that are recorded."""
        return about.real == RECORD

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.given: frozenset[str] = frozenset()

    def on_ask(self, event: Event) -> None:
        """Note what is typed."""
        title, _, answer = event.about
        if title == "Session Duration" and not answer.strip("0123456789dhms"):
            return  # it says nothing of a person
        self.given |= {answer} if len(answer) >= LEAST and answer not in FIXED else set()

    def on_call(self, event: Event) -> None:
        """Note whose keys there are."""
        self.given |= {event.about.pair[0]}

    def on_recording(self, event: Event) -> None:
        """Look into the file."""
        text, mode = event.about
        apart = text.replace(ACCOUNT, "")  # a code may be a part of it
        looked_for = (*SECRETS, *self.given, NAME)
        shown = [each for each in looked_for if each in (apart if each.isdigit() else text)]
        self.expect(not shown, f"{shown} in a recording")
        self.expect(stat.S_IMODE(mode) == 0o600, f"a recording is {stat.S_IMODE(mode):o}")


LAWS = (
    *(RecordingsAreClean, FilesArePrivate, FilesAreWhole, OthersFilesAreNotUsed),
    *(FilesHoldWhatTheyWereGiven, OthersStay, WhatIsNoSessionIsToldOf),
)
