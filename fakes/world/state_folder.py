"""The state folder in memory: files as texts, and the markers of identities with keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from authkit.core.failures import StateTrouble
from sts_simulator.account.faults import Faults

if TYPE_CHECKING:
    from datetime import datetime

    from sts_simulator.account.faults import Fault

FOLDER = "/home/dev/.local/state/authkit"


class MemorySessions:
    """ports.Sessions.

    A fault is on ``session.read``, ``session.replace``, ``session.drop``,
    ``mark.set``, ``mark.read``, ``mark.remove``, ``codes.read`` or ``codes.replace``; its answer
    is the system's word for the trouble, like "Permission denied".
    """

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.marks: dict[str, datetime | None] = {}  # and since when keys are untried
        self.notes: dict[str, str] = {}
        self.faults = Faults()

    def read(self, name: str) -> str | None:
        """Return the session file's text, None when there is none."""
        self._check("session.read", f"sessions/{name}.json")
        return self.texts.get(name)

    def replace(self, name: str, written: str) -> None:
        """Replace the session file."""
        self._check("session.replace", f"sessions/{name}.json")
        self.texts[name] = written

    def drop(self, name: str) -> bool:
        """Remove the session file; tell whether there was one."""
        self._check("session.drop", f"sessions/{name}.json")
        return self.texts.pop(name, None) is not None

    def names(self) -> list[str]:
        """Return the identities with a session file."""
        return sorted(self.texts)

    def mark(self, name: str, untried: datetime | None = None) -> None:
        """Note that there are keys of the identity, and since when they are untried."""
        self._check("mark.set", f"identities/{name}")
        self.marks[name] = untried

    def untried(self, name: str) -> datetime | None:
        """Return when keys were saved that AWS has not taken since."""
        self._check("mark.read", f"identities/{name}")
        return self.marks.get(name)

    def unmark(self, name: str) -> None:
        """Take the note back."""
        self._check("mark.remove", f"identities/{name}")
        self.marks.pop(name, None)

    def marked(self) -> list[str]:
        """Return the identities with a marker."""
        return sorted(self.marks)

    def codes(self) -> list[str]:
        """Return what was noted of MFA codes, identity by identity."""
        self._check("codes.read", "codes")
        return [*self.notes.values()]

    def replace_codes(self, name: str, written: str) -> None:
        """Replace what was noted of MFA codes."""
        self._check("codes.replace", f"codes/{name}.json")
        self.notes[name] = written

    def _check(self, operation: str, file: str) -> None:
        fault: Fault | None = self.faults.take(operation, None)
        if fault:
            raise StateTrouble(f"{FOLDER}/{file}", fault.answer)
