"""The ports Markers and Notes over a folder of files.  A marker is one line of JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from authkit.adapters.folders import DRAFT
from authkit.adapters.owned_files import OwnedFiles, named_in
from authkit.core.model import LATEST, Marker

TYPE_CHECKING = False
if TYPE_CHECKING:
    from authkit.adapters.owned_files import FolderOfFiles


class MarkerFiles:
    """The port Markers: one file for each identity, which holds its name."""

    def __init__(self, files: FolderOfFiles) -> None:
        self._files = OwnedFiles(files, "", DRAFT, _named)

    def mark(self, name: str, marker: Marker) -> None:
        """Make or replace the marker of an identity that has keys."""
        self._files.replace(name, encode(name, marker))

    def read(self, name: str) -> Marker | None:
        """Return the marker, None when there is none, or one that names another identity."""
        written = self._files.read(name)
        if written is None or named_in(written) not in {"", name}:
            return None
        return decode(written)

    def unmark(self, name: str) -> None:
        """Remove the marker."""
        self._files.drop(name)

    def marked(self) -> list[str]:
        """Return the identities with a marker."""
        return self._files.names()

    def others(self, name: str) -> bool:
        """Tell whether another identity than this one has a marker."""
        return any(other != name for other in self._files.names())


class NoteFiles:
    """The port Notes: one file for each identity, about MFA codes that were sent."""

    def __init__(self, files: FolderOfFiles, suffix: str = ".json") -> None:
        self._files = OwnedFiles(files, suffix, DRAFT, lambda written, _name: written)

    def codes(self) -> list[str]:
        """Return the note about MFA codes of every identity."""
        return self._files.texts()

    def replace_codes(self, name: str, written: str) -> None:
        """Put a new note in the old one's place, whole or not at all."""
        self._files.replace(name, written)


def encode(name: str, marker: Marker) -> str:
    """Return a marker as one line of JSON that holds the identity's name."""
    told: dict[str, str | int] = {"identity": name}
    if marker.gone:
        told["gone"] = True
    if marker.backend:
        told["backend"] = marker.backend
    if marker.untried:
        told["untried"] = int(marker.untried.timestamp())
    if marker.offer_devices:
        told["offer_devices"] = True
    return json.dumps(told) + "\n"


def decode(written: str) -> Marker:
    """Return the marker in a text.  One that says nothing, or nothing sensible, is a marker too."""
    try:
        told = dict(json.loads(written))
    except (ValueError, TypeError, RecursionError):
        return Marker()
    backend, since = told.get("backend"), told.get("untried")
    return Marker(
        backend=backend if isinstance(backend, str) else "",
        untried=_instant(since) if type(since) is int else None,
        gone=told.get("gone") is True,
        offer_devices=told.get("offer_devices") is True,
    )


def _named(written: str, name: str) -> str:
    """Return a marker without a name as one of this identity."""
    return encode(name, decode(written))


def _instant(seconds: int) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if 0 < seconds < LATEST else None
