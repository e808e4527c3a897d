"""Which stories show what a mutant changes: those are likely to notice it."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from tests.planted.patch import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable

SHORTEST = 4  # characters of a text that is looked for
MOST = 6  # stories


def stories(texts: Iterable[str]) -> list[str]:
    """Return the names of a few stories that show these texts, those with the rarest first."""
    pieces = {piece.strip() for text in texts for piece in re.split(r"\{.*?\}|\n", text)}
    shown = dict.fromkeys(_told(), 0.0)
    for piece in pieces:
        found = [name for name, told in _told().items() if piece in told]
        for name in found if len(piece) >= SHORTEST else ():
            shown[name] += len(piece) / len(found)
    return sorted(filter(shown.get, shown), key=lambda name: -shown[name])[:MOST]


@cache
def _told() -> dict[str, str]:
    """Return the text of each story, by its name."""
    paths = (ROOT / "scenarios").rglob("*.toml")
    return {path.stem: path.read_text(encoding="utf-8") for path in paths}
