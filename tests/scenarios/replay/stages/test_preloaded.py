"""stages.preloaded: what is imported before the fork, and what is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.scenarios.replay.stages.test_forked import forked

if TYPE_CHECKING:
    from pathlib import Path


def test_libraries_are_there_already(tmp_path: Path) -> None:
    """The launcher has yet to patch what keyring and authkit take: they are not among them."""
    asked = ("boto3", "botocore.httpsession", "freezegun", "keyring", "authkit.cli", "pytest")
    text = f"import sys; print([name for name in {asked!r} if name in sys.modules])"
    assert forked(tmp_path, text) == (0, f"{[*asked[:3]]}\n")
