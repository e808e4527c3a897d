"""What the bounded walk of the tests counts, as docs/reliability.md shows it."""

from __future__ import annotations

import json
from collections import Counter

from tests.explore.bounded import COUNTS


def table() -> str:
    """Return how many paths and states there are, and how often each law was exercised."""
    counts = json.loads(COUNTS.read_text("utf-8"))
    paths, states = (sum(row[what] for row in counts.values()) for what in ("paths", "states"))
    laws = Counter[str]()
    for row in counts.values():
        laws.update(row["laws"])
    what = f"{len(counts)} commands, pairs and situations"
    head = f"{what}, {paths:,} paths, {states:,} states, no complaint.\n"
    rows = [f"| {law} | {count:,} |" for law, count in laws.most_common()]
    return "\n".join([head, "| law | exercised |", "| --- | ---: |", *rows])
