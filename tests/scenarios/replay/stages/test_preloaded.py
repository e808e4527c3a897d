"""stages.preloaded: what is imported before the fork, and what is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.scenarios.replay.stages.test_forked import forked

if TYPE_CHECKING:
    from pathlib import Path


THERE = ("boto3", "botocore.httpsession", "freezegun", "keyring.core", "cryptography")
# A backend enters itself into a list; authkit's modules are those that a test is about.
NOT_YET = ("keyring.backends.SecretService", "keyrings.alt.file", "authkit.cli", "pytest")


def test_libraries_are_there_already(tmp_path: Path) -> None:
    """What differs between programs is not among them."""
    asked = THERE + NOT_YET
    text = f"import sys; print([name for name in {asked!r} if name in sys.modules])"
    assert forked(tmp_path, text) == (0, f"{[*THERE]}\n")
