"""Reads from a path: its calls, the entry after each event, what was typed and shown."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.exploration.chooser import Path
    from tests.exploration.chosen_answers import Sent

    Pair = tuple[str, str]


def calls(path: Path) -> Iterator[tuple[int, Sent, str]]:
    """Yield the index, the call and the outcome of every call of STS."""
    for place, event in enumerate(path.events):
        if event.what == "call":
            yield place, event.about, event.outcome


def pair_in(written: str | None) -> Pair | None:
    """Return the pair of keys in an entry; None if it has no complete pair of access keys."""
    try:
        fields: Any = json.loads(written or "{}")
    except ValueError:
        return None
    if fields.get("version", 1) != 1 or fields.get("access_key_id", "").startswith("ASIA"):
        return None
    pair = fields.get("access_key_id"), fields.get("secret_access_key")
    return (pair[0], pair[1]) if pair[0] and pair[1] else None


def entries(path: Path) -> list[str | None]:
    """Return what the entry is after each event."""
    entry, so_far = path.events[0].about[0], []
    for event in path.events:
        if event.outcome == "ok" and event.what in {"set", "delete"}:
            entry = event.about if event.what == "set" else None
        so_far.append(entry)
    return so_far


def typed_before(path: Path, place: int) -> set[Pair]:
    """Return the pairs typed before an event; an empty id means the one before it."""
    pairs = set()
    key_id = default = (pair_in(path.events[0].about[0]) or ("", ""))[0]
    for event in path.events[:place]:
        title, answer = event.about if event.what == "ask" else ("", "")
        if title == "AWS Access Key ID" and not answer.startswith("ASIA"):
            key_id = default = answer or default
        elif title == "AWS Secret Access Key":
            pairs.add((key_id, answer))
    return pairs


def said(path: Path) -> str:
    """Return everything that was shown."""
    return "\n".join(e.about for e in path.events if e.what in {"say", "put"})


def costs(path: Path, place: int, outcome: str) -> bool:
    """Tell whether a refusal uses the budget of codes or devices.

    It does not if an earlier answer to the same code was lost.
    """
    code = path.events[place].about.code
    lost = (s for at, s, o in calls(path) if at < place and o in {"lost", "broken"})
    return outcome == "device" or (outcome == "code" and code not in [s.code for s in lost])
