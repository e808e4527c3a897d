"""`list`: every identity, with its kind, keys and session."""

from __future__ import annotations

import json

import pytest

from authkit.arguments import Options
from authkit.commands import list as list_identities
from tests.support.stage import Stage

ENTRY = json.dumps(
    {
        "version": 1,
        "access_key_id": "AKIAXXXXXXXXXXXXXXXX",
        "secret_access_key": "secret-canary",
    }
)


@pytest.mark.parametrize(
    ("written", "state"),
    [
        (None, "none"),
        (ENTRY, "stored"),
        (json.dumps({"version": 1, "session_duration": "36h"}), "none"),
        ("{", "corrupt"),
        (json.dumps({"version": 2}), "later-version"),
    ],
)
def test_what_the_keyring_has(written: str | None, state: str) -> None:
    """B-I01: `--check` says in one word what the keyring has for an identity."""
    stage = Stage()
    stage.markers.mark("dev-admin")
    if written is not None:
        stage.keyring.entries["authkit", "dev-admin"] = written
    options = Options(["list"])
    options.check = True
    options.output = "json"
    assert list_identities.run(stage, options) == 0
    (listed,) = json.loads(stage.screen.data[0])
    assert listed["keys"] == state
