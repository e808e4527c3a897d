"""Laws of files: what is made is private and whole; what may be another's is not used."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

from tests.explore.commands import DISK
from tests.explore.disk import NOTHING, PLAIN
from tests.explore.law import Law, of_trouble
from tests.explore.laws_of_ends import SECRETS
from tests.explore.machine import MFA, NAME

LEAST = 6  # characters of an answer that is looked for
FIXED = {MFA}  # what an invented device may be called too
ACCOUNT = MFA.split(":")[4]  # of every recording

if TYPE_CHECKING:
    from tests.explore.events import Event
    from tests.explore.law import Case


class FilesArePrivate(Law):
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


class FilesAreWhole(Law):
    """B-S02: after a crash at any instant a session file is the old one or the new one."""

    name = "files are whole"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.known = {name: (text,) for name, text in case.machine.sessions.items()}
        self.dropped: frozenset[str] = frozenset()
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
        """Compare what is there, where there is a disk."""
        if self.case.command.real != DISK:
            return
        left = self.case.machine.left_over
        drafts = [name for name in left if name.endswith("+draft")]
        self.expect(status is None or not drafts, f"{drafts} at the end")
        self.expect(status != 0 or self.trouble or not left, f"{left} is not synced")
        if self.case.machine.place != PLAIN:
            return
        now = self.case.machine.sessions
        for name, texts in self.known.items():
            there = now.get(name)
            first = name in self.case.machine.began and name not in self.dropped
            self.expect(there in texts or (there is None and not first), f"{name}: {there!r}")


class OthersFilesAreNotUsed(Law):
    """B-S02, B-S06: a link, and what others may write to, is not read; what is held is not got."""

    name = "others' files are not used"

    def on_used(self, event: Event) -> None:
        """Check that nothing is used which may be another's."""
        place = self.case.machine.place
        self.expect(event.about is None or place in {PLAIN, NOTHING}, f"{place} is used")

    def on_lock_held(self, event: Event) -> None:
        """Check that one process has a lock."""
        self.expect(not event.about, "a lock that another process holds")


class RecordingsAreClean(Law):
    """B-S01: a recording is the owner's alone, and holds no secret, id or answer."""

    name = "recordings hold nothing of a person's"

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


LAWS = (RecordingsAreClean, FilesArePrivate, FilesAreWhole, OthersFilesAreNotUsed)
