"""The state folder in memory: session files, markers, and notes of MFA codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from authkit.core.failures import StateTrouble
from sts_simulator.account.faults import Faults

if TYPE_CHECKING:
    from datetime import datetime

    from sts_simulator.account.faults import Fault

FOLDER = "/home/dev/.local/state/authkit"


class MemoryStateFolder:
    """ports.Sessions, ports.Markers and ports.Notes.

    A fault is on ``session.read``, ``session.replace``, ``session.drop``,
    ``mark.set``, ``mark.read``, ``mark.remove``, ``codes.read`` or
    ``codes.replace``; its answer is the operating system's error text, for
    example "Permission denied".
    """

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.marks: dict[str, datetime | None] = {}  # when untried keys were saved
        self.notes: dict[str, str] = {}
        self.faults = Faults()

    def read(self, name: str) -> str | None:
        """Return the text of the session file, None when there is none."""
        self._check("session.read", f"sessions/{name}.json")
        return self.texts.get(name)

    def replace(self, name: str, written: str) -> None:
        """Replace the session file."""
        self._check("session.replace", f"sessions/{name}.json")
        self.texts[name] = written

    def drop(self, name: str) -> bool:
        """Remove the session file; return whether there was one."""
        self._check("session.drop", f"sessions/{name}.json")
        return self.texts.pop(name, None) is not None

    def names(self) -> list[str]:
        """Return the identities with a session file."""
        return sorted(self.texts)

    def mark(self, name: str, untried: datetime | None = None) -> None:
        """Set the marker: the identity has keys, saved untried at the instant `untried`."""
        self._check("mark.set", f"identities/{name}")
        self.marks[name] = untried

    def untried(self, name: str) -> datetime | None:
        """Return when the keys were saved, None if AWS has accepted them since."""
        self._check("mark.read", f"identities/{name}")
        return self.marks.get(name)

    def unmark(self, name: str) -> None:
        """Remove the marker."""
        self._check("mark.remove", f"identities/{name}")
        self.marks.pop(name, None)

    def marked(self) -> list[str]:
        """Return the identities with a marker."""
        return sorted(self.marks)

    def codes(self) -> list[str]:
        """Return the notes of MFA codes, one for each identity."""
        self._check("codes.read", "codes")
        return [*self.notes.values()]

    def replace_codes(self, name: str, written: str) -> None:
        """Replace the identity's note of MFA codes."""
        self._check("codes.replace", f"codes/{name}.json")
        self.notes[name] = written

    def _check(self, operation: str, file: str) -> None:
        fault: Fault | None = self.faults.take(operation, None)
        if fault:
            raise StateTrouble(f"{FOLDER}/{file}", fault.answer)
