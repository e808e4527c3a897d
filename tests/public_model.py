"""STS's public service model, as botocore ships it.

The simulator's tables were read from one such model.  AWS publishes another
whenever it likes, and boto3 is released daily: a checkout must not turn red for
that, so what compares a table with the model asks here, and is skipped, with
what to do, when the model is not the one that the tables were read from.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path
from typing import Any

import botocore
import pytest

KNOWN = "b228e8e5aa2e3f1f"  # the digest of the model that fakes/parameters.py was read from

Model = dict[str, Any]


def installed() -> Model:
    """Return the model of the botocore that is installed."""
    path = Path(botocore.__file__).parent / "data" / "sts" / "2011-06-15" / "service-2.json.gz"
    model: Model = json.loads(gzip.decompress(path.read_bytes()))
    return model


def digest(model: Model) -> str:
    """Return what stands for the operations and shapes, whatever the documentation says."""
    told = json.dumps([_bare(model["operations"]), _bare(model["shapes"])], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def known(model: Model) -> Model:
    """Return the model if it is the one that the tables were read from; else skip the test."""
    found = digest(model)
    if found != KNOWN:
        pytest.skip(
            f"botocore {botocore.__version__} ships another model of STS than the one that "
            "fakes/parameters.py and docs/simulator.md were read from: compare, mend them, "
            f"and set tests/public_model.py's KNOWN to {found!r}"
        )
    return model


def _bare(told: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(told, dict):
        return {name: _bare(part) for name, part in told.items() if name != "documentation"}
    return [_bare(part) for part in told] if isinstance(told, list) else told
