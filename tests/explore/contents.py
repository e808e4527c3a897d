"""What may stand in a file of the state folder, or in its place: data.

Each row is one file that is not as authkit left it: bytes that are no text, a form of another
version, another's name, or something that is no file at all (B-S04, B-S06, B-S10).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from authkit.core.model import Marker
from tests.explore.chooser import choice
from tests.explore.foreign import ODD
from tests.explore.machine import NAME, parsed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.explore.chooser import Choice
    from tests.explore.machine import Machine

SESSIONS, MARKERS, NOTES, LOCKS = "sessions", "identities", "codes", "locks"
DRAFTS = "drafts"  # of session files
LARGE = 1 << 20  # bytes: no more is read of a file
DEEP = b"[" * 100_000  # deeper than a parser goes
# Another identity, whose name differs from ours in case alone, and one whose files are called as
# they were before names had capitals, without a name in them (B-S10).
LIKE, OLD = "Dev Admin", "Ops"


class Content(NamedTuple):
    """What is in the file of the identity in a folder, and how it differs from a plain one.

    `bytes` are its own, `place` is what stands there in place of a file, and `fields` replace
    those of a session file: of None, the field is left out.
    """

    folder: str
    bytes: bytes | None = None
    place: str = ""
    fields: Mapping[str, object] | None = None


_BEGINS = json.dumps({"identity": NAME})[:-1].encode()
_NO_TEXTS: Mapping[str, bytes] = {
    "empty": b"",
    "not UTF-8": _BEGINS + b', "\xff\xfe": "',
    "with a NUL": _BEGINS + b"\0}",
    "too large": _BEGINS + b" " * LARGE,
    "a list": b"[7]",
    "without an end": DEEP,
}
_KINDS = ("a link", "a FIFO", "a folder", "open to others", "with another name")


def _named(**more: object) -> bytes:
    return json.dumps({"identity": NAME, **more}).encode()


def _in(folder: str, what: str, names: Mapping[str, bytes]) -> dict[str, Content]:
    return {f"{what} {name}": Content(folder, content) for name, content in names.items()}


PLAIN = "as authkit left it"
CONTENTS: Mapping[str, Content] = {
    PLAIN: Content(""),
    # sessions; what is in their place is a choice of its own
    **_in(SESSIONS, "a session", _NO_TEXTS),
    "a session of a later version": Content(SESSIONS, fields={"version": 3}),
    "a session without a name": Content(SESSIONS, fields={"identity": None}),
    "a session without its token": Content(SESSIONS, fields={"session_token": None}),
    "a session whose token is a number": Content(SESSIONS, fields={"session_token": 7}),
    "a session whose token has a line end": Content(SESSIONS, fields={"session_token": "x\r\ny"}),
    "a session whose end is a text": Content(SESSIONS, fields={"expiration": "2999-01-01"}),
    "a session whose end has a fraction": Content(SESSIONS, fields={"expiration": 4e9 + 0.5}),
    "a session without an end in time": Content(SESSIONS, fields={"expiration": 10**30}),
    "a session whose region is none": Content(SESSIONS, fields={"region": "x'; y"}),
    "a session whose principal is odd": Content(SESSIONS, fields={"principal": ODD}),
    # markers
    **_in(MARKERS, "a marker", _NO_TEXTS),
    "a marker of another": Content(MARKERS, b'{"identity": "somebody"}'),
    "a marker untried since a text": Content(MARKERS, _named(untried="today", backend=7)),
    "a marker untried since ever": Content(MARKERS, _named(untried=10**30)),
    "a marker of a later version": Content(MARKERS, _named(version=9, more={})),
    **{f"a marker: {kind}": Content(MARKERS, place=kind) for kind in _KINDS[:4]},
    # notes
    **_in(NOTES, "a note", _NO_TEXTS),
    "a note with odd instants": Content(NOTES, _named(codes={"x": "soon", "y": None})),
    "a note without an end in time": Content(NOTES, _named(codes={"x": 1e400, "y": 10**30})),
    "a note of a list": Content(NOTES, _named(codes=[7])),
    **{f"a note: {kind}": Content(NOTES, place=kind) for kind in _KINDS[:4]},
    "a draft of a crash": Content(DRAFTS, b'{"identity"'),
    # locks: what is in them only serves messages
    **_in(LOCKS, "a lock", {"not UTF-8": b"\xff\n", "with a NUL": b"4\0", "a list": b"9" * 5000}),
    **{f"a lock: {kind}": Content(LOCKS, place=kind) for kind in _KINDS},
}


def _of(*folders: str) -> Choice:
    rows = (name for name, row in CONTENTS.items() if row.folder in folders)
    return choice("written", PLAIN, *rows)


OF_SESSION, OF_MARKER, OF_ALL = _of(SESSIONS), _of(MARKERS), _of(SESSIONS, DRAFTS, MARKERS)
OF_SESSION_AND_LOCK, OF_LOGIN = _of(SESSIONS, DRAFTS, LOCKS), _of(MARKERS, NOTES, LOCKS)
OTHERS = choice("much the same name", "none", "of another case", "of an old name")


def changed(text: str, fields: Mapping[str, object]) -> str:
    """Return a session file with other fields, and without those that are None."""
    found = json.loads(text) | fields
    return json.dumps({n: v for n, v in found.items() if v is not None}, indent=0) + "\n"


def put(machine: Machine, option: str) -> None:
    """Have the machine hold what this option says of the identity's files."""
    found = CONTENTS[option]
    machine.written = option
    text = "{}" if found.bytes is None else found.bytes.decode(errors="replace")
    if found.fields:
        machine.sessions[NAME] = changed(machine.sessions[NAME], found.fields)
    elif found.folder == SESSIONS:
        machine.sessions[NAME] = text
    elif found.folder == NOTES:
        machine.notes[NAME] = text
    elif found.folder == MARKERS:
        machine.markers[NAME] = Marker()
        if is_anothers(text, NAME):
            del machine.markers[NAME]


def is_anothers(text: str | None, name: str) -> bool:
    """Tell whether a file names another identity than the one that it is called by (B-S10)."""
    found = parsed(text or "null")
    return isinstance(found, dict) and found.get("identity", name) != name


def in_folder(machine: Machine, folder: str) -> Content | None:
    """Return what is odd about the identity's file in a folder, None for nothing."""
    found = CONTENTS[machine.written or PLAIN]
    return found if found.folder == folder else None


def unlisted(machine: Machine) -> frozenset[str]:
    """Return the identity if its marker cannot be read, in which its name stands (B-S10)."""
    odd = in_folder(machine, MARKERS)
    return frozenset({NAME} if odd and not _tells_name(odd) else ())


def _tells_name(content: Content) -> bool:
    """Tell whether a file can be read, and has the identity's name in it."""
    written = content.bytes or b""
    if content.place or len(written) > LARGE:
        return False
    found = parsed(written.decode(errors="replace"))
    return isinstance(found, dict) and found.get("identity") == NAME


def may_be_used(machine: Machine, folder: str) -> bool:
    """Tell whether the identity's file there is one of the person's own alone (B-S06)."""
    found = in_folder(machine, folder)
    return not (found and found.place)
