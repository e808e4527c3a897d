"""The public service model of STS, as botocore ships it.

The simulator's tables were read from one version of the model.  boto3 is
released daily, and a new model must not make the tests fail: tests that compare
a table with the model are skipped when it is another version, with a reason that
says what to do.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

import botocore
import pytest
from botocore.loaders import Loader

KNOWN_MODEL = "55b6d8242bba168e"  # digest of the model that the tables were read from

_BOUNDS = ("type", "min", "max", "pattern")

Model = dict[str, Any]


def installed() -> Model:
    """Return the model of the installed botocore."""
    own = Loader([Loader.BUILTIN_DATA_PATH], include_default_search_paths=False)
    model: Model = own.load_service_model("sts", "service-2")
    return model


def statuses(operation: str) -> dict[str, int]:
    """Return the HTTP status of each error code that the model has for an operation."""
    model = installed()
    shapes = [model["shapes"][one["shape"]] for one in model["operations"][operation]["errors"]]
    return {shape["error"]["code"]: shape["error"]["httpStatusCode"] for shape in shapes}


def digest(model: Model) -> str:
    """Return a digest of the operations and their parameters: names, bounds, which are required.

    Answers, errors and documentation are not part of it.
    """
    told = {name: _taken(model, operation) for name, operation in model["operations"].items()}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]


def known(model: Model) -> Model:
    """Return the model if the tables were read from it, else skip the test."""
    found = digest(model)
    if found != KNOWN_MODEL:
        pytest.skip(
            f"botocore {botocore.__version__} ships another STS model than the one that "
            "fakes/parameters.py and docs/simulator.md were read from: compare, mend them, "
            f"and set KNOWN_MODEL of tests/support/public_model.py to {found!r}"
        )
    return model


def _taken(model: Model, operation: Model) -> Model:
    shape = model["shapes"][operation["input"]["shape"]] if "input" in operation else {}
    members = {name: model["shapes"][m["shape"]] for name, m in shape.get("members", {}).items()}
    return {
        "required": sorted(shape.get("required", ())),
        "members": {
            name: [member.get(bound) for bound in _BOUNDS] for name, member in members.items()
        },
    }
