"""The lines that the last run of ``python -m tests.planted`` printed: ``found.jsonl``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).with_suffix(".jsonl")


class Line(NamedTuple):
    """A defect, the first layer that found it, after how many CPU seconds, and by which path.

    None stands for a defect that no layer found.
    """

    name: str
    layer: str | None
    seconds: float | None
    path: str | None


def lines() -> dict[str, Line]:
    """Return the lines by the names of the defects."""
    told = FILE.read_text(encoding="utf-8").splitlines()
    return {line.name: line for line in (Line(**json.loads(text)) for text in told)}
