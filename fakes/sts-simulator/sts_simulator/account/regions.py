"""The regions of each partition: botocore's list, read without importing botocore."""

from __future__ import annotations

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path


@cache
def regions_of(partition: str) -> frozenset[str]:
    """Return the regions that a credential scope may name.  Raises ValueError."""
    spec = find_spec("botocore")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("botocore")
    data = Path(spec.origin).with_name("data") / "partitions.json"
    for listed in json.loads(data.read_text(encoding="utf-8"))["partitions"]:
        if listed["id"] == partition:
            return frozenset(name for name in listed["regions"] if not name.endswith("-global"))
    raise ValueError(f"there is no partition {partition!r}")
