"""A marker as text: one line of JSON that holds the identity's name."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from authkit.core.model import LATEST, Marker


def encode(name: str, marker: Marker) -> str:
    """Return a marker as one line of JSON that holds the identity's name."""
    told: dict[str, str | int] = {"identity": name}
    if marker.backend:
        told["backend"] = marker.backend
    if marker.untried:
        told["untried"] = int(marker.untried.timestamp())
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
    )


def _instant(seconds: int) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if 0 < seconds < LATEST else None
