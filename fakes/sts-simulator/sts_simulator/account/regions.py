"""The partitions and their regions: botocore's list, read without importing botocore."""

from __future__ import annotations

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path


def partitions() -> list[str]:
    """Return the names of the partitions, such as ``aws-cn``."""
    return [*_listed()]


def regions_of(partition: str) -> frozenset[str]:
    """Return the regions that a credential scope may name.  Raises ValueError."""
    if partition not in _listed():
        raise ValueError(f"there is no partition {partition!r}")
    return _listed()[partition]


@cache
def _listed() -> dict[str, frozenset[str]]:
    spec = find_spec("botocore")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("botocore")
    data = Path(spec.origin).with_name("data") / "partitions.json"
    return {
        listed["id"]: frozenset(name for name in listed["regions"] if not name.endswith("-global"))
        for listed in json.loads(data.read_text(encoding="utf-8"))["partitions"]
    }
